// Hand-written peers of the generated kernels: what a C++ programmer would write for one cost function, once, with
// analytic derivatives. All matrices are row-major; every array is caller-owned; nothing allocates.
#pragma once

#include <cstddef>

extern "C" {

// SE(3) between factors. A pose is [tx ty tz qx qy qz qw] (unit quaternion) at `poses + stride * index`.
//   E = m^-1 * xi^-1 * xj,  r = W Log(E),  Log(E) = [v w] (translation first),  x <- x * Exp(d).
// i, j: n indices; m: n x 7 measurements; w: n x 36 weights; r: n x 6; jac: n x (6 x 12), columns [di dj].
void peer_between_residual(int n, const double* poses, int stride, const int* i, const int* j, const double* m,
                           const double* w, double* r);
void peer_between_jacobian(int n, const double* poses, int stride, const int* i, const int* j, const double* m,
                           const double* w, double* r, double* jac);

// Snavely's reprojection error, as in BAL. A camera is [angle-axis(3) t(3) f k1 k2] at
// `cameras + camera_stride * index` (stride >= 9), a point is 3 numbers at `points + point_stride * index`
// (stride >= 3).
//   P = R(aa) X + t,  p = -P.xy / P.z,  r = f (1 + k1 |p|^2 + k2 |p|^4) p - obs.
// camera, point: n indices; obs: n x 2; r: n x 2; jac: n x (2 x 12), columns [camera(9) point(3)], plain derivatives.
void peer_snavely_residual(int n, const double* cameras, int camera_stride, const double* points, int point_stride,
                           const int* camera, const int* point, const double* obs, double* r);
void peer_snavely_jacobian(int n, const double* cameras, int camera_stride, const double* points, int point_stride,
                           const int* camera, const int* point, const double* obs, double* r, double* jac);

// Memory bandwidth of one thread in GB/s (1e9 bytes), best of `repeats` passes over arrays of `count` doubles each.
// Bytes the program reads and writes are counted; the line fetched before an ordinary store writes it is not.
//   copy: b = s a (16 bytes an element);  triad: a = b + s c (24 bytes an element).  0 where memory is short.
double peer_bandwidth_copy(std::size_t count, int repeats);
double peer_bandwidth_triad(std::size_t count, int repeats);

}
