using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Data;

/// <summary>Square roots W of small symmetric matrices A, with WᵀW = A.</summary>
internal static class SquareRoot
{
    /// <summary>An eigenvalue this far below zero, relative to the largest, is more than rounding.</summary>
    public const double Tolerance = 1e-12;

    /// <summary>
    /// The upper-triangular Cholesky factor; where there is none, a symmetric square root with negative eigenvalues
    /// taken as zero.
    /// </summary>
    /// <param name="matrix">A, row-major, finite.</param>
    /// <param name="root">Receives W, row-major.</param>
    /// <param name="size">How many rows there are.</param>
    /// <returns>
    /// The smallest eigenvalue relative to the largest in magnitude, if it is negative by more than
    /// <see cref="Tolerance"/>; 0 if A is positive semidefinite.
    /// </returns>
    public static double Of(ReadOnlySpan<double> matrix, Span<double> root, int size)
    {
        int exponent = HalfExponent(matrix);
        Span<double> scaled = stackalloc double[size * size];
        for (int k = 0; k < scaled.Length; k++)
            scaled[k] = Math.ScaleB(matrix[k], -2 * exponent);
        double negative = TryCholesky(scaled, root, size) ? 0 : BySpectrum(scaled, root, size);
        foreach (ref double entry in root)
            entry = Math.ScaleB(entry, exponent);
        return negative;
    }

    /// <summary>Scaling by a power of 4 is exact, and keeps products within range.</summary>
    private static int HalfExponent(ReadOnlySpan<double> matrix)
    {
        double largest = 0;
        foreach (double entry in matrix)
            largest = Math.Max(largest, Math.Abs(entry));
        return largest == 0 ? 0 : Math.ILogB(largest) / 2;
    }

    private static bool TryCholesky(ReadOnlySpan<double> matrix, Span<double> root, int size)
    {
        root.Clear();
        return MatrixWeight.FactorUpper(matrix, root, size, out _) < 0;
    }

    private static double BySpectrum(Span<double> matrix, Span<double> root, int size)
    {
        Span<double> vectors = stackalloc double[size * size];
        SymmetricEigen.Diagonalize(size, matrix, vectors);
        root.Clear();
        double smallest = 0, largest = 0;
        for (int k = 0; k < size; k++)
        {
            double eigenvalue = matrix[(k * size) + k];
            smallest = Math.Min(smallest, eigenvalue);
            largest = Math.Max(largest, Math.Abs(eigenvalue));
            AddOuter(Math.Sqrt(Math.Max(eigenvalue, 0)), vectors.Slice(k * size, size), root, size);
        }

        return smallest < -Tolerance * largest ? smallest / largest : 0;
    }

    /// <summary>Adds s·v·vᵀ.</summary>
    private static void AddOuter(double scale, ReadOnlySpan<double> vector, Span<double> root, int size)
    {
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                root[(i * size) + j] += scale * vector[i] * vector[j];
    }
}
