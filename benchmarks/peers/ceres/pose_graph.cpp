#include "pose_graph.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

namespace peer {
namespace {

// The words of a text, line by line.
class Scanner {
public:
    explicit Scanner(const std::string& path) : path_(path) {
        std::ifstream file(path, std::ios::binary);
        if (!file) throw std::runtime_error(path + ": cannot be read");
        std::ostringstream text;
        text << file.rdbuf();
        text_ = text.str();
    }

    bool next_line() {
        if (next_ >= text_.size()) return false;
        const std::size_t end = std::min(text_.find('\n', next_), text_.size());
        rest_ = std::string_view(text_).substr(next_, end - next_);
        next_ = end + 1;
        ++line_;
        return true;
    }

    std::string_view word() {
        constexpr std::string_view blanks = " \t\r";
        const std::size_t start = rest_.find_first_not_of(blanks);
        if (start == std::string_view::npos) return rest_ = {};
        const std::size_t length = std::min(rest_.find_first_of(blanks, start), rest_.size()) - start;
        const std::string_view found = rest_.substr(start, length);
        rest_.remove_prefix(start + length);
        return found;
    }

    template <typename T>
    T number() {
        std::string_view text = word();
        if (text.starts_with('+')) text.remove_prefix(1);
        T result{};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
        if (text.empty() || error != std::errc() || end != text.data() + text.size()) fail("a number is expected");
        if constexpr (std::is_floating_point_v<T>)
            if (!std::isfinite(result)) fail("a finite number is expected");
        return result;
    }

    int line() const { return line_; }

    [[noreturn]] void fail(const std::string& what) const {
        throw std::runtime_error(path_ + ":" + std::to_string(line_) + ": " + what);
    }

private:
    std::string path_, text_;
    std::string_view rest_;
    std::size_t next_ = 0;
    int line_ = 0;
};

class Reader {
public:
    Reader(Information information, PoseGraph& graph) : information_(information), graph_(graph) {}

    void read(const std::string& path) {
        Scanner file(path);
        while (file.next_line()) {
            const std::string_view tag = file.word();
            if (tag == "VERTEX_SE3:QUAT") vertex(file, 3);
            else if (tag == "VERTEX_SE2") vertex(file, 2);
            else if (tag == "EDGE_SE3:QUAT") edge(file, 3);
            else if (tag == "EDGE_SE2") edge(file, 2);
            else if (tag == "FIX") fix(file);
        }
        if (graph_.edges.empty()) throw std::runtime_error(path + ": no edges");
    }

    void read_values(const std::string& path) {
        Scanner file(path);
        while (file.next_line()) {
            const std::string_view tag = file.word();
            if (tag == "VERTEX_SE3:QUAT") vertex(file, 3);
            else if (tag == "VERTEX_SE2") vertex(file, 2);
        }
    }

    void finish(const std::string& path) {
        if (indefinite_ > 0)
            throw std::runtime_error(path + ":" + std::to_string(first_indefinite_) + ": the first of " +
                                     std::to_string(indefinite_) + " information matrices that are not positive " +
                                     "definite; take --information diagonal");
        if (std::find(has_value_.begin(), has_value_.end(), false) != has_value_.end())
            throw std::runtime_error(path + ": poses without a value; give them by --initial FILE, a g2o file");
        hold_components();
    }

private:
    void vertex(Scanner& file, int dimension) {
        check(file, dimension);
        const int k = position(file.number<long long>());
        pose(file, graph_.poses.data() + k * graph_.pose_size());
        has_value_[k] = true;
    }

    void edge(Scanner& file, int dimension) {
        check(file, dimension);
        Edge edge{};
        edge.from = position(file.number<long long>());
        edge.to = position(file.number<long long>());
        if (edge.from == edge.to) file.fail("an edge from a pose to itself");
        pose(file, edge.measurement);
        weight(file, edge);
        graph_.edges.push_back(edge);
    }

    void fix(Scanner& file) {
        for (std::string_view id = file.word(); !id.empty(); id = file.word()) {
            long long number = 0;
            const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
            if (error != std::errc() || end != id.data() + id.size()) file.fail("an id is expected");
            fixed_.push_back(number);
        }
    }

    void pose(Scanner& file, double* pose) {
        for (int k = 0; k < graph_.pose_size(); ++k) pose[k] = file.number<double>();
        if (graph_.dimension == 2) return;
        const double norm = std::sqrt(pose[3] * pose[3] + pose[4] * pose[4] + pose[5] * pose[5] + pose[6] * pose[6]);
        if (norm == 0) file.fail("a quaternion of zeros");
        for (int k = 3; k < 7; ++k) pose[k] /= norm;
    }

    // Information = U^T U, row by row; or only its diagonal.
    void weight(Scanner& file, Edge& edge) {
        const int n = graph_.tangent_size();
        double a[6][6];
        edge.diagonal = true;
        for (int row = 0; row < n; ++row)
            for (int col = row; col < n; ++col) {
                a[row][col] = file.number<double>();
                if (col == row) continue;
                if (information_ == Information::kDiagonal) a[row][col] = 0;
                edge.diagonal &= a[row][col] == 0;
            }
        bool definite = true;
        for (int p = 0; p < n; ++p) {
            definite &= a[p][p] > 0;
            a[p][p] = std::sqrt(a[p][p]);
            for (int col = p + 1; col < n; ++col) a[p][col] /= a[p][p];
            for (int row = p + 1; row < n; ++row)
                for (int col = row; col < n; ++col) a[row][col] -= a[p][row] * a[p][col];
        }
        if (!definite && indefinite_++ == 0) first_indefinite_ = file.line();
        for (int row = 0, k = 0; row < n; ++row)
            for (int col = row; col < n; ++col) edge.weight[k++] = a[row][col];
    }

    void check(Scanner& file, int dimension) {
        if (graph_.dimension == 0) graph_.dimension = dimension;
        if (graph_.dimension != dimension) file.fail("2D and 3D do not mix");
    }

    int position(long long id) {
        const auto [entry, added] = positions_.try_emplace(id, static_cast<int>(has_value_.size()));
        if (added) {
            has_value_.push_back(false);
            graph_.poses.resize(graph_.poses.size() + graph_.pose_size());
        }
        return entry->second;
    }

    void hold_components() {
        std::vector<int> root(has_value_.size());
        std::iota(root.begin(), root.end(), 0);
        const auto find = [&](int k) {
            while (root[k] != k) k = root[k] = root[root[k]];
            return k;
        };
        for (const Edge& edge : graph_.edges) root[find(edge.to)] = find(edge.from);
        graph_.held.assign(root.size(), false);
        std::vector<bool> holds(root.size(), false);
        const auto hold = [&](int k) { graph_.held[k] = holds[find(k)] = true; };
        for (long long id : fixed_)
            if (const auto entry = positions_.find(id); entry != positions_.end()) hold(entry->second);
        for (int k = 0; k < graph_.count(); ++k)
            if (!holds[find(k)]) hold(k);
    }

    Information information_;
    PoseGraph& graph_;
    std::unordered_map<long long, int> positions_;
    std::vector<bool> has_value_;
    std::vector<long long> fixed_;
    int indefinite_ = 0;
    int first_indefinite_ = 0;  // its line
};

}  // namespace

PoseGraph read_g2o(const std::string& path, const std::string& initial, Information information) {
    PoseGraph graph;
    Reader reader(information, graph);
    reader.read(path);
    if (!initial.empty()) reader.read_values(initial);
    reader.finish(path);
    return graph;
}

}  // namespace peer
