using System.Diagnostics;
using TheseusSharp.Cli.Output;
using TheseusSharp.Data;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Cli.Solving;

/// <summary>From a pose graph to a solution.</summary>
internal static class PoseGraphSolver
{
    /// <summary>Solves.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="settings">How.</param>
    /// <param name="start">The time stamp when reading the graph began.</param>
    /// <param name="table">Shows iterations.</param>
    /// <param name="cancellation">Stops at the next iteration.</param>
    /// <exception cref="ToolException">The input does not allow what was asked for.</exception>
    /// <exception cref="DataFormatException">Information matrices are not what the mode asks for.</exception>
    public static Solution Solve(
        PoseGraph graph, SolveSettings settings, long start, IterationTable table, CancellationToken cancellation)
    {
        TimeSpan read = Stopwatch.GetElapsedTime(start);
        var problem = PoseGraphProblem.Create(
            graph,
            new() { Information = settings.Information, Gauge = settings.Gauge, Loss = settings.Loss });
        InitialPoses kind = settings.Initial ?? (graph.HasPoses ? InitialPoses.File : InitialPoses.Odometry);
        double[] poses = kind.Of(graph, settings.Information);
        Values initial = problem.CreateValues(poses);
        TimeSpan modelled = Stopwatch.GetElapsedTime(start);
        SolveResult result = table.Show(onIteration => Solve(problem, initial, settings, onIteration, cancellation));
        return new(
            problem, settings.Information, kind, poses, result, read, modelled - read, Stopwatch.GetElapsedTime(start));
    }

    private static SolveResult Solve(
        PoseGraphProblem problem, Values initial, SolveSettings settings, Action<IterationRecord>? onIteration,
        CancellationToken cancellation)
    {
        var options = new SolveOptions
        {
            MaxIterations = settings.Iterations,
            Threads = settings.Threads,
            Precision = settings.Precision,
            OnIteration = onIteration,
        };
        try
        {
            return settings.Optimizer.Solve(problem.Problem, initial, options, cancellation);
        }
        catch (ArgumentException exception)
        {
            // Initial values that are no poses.
            throw new ToolException(exception.Message);
        }
    }
}
