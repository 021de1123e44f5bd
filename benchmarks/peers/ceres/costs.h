// Between factors w * Log(m^-1 xi^-1 xj) as functors for AutoDiff, and the manifolds whose Plus is x * Exp(d).
#pragma once

#include <ceres/manifold.h>

#include <algorithm>
#include <array>

#include "lie.h"

namespace peer {

// Square-root information: a diagonal, or an upper triangle by rows.
template <int N>
struct DiagonalWeight {
    static constexpr int size = N;
    std::array<double, N> w;

    template <typename T>
    void apply(const T* log, T* residual) const {
        for (int k = 0; k < N; ++k) residual[k] = w[k] * log[k];
    }
};

template <int N>
struct TriangularWeight {
    static constexpr int size = N * (N + 1) / 2;
    std::array<double, size> w;

    template <typename T>
    void apply(const T* log, T* residual) const {
        for (int row = 0, k = 0; row < N; ++row) {
            residual[row] = w[k++] * log[row];
            for (int col = row + 1; col < N; ++col) residual[row] += w[k++] * log[col];
        }
    }
};

template <typename Weight>
struct Between3 {
    static constexpr int residuals = 6, ambient = 7;
    std::array<double, 7> measurement;
    Weight weight;
    double rotation[9];  // of the measurement

    Between3 prepared() const {
        Between3 result = *this;
        rotation_matrix(measurement.data() + 3, result.rotation);
        return result;
    }

    template <typename T>
    bool operator()(const T* xi, const T* xj, T* residual) const {
        T ij[7], error[7], log[6];
        between3(xi, xj, ij);
        for (int k = 0; k < 3; ++k) ij[k] -= measurement[k];
        for (int k = 0; k < 3; ++k)
            error[k] = rotation[k] * ij[0] + rotation[3 + k] * ij[1] + rotation[6 + k] * ij[2];
        inverse_times(measurement.data() + 3, ij + 3, error + 3);
        log3(error, log);
        weight.apply(log, residual);
        return true;
    }
};

template <typename Weight>
struct Between2 {
    static constexpr int residuals = 3, ambient = 3;
    std::array<double, 3> measurement;
    Weight weight;
    double cosine, sine;  // of the measurement

    Between2 prepared() const {
        return {measurement, weight, std::cos(measurement[2]), std::sin(measurement[2])};
    }

    template <typename T>
    bool operator()(const T* xi, const T* xj, T* residual) const {
        using std::cos, std::sin;
        T ij[3], error[3], log[3];
        between2(xi, T(cos(xi[2])), T(sin(xi[2])), xj, ij);
        between2(measurement.data(), cosine, sine, ij, error);
        log2(error, log);
        weight.apply(log, residual);
        return true;
    }
};

// Jacobians are row-major, as Ceres wants them, at zero difference.
class Manifold3 final : public ceres::Manifold {
public:
    int AmbientSize() const override { return 7; }
    int TangentSize() const override { return 6; }

    bool Plus(const double* x, const double* delta, double* sum) const override {
        double step[7];
        exp3(delta, step);
        double t[3], q[4];
        rotate(x + 3, 1.0, step, t);
        times(x + 3, step + 3, q);
        const double scale = 1 / std::sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
        for (int k = 0; k < 3; ++k) sum[k] = x[k] + t[k];
        for (int k = 0; k < 4; ++k) sum[3 + k] = scale * q[k];
        return true;
    }

    bool PlusJacobian(const double* x, double* jacobian) const override {
        std::fill_n(jacobian, 42, 0.0);
        double r[9];
        rotation_matrix(x + 3, r);
        for (int k = 0; k < 3; ++k) std::copy_n(r + 3 * k, 3, jacobian + 6 * k);
        double q[12];
        quaternion_jacobian(x + 3, 0.5, q);
        for (int k = 0; k < 4; ++k) std::copy_n(q + 3 * k, 3, jacobian + 18 + 6 * k + 3);
        return true;
    }

    bool Minus(const double* y, const double* x, double* difference) const override {
        double error[7];
        between3(x, y, error);
        log3(error, difference);
        return true;
    }

    bool MinusJacobian(const double* x, double* jacobian) const override {
        std::fill_n(jacobian, 42, 0.0);
        double r[9], q[12];
        rotation_matrix(x + 3, r);
        quaternion_jacobian(x + 3, 2.0, q);
        for (int row = 0; row < 3; ++row) {
            for (int k = 0; k < 3; ++k) jacobian[7 * row + k] = r[3 * k + row];
            for (int k = 0; k < 4; ++k) jacobian[7 * (3 + row) + 3 + k] = q[3 * k + row];
        }
        return true;
    }

private:
    // scale * d(q * [w, 1])/dw, 4 x 3.
    static void quaternion_jacobian(const double* q, double scale, double* j) {
        const double x = scale * q[0], y = scale * q[1], z = scale * q[2], w = scale * q[3];
        const double rows[12] = {w, -z, y, z, w, -x, -y, x, w, -x, -y, -z};
        std::copy_n(rows, 12, j);
    }
};

class Manifold2 final : public ceres::Manifold {
public:
    int AmbientSize() const override { return 3; }
    int TangentSize() const override { return 3; }

    bool Plus(const double* x, const double* delta, double* sum) const override {
        double step[3];
        exp2(delta, step);
        const double cosine = std::cos(x[2]), sine = std::sin(x[2]);
        sum[0] = x[0] + cosine * step[0] - sine * step[1];
        sum[1] = x[1] + sine * step[0] + cosine * step[1];
        sum[2] = wrapped(x[2] + step[2]);
        return true;
    }

    bool PlusJacobian(const double* x, double* jacobian) const override { return fill(x, 1.0, jacobian); }

    bool Minus(const double* y, const double* x, double* difference) const override {
        double error[3];
        between2(x, std::cos(x[2]), std::sin(x[2]), y, error);
        log2(error, difference);
        return true;
    }

    bool MinusJacobian(const double* x, double* jacobian) const override { return fill(x, -1.0, jacobian); }

private:
    static bool fill(const double* x, double direction, double* jacobian) {
        const double cosine = std::cos(x[2]), sine = direction * std::sin(x[2]);
        const double rows[9] = {cosine, -sine, 0, sine, cosine, 0, 0, 0, 1};
        std::copy_n(rows, 9, jacobian);
        return true;
    }
};

}  // namespace peer
