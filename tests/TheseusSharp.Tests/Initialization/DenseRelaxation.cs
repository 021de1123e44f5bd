using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Initialization;

/// <summary>
/// The relaxation of the rotations, stated plainly: one row for each entry of each Rᵢ·Rᵢⱼ − Rⱼ, one column for each
/// entry of each matrix, dense normal equations, Gaussian elimination, polar decomposition by Newton's iteration.
/// </summary>
internal static class DenseRelaxation
{
    public static double[][] Rotations<TGroup>(SyntheticGraph<TGroup> graph)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        int size = TGroup.PointLength, entries = size * size, components = graph.Component.Max() + 1;
        int unknowns = graph.PoseCount * entries;
        double[,] normal = new double[unknowns, unknowns + 1];
        for (int e = 0; e < graph.From.Length; e++)
            for (int r = 0; r < size; r++)
                for (int c = 0; c < size; c++)
                    AddRow(normal, Row(graph, e, r, c, size), Weight(graph, e));

        // The first poses are those held: rows that say R = I, however the others would have it.
        for (int k = 0; k < components * entries; k++)
        {
            for (int j = 0; j <= unknowns; j++)
                normal[k, j] = 0;
            normal[k, k] = 1;
            normal[k, unknowns] = k % entries % (size + 1) == 0 ? 1 : 0;
        }

        double[] x = Solve(normal);
        return [.. x.Chunk(entries).Select(matrix => Polar(matrix, size))];
    }

    public static double[] Rotation<TGroup>(TGroup pose)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        Matrix<Float64> matrix = TGroup.MatrixRule(pose);
        int size = TGroup.PointLength;
        double[] rotation = new double[size * size];
        for (int k = 0; k < rotation.Length; k++)
            rotation[k] = matrix[k / size, k % size];
        return rotation;
    }

    /// <summary>Σₖ Rᵢ[r,k]·Rᵢⱼ[k,c] − Rⱼ[r,c].</summary>
    private static List<(int Column, double Factor)> Row<TGroup>(
        SyntheticGraph<TGroup> graph, int edge, int r, int c, int size)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        double[] measured = Rotation(graph.Pose(graph.Measurements, edge));
        var row = new List<(int, double)> { ((((graph.To[edge] * size) + r) * size) + c, -1) };
        for (int k = 0; k < size; k++)
            row.Add(((((graph.From[edge] * size) + r) * size) + k, measured[(k * size) + c]));
        return graph.From[edge] == graph.To[edge] ? [] : row;
    }

    /// <summary>The mean of the information's rotational diagonal.</summary>
    private static double Weight<TGroup>(SyntheticGraph<TGroup> graph, int edge)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        int tangent = TGroup.TangentLength;
        return Enumerable.Range(TGroup.PointLength, tangent - TGroup.PointLength)
            .Average(k => graph.Information[(((edge * tangent) + k) * tangent) + k]);
    }

    private static void AddRow(double[,] normal, List<(int Column, double Factor)> row, double weight)
    {
        foreach ((int i, double a) in row)
            foreach ((int j, double b) in row)
                normal[i, j] += weight * a * b;
    }

    /// <summary>Gauss–Jordan elimination with row pivoting.</summary>
    private static double[] Solve(double[,] a)
    {
        int n = a.GetLength(0);
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(r => Math.Abs(a[r, k]));
            for (int c = 0; c <= n; c++)
                (a[k, c], a[pivot, c]) = (a[pivot, c], a[k, c]);
            for (int r = 0; r < n; r++)
            {
                double factor = r == k ? 0 : a[r, k] / a[k, k];
                for (int c = k; factor != 0 && c <= n; c++)
                    a[r, c] -= factor * a[k, c];
            }
        }

        return [.. Enumerable.Range(0, n).Select(k => a[k, n] / a[k, k])];
    }

    /// <summary>M ← ½(M + M⁻ᵀ), which converges to the nearest rotation if the determinant is positive.</summary>
    private static double[] Polar(double[] m, int size)
    {
        for (int iteration = 0; iteration < 50; iteration++)
        {
            double[,] equations = new double[size, size + 1];
            double[] next = new double[m.Length];
            for (int row = 0; row < size; row++)
            {
                for (int k = 0; k < m.Length; k++)
                    equations[k / size, k % size] = m[k];
                for (int k = 0; k < size; k++)
                    equations[k, size] = k == row ? 1 : 0;
                double[] column = Solve(equations); // column `row` of M⁻¹ is that row of M⁻ᵀ
                for (int c = 0; c < size; c++)
                    next[(row * size) + c] = 0.5 * (m[(row * size) + c] + column[c]);
            }

            m = next;
        }

        double determinant = size == 2
            ? (m[0] * m[3]) - (m[1] * m[2])
            : (m[0] * ((m[4] * m[8]) - (m[5] * m[7]))) - (m[1] * ((m[3] * m[8]) - (m[5] * m[6])))
                + (m[2] * ((m[3] * m[7]) - (m[4] * m[6])));
        Assert.Equal(1, determinant, 1e-12);
        return m;
    }
}
