namespace TheseusSharp.Linear;

/// <summary>
/// Cholesky factorization that ignores the structure: for small problems, and as a plain statement of what the sparse
/// one must give. Allocates only when constructed.
/// </summary>
public sealed class DenseCholesky : ILinearSolver
{
    /// <summary>The lower triangle, by rows.</summary>
    private readonly double[] _factor;
    private readonly double[] _diagonal;
    private bool _isFactored;

    /// <summary>Makes room for a factor.</summary>
    /// <param name="structure">The structure of the matrices.</param>
    /// <exception cref="OverflowException">The dense matrix has 2³¹ numbers or more.</exception>
    public DenseCholesky(BlockStructure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        Structure = structure;
        _factor = new double[checked(structure.Dimension * structure.Dimension)];
        _diagonal = new double[structure.Dimension];
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
        Fill(matrix, damping);
        for (int i = 0; i < Structure.Dimension; i++)
            if (!FactorRow(i))
                return new(i);
        _isFactored = true;
        return FactorizationResult.Success;
    }

    /// <inheritdoc/>
    public void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        Require.Length(b.Length, Structure.Dimension, nameof(b));
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        Require.Factored(_isFactored);
        b.CopyTo(x);
        for (int i = 0; i < x.Length; i++)
        {
            ReadOnlySpan<double> row = Row(i);
            x[i] = (x[i] - Dot(row[..i], x)) / row[i];
        }

        SolveBackward(x);
    }

    /// <inheritdoc/>
    public void SolveTransposed(ReadOnlySpan<double> y, Span<double> x)
    {
        Require.Length(y.Length, Structure.Dimension, nameof(y));
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        Require.Factored(_isFactored);
        y.CopyTo(x);
        SolveBackward(x);
    }

    private void SolveBackward(Span<double> x)
    {
        for (int i = x.Length - 1; i >= 0; i--)
        {
            ReadOnlySpan<double> row = Row(i);
            x[i] /= row[i];
            for (int j = 0; j < i; j++)
                x[j] = Math.FusedMultiplyAdd(-x[i], row[j], x[j]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing but managed memory.
    }

    private Span<double> Row(int i) => _factor.AsSpan(i * Structure.Dimension, i + 1);

    private void Fill(BlockMatrix matrix, ReadOnlySpan<double> damping)
    {
        Array.Clear(_factor);
        for (int j = 0; j < Structure.Count; j++)
            for (int k = Structure.ColumnStarts[j]; k < Structure.ColumnStarts[j + 1]; k++)
                Place(matrix.Block(k), Structure.Offsets[Structure.Rows[k]], Structure.Offsets[j], Structure.Sizes[j]);
        matrix.CopyDiagonalTo(_diagonal);
        for (int i = 0; i < damping.Length; i++)
            Row(i)[i] += damping[i];
    }

    private void Place(ReadOnlySpan<double> block, int firstRow, int firstColumn, int columns)
    {
        int rows = block.Length / columns;
        for (int c = 0; c < columns; c++)
            for (int r = 0; r < rows; r++)
                _factor[((firstRow + r) * Structure.Dimension) + firstColumn + c] = block[(c * rows) + r];
    }

    private bool FactorRow(int i)
    {
        Span<double> row = Row(i);
        for (int j = 0; j < i; j++)
        {
            ReadOnlySpan<double> other = Row(j);
            row[j] = (row[j] - Dot(other[..j], row)) / other[j];
        }

        double pivot = row[i] - Dot(row[..i], row);
        row[i] = Math.Sqrt(pivot);
        return pivot > Math.Max(0, FactorizationResult.PivotTolerance * _diagonal[i]) && double.IsFinite(pivot);
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
            sum = Math.FusedMultiplyAdd(x[k], y[k], sum);
        return sum;
    }
}
