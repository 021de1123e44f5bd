using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>Dense matrices by the plainest loops: what the library's must agree with.</summary>
internal static class Dense
{
    /// <summary>Both triangles of a block matrix, by rows.</summary>
    public static double[][] Of(BlockMatrix matrix, double[]? damping = null)
    {
        BlockStructure structure = matrix.Structure;
        double[][] dense = Zeros(structure.Dimension, structure.Dimension);
        for (int j = 0; j < structure.Count; j++)
            for (int k = structure.ColumnStarts[j]; k < structure.ColumnStarts[j + 1]; k++)
                for (int c = 0, rows = structure.Sizes[structure.Rows[k]]; c < structure.Sizes[j]; c++)
                    for (int r = 0; r < rows; r++)
                    {
                        int row = structure.Offsets[structure.Rows[k]] + r, column = structure.Offsets[j] + c;
                        dense[row][column] = dense[column][row] = matrix.Block(k)[(c * rows) + r];
                    }

        for (int k = 0; k < structure.Dimension; k++)
            dense[k][k] += damping?[k] ?? 0;
        return dense;
    }

    public static double[][] Zeros(int rows, int columns) =>
        [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];

    public static double[] Flat(double[][] matrix) => [.. matrix.SelectMany(row => row)];

    /// <summary>The inverse by Gauss and Jordan, with row exchanges.</summary>
    public static double[][] Inverse(double[][] matrix)
    {
        int n = matrix.Length;
        double[][] work = [.. matrix.Select((row, i) => (double[])
            [.. row, .. Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0.0)])];
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(work[i][k]));
            (work[k], work[pivot]) = (work[pivot], work[k]);
            double scale = 1 / work[k][k];
            for (int j = 0; j < 2 * n; j++)
                work[k][j] *= scale;
            for (int i = 0; i < n; i++)
                if (i != k)
                    Subtract(work[i], work[i][k], work[k], k);
        }

        return [.. work.Select(row => row[n..])];
    }

    public static double[][] Product(double[][] a, double[][] b)
    {
        double[][] product = Zeros(a.Length, b.Length == 0 ? 0 : b[0].Length);
        for (int i = 0; i < a.Length; i++)
            for (int k = 0; k < b.Length; k++)
                if (a[i][k] != 0)
                    Subtract(product[i], -a[i][k], b[k], 0);
        return product;
    }

    public static double[] Product(double[][] a, double[] x) =>
        [.. a.Select(row => row.Zip(x, (p, q) => p * q).Sum())];

    public static double[][] Transposed(double[][] a) =>
        [.. Enumerable.Range(0, a.Length == 0 ? 0 : a[0].Length).Select(j => a.Select(row => row[j]).ToArray())];

    private static void Subtract(double[] row, double scale, double[] other, int first)
    {
        for (int j = first; j < row.Length; j++)
            row[j] -= scale * other[j];
    }

    public static double Largest(IEnumerable<double> numbers) => numbers.Select(Math.Abs).DefaultIfEmpty().Max();

    /// <summary>Fails unless two lists agree to a fraction of their largest number.</summary>
    public static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<double> found, double tolerance)
    {
        Assert.Equal(expected.Count, found.Count);
        double scale = Math.Max(Largest(expected), 1e-300);
        for (int k = 0; k < expected.Count; k++)
            Assert.True(
                Math.Abs(expected[k] - found[k]) <= tolerance * scale,
                $"Entry {k}: expected {expected[k]:R}, found {found[k]:R}, scale {scale}.");
    }
}
