using System.Globalization;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Data;
using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>How far from what the machine can do.</summary>
internal sealed class LimitsReport : IReport
{
    private static readonly string[] s_graphs = ["sphere2500", "torus3D", "cubicle", "parking-garage"];

    public string Name => "limits";

    public string Description =>
        """
        The distance to the limit, 1 thread. Factorization: GF/s of the library's own choice of ordering against the
        dense micro-kernel's on one tile that stays in the first-level cache, in turns; shares are of minima, of
        medians. Linearization: bytes that must be read (data, indices, values) and written (H, gradient) once, by
        structure, over the time, against a triad over arrays far larger than the caches. Where that share is small,
        arithmetic is the limit, not memory.
        """;

    public IReadOnlyList<Row> Run(ReportContext context) => [.. Factorizations(context), .. Linearizations(context)];

    private static List<Row> Factorizations(ReportContext context)
    {
        var rows = new List<Row>();
        using var tile = new PeakTile();
        var kernel = Side.Of("tile", tile.Run);
        Turns.Take(context, "limits, tile", context.Choose(3, 30, 100), 5, [kernel]);
        context.Say(
            $"micro-kernel, {PeakTile.Rows} x {PeakTile.Columns} tile of depth {PeakTile.Depth}: " +
            $"{N(tile.Flops / kernel.Minimum / 1e6, "F1")} GF/s");
        Table table = context.NewTable(string.Empty, "matrix", "Gflop", "ms", "GF/s", "share of the kernel's");
        foreach ((string name, BlockMatrix matrix) in MatricesOf(context))
        {
            using var solver = new MultifrontalCholesky(matrix.Structure);
            double flops = solver.Symbolic.Flops;
            var factor = Side.Of(name, () => solver.Factor(matrix), warm: flops < 1e10);
            Turns.Take(context, $"limits {name}", context.Choose(2, 7, 15), 8, [factor, kernel]);
            Ratio times = kernel.Over(factor);
            var row = Row.AtLeast(
                $"limits {name}: share of the micro-kernel's speed",
                times with
                {
                    OfMinima = times.OfMinima * flops / tile.Flops,
                    OfMedians = times.OfMedians * flops / tile.Flops,
                }, wanted: null);
            table.Add(
                name, N(flops / 1e9, "F3"), factor.ToString(), N(flops / factor.Minimum / 1e6, "F1"), row.Measured);
            rows.Add(row);
        }

        return rows;
    }

    private static IEnumerable<(string Name, BlockMatrix Matrix)> MatricesOf(ReportContext context)
    {
        foreach (string name in s_graphs)
            if (context.Wants(name) && context.Effort != Effort.Smoke && RealGraphs.Load(name, context) is { } graph)
                yield return (name, Matrices.Of(graph).Matrix);
        if (context.Wants("lattice"))
            yield return ("lattice", Matrices.Random(Matrices.Lattice(context.Choose(6, 20, 20)), seed: 1));
    }

    private static List<Row> Linearizations(ReportContext context)
    {
        var rows = new List<Row>();
        double triad = Bandwidth.Triad(context.Choose(1, 10, 20));
        context.Say($"memory, triad of one thread: {N(triad, "F1")} GB/s");
        Table table = context.NewTable(
            string.Empty, "graph", "edges", "MB moved", "bytes an edge", "ms", "ns an edge", "GB/s",
            "share of the triad");
        foreach ((string name, PoseGraph graph) in Graphs(context))
        {
            var problem = PoseGraphProblem.Create(graph, new() { Information = InformationMode.Diagonal });
            double bytes = Bytes(LinearizationPlan.Of(problem.Problem));
            Side side = new(name, LinearizationOf(problem));
            side.Measure(); // compiles
            Turns.Take(context, $"limits, linearization of {name}", context.Choose(2, 7, 15), 10, [side]);
            double share = bytes / side.Minimum / 1e6 / triad;
            table.Add(
                name, N(graph.EdgeCount, "F0"), N(bytes / 1e6, "F2"), N(bytes / graph.EdgeCount, "F0"), side.ToString(),
                N(1e6 * side.Minimum / graph.EdgeCount, "F1"), N(bytes / side.Minimum / 1e6, "F1"), N(share, "F2"));
            rows.Add(new(
                $"limits {name}: linearization's share of memory bandwidth", share,
                bytes / side.Median / 1e6 / triad, Wanted: null));
        }

        return rows;
    }

    private static IEnumerable<(string Name, PoseGraph Graph)> Graphs(ReportContext context)
    {
        if (context.Effort != Effort.Smoke)
            foreach (string name in s_graphs.Take(2))
                if (context.Wants(name) && RealGraphs.Load(name, context) is { } graph)
                    yield return (name, graph);
        int poses = context.Choose(1000, 40_000, 40_000);
        yield return ($"field of {poses} poses", WideWorld.Generate(poses, poses * 5 / 2));
    }

    /// <summary>What must be read and written once.</summary>
    private static double Bytes(LinearizationPlan plan)
    {
        double bytes = sizeof(double) * ((double)plan.Structure.ValueCount + plan.Structure.Dimension);
        foreach (GroupPlan group in plan.Groups)
        {
            int parameters = group.Group.Layout.Parameters.Length;
            int places = group.Gradients.Length + (2 * group.Blocks.Length); // of a block, where and how
            bytes += group.Count * ((sizeof(double) * (double)group.DataLength) + (sizeof(int) * (parameters + places)));
        }

        foreach (VariableTable table in plan.Problem.Tables)
            bytes += sizeof(double) * (double)table.Variables.Length * table.Kind.StorageLength;
        return bytes;
    }

    /// <summary>The mean linearization of a solve that is damped so much that it goes nowhere, in ms.</summary>
    private static Func<double> LinearizationOf(PoseGraphProblem problem)
    {
        const int Iterations = 4;
        Values values = problem.CreateValues(problem.Graph.Poses);
        var optimizer = new LevenbergMarquardt { Damping = 1e6, Rule = DampingRule.Constant };
        SolveOptions options = new()
        {
            MaxIterations = Iterations,
            Stopping = StoppingCriteria.None,
            Threads = 1,
            LinearSolver = LinearSolverKind.ConjugateGradients, // it spares the time of factoring
        };
        return () => optimizer.Solve(problem.Problem, values, options).Summary.Times.Linearize.TotalMilliseconds /
            (Iterations + 1);
    }

    private static string N(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
