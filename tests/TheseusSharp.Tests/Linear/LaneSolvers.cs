using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>
/// One matrix in a lane, as a solver of one matrix. Its neighbours are the same matrix, zeros, and no numbers at all.
/// </summary>
internal abstract class LaneOfMany(SymbolicFactorization symbolic, int lanes, int lane) : ILinearSolver
{
    protected InterleavedPlan Plan { get; } = InterleavedPlan.Of(symbolic);

    protected int[] Failed { get; } = new int[lanes];

    public BlockStructure Structure => symbolic.Structure;

    public abstract FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default);

    public abstract FactorizationResult FactorAndSolve(
        BlockMatrix matrix, ReadOnlySpan<double> damping, ReadOnlySpan<double> b, Span<double> x);

    public abstract void Solve(ReadOnlySpan<double> b, Span<double> x);

    public void SolveTransposed(ReadOnlySpan<double> y, Span<double> x) => throw new NotSupportedException();

    public abstract void Dispose();

    /// <summary>H for all lanes.</summary>
    protected double[] AmongOthers(ReadOnlySpan<double> values)
    {
        double[] all = Spread(values);
        for (int k = 0; k < all.Length; k++)
            all[k] = (((k % lanes) - lane + lanes) % lanes % 3) switch
            {
                1 => 0,
                2 => double.NaN,
                _ => all[k],
            };
        return all;
    }

    /// <summary>The same in all lanes.</summary>
    protected double[] Spread(ReadOnlySpan<double> values)
    {
        double[] all = new double[values.Length * lanes];
        for (int k = 0; k < all.Length; k++)
            all[k] = values[k / lanes];
        return all;
    }

    protected void Pick(double[] all, Span<double> x)
    {
        for (int k = 0; k < x.Length; k++)
            x[k] = all[(k * lanes) + lane];
    }

    protected FactorizationResult Result() => new(Failed[lane]);

    protected void RequireFactored(bool isFactored)
    {
        if (!isFactored || !Result().Succeeded)
            throw new InvalidOperationException("There is no factor.");
    }
}

/// <summary>In double precision.</summary>
internal sealed class LaneSolver : LaneOfMany
{
    private readonly InterleavedCholesky _solver;
    private bool _isFactored;

    public LaneSolver(SymbolicFactorization symbolic, int lanes, int lane)
        : base(symbolic, lanes, lane)
    {
        _solver = new(Plan, lanes);
    }

    public override FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default)
    {
        _solver.Factor(AmongOthers(matrix.Values), Spread(damping), Failed);
        _isFactored = true;
        return Result();
    }

    public override FactorizationResult FactorAndSolve(
        BlockMatrix matrix, ReadOnlySpan<double> damping, ReadOnlySpan<double> b, Span<double> x)
    {
        double[] all = Spread(b);
        _solver.FactorAndSolve(AmongOthers(matrix.Values), Spread(damping), all, all, Failed);
        _isFactored = true;
        Pick(all, x);
        return Result();
    }

    public override void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        RequireFactored(_isFactored);
        double[] all = Spread(b);
        _solver.Solve(all, all);
        Pick(all, x);
    }

    public override void Dispose() => _solver.Dispose();
}

/// <summary>In mixed precision; a factor is not kept, but made again for each solve.</summary>
internal sealed class RefinedLaneSolver : LaneOfMany
{
    private readonly RefinedInterleavedCholesky _solver;
    private (double[] Hessians, double[] Damping)? _system;

    public RefinedLaneSolver(SymbolicFactorization symbolic, int lanes, int lane)
        : base(symbolic, lanes, lane)
    {
        _solver = new(Plan, lanes);
    }

    public override FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default)
    {
        double[] x = new double[Structure.Dimension];
        return FactorAndSolve(matrix, damping, x, x);
    }

    public override FactorizationResult FactorAndSolve(
        BlockMatrix matrix, ReadOnlySpan<double> damping, ReadOnlySpan<double> b, Span<double> x)
    {
        _system = (AmongOthers(matrix.Values), Spread(damping));
        Pick(SolveAll(b), x);
        return Result();
    }

    public override void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        RequireFactored(_system is not null);
        Pick(SolveAll(b), x);
    }

    public override void Dispose() => _solver.Dispose();

    private double[] SolveAll(ReadOnlySpan<double> b)
    {
        double[] all = Spread(b);
        for (int k = 0; k < _solver.Lanes; k++)
            _solver.Enter(k);
        _solver.FactorAndSolve(_system!.Value.Hessians, _system.Value.Damping, all, all, Failed);
        return all;
    }
}
