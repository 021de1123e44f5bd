namespace TheseusSharp.Linear;

/// <summary>
/// The numbers of a symmetric block matrix: one array, block after block in the order of its structure, each block
/// dense and column-major. Diagonal blocks are stored in full and must be symmetric.
/// </summary>
public sealed class BlockMatrix
{
    private readonly double[] _values;

    /// <summary>A matrix of zeros.</summary>
    /// <param name="structure">Which blocks are stored.</param>
    public BlockMatrix(BlockStructure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        Structure = structure;
        _values = new double[structure.ValueCount];
    }

    /// <summary>Which blocks are stored.</summary>
    public BlockStructure Structure { get; }

    /// <summary>All numbers.</summary>
    public Span<double> Values => _values;

    /// <summary>The numbers of one block, column-major.</summary>
    /// <param name="block">The block's number.</param>
    public Span<double> Block(int block) =>
        _values.AsSpan(Structure.ValueStarts[block]..Structure.ValueStarts[block + 1]);

    /// <summary>Writes the diagonal.</summary>
    /// <param name="diagonal">One number for each scalar row.</param>
    /// <exception cref="ArgumentException">The length is not the dimension.</exception>
    public void CopyDiagonalTo(Span<double> diagonal)
    {
        Require.Length(diagonal.Length, Structure.Dimension, nameof(diagonal));
        for (int j = 0; j < Structure.Count; j++)
        {
            ReadOnlySpan<double> block = Block(Structure.ColumnStarts[j]);
            int size = Structure.Sizes[j];
            for (int k = 0; k < size; k++)
                diagonal[Structure.Offsets[j] + k] = block[k * (size + 1)];
        }
    }

    /// <summary>y ← H·x.</summary>
    /// <param name="x">One number for each scalar row.</param>
    /// <param name="y">Receives the product; must not overlap <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A length is not the dimension, or x and y overlap.</exception>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        Require.Length(y.Length, Structure.Dimension, nameof(y));
        if (y.Overlaps(x))
            throw new ArgumentException("The product must not overwrite its factor.", nameof(y));
        y.Clear();
        ReadOnlySpan<int> starts = Structure.ColumnStarts, rows = Structure.Rows;
        for (int j = 0; j < Structure.Count; j++)
        {
            ReadOnlySpan<double> xj = Part(x, j);
            Span<double> yj = Part(y, j);
            AddProduct(Block(starts[j]), xj, yj);
            for (int k = starts[j] + 1; k < starts[j + 1]; k++)
                AddBothProducts(Block(k), Part(x, rows[k]), Part(y, rows[k]), xj, yj);
        }
    }

    /// <summary>
    /// The first scalar row, in the order of the blocks, with an entry that is not finite; −1 if all are.
    /// </summary>
    internal int FirstRowNotFinite()
    {
        if (DenseVector.IsFinite(_values))
            return -1;
        for (int j = 0; j < Structure.Count; j++)
            for (int k = Structure.ColumnStarts[j]; k < Structure.ColumnStarts[j + 1]; k++)
            {
                int row = Structure.Offsets[Structure.Rows[k]], rows = Structure.Sizes[Structure.Rows[k]], at = 0;
                foreach (double value in Block(k))
                    if (double.IsFinite(value))
                        at++;
                    else
                        return row + (at % rows);
            }

        return -1;
    }

    private ReadOnlySpan<double> Part(ReadOnlySpan<double> x, int block) =>
        x.Slice(Structure.Offsets[block], Structure.Sizes[block]);

    private Span<double> Part(Span<double> x, int block) =>
        x.Slice(Structure.Offsets[block], Structure.Sizes[block]);

    private static void AddProduct(ReadOnlySpan<double> block, ReadOnlySpan<double> x, Span<double> y)
    {
        for (int c = 0; c < x.Length; c++)
        {
            ReadOnlySpan<double> column = block.Slice(c * y.Length, y.Length);
            double scale = x[c];
            for (int r = 0; r < column.Length; r++)
                y[r] = Math.FusedMultiplyAdd(column[r], scale, y[r]);
        }
    }

    /// <summary>The block below the diagonal, and its transpose above it, in one pass.</summary>
    private static void AddBothProducts(
        ReadOnlySpan<double> block, ReadOnlySpan<double> xi, Span<double> yi, ReadOnlySpan<double> xj, Span<double> yj)
    {
        for (int c = 0; c < xj.Length; c++)
        {
            ReadOnlySpan<double> column = block.Slice(c * yi.Length, yi.Length);
            double scale = xj[c], sum = yj[c];
            for (int r = 0; r < column.Length; r++)
            {
                yi[r] = Math.FusedMultiplyAdd(column[r], scale, yi[r]);
                sum = Math.FusedMultiplyAdd(column[r], xi[r], sum);
            }

            yj[c] = sum;
        }
    }
}
