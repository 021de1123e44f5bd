#include "peers.h"

#include <cmath>

namespace {

// One number for each of the two rows of a Jacobian.
typedef double Pair __attribute__((vector_size(16)));

template <class T>
struct Vector {
    T x, y, z;
};
using Vec3 = Vector<double>;
using Vec3Pair = Vector<Pair>;

template <class T>
inline Vector<T> operator+(Vector<T> a, Vector<T> b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
template <class S, class T>
inline auto operator*(S s, Vector<T> a) -> Vector<decltype(s * a.x)> {
    return {s * a.x, s * a.y, s * a.z};
}
template <class S, class T>
inline auto dot(Vector<S> a, Vector<T> b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
template <class S, class T>
inline auto cross(Vector<S> a, Vector<T> b) -> Vector<decltype(a.x * b.x)> {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

inline Vec3 load(const double* p) { return {p[0], p[1], p[2]}; }

// The coefficients of Rodrigues' formula and of the right Jacobian of SO(3), th = |w|, x = th^2:
//   R X = cos(th) X + a w x X + b (w.X) w,  Jr = I - b [w]x + c [w]x^2 = a I - b [w]x + c w w^T
//   a = sin(th) / th,  b = (1 - cos(th)) / th^2,  c = (1 - a) / th^2
// From the half angle, 1 - cos(th) = 2 sin^2(th/2) loses no digits. Below th = 1/10, power series in th^2.
struct Rodrigues {
    double cosine, a, b, c;
};

inline Rodrigues rodrigues(double x) {
    if (x < 0.01) {
        const double b = 1.0 / 2 - x * (1.0 / 24 - x * (1.0 / 720 - x * (1.0 / 40320 - x * (1.0 / 3628800))));
        const double c = 1.0 / 6 - x * (1.0 / 120 - x * (1.0 / 5040 - x * (1.0 / 362880 - x * (1.0 / 39916800))));
        return {1 - x * b, 1 - x * c, b, c};
    }
    const double th = std::sqrt(x), inverse = 1 / x;
    const double s = std::sin(0.5 * th), h = std::cos(0.5 * th);
    const double versine = 2 * s * s;
    const double a = 2 * s * h * th * inverse;
    return {1 - versine, a, versine * inverse, (1 - a) * inverse};
}

}  // namespace

extern "C" void peer_snavely_residual(int n, const double* __restrict cameras, int camera_stride,
                                      const double* __restrict points, int point_stride, const int* __restrict camera,
                                      const int* __restrict point, const double* __restrict obs,
                                      double* __restrict r) {
    const std::ptrdiff_t camera_step = camera_stride, point_step = point_stride;
    for (int k = 0; k < n; ++k, obs += 2, r += 2) {
        const double* cam = cameras + camera_step * camera[k];
        const Vec3 w = load(cam), x = load(points + point_step * point[k]);
        const Rodrigues rot = rodrigues(dot(w, w));
        const Vec3 p = rot.cosine * x + rot.a * cross(w, x) + rot.b * dot(w, x) * w + load(cam + 3);
        const double inverse = -1 / p.z;
        const double px = p.x * inverse, py = p.y * inverse;
        const double n2 = px * px + py * py;
        const double scale = cam[6] * (1 + n2 * (cam[7] + n2 * cam[8]));
        r[0] = scale * px - obs[0];
        r[1] = scale * py - obs[1];
    }
}

// With n2 = |p|^2, L = 1 + k1 n2 + k2 n2^2 and L' = k1 + 2 k2 n2:
//   dr/dp = f (L I + 2 L' p p^T),  dp/dP = -1/Pz [I  p],  U = dr/dp dp/dP (2 x 3)
//   dr/dt = U,  dr/df = L p,  dr/dk1 = f n2 p,  dr/dk2 = f n2^2 p
// and for each row u of U, as d(R X)/dw = -R [X]x Jr:
//   dr/dX: u R = y,  y = R^T u = cos(th) u + a u x w + b (w.u) w
//   dr/dw: -y^T [X]x Jr = (Jr^T z)^T,  z = X x y,  Jr^T z = a z + b w x z + c (w.z) w
extern "C" void peer_snavely_jacobian(int n, const double* __restrict cameras, int camera_stride,
                                      const double* __restrict points, int point_stride, const int* __restrict camera,
                                      const int* __restrict point, const double* __restrict obs,
                                      double* __restrict r, double* __restrict jac) {
    const std::ptrdiff_t camera_step = camera_stride, point_step = point_stride;
    for (int k = 0; k < n; ++k, obs += 2, r += 2, jac += 24) {
        const double* cam = cameras + camera_step * camera[k];
        const Vec3 w = load(cam), x = load(points + point_step * point[k]);
        const double f = cam[6], k1 = cam[7], k2 = cam[8];
        const Rodrigues rot = rodrigues(dot(w, w));
        const Vec3 wx = cross(w, x);
        const double bd = rot.b * dot(w, x);
        const Vec3 p = rot.cosine * x + rot.a * wx + bd * w + load(cam + 3);
        const double inverse = -1 / p.z;
        const double px = p.x * inverse, py = p.y * inverse;
        const double n2 = px * px + py * py;
        const double distortion = 1 + n2 * (k1 + n2 * k2);
        const double scale = f * distortion;
        r[0] = scale * px - obs[0];
        r[1] = scale * py - obs[1];

        const double slope = 2 * f * (k1 + 2 * k2 * n2);
        const double diagonal = scale * inverse, outer = slope * inverse;
        const double ox = outer * px, oy = outer * py;
        const double mixed = ox * py;
        const double along = diagonal + outer * n2;  // U_z = -1/Pz f (L + 2 L' n2) p
        const Pair image = {px, py};
        const double fn2 = f * n2, fn4 = fn2 * n2;
        const Vec3Pair u = {Pair{diagonal + ox * px, mixed}, Pair{mixed, diagonal + oy * py}, along * image};
        const Vec3Pair by_x = rot.cosine * u + rot.a * cross(u, w) + (rot.b * dot(u, w)) * w;
        const Vec3Pair z = cross(x, by_x);
        const Vec3Pair by_w = rot.a * z + rot.b * cross(w, z) + (rot.c * dot(w, z)) * w;
        const Pair columns[12] = {by_w.x, by_w.y, by_w.z, u.x, u.y, u.z, distortion * image, fn2 * image, fn4 * image,
                                  by_x.x, by_x.y, by_x.z};
#pragma GCC unroll 12
        for (int c = 0; c < 12; ++c) {
            jac[c] = columns[c][0];
            jac[c + 12] = columns[c][1];
        }
    }
}
