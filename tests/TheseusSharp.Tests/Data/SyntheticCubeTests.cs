using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Data;

/// <summary>The synthetic cube is what its description says.</summary>
public sealed class SyntheticCubeTests
{
    private static readonly SyntheticPoseGraph s_cube = SyntheticCube.Generate(
        new() { Poses = 3000, Seed = 7, LoopClosureRatio = 0.3, OutlierRatio = 0.1 });

    [Fact]
    public void Steps_are_uniform_in_their_cube()
    {
        var sum = new double[6];
        var squares = new double[6];
        for (int n = 1; n < 3000; n++)
        {
            Vector<Float64> step = Truth(n - 1).Local(Truth(n));
            for (int k = 0; k < 6; k++)
            {
                double unit = step[k] / (k < 3 ? 0.5 : 1);
                Assert.InRange(unit, -1 - 1e-12, 1 + 1e-12);
                sum[k] += unit / 2999;
                squares[k] += unit * unit / 2999;
            }
        }

        Assert.All(sum, mean => Assert.InRange(mean, -0.05, 0.05));
        Assert.All(squares, square => Assert.InRange(square, (1 / 3.0) - 0.025, (1 / 3.0) + 0.025));
    }

    [Fact]
    public void Inliers_err_within_the_noise_and_outliers_beyond()
    {
        PoseGraph graph = s_cube.Graph;
        int beyond = 0, outliers = 0;
        double most = 0;
        for (int edge = 0; edge < graph.EdgeCount; edge++)
        {
            SE3<Float64> truth = Truth(graph.From[edge]).Between(Truth(graph.To[edge]));
            double size = Size(Motion(graph.Measurement(edge)).Local(truth));
            outliers += s_cube.Inliers[edge] ? 0 : 1;
            if (s_cube.Inliers[edge])
                Assert.InRange(most = Math.Max(most, size), 0, 1 + 1e-9);
            else
                beyond += size > 1 ? 1 : 0;
        }

        Assert.InRange(most, 0.99, 1);
        Assert.InRange(beyond, 0.99 * outliers, outliers);
    }

    [Fact]
    public void Initial_poses_err_within_the_noise_but_for_the_first()
    {
        Assert.Equal(0, Size(Motion(s_cube.Graph.Pose(0)).Local(SE3<Float64>.Identity)));
        double most = 0;
        for (int n = 0; n < 3000; n++)
            most = Math.Max(most, Size(Motion(s_cube.Graph.Pose(n)).Local(Truth(n))));
        Assert.InRange(most, 0.99, 1 + 1e-9);
    }

    [Fact]
    public void Loop_closures_come_as_often_as_asked()
    {
        PoseGraph graph = s_cube.Graph;
        int[] closures = new int[3000];
        int steps = 0, outliers = 0;
        for (int edge = 0; edge < graph.EdgeCount; edge++)
        {
            bool isStep = graph.To[edge] == graph.From[edge] + 1;
            Assert.True(isStep ? s_cube.Inliers[edge] : graph.From[edge] < graph.To[edge] - 1);
            steps += isStep ? 1 : 0;
            closures[graph.To[edge]] += isStep ? 0 : 1;
            outliers += s_cube.Inliers[edge] ? 0 : 1;
        }

        Assert.Equal(2999, steps);
        Assert.InRange(closures.Count(count => count > 0) / 2998.0, 0.26, 0.34);
        Assert.Equal(Enumerable.Range(0, 11), closures.Distinct().Order());
        Assert.InRange(closures.Sum() / (double)closures.Count(count => count > 0), 5.2, 5.8);
        Assert.InRange(outliers / (double)closures.Sum(), 0.08, 0.12);
    }

    [Fact]
    public void Weights_are_one_over_the_noise()
    {
        double[] roots = s_cube.Graph.SquareRootInformation(InformationMode.Full);
        for (int k = 0; k < 36; k++)
            Assert.Equal(k % 7 != 0 ? 0 : k < 18 ? 20 : 10, roots[k], 1e-12);
    }

    [Fact]
    public void Bits_depend_on_the_seed_alone()
    {
        SyntheticCubeOptions options = new() { Poses = 100, Seed = 3 };
        Text.AssertSame(SyntheticCube.Generate(options).Graph, SyntheticCube.Generate(options).Graph);
        SyntheticPoseGraph other = SyntheticCube.Generate(options with { Seed = 4 });
        Assert.NotEqual(SyntheticCube.Generate(options).GroundTruth.ToArray(), other.GroundTruth.ToArray());
    }

    [Fact]
    public void A_structure_seed_gives_one_structure_and_numbers_of_their_own()
    {
        SyntheticCubeOptions options = new() { Poses = 300, Seed = 3, OutlierRatio = 0.5, StructureSeed = 8 };
        SyntheticPoseGraph one = SyntheticCube.Generate(options), same = SyntheticCube.Generate(options);
        SyntheticPoseGraph two = SyntheticCube.Generate(options with { Seed = 4 });
        SyntheticPoseGraph other = SyntheticCube.Generate(options with { StructureSeed = 9 });

        Text.AssertSame(one.Graph, same.Graph);
        Assert.Equal(one.Graph.From, two.Graph.From);
        Assert.Equal(one.Graph.To, two.Graph.To);
        Assert.NotEqual(one.Graph.From.ToArray(), other.Graph.From.ToArray());
        Assert.NotEqual(one.Inliers.ToArray(), two.Inliers.ToArray());
        Assert.InRange(Same(one.GroundTruth[7..], two.GroundTruth[7..]), 0, 1);
        Assert.InRange(Same(one.Graph.Measurements, two.Graph.Measurements), 0, 1);
        Assert.InRange(Same(one.Graph.Poses[7..], two.Graph.Poses[7..]), 0, 1);

        static int Same(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        {
            int same = 0;
            for (int k = 0; k < a.Length; k++)
                same += a[k] == b[k] ? 1 : 0;
            return same;
        }
    }

    [Fact]
    public void The_structure_does_not_depend_on_noise_or_outliers()
    {
        SyntheticCubeOptions options = new() { Poses = 300, Seed = 3, StructureSeed = 3 };
        PoseGraph few = SyntheticCube.Generate(options with { OutlierRatio = 0 }).Graph;
        PoseGraph many = SyntheticCube.Generate(options with { OutlierRatio = 1 }).Graph;

        Assert.Equal(few.From, many.From);
        Assert.Equal(few.To, many.To);
    }

    /// <summary>Known bits: of this machine, and thereby of every other.</summary>
    [Fact]
    public void Bits_are_the_same_everywhere()
    {
        SyntheticPoseGraph cube = SyntheticCube.Generate(
            new() { Poses = 200, Seed = 1, RotationNoise = 0.5, OutlierRatio = 0.5 });
        byte[] bytes =
        [
            .. MemoryMarshal.AsBytes(cube.GroundTruth), .. MemoryMarshal.AsBytes(cube.Graph.Poses),
            .. MemoryMarshal.AsBytes(cube.Graph.Measurements), .. MemoryMarshal.AsBytes(cube.Inliers),
        ];
        Assert.Equal("45A226F413FBE285", Convert.ToHexString(SHA256.HashData(bytes))[..16]);
    }

    [Fact]
    public void Portable_exponential_is_the_exponential()
    {
        var random = new Random(9);
        for (int k = 0; k < 1000; k++)
        {
            Vector<Float64> centred = Vector<Float64>.Random(6, random) - (0.5 * Ones());
            Vector<Float64> tangent = centred * Math.Pow(10, random.Next(-9, 2));
            Vector<Float64> difference = SE3<Float64>.Exp(tangent).Local(PortableMotions.Exp(tangent));
            Assert.InRange(difference.Norm().Value, 0, 1e-13 * Math.Max(1, tangent.Norm()));
        }
    }

    [Fact]
    public void Portable_rotations_are_uniform()
    {
        var random = new Random(10);
        double[] squares = new double[4], means = new double[4];
        for (int n = 0; n < 20_000; n++)
        {
            Float64[] storage = PortableMotions.Random(random).ToStorage();
            for (int k = 0; k < 3; k++)
                Assert.InRange(storage[k].Value, 0, 1);
            for (int k = 0; k < 4; k++)
            {
                means[k] += storage[3 + k] / 20_000;
                squares[k] += storage[3 + k] * storage[3 + k] / 20_000;
            }
        }

        Assert.All(means, mean => Assert.InRange(mean, -0.02, 0.02));
        Assert.All(squares, square => Assert.InRange(square, 0.24, 0.26));
    }

    [Fact]
    public void Small_cubes_are_cubes()
    {
        Assert.Equal(0, SyntheticCube.Generate(new() { Poses = 1 }).Graph.EdgeCount);
        Assert.Equal(1, SyntheticCube.Generate(new() { Poses = 2, LoopClosureRatio = 1 }).Graph.EdgeCount);
        SyntheticCubeOptions options = new() { Poses = 3, LoopClosureRatio = 1, MaxLoopClosures = 1 };
        PoseGraph three = SyntheticCube.Generate(options).Graph;
        Assert.Equal([0, 1, 0], three.From);
        Assert.Equal([1, 2, 2], three.To);
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        SyntheticCubeOptions options = new() { Poses = 2 };
        Refused(options with { Poses = 0 });
        Refused(options with { MaxLoopClosures = 0 });
        Refused(options with { TranslationNoise = -1 });
        Refused(options with { RotationNoise = double.NaN });
        Refused(options with { LoopClosureRatio = 1.5 });
        Refused(options with { OutlierRatio = double.NaN });

        static void Refused(SyntheticCubeOptions options) =>
            Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticCube.Generate(options));
    }

    private static SE3<Float64> Truth(int n) => Motion(s_cube.GroundTruth.Slice(7 * n, 7));

    private static SE3<Float64> Motion(ReadOnlySpan<double> storage) =>
        SE3<Float64>.FromStorage(MemoryMarshal.Cast<double, Float64>(storage));

    /// <summary>The largest coordinate, relative to its noise bound.</summary>
    private static double Size(Vector<Float64> error) =>
        Enumerable.Range(0, 6).Max(k => Math.Abs(error[k]) / (k < 3 ? 0.05 : 0.1));

    private static Vector<Float64> Ones() => new(1, 1, 1, 1, 1, 1);
}
