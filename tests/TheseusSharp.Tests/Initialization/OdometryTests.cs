using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Initialization;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Data;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Initialization;

/// <summary>Poses composed from measurements.</summary>
public sealed class OdometryTests
{
    private static readonly double[] s_unit = [1, 0, 0, 0, 1, 0, 0, 0, 1];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Noise_free_cube_is_found_exactly(bool withPoses)
    {
        SyntheticPoseGraph cube = SyntheticCube.Generate(
            new() { Poses = 300, Seed = 1, TranslationNoise = 0, RotationNoise = 0, OutlierRatio = 0 });
        PoseGraph graph = withPoses ? cube.Graph : Text.Read(WithoutVertices(cube.Graph));
        Assert.Equal(withPoses, graph.HasPoses);
        AssertNear(cube.GroundTruth, PoseGraphInitialization.Odometry(graph), 1e-12);
    }

    [Fact]
    public void Consecutive_ids_come_before_shortcuts()
    {
        PoseGraph graph = Plane((1, 4, 100), (1, 2, 1), (3, 2, -1), (4, 3, -1));
        Assert.Equal([0, 3, 1, 2], Places(graph));
    }

    [Fact]
    public void Other_edges_are_crossed_breadth_first_both_ways_and_odometry_is_followed_from_there()
    {
        PoseGraph graph = Plane((10, 20, 5), (22, 21, -1), (20, 21, 1), (30, 22, 7), (10, 30, -100), (40, 30, 1));
        Assert.Equal(
            new Dictionary<long, double>
            {
                [10] = 0,
                [20] = 5,
                [21] = 6,
                [22] = 7,
                [30] = -100,
                [40] = -101,
            },
            graph.Ids.ToArray().Zip(Places(graph)).ToDictionary());
    }

    [Fact]
    public void First_of_equal_ways_is_taken()
    {
        Assert.Equal([0, 1], Places(Plane((1, 2, 1), (1, 2, 5), (2, 1, 9))));
        Assert.Equal([0, -9], Places(Plane((5, 1, -9), (1, 5, 5))));
    }

    [Fact]
    public void Ids_do_not_wrap_around()
    {
        PoseGraph graph = Plane((1, long.MaxValue, 1), (1, long.MinValue, 2), (long.MaxValue, long.MinValue, 50));
        Assert.Equal([0, 1, 2], Places(graph));
    }

    [Fact]
    public void Every_component_starts_at_its_first_pose()
    {
        PoseGraph graph = Plane((1, 2, 1), (11, 10, 1), (2, 3, 1));
        Assert.Equal([1, 2, 11, 10, 3], graph.Ids);
        Assert.Equal([0, 1, 0, 1, 2], Places(graph));
        PoseGraph with = graph.WithPoses(Along(7, 50, 8, 50, 50));
        Assert.Equal([7, 8, 8, 9, 9], Places(with));
    }

    [Fact]
    public void Fixed_poses_stay()
    {
        PoseGraph graph = Plane([3, 13, 11], (1, 2, 1), (2, 3, 1), (11, 12, 1), (12, 13, 1));
        Assert.Equal([1, 2, 3, 11, 12, 13], graph.Ids);
        Assert.Equal([-2, -1, 0, 0, 1, 2], Places(graph));
        Assert.Equal([18, 19, 20, 30, 31, 60], Places(graph.WithPoses(Along(5, 5, 20, 30, 5, 60))));
    }

    [Fact]
    public void Long_chain_stays_on_the_group()
    {
        SyntheticPoseGraph cube = SyntheticCube.Generate(new() { Poses = 5000, Seed = 2 });
        double[] poses = PoseGraphInitialization.Odometry(cube.Graph);
        Text.AssertSameBits(poses, cube.Graph.WithPoses(poses).Poses);
    }

    [SkippableTheory]
    [InlineData("MIT", 1e-3)]
    [InlineData("city10000", 1e-2)]
    public void Real_files_were_initialised_by_odometry(string name, double tolerance)
    {
        PoseGraph graph = G2o.Read(DataFolder.File("g2o", name + ".g2o"));
        AssertNear(graph.Poses, PoseGraphInitialization.Odometry(graph), tolerance);
    }

    /// <summary>A graph on a line: edges with their ids and lengths, in their order.</summary>
    private static PoseGraph Plane(params (long From, long To, double X)[] edges) => Plane([], edges);

    private static PoseGraph Plane(long[] fixes, params (long From, long To, double X)[] edges)
    {
        var builder = new PoseGraphBuilder(2);
        foreach ((long from, long to, double x) in edges)
            builder.AddEdge(from, to, [x, 0, 1, 0], s_unit);
        foreach (long id in fixes)
            builder.Fix(id);
        return builder.Build();
    }

    private static double[] Along(params double[] places) =>
        [.. places.SelectMany(x => (double[])[x, 0, 1, 0])];

    private static double[] Places(PoseGraph graph) =>
        [.. PoseGraphInitialization.Odometry(graph).Chunk(4).Select(pose => pose[0])];

    private static string WithoutVertices(PoseGraph graph) => string.Join(
        '\n', Text.Write(graph).Split('\n').Where(line => !line.StartsWith("VERTEX", StringComparison.Ordinal)));

    private static void AssertNear(ReadOnlySpan<double> expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        int length = expected.Length % 7 == 0 ? 7 : 4;
        for (int k = 0; k < expected.Length; k += length)
            Assert.InRange(Distance(expected.Slice(k, length), actual.AsSpan(k, length)), 0, tolerance);
    }

    /// <summary>‖Log(a⁻¹b)‖.</summary>
    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Float64[] x = [.. a.ToArray().Select(number => (Float64)number)];
        Float64[] y = [.. b.ToArray().Select(number => (Float64)number)];
        return x.Length == 7
            ? SE3<Float64>.FromStorage(x).Local(SE3<Float64>.FromStorage(y)).Norm()
            : SE2<Float64>.FromStorage(x).Local(SE2<Float64>.FromStorage(y)).Norm();
    }
}
