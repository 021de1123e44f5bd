// A pose graph as a g2o file states it, with square-root weights instead of information matrices.
#pragma once

#include <string>
#include <vector>

namespace peer {

enum class Information { kFull, kDiagonal };

struct Edge {
    int from, to;  // positions in `poses`
    double measurement[7];
    // The upper factor U of the information matrix, U^T U, by rows: 21 numbers in 3D, 6 in 2D.
    double weight[21];
    bool diagonal;
};

struct PoseGraph {
    int dimension = 0;  // 2: a pose is [x y theta], 3: [x y z qx qy qz qw]
    std::vector<double> poses;
    std::vector<bool> held;  // by FIX, or the first pose of a connected component without one
    std::vector<Edge> edges;

    int pose_size() const { return dimension == 3 ? 7 : 3; }
    int tangent_size() const { return dimension == 3 ? 6 : 3; }
    int count() const { return static_cast<int>(held.size()); }
};

// Reads vertices, edges and FIX of one kind, 2D or 3D. Values of vertices in `initial`, a g2o file too (its edges are
// not read), replace those of `path`; empty: none. Throws std::runtime_error with file and line.
PoseGraph read_g2o(const std::string& path, const std::string& initial, Information information);

}  // namespace peer
