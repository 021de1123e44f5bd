#include "environment.h"

#include <ceres/version.h>
#include <dlfcn.h>

#include <climits>
#include <cstdlib>

extern "C" {
char* openblas_get_config(void);
char* openblas_get_corename(void);
int openblas_get_num_threads(void);
}

namespace peer {
namespace {

// The file of the definition that the dynamic linker gives to every library that asks for `symbol`.
std::string file_of(const char* symbol) {
    Dl_info info{};
    void* address = dlsym(RTLD_DEFAULT, symbol);
    if (address == nullptr || dladdr(address, &info) == 0) return "none";
    char path[PATH_MAX];
    return realpath(info.dli_fname, path) != nullptr ? path : info.dli_fname;
}

// Of the OpenMP runtime that CHOLMOD brought along; INT_MAX where nothing limits it.
int limit_of_omp_threads() {
    const auto limit = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "omp_get_thread_limit"));
    return limit == nullptr ? 1 : limit();
}

}  // namespace

Environment Environment::current() {
    return {
        .ceres = CERES_VERSION_STRING,
        .blas = file_of("dgemm_"),
        .lapack = file_of("dpotrf_"),
        .cholmod = file_of("cholmod_factorize"),
        .openblas = openblas_get_config(),
        .core = openblas_get_corename(),
        .compiler = std::string("g++ " __VERSION__ " ") + PEER_FLAGS,
        .blas_threads = openblas_get_num_threads(),
        .omp_thread_limit = limit_of_omp_threads(),
    };
}

std::string Environment::objection(int threads) const {
    if (omp_thread_limit > threads)
        return "OMP_THREAD_LIMIT must be set to " + std::to_string(threads) +
               " or less: CHOLMOD asks for several OpenMP threads by itself, which then spin";
    if (blas_threads > threads)
        return "OPENBLAS_NUM_THREADS must be set to " + std::to_string(threads) + " or less: as many as Ceres has";
    if (blas.find("openblas") == std::string::npos || lapack.find("openblas") == std::string::npos)
        return "CHOLMOD must be bound to OpenBLAS, not to " + blas + " and " + lapack;
    return {};
}

}  // namespace peer
