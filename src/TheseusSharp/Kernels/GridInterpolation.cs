namespace TheseusSharp.Kernels;

/// <summary>Multilinear interpolation on a grid, its derivatives, and its transpose.</summary>
internal static unsafe class GridInterpolation
{
    private const int MaxDimensions = 3;

    /// <summary>The interpolant or a derivative of it.</summary>
    /// <param name="table">The grid, last coordinate fastest.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="coordinates">The position, one number for each size.</param>
    /// <param name="derivative">Bit k: differentiated along coordinate k.</param>
    public static double Evaluate<T>(
        T* table, ReadOnlySpan<int> shape, ReadOnlySpan<double> coordinates, int derivative)
        where T : unmanaged
    {
        Span<Corner> corners = stackalloc Corner[1 << MaxDimensions];
        double sum = 0;
        foreach (Corner corner in Corners(shape, coordinates, derivative, corners))
            sum += corner.Weight * Numbers.ToDouble(table[corner.Offset]);
        return sum;
    }

    /// <summary>
    /// Adds a cotangent to the grid points that <see cref="Evaluate"/> reads, by their weights. A cotangent of zero
    /// adds nothing, wherever the position: it comes from an arm of a choice that was not taken, where positions may be
    /// NaN.
    /// </summary>
    public static void Accumulate<T>(
        T* table, ReadOnlySpan<int> shape, ReadOnlySpan<double> coordinates, int derivative, double cotangent)
        where T : unmanaged
    {
        if (cotangent == 0)
            return;
        Span<Corner> corners = stackalloc Corner[1 << MaxDimensions];
        foreach (Corner corner in Corners(shape, coordinates, derivative, corners))
        {
            double sum = Numbers.ToDouble(table[corner.Offset]) + (corner.Weight * cotangent);
            table[corner.Offset] = Numbers.From<T>(sum);
        }
    }

    /// <summary>The corners of the cell and their weights, a product over coordinates.</summary>
    private static ReadOnlySpan<Corner> Corners(
        ReadOnlySpan<int> shape, ReadOnlySpan<double> coordinates, int derivative, Span<Corner> corners)
    {
        corners[0] = new(0, 1);
        int count = 1;
        for (int k = 0; k < shape.Length; k++)
        {
            (int cell, double low, double high) = Weights(coordinates[k], shape[k], ((derivative >> k) & 1) != 0);
            for (int c = count - 1; c >= 0; c--)
            {
                (int offset, double weight) = corners[c];
                offset = (offset * shape[k]) + cell;
                corners[(2 * c) + 1] = new(offset + 1, weight * high);
                corners[2 * c] = new(offset, weight * low);
            }

            count *= 2;
        }

        return corners[..count];
    }

    private static (int Cell, double Low, double High) Weights(double x, int size, bool isDerivative)
    {
        if (double.IsNaN(x))
            return (0, double.NaN, double.NaN);
        int cell = (int)Math.Clamp(Math.Floor(x), 0, size - 2);
        if (isDerivative)
            return x < 0 || x > size - 1 ? (cell, 0, 0) : (cell, -1, 1);
        double fraction = Math.Clamp(x - cell, 0, 1);
        return (cell, 1 - fraction, fraction);
    }

    private readonly record struct Corner(int Offset, double Weight);
}
