// Solves a pose graph by Ceres, driven through standard input: one command a line, answered by one line of JSON.
//
//   ceres_peer FILE.g2o [--initial VALUES.g2o] [--information full|diagonal] [--postordering] [--plane-manifold]
//              [--threads N]
//     version                  libraries, threads, compiler, problem
//     cost                     the objective at the initial values
//     iterate N [gn|lm]        N iterations from the initial values, tolerances 0; times (see Peer::run)
//     solve [gn|lm] [TOL]      to convergence, function tolerance TOL (1e-6, as Ceres' default), at most 200 iterations
//     whole [gn|lm] [TOL]      the same, the problem built anew before: buildSeconds tells how long that took
//     poses FILE               writes the poses after the last run, one a line, in the order of the file
//     quit
//   ceres_peer --version | --self-test
//
// Residuals are w Log(m^-1 xi^-1 xj), the objective is half the sum of their squares. OMP_THREAD_LIMIT and
// OPENBLAS_NUM_THREADS must be set to the number of threads, or less: nothing is timed without.
#include <glog/logging.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

#include "environment.h"
#include "peer.h"
#include "self_test.h"

namespace {

using namespace peer;

// One line of JSON, built member by member.
class Json {
public:
    Json& add(const char* name, double number) {
        char text[40];
        std::snprintf(text, sizeof text, "%.17g", number);
        return raw(name, std::isfinite(number) ? text : "null");
    }
    Json& add(const char* name, int number) { return raw(name, std::to_string(number)); }
    Json& add(const char* name, const std::string& text) {
        std::string quoted = "\"";
        for (char c : text) {
            if (c == '"' || c == '\\') quoted += '\\';
            quoted += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
        }
        return raw(name, quoted + '"');
    }
    Json& add(const char* name, const std::vector<double>& numbers) {
        std::string list = "[";
        char text[40];
        for (double number : numbers) {
            std::snprintf(text, sizeof text, "%s%.17g", list.size() > 1 ? "," : "", number);
            list += text;
        }
        return raw(name, list + ']');
    }
    void print() const { std::cout << '{' << members_ << '}' << std::endl; }

private:
    Json& raw(const char* name, const std::string& text) {
        members_ += (members_.empty() ? "\"" : ",\"") + std::string(name) + "\":" + text;
        return *this;
    }

    std::string members_;
};

Json describe(const Environment& environment) {
    return Json()
        .add("ceres", environment.ceres)
        .add("blas", environment.blas)
        .add("lapack", environment.lapack)
        .add("cholmod", environment.cholmod)
        .add("openblas", environment.openblas)
        .add("core", environment.core)
        .add("compiler", environment.compiler)
        .add("blasThreads", environment.blas_threads)
        .add("ompThreadLimit", environment.omp_thread_limit);
}

void version(const Peer& peer) {
    int held = 0;
    for (bool is_held : peer.graph().held) held += is_held;
    describe(Environment::current())
        .add("threads", peer.tuning().threads)
        .add("dimension", peer.graph().dimension)
        .add("poses", peer.graph().count())
        .add("held", held)
        .add("edges", static_cast<int>(peer.graph().edges.size()))
        .print();
}

double per(double total, int count) { return count > 0 ? total / count : 0; }

void report(const Run& run, double build_s = 0) {
    const ceres::Solver::Summary& s = run.summary;
    if (s.termination_type == ceres::FAILURE) throw std::runtime_error(s.message);
    std::vector<double> costs, times;
    for (const ceres::IterationSummary& step : s.iterations) {
        costs.push_back(step.cost);
        times.push_back(step.iteration_time_in_seconds);
    }
    Json()
        .add("initialCost", s.initial_cost)
        .add("finalCost", s.final_cost)
        .add("iterations", static_cast<int>(s.iterations.size()) - 1)
        .add("rejected", s.num_unsuccessful_steps)
        .add("converged", s.termination_type == ceres::CONVERGENCE ? 1 : 0)
        .add("message", s.message)
        .add("buildSeconds", build_s)
        .add("totalSeconds", s.total_time_in_seconds)
        .add("preprocessorSeconds", s.preprocessor_time_in_seconds)
        .add("minimizerSeconds", s.minimizer_time_in_seconds)
        .add("steady", static_cast<int>(run.steady_s.size()))
        .add("steadyMinimum", minimum(run.steady_s))
        .add("steadyMedian", median(run.steady_s))
        .add("linearMinimum", minimum(run.steady_linear_s))
        .add("linearMedian", median(run.steady_linear_s))
        .add("jacobianMean", per(s.jacobian_evaluation_time_in_seconds, s.num_jacobian_evaluations))
        .add("residualMean", per(s.residual_evaluation_time_in_seconds, s.num_residual_evaluations))
        .add("iterationSeconds", times)
        .add("costs", costs)
        .print();
}

Method method(const std::string& name) {
    if (name == "gn") return Method::kGaussNewton;
    if (name == "lm") return Method::kLevenbergMarquardt;
    throw std::runtime_error("gn or lm is expected, not '" + name + "'");
}

void refuse_to_time(int threads) {
    if (const std::string objection = Environment::current().objection(threads); !objection.empty())
        throw std::runtime_error(objection);
}

// As before, in a new problem: returns how long that took to build.
double rebuild(std::unique_ptr<Peer>& peer) {
    PoseGraph graph = peer->graph();
    const Tuning tuning = peer->tuning();
    peer.reset();
    const auto start = std::chrono::steady_clock::now();
    peer = std::make_unique<Peer>(std::move(graph), tuning);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void write_poses(const Peer& peer, const std::string& path) {
    std::ofstream file(path);
    file.precision(17);
    const int size = peer.graph().pose_size();
    for (std::size_t k = 0; k < peer.values().size(); ++k)
        file << peer.values()[k] << ((k + 1) % size == 0 ? '\n' : ' ');
    if (!file) throw std::runtime_error(path + ": cannot be written");
}

// False: quit.
bool execute(std::unique_ptr<Peer>& peer, const std::string& line) {
    std::istringstream words(line);
    std::string command, name = "gn";
    words >> command;
    if (command == "quit") return false;
    if (command == "version") {
        version(*peer);
    } else if (command == "cost") {
        Json().add("cost", peer->initial_cost()).print();
    } else if (command == "iterate") {
        refuse_to_time(peer->tuning().threads);
        int count = 0;
        if (!(words >> count) || count < 1) throw std::runtime_error("iterate N: N is a number above zero");
        words >> name;
        report(peer->run(method(name), count, 0, 0, 0));
    } else if (command == "poses") {
        std::getline(words >> std::ws, name);
        write_poses(*peer, name);
        Json().add("written", name).print();
    } else if (command == "solve" || command == "whole") {
        refuse_to_time(peer->tuning().threads);
        double tolerance = 1e-6;
        words >> name;
        if (words >> tolerance; tolerance < 0) throw std::runtime_error(command + ": the tolerance is negative");
        const Method by = method(name);
        const double build_s = command == "whole" ? rebuild(peer) : 0;
        report(peer->run(by, 200, tolerance, 1e-10, 1e-8), build_s);
    } else {
        throw std::runtime_error("unknown command '" + command + "': version, cost, iterate, solve, whole, poses or quit");
    }
    return true;
}

int run(int argc, char** argv) {
    std::string file, initial;
    Information information = Information::kFull;
    Tuning tuning;
    for (int k = 1; k < argc; ++k) {
        const std::string word = argv[k];
        const auto argument = [&] {
            if (++k >= argc) throw std::runtime_error(word + " needs a value");
            return std::string(argv[k]);
        };
        if (word == "--version") return describe(Environment::current()).print(), 0;
        if (word == "--self-test") return self_test() ? 0 : 1;
        if (word == "--initial") initial = argument();
        else if (word == "--information") {
            const std::string kind = argument();
            if (kind != "full" && kind != "diagonal")
                throw std::runtime_error("--information full|diagonal, not " + kind);
            information = kind == "full" ? Information::kFull : Information::kDiagonal;
        } else if (word == "--postordering") tuning.postordering = true;
        else if (word == "--plane-manifold") tuning.plane_manifold = true;
        else if (word == "--threads") {
            tuning.threads = std::atoi(argument().c_str());
            if (tuning.threads < 1) throw std::runtime_error("--threads N: N is a number above zero");
        }
        else if (file.empty() && !word.starts_with("--")) file = word;
        else throw std::runtime_error("unknown option " + word);
    }
    if (file.empty()) throw std::runtime_error("usage: ceres_peer FILE.g2o [options], see the head of main.cpp");

    auto peer = std::make_unique<Peer>(read_g2o(file, initial, information), tuning);
    for (std::string line; std::getline(std::cin, line);) {
        try {
            if (!execute(peer, line)) break;
        } catch (const std::runtime_error& error) {
            Json().add("error", error.what()).print();
        }
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    FLAGS_logtostderr = true;
    google::InitGoogleLogging(argv[0]);
    try {
        return run(argc, argv);
    } catch (const std::runtime_error& error) {
        std::cerr << "ceres_peer: " << error.what() << std::endl;
        return 2;
    }
}
