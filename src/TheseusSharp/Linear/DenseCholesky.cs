namespace TheseusSharp.Linear;

/// <summary>
/// Cholesky factorization that ignores the structure: for problems so small that fronts would be as large. Allocates
/// only when constructed. For a batch of dense matrices, see <see cref="DenseCholeskyBatch"/>.
/// </summary>
public sealed unsafe class DenseCholesky : ILinearSolver
{
    private readonly NativeBuffer _factor;
    private readonly DensePanel _panel;
    private bool _isFactored;

    /// <summary>Makes room for a factor.</summary>
    /// <param name="structure">The structure of the matrices.</param>
    /// <exception cref="OverflowException">The dense matrix has 2³¹ numbers or more.</exception>
    public DenseCholesky(BlockStructure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        _ = checked(structure.Dimension * structure.Dimension);
        Structure = structure;
        _panel = new(structure.Dimension);
        _factor = new(_panel.Length);
    }

    /// <inheritdoc/>
    public BlockStructure Structure { get; }

    /// <inheritdoc/>
    public FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default)
    {
        Require.Structure(matrix, Structure);
        if (damping.Length > 0)
            Require.Length(damping.Length, Structure.Dimension, nameof(damping));
        _isFactored = false;
        _panel.Clear(_factor.Pointer);
        for (int j = 0; j < Structure.Count; j++)
            for (int k = Structure.ColumnStarts[j]; k < Structure.ColumnStarts[j + 1]; k++)
                Place(matrix.Block(k), Structure.Offsets[Structure.Rows[k]], Structure.Offsets[j], Structure.Sizes[j]);
        int failed = _panel.Factor(_factor.Pointer, damping);
        _isFactored = failed < 0;
        return new(failed);
    }

    /// <inheritdoc/>
    public void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        Require.Length(b.Length, Structure.Dimension, nameof(b));
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        Require.Factored(_isFactored);
        b.CopyTo(x);
        _panel.SolveForward(_factor.Pointer, x);
        _panel.SolveBackward(_factor.Pointer, x);
        GC.KeepAlive(this); // its finalizer would free the factor
    }

    /// <inheritdoc/>
    public void SolveTransposed(ReadOnlySpan<double> y, Span<double> x)
    {
        Require.Length(y.Length, Structure.Dimension, nameof(y));
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        Require.Factored(_isFactored);
        y.CopyTo(x);
        _panel.SolveBackward(_factor.Pointer, x);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factor.Dispose();
        _panel.Dispose();
    }

    private void Place(ReadOnlySpan<double> block, int firstRow, int firstColumn, int columns)
    {
        int rows = block.Length / columns;
        double* target = _factor.Pointer + firstRow + ((nint)firstColumn * _panel.Height);
        for (int c = 0; c < columns; c++, target += _panel.Height)
            block.Slice(c * rows, rows).CopyTo(new(target, rows));
    }
}
