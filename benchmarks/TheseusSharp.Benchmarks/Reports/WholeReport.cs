using System.Globalization;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Data;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>Whole solves of real pose graphs, from the parsed file to convergence, next to Ceres.</summary>
internal sealed class WholeReport : IReport
{
    private const int Threads = 2;
    private const double Wanted = 3;

    /// <summary>Relative change of the cost at which both sides stop.</summary>
    private const double Tolerance = 1e-6;

    /// <summary>How far above the lowest a final cost may be to count as the same.</summary>
    private const double Match = 1e-5;

    private const double CostAgreement = 1e-9;

    private static readonly string[] s_cases =
        ["sphere2500", "torus3D", "cubicle", "parking-garage", "city10000", "manhattan"];

    public string Name => "whole";

    public string Description =>
        """
        Whole solve of real pose graphs, 2 threads each: from the parsed file (initial poses are the file's, or
        chordal, computed before) to convergence (relative change of the cost 1e-6 on both sides). The problem is
        built, on our side kernels are traced, differentiated, compiled and the system is ordered within the time,
        once for each round: in a new process (nothing is JIT-compiled yet but reading the file), and in a new
        problem of a warm process. Ceres: problem building and the whole of Solve, in a warm process. Each side in
        its better setting: Gauss-Newton (Ceres: trust region of 1e16) or Levenberg-Marquardt by its defaults, Ceres
        with either ordering and 1 or 2 threads of BLAS; only settings that end within 1e-5 of the lowest cost
        count, by one judge that is neither side's. Strictly alternating; ms minimum / median.
        """;

    public IReadOnlyList<Row> Run(ReportContext context)
    {
        var rows = new List<Row>();
        if (!CeresPeer.IsAvailable)
            context.Say("The Ceres peer is left out: benchmarks/peers/build.sh builds it.");
        Table table = context.NewTable(
            string.Empty, "graph", "side", "ms", "iterations", "initial cost", "final cost", "ratio");
        foreach (string name in s_cases)
        {
            if (!context.Wants(name) || (context.Effort == Effort.Smoke && name != "parking-garage"))
                continue;
            if (RealGraphs.Load(name, context) is { } graph)
                rows.AddRange(Compare(name, graph, context, table));
            else
                rows.AddRange(((bool[])[true, false]).Select(
                    isProcess => Row.NotMeasured(RowName(name, isProcess), Wanted, "the file is not there")));
        }

        return rows;
    }

    private static List<Row> Compare(string name, PoseGraph graph, ReportContext context, Table table)
    {
        using var start = new StartFile(graph);
        using var ceres = new CeresSides(RealGraphs.File(name), start.Path, graph, Threads);
        IReadOnlyList<OurWhole> ours = OurSettings(graph, start.Path);
        IReadOnlyList<Side> theirs = TheirSettings(ceres);
        foreach (Side side in ours.Select(one => one.Side).Concat(theirs))
            side.Measure();
        (ours, theirs) = Matching(name, ours, theirs, ceres, context);
        ours = [.. ((bool[])[true, false]).SelectMany(
            isProcess => Fastest([.. ours.Where(one => one.IsProcess == isProcess)], context))];
        theirs = Turns.Qualify(context, theirs, 2);
        Turns.Take(
            context, $"whole {name}", context.Choose(1, 7, 11), context.Choose(1.0, 8, 60),
            [.. ours.Select(one => one.Side), .. theirs]);
        Print(name, ours, theirs, ceres, table);
        string? objection = Objection(graph, ours, theirs, ceres);
        List<Row> rows = [.. ((bool[])[true, false]).Select(
            isProcess => RowOf(
                name, isProcess, ours.FirstOrDefault(one => one.IsProcess == isProcess), theirs, objection))];
        foreach (Row row in rows)
            context.Say($"{row.Name}: {row.Measured} (wanted {row.Goal}) {row.Judgement}");
        foreach (OurWhole one in ours)
            context.Say($"{one.Side.Name}, ms: {one.Split}");
        return rows;
    }

    private static List<OurWhole> OurSettings(PoseGraph graph, string start)
    {
        List<OurWhole> settings = [];
        foreach (bool isProcess in (bool[])[true, false])
            foreach (bool isGaussNewton in (bool[])[true, false])
                settings.Add(new(graph, start, isGaussNewton, isProcess, Threads, Tolerance));
        return settings;
    }

    private static List<Side> TheirSettings(CeresSides ceres)
    {
        List<Side> settings = [];
        foreach (CeresMethod method in (CeresMethod[])[CeresMethod.GaussNewton, CeresMethod.LevenbergMarquardt])
            for (int k = 0; k < ceres.Peers.Count; k++)
                settings.Add(ceres.NewSide(
                    k, method == CeresMethod.GaussNewton ? ", radius 1e16" : ", LM",
                    peer => peer.Whole(method, Tolerance), run => 1e3 * (run.BuildSeconds + run.TotalSeconds)));
        return settings;
    }

    /// <summary>The settings that end at the lowest cost that any of them ends at.</summary>
    private static (IReadOnlyList<OurWhole> Ours, IReadOnlyList<Side> Theirs) Matching(
        string name, IReadOnlyList<OurWhole> ours, IReadOnlyList<Side> theirs, CeresSides ceres, ReportContext context)
    {
        double lowest = ours.Select(one => one.Cost(ceres))
            .Concat(theirs.Select(side => ceres.Outcomes[side].FinalCost)).Min();
        bool Matches(Side side, double cost)
        {
            bool matches = cost <= lowest * (1 + Match);
            if (!matches)
                context.Discard($"whole {name}, {side.Name}: ends at {Cost(cost)}, others at {Cost(lowest)}");
            return matches;
        }

        return (
            [.. ours.Where(one => Matches(one.Side, one.Cost(ceres)))],
            [.. theirs.Where(side => Matches(side, ceres.Outcomes[side].FinalCost))]);
    }

    private static IEnumerable<OurWhole> Fastest(List<OurWhole> settings, ReportContext context)
    {
        IReadOnlyList<Side> fastest = Turns.Qualify(context, [.. settings.Select(one => one.Side)], 1);
        return settings.Where(one => fastest.Contains(one.Side));
    }

    private static void Print(
        string name, IReadOnlyList<OurWhole> ours, IReadOnlyList<Side> theirs, CeresSides ceres, Table table)
    {
        foreach (OurWhole one in ours)
            table.Add(
                name, one.Side.Name, one.Side.ToString(), Number(one.Iterations), Cost(one.InitialCost),
                Cost(one.Cost(ceres)), string.Empty);
        foreach (Side side in theirs)
        {
            CeresOutcome outcome = ceres.Outcomes[side];
            table.Add(
                name, side.Name, side.ToString(), Number(outcome.Run.Iterations), Cost(outcome.Run.InitialCost),
                Cost(outcome.FinalCost), string.Join("; ", ours.Select(one => side.Over(one.Side).ToString())));
        }
    }

    private static string? Objection(
        PoseGraph graph, IReadOnlyList<OurWhole> ours, IReadOnlyList<Side> theirs, CeresSides ceres)
    {
        double initial = ceres.CostOf(graph.Poses);
        return ours.Select(one => one.InitialCost).Concat(theirs.Select(side => ceres.Outcomes[side].Run.InitialCost))
            .All(cost => Math.Abs(cost - initial) <= CostAgreement * initial)
            ? null : "the sides do not start from the same cost";
    }

    private static Row RowOf(
        string name, bool isProcess, OurWhole? ours, IReadOnlyList<Side> theirs, string? objection)
    {
        string what = RowName(name, isProcess);
        if (theirs.Count == 0 || ours is null)
            return Row.NotMeasured(
                what, Wanted, CeresPeer.IsAvailable ? "no setting of one side matches" : "Ceres is not built");
        Ratio ratio = Turns.Best(theirs).Over(ours.Side);
        return Row.AtLeast(what, ratio with { Objection = objection ?? ratio.Objection }, Wanted);
    }

    private static string RowName(string graph, bool isProcess) =>
        $"whole {graph}, {(isProcess ? "new process" : "new problem")}";

    private static string Cost(double cost) => cost.ToString("E9", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
