using System.Globalization;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Data;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>One Gauss–Newton iteration on real pose graphs, next to Ceres.</summary>
internal sealed class IterationReport : IReport
{
    /// <summary>From this iteration on nothing is set up any more, on either side.</summary>
    public const int FirstSteady = 2;

    private const int Iterations = 6;
    private const double CostAgreement = 1e-9;

    /// <summary>Where Ceres would reject a Gauss–Newton step that raises the cost, it takes damped ones.</summary>
    private static readonly Case[] s_cases =
    [
        new("sphere2500", CeresMethod.GaussNewton, 2.5, 3.5),
        new("torus3D", CeresMethod.GaussNewton, 2.5, 3.5),
        new("cubicle", CeresMethod.LevenbergMarquardt, 2.2, 3.5) { Mixed = 2.8 },
        new("parking-garage", CeresMethod.GaussNewton, 7, 8),
        new("city10000", CeresMethod.GaussNewton, 3, 3.5),
        new("manhattan", CeresMethod.LevenbergMarquardt, 3, 3.5),
    ];

    public string Name => "ceres";

    public string Description =>
        """
        One Gauss-Newton iteration on real pose graphs (linearize, factor, solve, retract, evaluate; diagonal
        information), ours (1 thread: in double and in mixed precision; 2: as it chooses itself) and Ceres' in
        strictly alternating runs of 6 iterations, steady iterations only (of Ceres those that lower the cost; on
        cubicle and manhattan it takes damped steps, since it would reject the first Gauss-Newton ones), ms minimum
        / median of runs, of each its median. Ceres: the best of its two orderings, and, with 2 threads, of 1 or 2
        threads of BLAS, after a qualifying round. Costs by one judge that is neither side's; no ratio where the
        sides do not start from the same cost (1e-9).
        """;

    public IReadOnlyList<Row> Run(ReportContext context)
    {
        var rows = new List<Row>();
        if (!CeresPeer.IsAvailable)
            context.Say("The Ceres peer is left out: benchmarks/peers/build.sh builds it.");
        Table table = context.NewTable(
            string.Empty, "graph, threads", "side", "ms/iteration", "initial cost", "after 6 iterations", "ratio");
        foreach (Case test in s_cases)
        {
            if (!context.Wants(test.Name) || (context.Effort == Effort.Smoke && test.Name != "parking-garage"))
                continue;
            PoseGraph? graph = RealGraphs.Load(test.Name, context);
            foreach (int threads in (int[])[1, 2])
                rows.AddRange(graph is null
                    ? [Row.NotMeasured(test.Row(threads), test.Wanted(threads), "the file is not there")]
                    : Compare(test, graph, threads, context, table));
        }

        return rows;
    }

    private static List<Row> Compare(Case test, PoseGraph graph, int threads, ReportContext context, Table table)
    {
        using var start = new StartFile(graph);
        using var ceres = new CeresSides(RealGraphs.File(test.Name), start.Path, graph, threads);
        OurIterations[] ours = [.. (threads == 1
            ? (LinearPrecision[])[LinearPrecision.Double, LinearPrecision.Mixed] : [LinearPrecision.Automatic])
            .Select(precision => new OurIterations(graph, threads, Iterations, precision))];
        IReadOnlyList<Side> theirs = Turns.Qualify(
            context, [.. Enumerable.Range(0, ceres.Peers.Count).Select(k => ceres.NewSide(
                k, test.Method == CeresMethod.GaussNewton ? string.Empty : ", damped",
                peer => peer.Iterate(Iterations, test.Method), Steady))], 3);
        Turns.Take(
            context, test.Row(threads), context.Choose(1, 9, 15), context.Choose(1.0, 10, 60),
            [.. ours.Select(one => one.Side), .. theirs]);
        Print($"{test.Name}, {threads}", graph, ours, theirs, ceres, table);
        List<Row> rows = [RowOf(test.Row(threads), test.Wanted(threads), graph, ours[0], theirs, ceres)];
        if (ours.Length > 1)
            rows.Add(RowOf(test.Row(threads) + ", mixed", test.Mixed, graph, ours[1], theirs, ceres));
        foreach ((Row row, OurIterations one) in rows.Zip(ours))
            context.Say($"{row.Name}: {row.Measured} (wanted {row.Goal}) {row.Judgement}; ours: {one.Split()}");
        return rows;
    }

    private static Row RowOf(
        string name, double? wanted, PoseGraph graph, OurIterations ours, IReadOnlyList<Side> theirs, CeresSides ceres)
    {
        if (theirs.Count == 0)
            return Row.NotMeasured(name, wanted, "Ceres is not built");
        if (name.EndsWith("mixed", StringComparison.Ordinal) && !ours.IsMixed)
            return Row.NotMeasured(name, wanted, "all factorizations were in double precision");
        Ratio ratio = Turns.Best(theirs).Over(ours.Side);
        return Row.AtLeast(
            name, ratio with { Objection = Objection(graph, ours, theirs, ceres) ?? ratio.Objection }, wanted);
    }

    private static void Print(
        string where, PoseGraph graph, IReadOnlyList<OurIterations> ours, IReadOnlyList<Side> theirs, CeresSides ceres,
        Table table)
    {
        foreach (OurIterations one in ours)
            table.Add(
                where, one.Side.Name, one.Side.ToString(), Cost(ceres.CostOf(graph.Poses)),
                Cost(ceres.CostOf(one.FinalPoses())), string.Empty);
        foreach (Side side in theirs)
            table.Add(
                where, side.Name, side.ToString(), Cost(ceres.Outcomes[side].Run.InitialCost),
                Cost(ceres.Outcomes[side].FinalCost), string.Join("; ", ours.Select(one => side.Over(one.Side))));
    }

    private static string? Objection(
        PoseGraph graph, OurIterations ours, IReadOnlyList<Side> theirs, CeresSides ceres)
    {
        bool Agree(double cost, double judged) => Math.Abs(cost - judged) <= CostAgreement * judged;
        double initial = ceres.CostOf(graph.Poses);
        CeresOutcome[] outcomes = [.. theirs.Select(side => ceres.Outcomes[side])];
        return !outcomes.Select(outcome => outcome.Run.InitialCost).Append(ours.InitialCost)
                .All(cost => Agree(cost, initial)) ? "the sides do not start from the same cost"
            : !outcomes.All(outcome => Agree(outcome.Run.FinalCost, outcome.FinalCost))
                ? "the judge of costs and Ceres disagree" : null;
    }

    /// <summary>The median of the steady iterations, in ms; NaN if there are none.</summary>
    private static double Steady(CeresRun run)
    {
        double[] times = [.. Enumerable.Range(FirstSteady, run.IterationSeconds.Length - FirstSteady)
            .Where(k => run.Costs[k] < run.Costs[k - 1]).Select(k => 1e3 * run.IterationSeconds[k]).Order()];
        return times.Length == 0 ? double.NaN : times[times.Length / 2];
    }

    private static string Cost(double cost) => cost.ToString("E9", CultureInfo.InvariantCulture);

    private sealed record Case(string Name, CeresMethod Method, double OneThread, double TwoThreads)
    {
        /// <summary>What is wanted of one thread in mixed precision, if anything.</summary>
        public double? Mixed { get; init; }

        public double Wanted(int threads) => threads == 1 ? OneThread : TwoThreads;

        public string Row(int threads) =>
            $"ceres {Name}, {threads} thread{(threads == 1 ? string.Empty : "s")} each";
    }
}
