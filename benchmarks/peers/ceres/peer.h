// One pose graph as a Ceres problem, and timed runs of Ceres from the initial values.
#pragma once

#include <ceres/ceres.h>

#include <memory>
#include <vector>

#include "pose_graph.h"

namespace peer {

enum class Method {
    kGaussNewton,         // a trust region of radius 1e16: damping below 1e-16 of the diagonal
    kLevenbergMarquardt,  // Ceres' defaults
};

struct Tuning {
    bool postordering = false;    // CHOLMOD orders J^T J instead of Ceres the columns of J
    bool plane_manifold = false;  // 2D: x * Exp(d) instead of adding to [x y theta], which is faster
    int threads = 1;              // of Ceres: residuals, Jacobians, J^T J
};

struct Run {
    ceres::Solver::Summary summary;
    std::vector<double> steady_s;         // whole iterations, see Peer::run
    std::vector<double> steady_linear_s;  // of these the linear solver: J^T J, numeric factorization, solution
};

class Peer {
public:
    Peer(PoseGraph graph, Tuning tuning);

    const PoseGraph& graph() const { return graph_; }
    const Tuning& tuning() const { return tuning_; }

    // The poses after the last run, graph().pose_size() numbers each.
    const std::vector<double>& values() const { return values_; }

    // 1/2 sum ||w Log(m^-1 xi^-1 xj)||^2 at the initial values.
    double initial_cost();

    // Solves from the initial values. A tolerance of zero switches its criterion off, except that Ceres stops where a
    // step leaves the cost exactly as it was.
    //
    // Steady iterations are those that every further iteration costs as much as: iteration 0 (the first evaluation) and
    // 1 (it includes the symbolic factorization) are left out, and so are rejected steps (they evaluate no Jacobian).
    // A steady iteration is: linear solve, step, cost of the new values, residuals and Jacobians there. Reading,
    // building the problem and Ceres' preprocessing are no part of any iteration.
    Run run(Method method, int iterations, double function_tolerance, double gradient_tolerance,
            double parameter_tolerance);

private:
    void add(const Edge& edge);
    void reset() { values_ = graph_.poses; }

    PoseGraph graph_;
    Tuning tuning_;
    std::vector<double> values_;
    std::unique_ptr<ceres::Manifold> manifold_;
    std::unique_ptr<ceres::Problem> problem_;
};

// Median; sorts a copy. Zero for none.
double median(std::vector<double> times);
double minimum(const std::vector<double>& times);

}  // namespace peer
