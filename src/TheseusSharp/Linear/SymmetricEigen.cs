namespace TheseusSharp.Linear;

/// <summary>
/// Eigenvalues and eigenvectors of small symmetric matrices by Jacobi rotations (G. Golub, C. Van Loan, "Matrix
/// Computations", section 8.5): unconditionally convergent, accurate to rounding.
/// </summary>
internal static class SymmetricEigen
{
    /// <summary>Quadratic convergence ends after 4 or 5; the rest is for what no matrix needs.</summary>
    private const int MaximalSweeps = 30;

    /// <summary>Diagonalises a symmetric matrix.</summary>
    /// <param name="size">How many rows it has.</param>
    /// <param name="matrix">The matrix; its eigenvalues are left on the diagonal, in no order.</param>
    /// <param name="vectors">Receives the eigenvectors: row k belongs to the eigenvalue k.</param>
    public static void Diagonalize(int size, Span<double> matrix, Span<double> vectors)
    {
        vectors.Clear();
        for (int k = 0; k < size; k++)
            vectors[k * (size + 1)] = 1;
        for (int sweep = 0; sweep < MaximalSweeps && !IsDiagonal(size, matrix); sweep++)
            for (int p = 0; p < size; p++)
                for (int q = p + 1; q < size; q++)
                    Annihilate(size, p, q, matrix, vectors);
    }

    private static bool IsDiagonal(int size, ReadOnlySpan<double> matrix)
    {
        double off = 0, all = 0;
        for (int r = 0; r < size; r++)
            for (int c = 0; c < size; c++)
            {
                double entry = Math.Abs(matrix[(r * size) + c]);
                all = Math.Max(all, entry);
                off = r == c ? off : Math.Max(off, entry);
            }

        return !(off > 1e-17 * all);
    }

    private static void Annihilate(int size, int p, int q, Span<double> matrix, Span<double> vectors)
    {
        double entry = matrix[(p * size) + q];
        if (entry == 0)
            return;

        // Hypotenuses, not squares: they do not overflow.
        double half = 0.5 * (matrix[q * (size + 1)] - matrix[p * (size + 1)]);
        double tangent = Math.CopySign(entry, half * entry) / (Math.Abs(half) + double.Hypot(half, entry));
        double cosine = 1 / double.Hypot(1, tangent), sine = tangent * cosine;
        for (int k = 0; k < size; k++)
            Rotate(ref matrix[(k * size) + p], ref matrix[(k * size) + q], cosine, sine);
        for (int k = 0; k < size; k++)
            Rotate(ref matrix[(p * size) + k], ref matrix[(q * size) + k], cosine, sine);
        for (int k = 0; k < size; k++)
            Rotate(ref vectors[(p * size) + k], ref vectors[(q * size) + k], cosine, sine);
        matrix[(p * size) + q] = matrix[(q * size) + p] = 0;
    }

    private static void Rotate(ref double a, ref double b, double cosine, double sine) =>
        (a, b) = ((cosine * a) - (sine * b), (sine * a) + (cosine * b));
}
