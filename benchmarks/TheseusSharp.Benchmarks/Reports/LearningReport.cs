using System.Diagnostics;
using System.Globalization;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Benchmarks.Reporting;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>
/// Forward and backward through the solver on batches of the synthetic cube, beside quoted times of Theseus.
/// </summary>
/// <param name="threads">How many threads our side takes.</param>
internal sealed class LearningReport(int threads) : IReport
{
    private const int LeastRounds = 3;

    /// <summary>What is wanted of two threads.</summary>
    private const int WantedThreads = 2;

    private static readonly Case[] s_cases =
    [
        new(64, 16, 360, 50, 100), new(128, 16, 583, 124, 100), new(256, 16, 1420, 425, 100),
        new(256, 128, 5397, 23442, 190), new(512, 16, 2995, 3738, 100),
    ];

    public string Name => "learning";

    public string Description =>
        $"""
        Forward + backward through 10 Levenberg-Marquardt iterations (adaptive damping, step 0.75) on batches of the
        synthetic cube, Welsch loss on the closures, a tenth of the poses known, implicit Gauss-Newton gradient by
        the loss radius; double, factors in the precision that the library chooses; {threads} thread(s); ms, minima
        and medians of rounds. Theseus: 0.2.3 with BaSpaCho, minima with 1 thread of a 2-core machine, quoted from
        others, not run here: these ratios are not interleaved. As minima are quoted, ratios are of minima.
        """;

    public IReadOnlyList<Row> Run(ReportContext context)
    {
        var rows = new List<Row>();
        Table table = context.NewTable(
            string.Empty, "poses x batch", "forward", "backward", "sum", "Theseus, quoted", "ratio");
        foreach (Case test in s_cases)
            if (context.Wants(test.Poses.ToString(CultureInfo.InvariantCulture)) &&
                (context.Effort != Effort.Smoke || test == s_cases[0]))
                rows.Add(Measure(test, context, table));
        return rows;
    }

    private Row Measure(Case test, ReportContext context, Table table)
    {
        var run = new LearningRun(test.Poses, test.Batch, threads);
        var times = new List<(double Forward, double Backward)>();
        long start = Stopwatch.GetTimestamp();
        while (times.Count < LeastRounds || Stopwatch.GetElapsedTime(start).TotalSeconds < context.Choose(0.0, 4, 8))
            times.Add(run.Time());
        times.RemoveAt(0); // compiles
        double[] forward = [.. times.Select(time => time.Forward).Order()];
        double[] backward = [.. times.Select(time => time.Backward).Order()];
        double[] sums = [.. times.Select(time => time.Forward + time.Backward).Order()];
        double ratio = (test.Forward + test.Backward) / sums[0];
        var row = new Row(
            $"learning {test.Poses} x {test.Batch}, {threads} thread(s) over Theseus' 1", ratio, ratio,
            threads == WantedThreads ? test.Wanted : null);
        table.Add(
            $"{test.Poses} x {test.Batch}", Text(forward), Text(backward), Text(sums),
            string.Create(CultureInfo.InvariantCulture, $"{test.Forward:F0} + {test.Backward:F0}"), row.Measured);
        context.Say($"last forward: {run.Describe()}");
        return row;
    }

    private static string Text(double[] sorted) =>
        string.Create(CultureInfo.InvariantCulture, $"{sorted[0]:F2} / {sorted[sorted.Length / 2]:F2}");

    /// <summary>A row of the table.</summary>
    /// <param name="Poses">How many poses.</param>
    /// <param name="Batch">How many graphs.</param>
    /// <param name="Forward">What Theseus took, in ms.</param>
    /// <param name="Backward">The same.</param>
    /// <param name="Wanted">How many times as fast we want to be.</param>
    private sealed record Case(int Poses, int Batch, double Forward, double Backward, double Wanted);
}
