#include "peers.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>

namespace {

struct Free {
    void operator()(double* p) const { std::free(p); }
};
using Buffer = std::unique_ptr<double[], Free>;

// Filled at once, so that the pages are there before the clock starts.
Buffer filled(std::size_t count, double value) {
    const std::size_t bytes = (count * sizeof(double) + 4095) / 4096 * 4096;
    Buffer buffer(static_cast<double*>(std::aligned_alloc(4096, bytes)));
    if (buffer) std::fill_n(buffer.get(), count, value);
    return buffer;
}

// Best of several passes. The barrier keeps the compiler from dropping or merging passes whose result no one reads.
template <class Pass>
double best_gigabytes_per_second(double bytes, int repeats, Pass pass) {
    double best = 0;
    for (int k = 0; k < repeats; ++k) {
        const auto start = std::chrono::steady_clock::now();
        pass();
        asm volatile("" ::: "memory");
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        best = std::max(best, 1e-9 * bytes / seconds.count());
    }
    return best;
}

}  // namespace

extern "C" double peer_bandwidth_copy(std::size_t count, int repeats) {
    const Buffer source = filled(count, 1.0), target = filled(count, 2.0);
    if (!source || !target) return 0;
    const double* __restrict a = source.get();
    double* __restrict b = target.get();
    volatile double factor = 3.0;  // A factor unknown to the compiler: the loop must not become a call of memcpy.
    const double s = factor;
    return best_gigabytes_per_second(16.0 * static_cast<double>(count), repeats, [=] {
        for (std::size_t k = 0; k < count; ++k) b[k] = s * a[k];
    });
}

extern "C" double peer_bandwidth_triad(std::size_t count, int repeats) {
    const Buffer target = filled(count, 1.0), left = filled(count, 2.0), right = filled(count, 0.5);
    if (!target || !left || !right) return 0;
    double* __restrict a = target.get();
    const double* __restrict b = left.get();
    const double* __restrict c = right.get();
    volatile double factor = 3.0;
    const double s = factor;
    return best_gigabytes_per_second(24.0 * static_cast<double>(count), repeats, [=] {
        for (std::size_t k = 0; k < count; ++k) a[k] = b[k] + s * c[k];
    });
}
