using System.Globalization;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Data;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>Mixed precision on and off.</summary>
internal sealed class PrecisionReport : IReport
{
    private const int Iterations = 5;

    public string Name => "precision";

    public string Description =>
        """
        Mixed precision (factors in float, solutions refined in double) on and off, 1 thread, in turns: synthetic
        cubes in batches, Levenberg-Marquardt with constant damping. ms for an iteration of the whole batch, minimum
        / median; how many factorizations were in single precision and how many of them were of no use; how far the
        final costs differ, relative, at most. Single graphs: see ceres.
        """;

    public IReadOnlyList<Row> Run(ReportContext context)
    {
        var rows = new List<Row>();
        Table table = context.NewTable(
            string.Empty, "poses x batch", "off, ms", "on, ms", "off over on", "single", "of no use", "automatic is",
            "costs differ");
        foreach (int poses in context.Choose<int[]>([64], [64, 256, 512], [64, 128, 256, 512, 1024]))
            foreach (int batch in context.Choose<int[]>([8], [16, 128], [8, 16, 64, 256]))
                if (context.Wants(poses.ToString(CultureInfo.InvariantCulture)))
                    rows.Add(Compare(poses, batch, context, table));
        return rows;
    }

    private static Row Compare(int poses, int batch, ReportContext context, Table table)
    {
        PoseGraph graph = CubeBatch.GraphOf(poses);
        var cubes = new CubeBatch(graph, batch);
        SolveResult off = null!, on = null!;
        Side offSide = new("off", () => Time(off = cubes.Solve(Iterations, 1, precision: LinearPrecision.Double)));
        Side onSide = new("on", () => Time(on = cubes.Solve(Iterations, 1, precision: LinearPrecision.Mixed)));
        for (int warmUp = 0; warmUp < context.Choose(1, 5, 5); warmUp++)
            _ = offSide.Measure() + onSide.Measure();
        string name = $"precision {poses} x {batch}: off over on";
        Turns.Take(context, name, context.Choose(1, 9, 21), context.Choose(1.0, 3, 10), [offSide, onSide]);
        var row = Row.AtLeast(name, offSide.Over(onSide), wanted: null);
        double difference = off.Elements.Zip(on.Elements)
            .Max(pair => Math.Abs(pair.First.FinalCost - pair.Second.FinalCost) / pair.First.FinalCost);
        table.Add(
            $"{poses} x {batch}", offSide.ToString(), onSide.ToString(), row.Measured,
            on.Summary.SingleFactorizations.ToString(CultureInfo.InvariantCulture),
            on.Summary.FallBacks.ToString(CultureInfo.InvariantCulture),
            cubes.Solve(0, 1).Summary.Precision.ToString().ToLowerInvariant(),
            difference.ToString("E1", CultureInfo.InvariantCulture));
        return row;
    }

    private static double Time(SolveResult result) => result.Summary.Times.Total.TotalMilliseconds / Iterations;
}
