namespace TheseusSharp.Linear;

/// <summary>
/// Sparse Cholesky factorization by the multifrontal method (I. Duff, J. Reid, "The multifrontal solution of indefinite
/// sparse symmetric linear equations", ACM TOMS 9, 1983): dense work on small matrices, each a group of similar
/// columns, whose results are added into their parents'. Allocates only when constructed.
/// </summary>
public sealed unsafe partial class MultifrontalCholesky : ILinearSolver
{
    private readonly FrontFactor<double> _factor;
    private bool _isFactored;

    /// <summary>Analyses a structure and makes room for its factor.</summary>
    /// <param name="structure">The structure.</param>
    public MultifrontalCholesky(BlockStructure structure)
        : this(SymbolicFactorization.Analyze(structure))
    {
    }

    /// <summary>Makes room for a factor.</summary>
    /// <param name="symbolic">What is known of the factor from the structure.</param>
    /// <param name="threads">
    /// How many threads factor a matrix, if that pays: small ones are factored by the caller's alone. The others are
    /// the thread pool's; if it has none to spare, the caller does their work. The factor is the same to the last bit.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public MultifrontalCholesky(SymbolicFactorization symbolic, int threads = 1)
        : this(symbolic, FrontKernels.Default, ParallelPlan.IfItPays(symbolic, threads))
    {
    }

    internal MultifrontalCholesky(
        SymbolicFactorization symbolic, FrontKernels<double> kernels, ParallelPlan? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(symbolic);
        Symbolic = symbolic;
        _factor = new(symbolic, kernels, FactorizationResult.PivotTolerance, parallel);
    }

    /// <summary>What is known of the factor from the structure.</summary>
    public SymbolicFactorization Symbolic { get; }

    /// <inheritdoc/>
    public BlockStructure Structure => Symbolic.Structure;

    /// <inheritdoc/>
    public FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default) =>
        Factor(matrix, damping, null);

    /// <inheritdoc/>
    public FactorizationResult FactorAndSolve(
        BlockMatrix matrix, ReadOnlySpan<double> damping, ReadOnlySpan<double> b, Span<double> x)
    {
        Load(b, x);
        FactorizationResult result = Factor(matrix, damping, _factor.Vector);
        if (result.Succeeded)
            SolveBackward(x);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factor.Dispose();
        _group?.Dispose();
    }

    private FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping, double* y)
    {
        Require.Structure(matrix, Structure);
        if (damping.Length > 0)
            Require.Length(damping.Length, Structure.Dimension, nameof(damping));
        _isFactored = false;
        int failed;
        fixed (double* values = matrix.Values, addition = damping)
            failed = _factor.Factor(values, addition, y);
        GC.KeepAlive(this); // its finalizer would free the factor
        _isFactored = failed < 0;
        return _isFactored ? FactorizationResult.Success : new(Symbolic.ScalarOrder[failed]);
    }
}
