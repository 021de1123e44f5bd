#include "peer.h"

#include <algorithm>

#include "costs.h"

namespace peer {
namespace {

template <typename Between>
ceres::CostFunction* cost_function(const Edge& edge) {
    Between between{};
    std::copy_n(edge.measurement, between.measurement.size(), between.measurement.begin());
    constexpr int n = Between::residuals;
    auto& weight = between.weight;
    for (int row = 0, k = 0; row < n; k += n - row, ++row)
        if constexpr (weight.size == n) weight.w[row] = edge.weight[k];
        else std::copy_n(edge.weight + k, n - row, weight.w.begin() + k);
    using Cost = ceres::AutoDiffCostFunction<Between, n, Between::ambient, Between::ambient>;
    return new Cost(new Between(between.prepared()));
}

ceres::Problem::Options shared_manifold() {
    ceres::Problem::Options options;
    options.manifold_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
    return options;
}

}  // namespace

Peer::Peer(PoseGraph graph, Tuning tuning)
    : graph_(std::move(graph)), tuning_(tuning), problem_(new ceres::Problem(shared_manifold())) {
    reset();
    if (graph_.dimension == 3) manifold_ = std::make_unique<Manifold3>();
    else if (tuning_.plane_manifold) manifold_ = std::make_unique<Manifold2>();
    for (int k = 0; k < graph_.count(); ++k) {
        double* pose = values_.data() + k * graph_.pose_size();
        problem_->AddParameterBlock(pose, graph_.pose_size(), manifold_.get());
        if (graph_.held[k]) problem_->SetParameterBlockConstant(pose);
    }
    for (const Edge& edge : graph_.edges) add(edge);
}

void Peer::add(const Edge& edge) {
    ceres::CostFunction* cost = nullptr;
    if (graph_.dimension == 3)
        cost = edge.diagonal ? cost_function<Between3<DiagonalWeight<6>>>(edge)
                             : cost_function<Between3<TriangularWeight<6>>>(edge);
    else
        cost = edge.diagonal ? cost_function<Between2<DiagonalWeight<3>>>(edge)
                             : cost_function<Between2<TriangularWeight<3>>>(edge);
    const int size = graph_.pose_size();
    problem_->AddResidualBlock(cost, nullptr, values_.data() + edge.from * size, values_.data() + edge.to * size);
}

double Peer::initial_cost() {
    reset();
    double cost = 0;
    problem_->Evaluate(ceres::Problem::EvaluateOptions(), &cost, nullptr, nullptr, nullptr);
    return cost;
}

Run Peer::run(Method method, int iterations, double function_tolerance, double gradient_tolerance,
              double parameter_tolerance) {
    ceres::Solver::Options options;
    options.linear_solver_type = ceres::SPARSE_NORMAL_CHOLESKY;
    options.sparse_linear_algebra_library_type = ceres::SUITE_SPARSE;
    options.num_threads = tuning_.threads;
    options.logging_type = ceres::SILENT;
    options.max_num_iterations = iterations;
    options.function_tolerance = function_tolerance;
    options.gradient_tolerance = gradient_tolerance;
    options.parameter_tolerance = parameter_tolerance;
    options.use_postordering = tuning_.postordering;
    if (method == Method::kGaussNewton) {
        options.initial_trust_region_radius = options.max_trust_region_radius = 1e16;
        options.jacobi_scaling = false;  // another pass over J, of no use without damping
    }

    reset();
    Run run;
    ceres::Solve(options, problem_.get(), &run.summary);
    for (const ceres::IterationSummary& step : run.summary.iterations) {
        if (step.iteration < 2 || !step.step_is_successful) continue;
        run.steady_s.push_back(step.iteration_time_in_seconds);
        run.steady_linear_s.push_back(step.step_solver_time_in_seconds);
    }
    return run;
}

double median(std::vector<double> times) {
    if (times.empty()) return 0;
    std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
    return times[times.size() / 2];
}

double minimum(const std::vector<double>& times) {
    return times.empty() ? 0 : *std::min_element(times.begin(), times.end());
}

}  // namespace peer
