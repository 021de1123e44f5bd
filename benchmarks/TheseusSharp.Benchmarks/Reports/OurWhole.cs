using System.Diagnostics;
using System.Globalization;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Data;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>Our whole solve of one graph, in one setting.</summary>
internal sealed class OurWhole
{
    private readonly PoseGraph _graph;
    private WholeAnswer? _last;

    public OurWhole(
        PoseGraph graph, string startFile, bool isGaussNewton, bool isProcess, int threads, double tolerance)
    {
        (_graph, IsProcess) = (graph, isProcess);
        string method = isGaussNewton ? "GN" : "LM";
        Side = new(
            $"TheseusSharp {method}, {(isProcess ? "new process" : "new problem")}", () =>
            {
                _last = isProcess ? InChild(startFile, method, threads, tolerance)
                    : Solve(_graph, method, threads, tolerance);
                return _last.Milliseconds;
            });
    }

    /// <summary>Whether each round is a process of its own.</summary>
    public bool IsProcess { get; }

    public Side Side { get; }

    public int Iterations => _last!.Iterations;

    /// <summary>What we say ourselves.</summary>
    public double InitialCost => _last!.InitialCost;

    /// <summary>Where the time of the last round went.</summary>
    public string Split => _last!.Split;

    /// <summary>The task of a child: FILE METHOD THREADS TOLERANCE.</summary>
    public static void RunInChild(string[] arguments)
    {
        PoseGraph graph = G2o.Read(arguments[0]);
        Child.Answer(Solve(
            graph, arguments[1], int.Parse(arguments[2], CultureInfo.InvariantCulture),
            double.Parse(arguments[3], CultureInfo.InvariantCulture)));
    }

    /// <summary>The final cost, by the judge.</summary>
    public double Cost(CeresSides judge) => judge.CostOf(_last!.Poses);

    private static WholeAnswer InChild(string file, string method, int threads, double tolerance)
    {
        (WholeAnswer? answer, string? failure) = Child.Run<WholeAnswer>(
            "whole", file, method, threads.ToString(CultureInfo.InvariantCulture),
            tolerance.ToString("R", CultureInfo.InvariantCulture));
        return answer ?? throw new InvalidOperationException($"A child process failed: {failure}");
    }

    private static WholeAnswer Solve(PoseGraph graph, string method, int threads, double tolerance)
    {
        long start = Stopwatch.GetTimestamp();
        var problem = PoseGraphProblem.Create(graph, new() { Information = InformationMode.Diagonal });
        Optimizer optimizer = method == "GN" ? new GaussNewton() : new LevenbergMarquardt();
        SolveResult result = optimizer.Solve(
            problem.Problem, problem.CreateValues(graph.Poses), new()
            {
                MaxIterations = 200,
                Threads = threads,
                Stopping = new() { RelativeCostChange = tolerance, RelativeStep = 1e-8 },
            });
        double[] poses = problem.GraphWith(result.Values).Poses.ToArray();
        double total = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        SolveTimes times = result.Summary.Times;
        string split = string.Create(
            CultureInfo.InvariantCulture,
            $"model {total - times.Total.TotalMilliseconds:F0}, kernels {times.Kernels.TotalMilliseconds:F0}, " +
            $"analysis {times.Setup.TotalMilliseconds:F0}, iterations " +
            $"{(times.Total - times.Kernels - times.Setup).TotalMilliseconds:F0}");
        return new(total, result.First.Iterations, result.First.InitialCost, poses, split);
    }

    /// <summary>What a solve came to.</summary>
    private sealed record WholeAnswer(
        double Milliseconds, int Iterations, double InitialCost, double[] Poses, string Split);
}
