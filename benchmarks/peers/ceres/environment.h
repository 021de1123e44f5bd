// What the timings depend on besides this program: the libraries bound and the threads they may use.
#pragma once

#include <string>

namespace peer {

struct Environment {
    std::string ceres;      // version and options
    std::string blas;       // the file that dgemm_ comes from
    std::string lapack;     // the file that dpotrf_ comes from
    std::string cholmod;
    std::string openblas;   // version and options
    std::string core;       // the kernels that OpenBLAS picked
    std::string compiler;
    int blas_threads;
    int omp_thread_limit;

    static Environment current();

    // Why nothing may be timed here with so many threads; empty where it may.
    std::string objection(int threads) const;
};

}  // namespace peer
