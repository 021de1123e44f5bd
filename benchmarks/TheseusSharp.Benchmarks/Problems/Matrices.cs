using TheseusSharp.Data;
using TheseusSharp.Linear;
using TheseusSharp.Linearization;

namespace TheseusSharp.Benchmarks.Problems;

/// <summary>Symmetric positive definite matrices to factor, with right-hand sides.</summary>
internal static class Matrices
{
    /// <summary>The Gauss–Newton Hessian of a pose graph at its poses, diagonal information; the gradient.</summary>
    public static (BlockMatrix Matrix, double[] Right) Of(PoseGraph graph)
    {
        var problem = PoseGraphProblem.Create(graph, new() { Information = InformationMode.Diagonal });
        var linearizer = new Linearizer(LinearizationPlan.Of(problem.Problem));
        var state = new SolverState(problem.Problem);
        state.Load(problem.CreateValues(graph.Poses), 0);
        linearizer.Linearize(state);
        return (linearizer.Hessian, linearizer.Gradient.ToArray());
    }

    /// <summary>The structure of a cubic lattice, each point with its six neighbours, 6×6 blocks.</summary>
    /// <param name="side">How many points an edge of the cube has.</param>
    public static BlockStructure Lattice(int side)
    {
        int[] sizes = new int[side * side * side];
        sizes.AsSpan().Fill(6);
        var pairs = new List<(int, int)>();
        int Number(int x, int y, int z) => (((x * side) + y) * side) + z;
        for (int x = 0; x < side; x++)
            for (int y = 0; y < side; y++)
                for (int z = 0; z < side; z++)
                {
                    if (x > 0)
                        pairs.Add((Number(x, y, z), Number(x - 1, y, z)));
                    if (y > 0)
                        pairs.Add((Number(x, y, z), Number(x, y - 1, z)));
                    if (z > 0)
                        pairs.Add((Number(x, y, z), Number(x, y, z - 1)));
                }

        return BlockStructure.Create(sizes, pairs.ToArray());
    }

    /// <summary>Random numbers on a structure, the diagonal dominant.</summary>
    public static BlockMatrix Random(BlockStructure structure, int seed)
    {
        var matrix = new BlockMatrix(structure);
        var random = new Random(seed);
        double[] sums = new double[structure.Dimension];
        for (int j = 0; j < structure.Count; j++)
            for (int block = structure.ColumnStarts[j] + 1; block < structure.ColumnStarts[j + 1]; block++)
            {
                int i = structure.Rows[block], at = 0;
                foreach (ref double value in matrix.Block(block))
                {
                    value = random.NextDouble() - 0.5;
                    sums[structure.Offsets[i] + (at % structure.Sizes[i])] += Math.Abs(value);
                    sums[structure.Offsets[j] + (at / structure.Sizes[i])] += Math.Abs(value);
                    at++;
                }
            }

        for (int j = 0; j < structure.Count; j++)
            for (int k = 0; k < structure.Sizes[j]; k++)
                matrix.Block(structure.ColumnStarts[j])[k * (structure.Sizes[j] + 1)] =
                    1 + sums[structure.Offsets[j] + k];
        return matrix;
    }

    /// <summary>‖Hx − b‖ / ‖b‖.</summary>
    public static double Residual(BlockMatrix matrix, ReadOnlySpan<double> x, ReadOnlySpan<double> right)
    {
        double[] product = new double[right.Length];
        matrix.Multiply(x, product);
        double error = 0, norm = 0;
        for (int k = 0; k < product.Length; k++)
        {
            error += (product[k] - right[k]) * (product[k] - right[k]);
            norm += right[k] * right[k];
        }

        return Math.Sqrt(error / norm);
    }
}
