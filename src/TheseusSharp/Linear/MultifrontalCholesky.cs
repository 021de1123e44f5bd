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
    private bool _isFactored;

    /// <summary>Analyses a structure and makes room for its factor.</summary>
    /// <param name="structure">The structure.</param>
    public MultifrontalCholesky(BlockStructure structure)
        : this(SymbolicFactorization.Analyze(structure))
    {
    }

    /// <summary>Makes room for a factor.</summary>
    /// <param name="symbolic">What is known of the factor from the structure.</param>
    public MultifrontalCholesky(SymbolicFactorization symbolic)
        : this(symbolic, FrontKernels.Default)
    {
    }

    internal MultifrontalCholesky(SymbolicFactorization symbolic, FrontKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(symbolic);
        Symbolic = symbolic;
        _kernels = kernels;
        _factor = new(symbolic.FactorLength);
        _arena = new(symbolic.ArenaLength);
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
        fixed (double* values = matrix.Values, addition = damping)
            foreach (Front front in Symbolic.Tree.Fronts)
            {
                int failed = Factor(front, values, addition);
                if (failed >= 0)
                    return new(Symbolic.ScalarOrder[front.FirstPivot + failed]);
            }

        _isFactored = true;
        return FactorizationResult.Success;
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
    }

    private double* Panel(Front front) => _factor.Pointer + front.Panel;

    /// <summary>What the front's pivots must exceed.</summary>
    private double* Least(Front front) => _vectors.Pointer + front.FirstPivot;

    /// <summary>Assembles and eliminates one front.</summary>
    /// <returns>−1, or the pivot that failed.</returns>
    private int Factor(Front front, double* values, double* damping)
    {
        AssemblePanel(front, values, damping);
        double* panel = Panel(front);
        int failed = _kernels.Eliminate(panel, front.Pivots, front.Height, Least(front), _scratch.Pointer);
        if (failed >= 0 || front.Rows == 0)
            return failed;

        // The update matrix is written, then added to: it needs no zeroing.
        int top = front.UpdateTop, first = front.Pivots - top;
        double* update = UpdateOrigin(front) + ((nint)top * (front.UpdateHeight + 1));
        _kernels.Square(
            panel + top, front.Height, update, front.UpdateHeight, first, first + front.Rows, front.UpdateHeight,
            front.Pivots, _scratch.Pointer);
        AssembleUpdate(front);
        return failed;
    }
}
