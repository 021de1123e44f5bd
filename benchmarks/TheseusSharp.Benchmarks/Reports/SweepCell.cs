using System.Diagnostics;
using System.Globalization;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Data;
using TheseusSharp.Linear;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>One cell of a sweep: so many poses, so large a batch; measured in a process of its own.</summary>
/// <param name="Poses">How many poses.</param>
/// <param name="Batch">How many elements.</param>
/// <param name="Closing">How probable it is for a pose to close loops.</param>
/// <param name="MostClosures">How many loops it closes at most.</param>
internal sealed record SweepCell(int Poses, int Batch, double Closing, int MostClosures)
{
    private const int Iterations = 3;
    private const int CeresIterations = 5;

    /// <summary>About how long a cell is measured.</summary>
    private const double Seconds = 1.5;

    /// <summary>The graph.</summary>
    public PoseGraph Graph() => SyntheticCube.Generate(new()
    {
        Poses = Poses,
        Seed = 1,
        LoopClosureRatio = Closing,
        MaxLoopClosures = MostClosures,
        OutlierRatio = 0,
    }).Graph;

    /// <summary>The analysis of its system.</summary>
    public static SymbolicFactorization Analyze(PoseGraph graph)
    {
        var pairs = new (int, int)[graph.EdgeCount];
        for (int edge = 0; edge < pairs.Length; edge++)
            pairs[edge] = (graph.From[edge], graph.To[edge]);
        int[] sizes = new int[graph.PoseCount];
        sizes.AsSpan().Fill(6);
        return SymbolicFactorization.Analyze(BlockStructure.Create(sizes, pairs));
    }

    /// <summary>
    /// What it will take, in GB: values (given, solved, best; per element), factor and H of a pack or two.
    /// </summary>
    /// <param name="symbolic">The analysis.</param>
    /// <param name="threads">How many threads.</param>
    public double EstimatedGB(SymbolicFactorization symbolic, int threads) => 8e-9 * (
        (4.0 * 7 * Poses * Batch) +
        (threads * (Batch == 1 ? 1 : 8) *
            (symbolic.FactorLength + symbolic.ArenaLength + symbolic.Structure.ValueCount)));

    /// <summary>Measures it in a process of its own.</summary>
    public (CellAnswer? Answer, string? Failure) Measure(int threads, bool withCeres) => Child.Run<CellAnswer>(
        "cell", Text(Poses), Text(Batch), Closing.ToString("R", CultureInfo.InvariantCulture), Text(MostClosures),
        Text(threads), Text(withCeres ? 1 : 0));

    /// <summary>The task of a child: POSES BATCH CLOSING CLOSURES THREADS CERES.</summary>
    public static void RunInChild(string[] arguments)
    {
        int Number(int k) => int.Parse(arguments[k], CultureInfo.InvariantCulture);
        var cell = new SweepCell(
            Number(0), Number(1), double.Parse(arguments[2], CultureInfo.InvariantCulture), Number(3));
        PoseGraph graph = cell.Graph();
        var batch = new CubeBatch(graph, cell.Batch);
        int threads = Number(4);
        SolveResult result = batch.Solve(1, threads);
        Side ours = new("ours", () =>
        {
            result = batch.Solve(Iterations, threads);
            return result.Summary.Times.Total.TotalMilliseconds / Iterations;
        });
        using var start = new StartFile(graph);
        using CeresSides? ceres = Number(5) == 0 ? null : new(start.Path, start.Path, graph, threads);
        Side[] theirs = ceres is null ? [] : [.. Enumerable.Range(0, ceres.Peers.Count).Select(k => ceres.NewSide(
            k, string.Empty, peer => peer.Iterate(CeresIterations, CeresMethod.LevenbergMarquardt),
            run => run.Steady == 0 ? double.NaN : 1e3 * run.SteadyMedian))];
        WarmUp(ours);
        Turns.Take(new(TextWriter.Null, Effort.Full), "cell", 9, Seconds, [ours, .. theirs]);
        Child.Answer(new CellAnswer(
            ours.Minimum, ours.Median, [.. theirs.Select(side => side.Minimum)],
            [.. theirs.Select(side => side.Median)], Memory.PeakGB, result.Summary.Lanes,
            result.Elements.Count(element => element.Iterations < Iterations)));
    }

    /// <summary>Until the JIT has made its best of everything; in cells that take long, a small part.</summary>
    private static void WarmUp(Side side)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds / 2)
            side.Measure();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a cell came to.</summary>
/// <param name="Minimum">The fastest iteration of the whole batch, in ms.</param>
/// <param name="Median">The median.</param>
/// <param name="CeresMinima">That of one element by Ceres, in each of its orderings; NaN without a steady one.</param>
/// <param name="CeresMedians">The medians.</param>
/// <param name="PeakGB">The most memory the process had.</param>
/// <param name="Lanes">How many elements lay side by side.</param>
/// <param name="Failed">How many elements ended early.</param>
internal sealed record CellAnswer(
    double Minimum, double Median, double[] CeresMinima, double[] CeresMedians, double PeakGB, int Lanes, int Failed);
