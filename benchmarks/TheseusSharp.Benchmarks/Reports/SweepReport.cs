using System.Globalization;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Data;
using TheseusSharp.Linear;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>How time and memory grow, as appendix G of the Theseus paper asks.</summary>
internal sealed class SweepReport : IReport
{
    private const int Threads = 1;

    /// <summary>Of the machine's memory, so much may be taken.</summary>
    private const double MemoryShare = 0.75;

    /// <summary>Cells estimated to take longer, in ms an iteration, are skipped.</summary>
    private static readonly (double Smoke, double Quick, double Full) s_mostMilliseconds = (50, 2500, 20_000);

    /// <summary>The cells that did not fit, or whose process ended without an answer.</summary>
    private readonly List<string> _failures = [];

    public string Name => "sweep";

    public string Description =>
        """
        How time and memory grow (appendix G of the Theseus paper): synthetic cubes, 1 thread, ms for an iteration
        of the whole batch (constant damping, so that all elements do all iterations), minimum / median, each cell
        in a process of its own, with the most memory it had. Elements share measurements and have initial poses of
        their own. Ceres: steady damped iterations on one graph of the cell, by its faster ordering, in turns with
        ours, times the batch: a loop over elements can do no better. Skipped cells say why.
        """;

    public IReadOnlyList<Row> Run(ReportContext context)
    {
        _failures.Clear();
        ByClosures(context);
        List<Row> rows = BySize(context);
        context.Say(
            "first failure (memory, or a process that ended): " +
            (_failures.Count == 0 ? "none among the cells that were run" : _failures[0]));
        return rows;
    }

    private void ByClosures(ReportContext context)
    {
        Table table = context.NewTable(
            "By the probability that a pose closes a loop (one each)", "poses x batch, closing", "Mflop", "fill",
            "layout", "ms", "us an element", "peak, GB", "Ceres' loop, ms", "ratio");
        (int, int)[] sizes = context.Choose<(int, int)[]>(
            [(64, 8)], [(256, 16), (2048, 16)], [(256, 16), (256, 128), (2048, 16), (2048, 128)]);
        foreach ((int poses, int batch) in sizes)
            foreach (double closing in context.Choose<double[]>(
                [0.2], [0.05, 0.1, 0.2, 0.4], [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4]))
                Measure(
                    new(poses, batch, closing, 1), context, table,
                    string.Create(CultureInfo.InvariantCulture, $"{poses} x {batch}, {closing:F2}"));
    }

    private List<Row> BySize(ReportContext context)
    {
        var rows = new List<Row>();
        Table table = context.NewTable(
            "By poses and batch (closing 0.2, one loop each)", "poses x batch", "Mflop", "fill", "layout", "ms",
            "us an element", "peak, GB", "Ceres' loop, ms", "ratio");
        foreach (int poses in context.Choose<int[]>(
            [64], [64, 256, 1024, 4096, 8192], [64, 128, 256, 512, 1024, 2048, 4096, 8192]))
            foreach (int batch in context.Choose<int[]>([8], [8, 64, 1024], [8, 16, 32, 64, 128, 256, 512, 1024]))
            {
                var cell = new SweepCell(poses, batch, 0.2, 1);
                if (Measure(cell, context, table, $"{poses} x {batch}") is { } ratio)
                    rows.Add(Row.AtLeast($"sweep {poses} x {batch}, over Ceres' loop", ratio, wanted: null));
            }

        return rows;
    }

    /// <returns>Ceres' loop over ours; null without one.</returns>
    private Ratio? Measure(SweepCell cell, ReportContext context, Table table, string name)
    {
        PoseGraph graph = cell.Graph();
        SymbolicFactorization symbolic = SweepCell.Analyze(graph);
        string flops = N(symbolic.Flops / 1e6, "F2"), fill = N(symbolic.FactorNonZeros, "N0");
        void Skip(string why) => table.Add(name, flops, fill, why);
        double gigabytes = cell.EstimatedGB(symbolic, Threads), limit = MemoryShare * Memory.AvailableGB;
        if (gigabytes > limit)
        {
            _failures.Add(name);
            Skip($"skipped: would need {gigabytes:F1} GB");
            return null;
        }

        double estimate = cell.Batch * ((symbolic.Flops / 25e6) + (cell.Poses / 2e3));
        double most = context.Choose(
            s_mostMilliseconds.Smoke, s_mostMilliseconds.Quick, s_mostMilliseconds.Full);
        if (estimate > most)
        {
            Skip($"skipped: about {estimate / 1e3:F0} s an iteration");
            return null;
        }

        (CellAnswer? answer, string? failure) = cell.Measure(Threads, context.Effort != Effort.Smoke);
        if (answer is null)
        {
            _failures.Add(name);
            Skip($"FAILED: {failure}");
            return null;
        }

        if (answer.Failed > 0)
            context.Discard($"sweep {name}: {answer.Failed} elements ended early");
        Ratio? ratio = Over(answer, cell.Batch, out string ceres);
        table.Add(
            name, flops, fill, answer.Lanes > 1 ? $"{answer.Lanes} lanes" : "fronts",
            $"{N(answer.Minimum, "F2")} / {N(answer.Median, "F2")}", N(1e3 * answer.Minimum / cell.Batch, "F1"),
            N(answer.PeakGB, "F2"), ceres, ratio is { } found ? found.ToString() : "-");
        return ratio;
    }

    /// <summary>Ceres' loop over ours, by Ceres' faster ordering.</summary>
    private static Ratio? Over(CellAnswer answer, int batch, out string ceres)
    {
        int best = Array.IndexOf(answer.CeresMinima, answer.CeresMinima.Where(double.IsFinite).DefaultIfEmpty().Min());
        ceres = best < 0 ? "-"
            : $"{N(batch * answer.CeresMinima[best], "F1")} / {N(batch * answer.CeresMedians[best], "F1")}";
        return best < 0 ? null : new(
            batch * answer.CeresMinima[best] / answer.Minimum, batch * answer.CeresMedians[best] / answer.Median);
    }

    private static string N(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
