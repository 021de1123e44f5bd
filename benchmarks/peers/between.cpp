#include "peers.h"

#include <cmath>
#include <cstring>

namespace {

struct Vec3 {
    double x, y, z;
};

struct Quat {
    double x, y, z, w;
};

struct Pose {
    Vec3 t;
    Quat q;
};

struct Mat3 {
    double a[3][3];
};

inline Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec3 operator*(double s, Vec3 a) { return {s * a.x, s * a.y, s * a.z}; }
inline double dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec3 cross(Vec3 a, Vec3 b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }

inline Pose load(const double* p) { return {{p[0], p[1], p[2]}, {p[3], p[4], p[5], p[6]}}; }

// q^-1 p for unit quaternions.
inline Quat inverse_times(Quat q, Quat p) {
    return {q.w * p.x - q.x * p.w - q.y * p.z + q.z * p.y, q.w * p.y + q.x * p.z - q.y * p.w - q.z * p.x,
            q.w * p.z - q.x * p.y + q.y * p.x - q.z * p.w, q.w * p.w + q.x * p.x + q.y * p.y + q.z * p.z};
}

// R(q)^T v = v - 2 w (u x v) + 2 u x (u x v), u the vector part of q.
inline Vec3 inverse_rotate(Quat q, Vec3 v) {
    const Vec3 u = {q.x, q.y, q.z};
    const Vec3 s = 2.0 * cross(u, v);
    return v - q.w * s + cross(u, s);
}

// a^-1 b
inline Pose between(const Pose& a, const Pose& b) {
    return {inverse_rotate(a.q, b.t - a.t), inverse_times(a.q, b.q)};
}

// -R(q)^T
inline Mat3 minus_inverse_rotation(Quat q) {
    const double x2 = 2 * q.x, y2 = 2 * q.y, z2 = 2 * q.z;
    const double xx = x2 * q.x, yy = y2 * q.y, zz = z2 * q.z;
    const double xy = x2 * q.y, xz = x2 * q.z, yz = y2 * q.z;
    const double wx = x2 * q.w, wy = y2 * q.w, wz = z2 * q.w;
    return {{{yy + zz - 1, -xy - wz, wy - xz}, {wz - xy, xx + zz - 1, -yz - wx}, {-xz - wy, wx - yz, xx + yy - 1}}};
}

// sum_k a[k] x^k, k < 8, in Estrin's order: shorter chains than Horner's.
inline double series(double x, const double (&a)[8]) {
    const double x2 = x * x, x4 = x2 * x2;
    return ((a[0] + x * a[1]) + x2 * (a[2] + x * a[3])) + x4 * ((a[4] + x * a[5]) + x2 * (a[6] + x * a[7]));
}

// Log of E = (t, q), q = (u, q_w), and the two scalars of its derivative:
//   w = th u / |u|,  th = 2 atan(|u| / q_w)           (all signs of the quaternion flipped where q_w < 0)
//   v = V^-1 t = t - 1/2 w x t + c w x (w x t)
//   c(th) = (1 - (th/2) cot(th/2)) / th^2
//   e(th) = c'(th) / th = ((th/2)^2 csc^2(th/2) + (th/2) cot(th/2) - 2) / th^4
// sin(th/2) = |u| and cos(th/2) = q_w come for free. For th < 1/4 or so, th / |u| = 2 asin(|u|) / |u|, c and e are
// power series in |u|^2, cut where the next term is below 1e-16 of the first.
struct Logarithm {
    Vec3 v, w;
    Vec3 wwt;  // w x (w x t)
    double c, e;
};

inline Logarithm logarithm(const Pose& pose) {
    static constexpr double angle_series[8] = {2,          1.0 / 3,     3.0 / 20,     5.0 / 56,
                                               35.0 / 576, 63.0 / 1408, 231.0 / 6656, 143.0 / 5120};
    static constexpr double c_series[8] = {1.0 / 12,
                                           1.0 / 180,
                                           1.0 / 420,
                                           79.0 / 56700,
                                           1759.0 / 1871100,
                                           586297.0 / 851350500,
                                           370787.0 / 696559500,
                                           834929471.0 / 1953849397500};
    static constexpr double e_series[8] = {1.0 / 360,
                                           1.0 / 1890,
                                           29.0 / 113400,
                                           59.0 / 374220,
                                           559579.0 / 5108103000,
                                           482.0 / 5893965,
                                           256703.0 / 4007896200,
                                           2698342553.0 / 51972393973500};
    const double cosine = std::abs(pose.q.w);
    const double sign = std::copysign(1.0, pose.q.w);
    const Vec3 u = {pose.q.x, pose.q.y, pose.q.z};
    const double n2 = dot(u, u);
    Logarithm log;
    if (n2 < 1.0 / 64) {
        log.w = sign * series(n2, angle_series) * u;
        log.c = series(n2, c_series);
        log.e = series(n2, e_series);
    } else {
        const double n = std::sqrt(n2);
        const double th = 2 * std::atan(n / cosine);
        const double scale = th / n;
        const double cotangent = 0.5 * scale * cosine;  // (th/2) cot(th/2)
        const double inverse = 1 / (th * th);
        log.w = sign * scale * u;
        log.c = (1 - cotangent) * inverse;
        log.e = (0.25 * scale * scale + cotangent - 2) * inverse * inverse;
    }
    const Vec3 wt = cross(log.w, pose.t);
    log.wwt = cross(log.w, wt);
    log.v = pose.t - 0.5 * wt + log.c * log.wwt;
    return log;
}

// A = Jr^-1(w) on SO(3) = I + 1/2 [w]x + c [w]x^2, with [w]x^2 = w w^T - (w.w) I.
inline Mat3 right_jacobian_inverse(const Logarithm& log) {
    const Vec3 w = log.w, h = 0.5 * log.w, cw = log.c * log.w;
    const double xx = cw.x * w.x, yy = cw.y * w.y, zz = cw.z * w.z;
    const double xy = cw.x * w.y, xz = cw.x * w.z, yz = cw.y * w.z;
    return {{{1 - yy - zz, xy - h.z, xz + h.y}, {xy + h.z, 1 - xx - zz, yz - h.x}, {xz - h.y, yz + h.x, 1 - xx - yy}}};
}

// D = d(V^-1 t)/dw = 1/2 [t]x + c (w t^T + (w.t) I - 2 t w^T) + e (w x (w x t)) w^T.
inline Mat3 translation_by_rotation(const Logarithm& log, Vec3 t) {
    const Vec3 w = log.w, h = 0.5 * t, cw = log.c * w;
    const Vec3 p = log.e * log.wwt - 2 * log.c * t;  // D = 1/2 [t]x + cw t^T + p w^T + (cw.t) I
    const double d = dot(cw, t);
    return {{{cw.x * t.x + p.x * w.x + d, cw.x * t.y + p.x * w.y - h.z, cw.x * t.z + p.x * w.z + h.y},
             {cw.y * t.x + p.y * w.x + h.z, cw.y * t.y + p.y * w.y + d, cw.y * t.z + p.y * w.z - h.x},
             {cw.z * t.x + p.z * w.x - h.y, cw.z * t.y + p.z * w.y + h.x, cw.z * t.z + p.z * w.z + d}}};
}

// r = W [v w]
inline void weigh(const double* __restrict w, const Logarithm& log, double* __restrict r) {
    for (int k = 0; k < 6; ++k, w += 6)
        r[k] = (w[0] * log.v.x + w[1] * log.v.y + w[2] * log.v.z) +
               (w[3] * log.w.x + w[4] * log.w.y + w[5] * log.w.z);
}

// Rows of three, padded to the four lanes of a register; what the fourth holds does not matter.
typedef double Row __attribute__((vector_size(32)));

struct Rows3 {
    Row row[3];
};

inline Row padded(const double (&a)[3]) { return Row{a[0], a[1], a[2], 0}; }
inline Rows3 rows(const Mat3& a) { return {{padded(a.a[0]), padded(a.a[1]), padded(a.a[2])}}; }
inline Rows3 skew_rows(Vec3 v) { return {{Row{0, -v.z, v.y, 0}, Row{v.z, 0, -v.x, 0}, Row{-v.y, v.x, 0, 0}}}; }

// The row vector a (three numbers) times the matrix b.
inline Row times(const double* a, const Rows3& b) { return a[0] * b.row[0] + a[1] * b.row[1] + a[2] * b.row[2]; }

inline Rows3 times(const Mat3& a, const Rows3& b) { return {{times(a.a[0], b), times(a.a[1], b), times(a.a[2], b)}}; }

inline Rows3 operator+(const Rows3& a, const Rows3& b) {
    return {{a.row[0] + b.row[0], a.row[1] + b.row[1], a.row[2] + b.row[2]}};
}

}  // namespace

extern "C" void peer_between_residual(int n, const double* __restrict poses, int stride, const int* __restrict i,
                                      const int* __restrict j, const double* __restrict m, const double* __restrict w,
                                      double* __restrict r) {
    const std::ptrdiff_t step = stride;
    for (int k = 0; k < n; ++k, m += 7, w += 36, r += 6)
        weigh(w, logarithm(between(load(m), between(load(poses + step * i[k]), load(poses + step * j[k])))), r);
}

// With E_ij = xi^-1 xj = (R, s), A and D as above:
//   Jr^-1 = [A  D A]       -Ad(E_ij^-1) = [F  -F [s]x]       J = W [-Jr^-1 Ad(E_ij^-1)   Jr^-1]
//           [0    A],                     [0   F     ],
// F = -R^T. With B = A F, C = D B - A F [s]x, a row [p q] of W gives the row [p B, p C + q B, p A, p D A + q A] of J.
extern "C" void peer_between_jacobian(int n, const double* __restrict poses, int stride, const int* __restrict i,
                                      const int* __restrict j, const double* __restrict m, const double* __restrict w,
                                      double* __restrict r, double* __restrict jac) {
    const std::ptrdiff_t step = stride;
    for (int k = 0; k < n; ++k, m += 7, w += 36, r += 6, jac += 72) {
        const Pose relative = between(load(poses + step * i[k]), load(poses + step * j[k]));
        const Pose error = between(load(m), relative);
        const Logarithm log = logarithm(error);
        weigh(w, log, r);

        const Mat3 a = right_jacobian_inverse(log);
        const Mat3 d = translation_by_rotation(log, error.t);
        const Mat3 f = minus_inverse_rotation(relative.q);
        const Rows3 fs = times(f, skew_rows(-1.0 * relative.t));
        const Rows3 ja = rows(a), jda = times(d, ja), jb = times(a, rows(f)), jc = times(d, jb) + times(a, fs);
        for (int p = 0; p < 6; ++p) {
            const double* wp = w + 6 * p;
            const Row block[4] = {times(wp, jb), times(wp, jc) + times(wp + 3, jb), times(wp, ja),
                                  times(wp, jda) + times(wp + 3, ja)};
            double* row = jac + 12 * p;
            // Each block's fourth lane is overwritten by the next block; the last stores three numbers only.
            for (int c = 0; c < 3; ++c) std::memcpy(row + 3 * c, &block[c], sizeof(Row));
            std::memcpy(row + 9, &block[3], 3 * sizeof(double));
        }
    }
}
