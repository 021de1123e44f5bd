using System.Globalization;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Data;
using TheseusSharp.Linear;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>Factorization of one large matrix, next to CHOLMOD.</summary>
internal sealed class FactorReport : IReport
{
    private const double MostResidual = 1e-8;

    private static readonly Case[] s_cases =
    [
        new("sphere2500", 2, null), new("torus3D", 2, 1.5), new("cubicle", 2, 1.5), new("parking-garage", 4, null),
        new("lattice", 1.2, null),
    ];

    public string Name => "factor";

    public string Description =>
        """
        Factorization of one large matrix (double, 1 thread) next to CHOLMOD's supernodal one with OpenBLAS:
        Gauss-Newton Hessians of pose graphs at their initial values, and a cubic lattice with 6x6 blocks. Each
        side's best ordering: ours minimum degree (amd) or nested dissection (nd); CHOLMOD's AMD, METIS, or either
        of ours given to it. All sides take turns within one process; ms are minimum / median. Ours includes copying
        H into fronts, CHOLMOD's only its own call (cholmod_factorize), the allocator told to keep memory. damped:
        the same with another damping each time. GF/s count the operations of each side's own ordering. 2 threads:
        ours over ours with 1.
        """;

    public IReadOnlyList<Row> Run(ReportContext context)
    {
        var rows = new List<Row>();
        if (NativeEnvironment.IsAvailable)
            context.Say(NativeEnvironment.Describe());
        else
            context.Say(NativeEnvironment.Describe() + ": no ratios");
        Table table = context.NewTable(
            string.Empty, "matrix", "side", "Mflop", "fill", "factor, ms", "GF/s", "solve, ms", "residual");
        foreach (Case test in s_cases)
            if (context.Wants(test.Name) && Load(test, context) is var (matrix, right))
                rows.AddRange(Compare(test, matrix, right, context, table));
        return rows;
    }

    private static (BlockMatrix Matrix, double[] Right)? Load(Case test, ReportContext context)
    {
        if (test.Name == "lattice")
        {
            BlockMatrix matrix = Matrices.Random(Matrices.Lattice(context.Choose(6, 20, 20)), seed: 1);
            double[] right = new double[matrix.Structure.Dimension];
            right.AsSpan().Fill(1);
            return (matrix, right);
        }

        return context.Effort == Effort.Smoke && test.Name != "parking-garage" ? null
            : RealGraphs.Load(test.Name, context) is { } graph ? Matrices.Of(graph) : null;
    }

    private static List<Row> Compare(Case test, BlockMatrix matrix, double[] right, ReportContext context, Table table)
    {
        bool isLarge = test.Name == "lattice" && context.Effort != Effort.Smoke;
        var ours = new List<OurFactor>
        {
            new("amd", matrix, right, OrderingKind.MinimumDegree, isLarge),
            new("nd", matrix, right, OrderingKind.NestedDissection, isLarge),
        };
        List<TheirFactor> theirs = NativeEnvironment.IsAvailable
            ? TheirFactor.AllOrderings(matrix, right, ours, isLarge) : [];
        IReadOnlyList<Side> ourSides = Turns.Qualify(context, [.. ours.Select(one => one.Bare)], 2);
        IReadOnlyList<Side> theirSides = Turns.Qualify(context, [.. theirs.Select(one => one.Bare)], 3);
        OurFactor best = ours.MinBy(one => one.Bare == ourSides[0] ? 0 : 1)!;
        Turns.Take(
            context, $"factor {test.Name}", isLarge ? context.Choose(1, 4, 7) : context.Choose(2, 11, 21),
            context.Choose(1.0, 20, 60), [.. ourSides, .. theirSides, best.Damped, best.OnTwoThreads]);
        Turns.Take(
            context, $"solve {test.Name}", context.Choose(2, 11, 21), context.Choose(1.0, 5, 10),
            [best.Solve, .. theirs.Where(one => theirSides.Contains(one.Bare)).Take(1).Select(one => one.Solve)]);
        foreach (OurFactor one in ours.Where(one => ourSides.Contains(one.Bare)))
            one.Print(test.Name, table);
        foreach (TheirFactor one in theirs.Where(one => theirSides.Contains(one.Bare)))
            one.Print(test.Name, table);
        List<Row> rows = Rows(test, Turns.Best(ourSides), theirSides, best, context);
        if (!(best.Residual() < MostResidual) || theirs.Any(one => !(one.Residual < MostResidual)))
            rows = [.. rows.Select(row => row with { Reason = "a side's residual is too large" })];
        ours.ForEach(one => one.Dispose());
        theirs.ForEach(one => one.Dispose());
        return rows;
    }

    private static List<Row> Rows(
        Case test, Side ours, IReadOnlyList<Side> theirs, OurFactor best, ReportContext context)
    {
        var rows = new List<Row>
        {
            theirs.Count == 0
                ? Row.NotMeasured($"factor {test.Name}", test.Wanted, "CHOLMOD is not installed")
                : Row.AtLeast(
                    $"factor {test.Name}",
                    Turns.Best(theirs).Over(ours) is var ratio && NativeEnvironment.Objection is { } objection
                        ? ratio with { Objection = objection } : ratio,
                    test.Wanted),
            Row.NoMoreThan($"factor {test.Name}, damped over bare", best.Damped.Over(best.Bare), 1.15),
            Row.AtLeast($"factor {test.Name}, 2 threads over 1", best.Bare.Over(best.OnTwoThreads), test.TwoThreads),
        };
        foreach (Row row in rows)
            context.Say($"{row.Name}: {row.Measured} (wanted {row.Goal}) {row.Judgement}");
        return rows;
    }

    private sealed record Case(string Name, double Wanted, double? TwoThreads);
}

/// <summary>Our factorization of one matrix, in one ordering.</summary>
internal sealed class OurFactor : IDisposable
{
    private readonly BlockMatrix _matrix;
    private readonly double[] _right;
    private readonly double[] _damping;
    private readonly double[] _x;
    private readonly string _ordering;
    private readonly MultifrontalCholesky _solver;
    private readonly MultifrontalCholesky _onTwoThreads;
    private double _lambda = 1e-6;

    public OurFactor(string ordering, BlockMatrix matrix, double[] right, OrderingKind kind, bool isLarge)
    {
        (_ordering, _matrix, _right) = (ordering, matrix, right);
        Symbolic = SymbolicFactorization.Analyze(matrix.Structure, new OrderingOptions { Kind = kind });
        _solver = new(Symbolic);
        _onTwoThreads = new(Symbolic, threads: 2);
        _damping = new double[matrix.Structure.Dimension];
        _x = new double[matrix.Structure.Dimension];
        Bare = Side.Of($"ours, {ordering}", () => Require(_solver.Factor(matrix)), warm: !isLarge);
        Damped = Side.Of($"ours, {ordering}, damped", FactorDamped, warm: !isLarge);
        OnTwoThreads = Side.Of($"ours, {ordering}, 2 threads", () => Require(_onTwoThreads.Factor(matrix)), !isLarge);
        Solve = Side.Of($"ours, {ordering}, solve", () => _solver.Solve(right, _x));
    }

    public SymbolicFactorization Symbolic { get; }

    public Side Bare { get; }

    public Side Damped { get; }

    public Side OnTwoThreads { get; }

    public Side Solve { get; }

    /// <summary>Of the undamped system.</summary>
    public double Residual()
    {
        Require(_solver.Factor(_matrix));
        _solver.Solve(_right, _x);
        return Matrices.Residual(_matrix, _x, _right);
    }

    public void Print(string matrix, Table table)
    {
        string N(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
        string flops = N(Symbolic.Flops / 1e6, "F0"), fill = N(Symbolic.FactorNonZeros, "N0");
        void Add(Side side, string solve, string residual)
        {
            if (side.Times.Count > 0)
                table.Add(
                    matrix, side.Name, flops, fill, side.ToString(), N(Symbolic.Flops / side.Minimum / 1e6, "F1"),
                    solve, residual);
        }

        Add(Bare, Solve.Times.Count == 0 ? string.Empty : Solve.ToString(), N(Residual(), "E1"));
        Add(Damped, string.Empty, string.Empty);
        Add(OnTwoThreads, string.Empty, string.Empty);
    }

    public void Dispose()
    {
        _solver.Dispose();
        _onTwoThreads.Dispose();
    }

    private void FactorDamped()
    {
        _lambda *= 1.25;
        Damping.Spherical(_lambda, _damping);
        Require(_solver.Factor(_matrix, _damping));
    }

    private void Require(FactorizationResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException($"The matrix is not positive definite ({_ordering}).");
    }
}
