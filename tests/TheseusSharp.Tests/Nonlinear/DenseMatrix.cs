namespace TheseusSharp.Tests.Nonlinear;

/// <summary>Textbook linear algebra on full matrices, independent of the library's.</summary>
internal static class DenseMatrix
{
    /// <summary>The solution of A·x = b by Gaussian elimination with partial pivoting.</summary>
    public static double[] Solve(double[,] a, double[] b)
    {
        int n = b.Length;
        (a, b) = ((double[,])a.Clone(), (double[])b.Clone());
        for (int k = 0; k < n; k++)
        {
            SwapRows(a, b, k, Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(a[i, k])));
            for (int i = k + 1; i < n; i++)
            {
                double factor = a[i, k] / a[k, k];
                for (int j = k; j < n; j++)
                    a[i, j] -= factor * a[k, j];
                b[i] -= factor * b[k];
            }
        }

        for (int i = n - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < n; j++)
                b[i] -= a[i, j] * b[j];
            b[i] /= a[i, i];
        }

        return b;
    }

    /// <summary>JᵀJ.</summary>
    public static double[,] Gram(double[,] jacobian)
    {
        (int m, int n) = (jacobian.GetLength(0), jacobian.GetLength(1));
        var gram = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                for (int k = 0; k < m; k++)
                    gram[i, j] += jacobian[k, i] * jacobian[k, j];
        return gram;
    }

    /// <summary>A·x + y.</summary>
    public static double[] MultiplyAdd(double[,] a, double[] x, double[] y) =>
        [.. y.Select((yi, i) => yi + x.Select((xj, j) => a[i, j] * xj).Sum())];

    /// <summary>Aᵀ·x.</summary>
    public static double[] MultiplyTransposed(double[,] a, double[] x) =>
        [.. Enumerable.Range(0, a.GetLength(1)).Select(j => x.Select((xi, i) => a[i, j] * xi).Sum())];

    private static void SwapRows(double[,] a, double[] b, int i, int j)
    {
        for (int k = 0; k < b.Length; k++)
            (a[i, k], a[j, k]) = (a[j, k], a[i, k]);
        (b[i], b[j]) = (b[j], b[i]);
    }
}
