using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Benchmarks.Problems;

/// <summary>
/// A large pose graph with local loop closures: a robot goes to and fro over a field, lane beside lane, and recognises
/// places of the lanes before.
/// </summary>
internal static class WideWorld
{
    private const double Noise = 0.02;

    /// <summary>Generates a graph.</summary>
    /// <param name="poses">How many poses.</param>
    /// <param name="edges">How many edges: odometry, then closures, one with the place abreast for each, then with
    /// those beside it.</param>
    public static PoseGraph Generate(int poses, int edges)
    {
        int width = (int)Math.Sqrt(poses);
        var random = new Random(1);
        var truth = new SE3<Float64>[poses];
        var builder = new PoseGraphBuilder(3);
        for (int k = 0; k < poses; k++)
        {
            (int lane, int along) = (k / width, k % width);
            double heading = lane % 2 == 0 ? 0 : Math.PI;
            double x = lane % 2 == 0 ? along : width - 1 - along;
            double height = Math.Sin(0.05 * x) + Math.Cos(0.03 * lane);
            truth[k] = SE3<Float64>.FromStorage(
                [x, lane, height, 0, 0, Math.Sin(heading / 2), Math.Cos(heading / 2)]);
            builder.AddPose(k, Storage(truth[k] * Error(random)));
        }

        foreach ((int from, int to) in Pairs(poses, edges, width))
            builder.AddEdge(
                from, to, Storage(truth[from].Between(truth[to]) * Error(random)), s_information);
        return builder.Build();
    }

    private static readonly double[] s_information = Information();

    private static IEnumerable<(int From, int To)> Pairs(int poses, int edges, int width)
    {
        int left = edges;
        for (int k = 1; k < poses && left > 0; k++, left--)
            yield return (k - 1, k);
        for (int shift = 0; left > 0; shift++)
            for (int k = width; k < poses && left > 0; k++)
            {
                // Lanes go to and fro, so the place abreast of the k-th is mirrored in the lane before.
                int lane = k / width, other = ((lane - 1) * width) + (width - 1 - (k % width)) + shift;
                if (other >= lane * width)
                    continue;
                left--;
                yield return (other, k);
            }
    }

    private static SE3<Float64> Error(Random random)
    {
        var tangent = new Float64[6];
        for (int k = 0; k < 6; k++)
            tangent[k] = Noise * ((2 * random.NextDouble()) - 1);
        return SE3<Float64>.Exp(new(tangent));
    }

    private static double[] Storage(SE3<Float64> motion) =>
        [.. motion.Normalize().ToStorage().Select(number => (double)number)];

    private static double[] Information()
    {
        double[] information = new double[36];
        for (int k = 0; k < 6; k++)
            information[7 * k] = 1 / (Noise * Noise);
        return information;
    }
}
