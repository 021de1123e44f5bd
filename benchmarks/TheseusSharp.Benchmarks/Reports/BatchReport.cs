using System.Globalization;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Cholmod;
using TheseusSharp.Data;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>Factor and solve a batch of matrices of one structure, next to a loop over CHOLMOD.</summary>
internal sealed class BatchReport : IReport
{
    private const double Wanted = 7;
    private const double MostResidual = 1e-8;

    public string Name => "batch";

    public string Description =>
        """
        Factor and solve a batch of matrices of one structure, 1 thread: synthetic cubes, a fifth of the poses
        closing one loop each, every matrix other numbers. Ours lie in the layout that the library chooses by itself
        for such a batch; the other layout is shown beside. CHOLMOD: a loop over cholmod_factorize and
        cholmod_solve2 on numbers that lie ready as it wants them, by supernodes or by rows, its best ordering,
        whichever is fastest. Turns within one process; us for each matrix, minimum / median.
        """;

    public IReadOnlyList<Row> Run(ReportContext context)
    {
        var rows = new List<Row>();
        if (!NativeEnvironment.IsAvailable)
            context.Say(NativeEnvironment.Describe() + ": no ratios");
        Table table = context.NewTable(
            string.Empty, "poses x batch", "Mflop", "chosen", "interleaved", "fronts", "CHOLMOD", "its setting",
            "ratio");
        foreach (int poses in context.Choose<int[]>([64], [64, 128, 256, 512], [64, 128, 256, 512]))
            foreach (int batch in context.Choose<int[]>([16], [16, 64, 256], [16, 32, 64, 128, 256]))
                if (context.Wants(poses.ToString(CultureInfo.InvariantCulture)))
                    rows.Add(Compare(poses, batch, context, table));
        return rows;
    }

    private static Row Compare(int poses, int batch, ReportContext context, Table table)
    {
        PoseGraph graph = CubeBatch.GraphOf(poses);
        (BlockMatrix model, double[] right) = Matrices.Of(graph);
        var data = new BatchOfMatrices(model.Structure, batch, right);
        using var ours = new OurBatch(data);
        using var theirs = new CholmodLoop(data);
        IReadOnlyList<Side> their = Turns.Qualify(context, theirs.Sides, 2);
        bool isInterleaved = IsInterleaved(graph, batch);
        string name = $"batch {poses} x {batch}";
        Turns.Take(
            context, name, context.Choose(2, 9, 21), context.Choose(1.0, 3, 10),
            [ours.Interleaved, ours.Fronts, .. their]);
        Side mine = isInterleaved ? ours.Interleaved : ours.Fronts;
        string Each(Side side) => string.Create(
            CultureInfo.InvariantCulture, $"{1e3 * side.Minimum / batch:F1} / {1e3 * side.Median / batch:F1}");
        Side? fastest = their.Count == 0 ? null : Turns.Best(their);
        Row row = fastest is null ? Row.NotMeasured(name, Wanted, "CHOLMOD is not installed")
            : Row.AtLeast(
                name, fastest.Over(mine) is var ratio && Objection(data, ours, theirs) is { } objection
                    ? ratio with { Objection = objection } : ratio, Wanted);
        table.Add(
            $"{poses} x {batch}", (ours.Flops / 1e6).ToString("F2", CultureInfo.InvariantCulture),
            isInterleaved ? "interleaved" : "fronts", Each(ours.Interleaved), Each(ours.Fronts),
            fastest is null ? "-" : Each(fastest), fastest?.Name ?? "-", row.Measured);
        return row;
    }

    private static string? Objection(BatchOfMatrices data, OurBatch ours, CholmodLoop theirs) =>
        NativeEnvironment.Objection ??
        (data.Residual(ours.LastSolution()) < MostResidual && data.Residual(theirs.LastSolution()) < MostResidual
            ? null : "a side's residual is too large");

    /// <summary>What the library chooses for a batch of this graph.</summary>
    private static bool IsInterleaved(PoseGraph graph, int batch)
    {
        var problem = PoseGraphProblem.Create(graph, new() { Information = InformationMode.Diagonal });
        var values = new Values(batch);
        for (int pose = 0; pose < graph.PoseCount; pose++)
            values.Set(problem.Poses[pose], graph.Pose(pose));
        SolveResult result = new GaussNewton().Solve(
            problem.Problem, values, new() { MaxIterations = 0, Threads = 1 });
        return result.Summary.Lanes > 1;
    }
}

/// <summary>Matrices of one structure, each with numbers of its own, and one right-hand side.</summary>
/// <param name="structure">The structure.</param>
/// <param name="count">How many.</param>
/// <param name="right">The right-hand side.</param>
internal sealed class BatchOfMatrices(BlockStructure structure, int count, double[] right)
{
    public BlockStructure Structure => structure;

    public double[] Right => right;

    public BlockMatrix[] All { get; } =
        [.. Enumerable.Range(0, count).Select(element => Matrices.Random(structure, element))];

    /// <summary>That of a solution for the last matrix.</summary>
    public double Residual(ReadOnlySpan<double> x) => Matrices.Residual(All[^1], x, right);
}

/// <summary>CHOLMOD in a loop, by supernodes and by rows, in each of its orderings.</summary>
internal sealed class CholmodLoop : IDisposable
{
    private readonly List<CholmodPeer> _peers = [];
    private double[] _last = [];

    public CholmodLoop(BatchOfMatrices data)
    {
        if (!NativeEnvironment.IsAvailable)
            return;
        foreach (bool isSimplicial in (bool[])[true, false])
            foreach (CholmodOrdering ordering in
                (CholmodOrdering[])[CholmodOrdering.MinimumDegree, CholmodOrdering.NestedDissection])
                Sides.Add(NewSide(data, isSimplicial, ordering));
    }

    public List<Side> Sides { get; } = [];

    /// <summary>For the last matrix, by the first setting.</summary>
    public double[] LastSolution() => _last;

    public void Dispose() => _peers.ForEach(peer => peer.Dispose());

    private Side NewSide(BatchOfMatrices data, bool isSimplicial, CholmodOrdering ordering)
    {
        var peer = new CholmodPeer(data.Structure, isSimplicial, ordering);
        _peers.Add(peer);
        double[][] loaded = [.. data.All.Select(matrix => peer.Load(matrix.Values))];
        double[] x = new double[data.Structure.Dimension];
        void Run()
        {
            foreach (double[] values in loaded)
            {
                peer.Factor(values);
                peer.Solve(data.Right).CopyTo(x);
            }
        }

        Run();
        _last = _last.Length == 0 || data.Residual(x) > data.Residual(_last) ? [.. x] : _last;
        return Side.Of(
            (isSimplicial ? "by rows" : "supernodes") +
            (ordering == CholmodOrdering.MinimumDegree ? ", AMD" : ", METIS"), Run);
    }
}
