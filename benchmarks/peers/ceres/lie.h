// The logarithms and exponentials of SE(3) and SE(2), written once for double and for Ceres' Jets.
//   Exp(d) = [V(w) v, exp(w)],  Log(E) = [V(w)^-1 t, w]; translation first.
// A pose of SE(3) is [x y z qx qy qz qw] with a unit quaternion, one of SE(2) is [x y theta].
#pragma once

#include <ceres/jet.h>

#include <cmath>

namespace peer {

inline constexpr double kPi = 3.14159265358979323846;

inline double value(double x) { return x; }
template <typename T, int N>
double value(const ceres::Jet<T, N>& x) { return x.a; }

// A function of one or two variables by its value and its partial derivatives, as Jets define their own functions.
inline double apply(double f, double, double) { return f; }
template <typename T, int N>
ceres::Jet<T, N> apply(double f, double df, const ceres::Jet<T, N>& x) {
    return ceres::Jet<T, N>(f, df * x.v);
}
inline double apply(double f, double, double, double, double) { return f; }
template <typename T, int N>
ceres::Jet<T, N> apply(double f, double dx, const ceres::Jet<T, N>& x, double dy, const ceres::Jet<T, N>& y) {
    return ceres::Jet<T, N>(f, dx * x.v + dy * y.v);
}

template <typename A, typename B, typename R>
void cross(const A* a, const B* b, R* out) {
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

// R(q) v = v + 2 w (u x v) + 2 u x (u x v), u the vector part; sign = -1 rotates by the inverse.
template <typename A, typename B, typename R>
void rotate(const A* q, double sign, const B* v, R* out) {
    R s[3], us[3];
    const A w = sign * q[3];
    cross(q, v, s);
    for (R& x : s) x = 2.0 * x;
    cross(q, s, us);
    for (int k = 0; k < 3; ++k) out[k] = v[k] + (w * s[k] + us[k]);
}

// a^-1 b of unit quaternions.
template <typename A, typename B, typename R>
void inverse_times(const A* a, const B* b, R* out) {
    out[0] = a[3] * b[0] - a[0] * b[3] - a[1] * b[2] + a[2] * b[1];
    out[1] = a[3] * b[1] + a[0] * b[2] - a[1] * b[3] - a[2] * b[0];
    out[2] = a[3] * b[2] - a[0] * b[1] + a[1] * b[0] - a[2] * b[3];
    out[3] = a[3] * b[3] + a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

// R(q) by rows.
inline void rotation_matrix(const double* q, double* r) {
    const double x2 = 2 * q[0], y2 = 2 * q[1], z2 = 2 * q[2];
    const double xx = x2 * q[0], yy = y2 * q[1], zz = z2 * q[2], xy = x2 * q[1], xz = x2 * q[2], yz = y2 * q[2];
    const double wx = x2 * q[3], wy = y2 * q[3], wz = z2 * q[3];
    r[0] = 1 - yy - zz, r[1] = xy - wz, r[2] = xz + wy;
    r[3] = xy + wz, r[4] = 1 - xx - zz, r[5] = yz - wx;
    r[6] = xz - wy, r[7] = yz + wx, r[8] = 1 - xx - yy;
}

inline void times(const double* a, const double* b, double* out) {
    const double inverse[4] = {-a[0], -a[1], -a[2], a[3]};
    inverse_times(inverse, b, out);
}

// a^-1 b
template <typename A, typename B, typename R>
void between3(const A* a, const B* b, R* out) {
    const R d[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
    rotate(a + 3, -1.0, d, out);
    inverse_times(a + 3, b + 3, out + 3);
}

// th / |u| and c = (1 - (th/2) cot(th/2)) / th^2 as functions of n2 = |u|^2 and the quaternion's w >= 0, with
// th = 2 atan2(|u|, w). Below th = 0.02 by series whose next terms are below 1e-17 of the first.
template <typename T>
void log_coefficients(const T& n2, const T& w, T* scale, T* c) {
    const double s = value(n2), cosine = value(w);
    if (s < 1e-4) {
        *scale = apply(2 + s * (1. / 3 + s * (3. / 20 + s * (5. / 56 + s * (35. / 576)))),
                       1. / 3 + s * (3. / 10 + s * (15. / 56 + s * (35. / 144))), n2);
        *c = apply(1. / 12 + s * (1. / 180 + s * (1. / 420 + s * (79. / 56700))),
                   1. / 180 + s * (1. / 210 + s * (79. / 18900)), n2);
        return;
    }
    const double n = std::sqrt(s), th = 2 * std::atan2(n, cosine), half_cot = 0.5 * th * cosine / n;
    *scale = apply(th / n, (cosine - 0.5 * th / n) / s, n2, -2.0, w);
    const double value_c = (1 - half_cot) / (th * th);
    const double dc = ((0.25 * th * th / s + half_cot - 2) / (th * th)) / th;  // dc/dth, s = sin^2(th/2)
    *c = apply(value_c, dc * cosine / n, n2, dc * -2 * n, w);
}

// v = t - 1/2 w x t + c w x (w x t)
template <typename T>
void log3(const T* pose, T* tangent) {
    const double sign = value(pose[6]) < 0 ? -1.0 : 1.0;
    T scale, c;
    const T* u = pose + 3;
    log_coefficients<T>(u[0] * u[0] + u[1] * u[1] + u[2] * u[2], sign * pose[6], &scale, &c);
    scale *= T(sign);
    T* w = tangent + 3;
    for (int k = 0; k < 3; ++k) w[k] = scale * u[k];
    T wt[3], wwt[3];
    cross(w, pose, wt);
    cross(w, wt, wwt);
    for (int k = 0; k < 3; ++k) tangent[k] = pose[k] - 0.5 * wt[k] + c * wwt[k];
}

inline void exp3(const double* tangent, double* pose) {
    const double* v = tangent;
    const double* w = tangent + 3;
    const double th2 = w[0] * w[0] + w[1] * w[1] + w[2] * w[2], th = std::sqrt(th2);
    const bool small = th2 < 1e-4;
    // sin(th/2) / th, (1 - cos th) / th^2, (th - sin th) / th^3
    const double half = small ? 0.5 - th2 * (1. / 48 - th2 * (1. / 3840 - th2 / 645120)) : std::sin(0.5 * th) / th;
    const double b = 2 * half * half;
    const double c =
        small ? 1. / 6 - th2 * (1. / 120 - th2 * (1. / 5040 - th2 / 362880)) : (th - std::sin(th)) / (th2 * th);
    double wv[3], wwv[3];
    cross(w, v, wv);
    cross(w, wv, wwv);
    for (int k = 0; k < 3; ++k) {
        pose[k] = v[k] + b * wv[k] + c * wwv[k];
        pose[3 + k] = half * w[k];
    }
    pose[6] = std::cos(0.5 * th);
}

// (th/2) cot(th/2), th in [-pi, pi].
template <typename T>
T half_cotangent(const T& th) {
    const double x = value(th), x2 = x * x;
    if (x2 < 1e-3)
        return apply(1 - x2 * (1. / 12 + x2 * (1. / 720 + x2 * (1. / 30240 + x2 / 1209600))),
                     -x * (1. / 6 + x2 * (1. / 180 + x2 * (1. / 5040 + x2 / 151200))), th);
    const double sine = std::sin(0.5 * x), cot = std::cos(0.5 * x) / sine;
    return apply(0.5 * x * cot, 0.5 * cot - 0.25 * x / (sine * sine), th);
}

template <typename T>
T wrapped(const T& angle) {
    return angle - 2 * kPi * std::floor((value(angle) + kPi) / (2 * kPi));
}

// a^-1 b; cosine and sine are those of a's angle.
template <typename A, typename B, typename R>
void between2(const A* a, const A& cosine, const A& sine, const B* b, R* out) {
    const R dx = b[0] - a[0], dy = b[1] - a[1];
    out[0] = cosine * dx + sine * dy;
    out[1] = cosine * dy - sine * dx;
    out[2] = b[2] - a[2];
}

template <typename T>
void log2(const T* pose, T* tangent) {
    tangent[2] = wrapped(pose[2]);
    const T a = half_cotangent(tangent[2]), b = 0.5 * tangent[2];
    tangent[0] = a * pose[0] + b * pose[1];
    tangent[1] = a * pose[1] - b * pose[0];
}

inline void exp2(const double* tangent, double* pose) {
    const double th = tangent[2], th2 = th * th;
    const bool small = th2 < 1e-4;
    const double a = small ? 1 - th2 * (1. / 6 - th2 * (1. / 120 - th2 / 5040)) : std::sin(th) / th;
    const double b = small ? th * (0.5 - th2 * (1. / 24 - th2 / 720)) : (1 - std::cos(th)) / th;
    pose[0] = a * tangent[0] - b * tangent[1];
    pose[1] = b * tangent[0] + a * tangent[1];
    pose[2] = th;
}

}  // namespace peer
