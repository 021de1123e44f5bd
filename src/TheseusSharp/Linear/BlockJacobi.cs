namespace TheseusSharp.Linear;

/// <summary>The inverses of the diagonal blocks of a matrix.</summary>
internal sealed class BlockJacobi
{
    private readonly BlockStructure _structure;
    private readonly int[] _starts;
    private readonly double[] _inverses;
    private readonly double[] _factor;

    /// <summary>Makes room.</summary>
    public BlockJacobi(BlockStructure structure)
    {
        _structure = structure;
        _starts = new int[structure.Count + 1];
        int largest = 0;
        for (int block = 0; block < structure.Count; block++)
        {
            int size = structure.Sizes[block];
            largest = Math.Max(largest, size);
            _starts[block + 1] = checked(_starts[block] + (size * size));
        }

        _inverses = new double[_starts[^1]];
        _factor = new double[largest * largest];
    }

    /// <summary>Inverts the diagonal blocks of H + D.</summary>
    /// <returns>−1, or the first row whose pivot fails.</returns>
    public int Factor(BlockMatrix matrix, ReadOnlySpan<double> damping)
    {
        for (int block = 0; block < _structure.Count; block++)
        {
            int size = _structure.Sizes[block], offset = _structure.Offsets[block];
            ReadOnlySpan<double> source = matrix.Block(_structure.ColumnStarts[block]);
            ReadOnlySpan<double> addition = damping.Length > 0 ? damping.Slice(offset, size) : default;
            int failed = Factor(source, size, addition);
            if (failed >= 0)
                return offset + failed;
            Invert(size, _inverses.AsSpan(_starts[block]));
        }

        return -1;
    }

    /// <summary>z ← M⁻¹·r.</summary>
    /// <returns>rᵀ·z.</returns>
    public double Apply(ReadOnlySpan<double> r, Span<double> z)
    {
        double sum = 0;
        for (int block = 0; block < _structure.Count; block++)
        {
            int size = _structure.Sizes[block], offset = _structure.Offsets[block];
            ReadOnlySpan<double> right = r.Slice(offset, size), inverse = _inverses.AsSpan(_starts[block], size * size);
            for (int row = 0; row < size; row++)
            {
                double entry = 0;
                for (int column = 0; column < right.Length; column++)
                    entry = Math.FusedMultiplyAdd(inverse[(row * size) + column], right[column], entry);
                z[offset + row] = entry;
                sum = Math.FusedMultiplyAdd(right[row], entry, sum);
            }
        }

        return sum;
    }

    /// <summary>L, by rows.</summary>
    private int Factor(ReadOnlySpan<double> block, int size, ReadOnlySpan<double> damping)
    {
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                double sum = block[row + (column * size)];
                if (row == column && damping.Length > 0)
                    sum += damping[row];
                for (int k = 0; k < column; k++)
                    sum = Math.FusedMultiplyAdd(-_factor[(row * size) + k], _factor[(column * size) + k], sum);
                _factor[(row * size) + column] =
                    row == column ? Math.Sqrt(sum) : sum / _factor[column * (size + 1)];
                if (row == column && !IsPivot(sum, block[row * (size + 1)]))
                    return row;
            }
        }

        return -1;
    }

    private static bool IsPivot(double pivot, double diagonal) =>
        pivot > Math.Max(0, FactorizationResult.PivotTolerance * diagonal) && double.IsFinite(pivot);

    /// <summary>L⁻ᵀ·L⁻¹, L⁻¹ taking the place of L.</summary>
    private void Invert(int size, Span<double> inverse)
    {
        for (int column = 0; column < size; column++)
            for (int row = column; row < size; row++)
            {
                double sum = row == column ? 1 : 0;
                for (int k = column; k < row; k++)
                    sum = Math.FusedMultiplyAdd(-_factor[(row * size) + k], inverse[(k * size) + column], sum);
                inverse[(row * size) + column] = sum / _factor[row * (size + 1)];
            }

        for (int row = 0; row < size; row++)
            for (int column = 0; column <= row; column++)
            {
                double sum = 0;
                for (int k = row; k < size; k++)
                    sum = Math.FusedMultiplyAdd(inverse[(k * size) + row], inverse[(k * size) + column], sum);
                _factor[(row * size) + column] = sum;
            }

        for (int row = 0; row < size; row++)
            for (int column = 0; column <= row; column++)
                inverse[(row * size) + column] = inverse[(column * size) + row] = _factor[(row * size) + column];
    }
}
