namespace TheseusSharp.Data;

/// <summary>Eigenvalues and eigenvectors of small symmetric matrices, by cyclic Jacobi rotations.</summary>
/// <remarks>Golub and Van Loan, "Matrix Computations", section 8.5. Accurate to rounding of the largest.</remarks>
internal static class SymmetricEigen
{
    /// <summary>Convergence is quadratic: a 6×6 matrix takes fewer than ten sweeps.</summary>
    private const int MostSweeps = 60;

    /// <summary>Decomposes a matrix A = V·diag(λ)·Vᵀ.</summary>
    /// <param name="matrix">A, size² finite numbers of magnitude about 1; becomes diag(λ).</param>
    /// <param name="vectors">Receives V, row-major: the eigenvectors are its columns.</param>
    /// <param name="size">How many rows there are.</param>
    public static void Decompose(Span<double> matrix, Span<double> vectors, int size)
    {
        vectors.Clear();
        for (int k = 0; k < size; k++)
            vectors[(k * size) + k] = 1;
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            bool rotated = false;
            for (int p = 0; p < size; p++)
                for (int q = p + 1; q < size; q++)
                    rotated |= Rotate(matrix, vectors, size, p, q);
            if (!rotated)
                return;
        }
    }

    /// <summary>Makes the entry (p, q) zero.</summary>
    /// <returns>False if it was zero already, or too small to change anything.</returns>
    private static bool Rotate(Span<double> matrix, Span<double> vectors, int size, int p, int q)
    {
        double off = matrix[(p * size) + q], first = matrix[(p * size) + p], second = matrix[(q * size) + q];
        double scale = Math.Abs(first) + Math.Abs(second);
        if (off == 0 || scale + Math.Abs(off) == scale)
        {
            matrix[(p * size) + q] = matrix[(q * size) + p] = 0;
            return false;
        }

        (double cosine, double sine) = Rotation(first, second, off);
        for (int k = 0; k < size; k++)
            Turn(ref matrix[(k * size) + p], ref matrix[(k * size) + q], cosine, sine);
        for (int k = 0; k < size; k++)
            Turn(ref matrix[(p * size) + k], ref matrix[(q * size) + k], cosine, sine);
        for (int k = 0; k < size; k++)
            Turn(ref vectors[(k * size) + p], ref vectors[(k * size) + q], cosine, sine);
        matrix[(p * size) + q] = matrix[(q * size) + p] = 0;
        return true;
    }

    /// <summary>The smaller of the two angles that make [first off; off second] diagonal.</summary>
    private static (double Cosine, double Sine) Rotation(double first, double second, double off)
    {
        double ratio = (second - first) / (2 * off);
        double tangent = Math.CopySign(1, ratio) / (Math.Abs(ratio) + Math.Sqrt(1 + (ratio * ratio)));
        double cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
        return (cosine, tangent * cosine);
    }

    private static void Turn(ref double p, ref double q, double cosine, double sine) =>
        (p, q) = ((cosine * p) - (sine * q), (sine * p) + (cosine * q));
}
