#include "self_test.h"

#include <ceres/autodiff_cost_function.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <random>

#include "costs.h"

namespace peer {
namespace {

std::mt19937_64 generator(20240607);

double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(generator); }

// A tangent vector whose rotation has the given angle.
template <int N>
std::array<double, N> tangent(double angle) {
    std::array<double, N> d;
    for (double& x : d) x = uniform(-1, 1);
    double norm = 0;
    for (int k = N / 2 + (N == 3); k < N; ++k) norm += d[k] * d[k];
    for (int k = N / 2 + (N == 3); k < N; ++k) d[k] *= angle / std::sqrt(norm);
    return d;
}

// Every other time the same pose by the other quaternion, or by an angle another turn away.
template <std::size_t N>
void maybe_other_form(std::array<double, N>& pose) {
    if (uniform(0, 1) < 0.5) return;
    if constexpr (N == 7) std::transform(pose.begin() + 3, pose.end(), pose.begin() + 3, std::negate<>());
    else pose[2] += 2 * kPi;
}

// Exp by 60 terms of the power series of the matrix exp([W v; 0 0]), enough for angles up to pi. The rotation by rows.
template <int N>
void matrix_exponential(const std::array<double, N>& d, double* translation, double* rotation) {
    constexpr int n = N == 6 ? 4 : 3;
    long double a[n][n] = {}, term[n][n] = {}, sum[n][n] = {};
    if constexpr (N == 6) {
        a[0][1] = -d[5], a[0][2] = d[4], a[1][0] = d[5], a[1][2] = -d[3], a[2][0] = -d[4], a[2][1] = d[3];
    } else {
        a[0][1] = -d[2], a[1][0] = d[2];
    }
    for (int k = 0; k < n - 1; ++k) a[k][n - 1] = d[k];
    for (int k = 0; k < n; ++k) term[k][k] = sum[k][k] = 1;
    for (int power = 1; power < 60; ++power) {
        long double next[n][n] = {};
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j)
                for (int k = 0; k < n; ++k) next[i][j] += term[i][k] * a[k][j] / power;
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) sum[i][j] += term[i][j] = next[i][j];
    }
    for (int i = 0; i < n - 1; ++i) translation[i] = static_cast<double>(sum[i][n - 1]);
    for (int i = 0; i < n - 1; ++i)
        for (int j = 0; j < n - 1; ++j) rotation[(n - 1) * i + j] = static_cast<double>(sum[i][j]);
}

struct Check {
    const char* name;
    double worst = 0;
    double limit;

    void see(double difference) { worst = std::isnan(difference) ? INFINITY : std::max(worst, std::abs(difference)); }
    bool report() const {
        std::printf("self-test %-44s %.1e (limit %.0e) %s\n", name, worst, limit, worst <= limit ? "ok" : "FAILED");
        return worst <= limit;
    }
};

template <typename Manifold, int Ambient, int Tangent>
struct Laws {
    Manifold manifold;
    Check exponential{"Exp against the matrix exponential", 0, 2e-14};
    Check round_trip{"Minus(Plus(x, d), x) = d", 0, 2e-13};
    Check plus{"PlusJacobian against differences", 0, 1e-9};
    Check inverse{"MinusJacobian * PlusJacobian = 1", 0, 1e-14};

    std::array<double, Ambient> random() {
        std::array<double, Ambient> origin{}, x;
        if constexpr (Ambient == 7) origin[6] = 1;
        manifold.Plus(origin.data(), tangent<Tangent>(uniform(0, 3)).data(), x.data());
        return x;
    }

    void run(double angle) {
        const auto x = random();
        const auto d = tangent<Tangent>(angle);
        exponential_at(d);
        std::array<double, Ambient> y;
        double back[Tangent];
        manifold.Plus(x.data(), d.data(), y.data());
        maybe_other_form(y);
        manifold.Minus(y.data(), x.data(), back);
        for (int k = 0; k < Tangent; ++k) round_trip.see(back[k] - d[k]);

        double j[Ambient * Tangent], m[Ambient * Tangent];
        manifold.PlusJacobian(x.data(), j);
        manifold.MinusJacobian(x.data(), m);
        for (int col = 0; col < Tangent; ++col) {
            constexpr double h = 1e-5;
            double up[Tangent] = {}, down[Tangent] = {}, above[Ambient], below[Ambient];
            up[col] = h, down[col] = -h;
            manifold.Plus(x.data(), up, above);
            manifold.Plus(x.data(), down, below);
            for (int row = 0; row < Ambient; ++row)
                plus.see(j[Tangent * row + col] - (above[row] - below[row]) / (2 * h));
            for (int row = 0; row < Tangent; ++row) {
                double product = 0;
                for (int k = 0; k < Ambient; ++k) product += m[Ambient * row + k] * j[Tangent * k + col];
                inverse.see(product - (row == col));
            }
        }
    }

    void exponential_at(const std::array<double, Tangent>& d) {
        double translation[3], rotation[9], pose[Ambient], mine[9];
        matrix_exponential<Tangent>(d, translation, rotation);
        if constexpr (Ambient == 7) {
            exp3(d.data(), pose);
            rotation_matrix(pose + 3, mine);
        } else {
            exp2(d.data(), pose);
            const double c = std::cos(pose[2]), s = std::sin(pose[2]), rows[4] = {c, -s, s, c};
            std::copy_n(rows, 4, mine);
        }
        constexpr int n = Ambient == 7 ? 3 : 2;
        for (int k = 0; k < n; ++k) exponential.see(pose[k] - translation[k]);
        for (int k = 0; k < n * n; ++k) exponential.see(mine[k] - rotation[k]);
    }
};

// AutoDiff's Jacobian times PlusJacobian against fourth-order central differences of the residual along Plus.
template <typename Between, typename Manifold, int Ambient, int Tangent>
void jacobian(Laws<Manifold, Ambient, Tangent>& laws, double angle, Check& check) {
    Between between{};
    const auto xi = laws.random(), measurement = laws.random();
    std::array<double, Ambient> xm, xj;
    // xj = xi m Exp(d): the error's logarithm is d.
    if constexpr (Ambient == 7) {
        rotate(xi.data() + 3, 1.0, measurement.data(), xm.data());
        times(xi.data() + 3, measurement.data() + 3, xm.data() + 3);
    } else {
        const double c = std::cos(xi[2]), s = std::sin(xi[2]);
        xm = {c * measurement[0] - s * measurement[1], s * measurement[0] + c * measurement[1], xi[2] + measurement[2]};
    }
    for (int k = 0; k < (Ambient == 7 ? 3 : 2); ++k) xm[k] += xi[k];
    laws.manifold.Plus(xm.data(), tangent<Tangent>(angle).data(), xj.data());
    maybe_other_form(xj);

    std::copy(measurement.begin(), measurement.end(), between.measurement.begin());
    for (double& w : between.weight.w) w = uniform(0.5, 2);
    ceres::AutoDiffCostFunction<Between, Tangent, Ambient, Ambient> cost(new Between(between.prepared()));
    const std::array<double, Ambient> poses[2] = {xi, xj};
    double residual[Tangent], ji[Tangent * Ambient], jj[Tangent * Ambient];
    const double* parameters[2] = {xi.data(), xj.data()};
    double* jacobians[2] = {ji, jj};
    cost.Evaluate(parameters, residual, jacobians);

    for (int block = 0; block < 2; ++block) {
        double plus[Ambient * Tangent];
        laws.manifold.PlusJacobian(poses[block].data(), plus);
        for (int col = 0; col < Tangent; ++col) {
            double difference[Tangent] = {};
            constexpr double h = 1e-3, weights[4] = {1. / 12, -8. / 12, 8. / 12, -1. / 12};
            for (int sample = 0; sample < 4; ++sample) {
                double delta[Tangent] = {}, moved[Ambient], r[Tangent];
                delta[col] = h * (sample < 2 ? sample - 2 : sample - 1);
                laws.manifold.Plus(poses[block].data(), delta, moved);
                const double* both[2] = {block == 0 ? moved : parameters[0], block == 1 ? moved : parameters[1]};
                cost.Evaluate(both, r, nullptr);
                for (int k = 0; k < Tangent; ++k) difference[k] += weights[sample] * r[k] / h;
            }
            for (int row = 0; row < Tangent; ++row) {
                double product = 0;
                for (int k = 0; k < Ambient; ++k)
                    product += jacobians[block][Ambient * row + k] * plus[Tangent * k + col];
                check.see(product - difference[row]);
            }
        }
    }
}

template <template <typename> typename Between, typename Manifold, int Ambient, int Tangent>
bool test(const char* group) {
    Laws<Manifold, Ambient, Tangent> laws;
    Check diagonal{"residual Jacobian, diagonal weight", 0, 2e-11}, full{"residual Jacobian, full weight", 0, 2e-11};
    // Angles at zero, around the switches to series, and up to near pi.
    const double switches[] = {0, 1e-12, 1e-8, 1e-4, 0.0099, 0.0101, 0.0199, 0.0201, 0.0315, 0.0317, 0.1, 1, 2, 3, 3.1};
    for (double angle : switches)
        for (int round = 0; round < 100; ++round) {
            laws.run(angle);
            jacobian<Between<DiagonalWeight<Tangent>>>(laws, angle, diagonal);
            jacobian<Between<TriangularWeight<Tangent>>>(laws, angle, full);
        }
    std::printf("self-test %s\n", group);
    bool ok = true;
    for (const Check& check : {laws.exponential, laws.round_trip, laws.plus, laws.inverse, diagonal, full})
        ok &= check.report();
    return ok;
}

}  // namespace

bool self_test() {
    const bool three = test<Between3, Manifold3, 7, 6>("SE(3)");
    const bool two = test<Between2, Manifold2, 3, 3>("SE(2)");
    return three && two;
}

}  // namespace peer
