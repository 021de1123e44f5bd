namespace TheseusSharp.Linear;

/// <summary>The triangle on the diagonal of one tile: 6 by 6, by rows, the diagonal inverted.</summary>
internal static unsafe class Triangle
{
    private const int Stride = 6;

    /// <summary>Factors the lower triangle of a symmetric matrix.</summary>
    /// <param name="source">The matrix, column-major.</param>
    /// <param name="ld">How far apart its columns are.</param>
    /// <param name="width">How many rows it has, at most 6.</param>
    /// <param name="least">For each column, what its pivot must exceed.</param>
    /// <param name="triangle">Receives the factor.</param>
    /// <returns>−1, or the first column whose pivot did not.</returns>
    public static int Factor(double* source, nint ld, int width, double* least, double* triangle)
    {
        for (int j = 0; j < width; j++)
        {
            double* row = triangle + (j * Stride);
            double pivot = source[j * (ld + 1)];
            for (int k = 0; k < j; k++)
                pivot = Math.FusedMultiplyAdd(-row[k], row[k], pivot);
            if (!(pivot > least[j] && pivot < double.PositiveInfinity))
                return j;
            double inverse = 1 / Math.Sqrt(pivot);
            row[j] = inverse;
            for (int i = j + 1; i < width; i++)
            {
                double* other = triangle + (i * Stride);
                double sum = source[i + (j * ld)];
                for (int k = 0; k < j; k++)
                    sum = Math.FusedMultiplyAdd(-row[k], other[k], sum);
                other[j] = sum * inverse;
            }
        }

        return -1;
    }

    /// <summary>
    /// Writes the factor over the lower triangle of the matrix, its diagonal inverted: that is what solving needs.
    /// </summary>
    public static void Store(double* triangle, int width, double* target, nint ld)
    {
        for (int j = 0; j < width; j++)
        {
            for (int i = j; i < width; i++)
                target[i + (j * ld)] = triangle[(i * Stride) + j];
        }
    }
}
