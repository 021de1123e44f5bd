namespace TheseusSharp.Initialization;

/// <summary>Square matrices of size 2 or 3, row by row, in the caller's memory.</summary>
internal static class SmallMatrix
{
    /// <summary>Overwrites the diagonal.</summary>
    public static void SetDiagonal(int size, double value, Span<double> matrix)
    {
        for (int k = 0; k < size; k++)
            matrix[k * (size + 1)] = value;
    }

    /// <summary>Aᵀ.</summary>
    public static void Transpose(int size, ReadOnlySpan<double> a, Span<double> result)
    {
        for (int r = 0; r < size; r++)
            for (int c = 0; c < size; c++)
                result[(c * size) + r] = a[(r * size) + c];
    }

    /// <summary>A·B.</summary>
    public static void Multiply(int size, ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> product)
    {
        product.Clear();
        for (int r = 0; r < size; r++)
            AddTransposedProduct(size, b, a.Slice(r * size, size), product.Slice(r * size, size));
    }

    /// <summary>Aᵀ·B.</summary>
    public static void MultiplyTransposed(
        int size, ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> product)
    {
        Span<double> transpose = stackalloc double[size * size];
        Transpose(size, a, transpose);
        Multiply(size, transpose, b, product);
    }

    /// <summary>y ← y + A·x.</summary>
    public static void AddProduct(int size, ReadOnlySpan<double> a, ReadOnlySpan<double> x, Span<double> y)
    {
        for (int r = 0; r < size; r++)
            for (int c = 0; c < size; c++)
                y[r] += a[(r * size) + c] * x[c];
    }

    /// <summary>y ← y + Aᵀ·x.</summary>
    public static void AddTransposedProduct(int size, ReadOnlySpan<double> a, ReadOnlySpan<double> x, Span<double> y)
    {
        for (int r = 0; r < size; r++)
            for (int c = 0; c < size; c++)
                y[c] += a[(r * size) + c] * x[r];
    }
}
