using TheseusSharp.Cholmod;
using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>A way to solve with one matrix, and what it promises.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Family">Members of a family give the same bits for the same order of elimination.</param>
/// <param name="BackwardError">The largest it may have, as documented, with well-conditioned matrices.</param>
/// <param name="Create">Makes one; those that know no order look at the structure only.</param>
internal sealed record CrossSolver(
    string Name, string Family, double BackwardError, Func<SymbolicFactorization, ILinearSolver> Create)
{
    /// <summary>Whether factoring fails if the matrix is not positive definite.</summary>
    public bool SeesIndefinite { get; init; } = true;

    /// <summary>Whether factoring fails if rounding errors alone make the matrix regular.</summary>
    public bool SeesSingular { get; init; } = true;

    /// <summary>Whether damping and the diagonal are added up before anything else is done with them.</summary>
    public bool AddsDampingFirst { get; init; } = true;

    /// <summary>
    /// What fails is tried again as by a solver newly made: after a fall-back, mixed precision is double from then on.
    /// </summary>
    public static void Renew(ILinearSolver solver) => (solver as RefinedCholesky)?.Reset();
}

/// <summary>Every way to solve with one matrix.</summary>
internal static class CrossSolvers
{
    /// <summary>Rounding errors of double precision, and a margin.</summary>
    public const double InDouble = 1e-13;

    /// <summary>What refinement side by side aims at, for a scaled system.</summary>
    public const double Refined = 2e-12;

    /// <summary>
    /// Those that eliminate in an order: every number of threads with every width of registers, in either precision;
    /// every number of lanes and a place among other matrices, in either precision.
    /// </summary>
    public static CrossSolver[] Ordered { get; } =
    [
        .. from threads in new[] { 1, 2, 5 }
           from bits in new[] { 512, 256, 128 }
           select new CrossSolver(
               $"multifrontal, {threads} threads, {bits} bits", "multifrontal", InDouble,
               symbolic => Multifrontal(symbolic, threads, bits)),
        .. from threads in new[] { 1, 2 }
           select new CrossSolver(
               $"multifrontal, mixed, {threads} threads", "multifrontal, mixed", 1e-11,
               symbolic => new RefinedCholesky(symbolic, threads)) { AddsDampingFirst = false },
        .. from lanes in new[] { 8, 4, 2 }
           from lane in new[] { 0, lanes - 1 }
           select new CrossSolver(
               $"interleaved, lane {lane} of {lanes}", "interleaved", InDouble,
               symbolic => new LaneSolver(symbolic, lanes, lane)),
        .. from lanes in new[] { 8, 4, 2 }
           select new CrossSolver(
               $"interleaved, mixed, lane 1 of {lanes}", "interleaved, mixed", Refined,
               symbolic => new RefinedLaneSolver(symbolic, lanes, 1)) { AddsDampingFirst = false },
    ];

    /// <summary>Those that know no order, or find their own.</summary>
    public static CrossSolver[] Unordered { get; } =
    [
        new("dense", "dense", InDouble, static symbolic => new DenseCholesky(symbolic.Structure)),
        new("LU", "LU", InDouble, static symbolic => new LuSolver(symbolic.Structure)) { SeesIndefinite = false },
        new("conjugate gradients", "conjugate gradients", InDouble, static symbolic =>
            new ConjugateGradientSolver(symbolic.Structure, new() { RelativeTolerance = 1e-14 }))
        { SeesIndefinite = false, SeesSingular = false, AddsDampingFirst = false },
        new("CHOLMOD", "CHOLMOD", InDouble, static symbolic => new CholmodSolver(symbolic.Structure))
        { SeesSingular = false },
        new("CHOLMOD, order given", "CHOLMOD, order given", InDouble, static symbolic =>
            new CholmodSolver(symbolic.Structure, symbolic.Order)) { SeesSingular = false },
    ];

    /// <summary>All that can be had on this machine.</summary>
    public static IEnumerable<CrossSolver> All => [.. Ordered, .. Unordered.Where(IsAvailable)];

    /// <summary>Of each family the two that differ most, for what takes longer.</summary>
    public static IEnumerable<CrossSolver> Extremes =>
        All.GroupBy(solver => solver.Family).SelectMany(family => new[] { family.First(), family.Last() }.Distinct());

    /// <summary>Whether it is installed.</summary>
    public static bool IsAvailable(CrossSolver solver) =>
        !solver.Name.StartsWith("CHOLMOD", StringComparison.Ordinal) || CholmodLibrary.IsAvailable;

    private static MultifrontalCholesky Multifrontal(SymbolicFactorization symbolic, int threads, int bits) =>
        new(symbolic, FrontKernels.For(bits), threads == 1 ? null : ParallelPlan.Always(symbolic, threads));

    /// <summary>A dense matrix, with row exchanges.</summary>
    private sealed class LuSolver(BlockStructure structure) : ILinearSolver
    {
        private readonly DenseLu _lu = new(structure.Dimension);

        public BlockStructure Structure => structure;

        public FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default)
        {
            _lu.Factor(Dense.Flat(Dense.Of(matrix, damping.Length > 0 ? damping.ToArray() : null)));
            return _lu.Results[0];
        }

        public void Solve(ReadOnlySpan<double> b, Span<double> x)
        {
            if (!_lu.Results[0].Succeeded)
                throw new InvalidOperationException("There is no factor.");
            _lu.Solve(b, x);
        }

        public void SolveTransposed(ReadOnlySpan<double> y, Span<double> x) => throw new NotSupportedException();

        public void Dispose() => _lu.Dispose();
    }
}
