using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>
/// Matrices as least squares makes them: the sum of products JᵀJ over couplings, plus a little on the diagonal.
/// </summary>
internal static class RandomMatrix
{
    public static BlockMatrix Create(int[] sizes, (int First, int Second)[] pairs, int seed, double diagonal = 1e-2)
    {
        var matrix = new BlockMatrix(BlockStructure.Create(sizes, pairs));
        var random = new Random(seed);
        foreach ((int a, int b) in pairs)
            AddTerm(matrix, Math.Max(a, b), Math.Min(a, b), random);
        for (int j = 0; j < sizes.Length; j++)
        {
            AddTerm(matrix, j, j, random);
            Span<double> block = matrix.Block(matrix.Structure.Find(j, j));
            for (int k = 0; k < sizes[j]; k++)
                block[k * (sizes[j] + 1)] += diagonal;
        }

        return matrix;
    }

    public static double[] Vector(int length, int seed)
    {
        var random = new Random(seed);
        double[] x = new double[length];
        foreach (ref double entry in x.AsSpan())
            entry = (2 * random.NextDouble()) - 1;
        return x;
    }

    /// <summary>‖H·x + D·x − b‖ / (‖H‖·‖x‖ + ‖b‖), infinity norms.</summary>
    public static double BackwardError(BlockMatrix matrix, double[] x, double[] b, double[]? damping = null)
    {
        double[] product = new double[b.Length];
        matrix.Multiply(x, product);
        double error = 0, norm = 0;
        foreach (double value in matrix.Values)
            norm = Math.Max(norm, Math.Abs(value));
        for (int k = 0; k < b.Length; k++)
        {
            error = Math.Max(error, Math.Abs(product[k] + ((damping?[k] ?? 0) * x[k]) - b[k]));
            norm = Math.Max(norm, damping?[k] ?? 0);
        }

        double scale = (norm * x.Max(Math.Abs)) + b.Max(Math.Abs);
        return error / scale;
    }

    private static void AddTerm(BlockMatrix matrix, int i, int j, Random random)
    {
        ReadOnlySpan<int> sizes = matrix.Structure.Sizes;
        double[] a = Vector(6 * sizes[i], random.Next()), b = Vector(6 * sizes[j], random.Next());
        AddProduct(matrix.Block(matrix.Structure.Find(i, i)), a, a);
        if (i == j)
            return;
        AddProduct(matrix.Block(matrix.Structure.Find(j, j)), b, b);
        AddProduct(matrix.Block(matrix.Structure.Find(i, j)), a, b);
    }

    private static void AddProduct(Span<double> block, double[] a, double[] b)
    {
        int rows = a.Length / 6, columns = b.Length / 6;
        for (int c = 0; c < columns; c++)
            for (int r = 0; r < rows; r++)
                for (int k = 0; k < 6; k++)
                    block[(c * rows) + r] += a[(r * 6) + k] * b[(c * 6) + k];
    }
}
