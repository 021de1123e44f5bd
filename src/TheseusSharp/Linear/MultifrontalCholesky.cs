namespace TheseusSharp.Linear;

/// <summary>
/// Sparse Cholesky factorization by the multifrontal method (I. Duff, J. Reid, "The multifrontal solution of indefinite
/// sparse symmetric linear equations", ACM TOMS 9, 1983): dense work on small matrices, each a group of similar
/// columns, whose results are added into their parents'. Allocates only when constructed.
/// </summary>
public sealed unsafe partial class MultifrontalCholesky : ILinearSolver
{
    private readonly FrontKernels _kernels;
    private readonly NativeBuffer _factor;
    private readonly NativeBuffer _arena;

    /// <summary>In the order of elimination: what each pivot must exceed, then the vector being solved for.</summary>
    private readonly NativeBuffer _vectors;
    private readonly NativeBuffer _column;
    private readonly NativeBuffer _scratch = new(FrontKernels.ScratchLength);

    /// <summary>The fronts; those of <see cref="Symbolic"/>, unless the arena is planned for several threads.</summary>
    private readonly Front[] _fronts;

    /// <summary>The threads that factor; null for the caller's alone.</summary>
    private readonly Team? _team;
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

    internal MultifrontalCholesky(SymbolicFactorization symbolic, FrontKernels kernels, ParallelPlan? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(symbolic);
        Symbolic = symbolic;
        _kernels = kernels;
        _fronts = parallel?.Fronts ?? symbolic.Tree.Fronts;
        _team = parallel is null ? null : new(this, parallel);
        _factor = new(symbolic.FactorLength);
        _arena = new(parallel?.ArenaLength ?? symbolic.ArenaLength);
        _vectors = new(2L * Structure.Dimension);
        _column = new(symbolic.LargestHeight);
    }

    /// <summary>What is known of the factor from the structure.</summary>
    public SymbolicFactorization Symbolic { get; }

    /// <inheritdoc/>
    public BlockStructure Structure => Symbolic.Structure;

    /// <inheritdoc/>
    public FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default)
    {
        Require.Structure(matrix, Structure);
        if (damping.Length > 0)
            Require.Length(damping.Length, Structure.Dimension, nameof(damping));
        _isFactored = false;
        int failed;
        fixed (double* values = matrix.Values, addition = damping)
            failed = _team is null
                ? FactorFronts(new(0, _fronts.Length), values, addition, _scratch.Pointer)
                : _team.Factor(values, addition);
        GC.KeepAlive(this); // its finalizer would free the factor
        _isFactored = failed < 0;
        return _isFactored ? FactorizationResult.Success : new(Symbolic.ScalarOrder[failed]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factor.Dispose();
        _arena.Dispose();
        _vectors.Dispose();
        _column.Dispose();
        _scratch.Dispose();
        _group?.Dispose();
        _team?.Dispose();
    }

    private double* Panel(Front front) => _factor.Pointer + front.Panel;

    /// <summary>What the front's pivots must exceed.</summary>
    private double* Least(Front front) => _vectors.Pointer + front.FirstPivot;

    /// <summary>Assembles and eliminates some fronts, one after the other.</summary>
    /// <returns>−1, or the pivot that failed, in the order of elimination.</returns>
    private int FactorFronts(Section fronts, double* values, double* damping, double* scratch)
    {
        foreach (Front front in _fronts.AsSpan(fronts.Start, fronts.Length))
        {
            int failed = Factor(front, values, damping, scratch);
            if (failed >= 0)
                return front.FirstPivot + failed;
        }

        return -1;
    }

    /// <summary>Assembles and eliminates one front.</summary>
    /// <returns>−1, or the pivot that failed.</returns>
    private int Factor(Front front, double* values, double* damping, double* scratch)
    {
        AssemblePanel(front, values, damping);
        double* panel = Panel(front);
        int failed = _kernels.Eliminate(panel, front.Pivots, front.Height, Least(front), scratch);
        if (failed >= 0 || front.Rows == 0)
            return failed;

        // The update matrix is written, then added to: it needs no zeroing.
        int top = front.UpdateTop, first = front.Pivots - top;
        double* update = UpdateOrigin(front) + ((nint)top * (front.UpdateHeight + 1));
        _kernels.Square(
            panel + top, front.Height, update, front.UpdateHeight, first, first + front.Rows, front.UpdateHeight,
            front.Pivots, scratch);
        AssembleUpdate(front);
        return failed;
    }
}
