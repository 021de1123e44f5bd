using TheseusSharp.Geometry;
using TheseusSharp.Initialization;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Initialization;

public class ChordalInitializationTests
{
    [Theory]
    [InlineData(2, 1, 0)]
    [InlineData(50, 1, 0)] // a tree
    [InlineData(60, 1, 20)]
    [InlineData(40, 1, 700)] // dense, edges repeated
    [InlineData(90, 3, 60)]
    [InlineData(30, 25, 5)]
    public void Exact_measurements_give_the_exact_poses(int poses, int components, int furtherEdges)
    {
        Check(SyntheticGraph<SE3<Float64>>.Create(
            poses, components, furtherEdges, noise: 0, seed: poses, SE3<Float64>.Random));
        Check(SyntheticGraph<SE2<Float64>>.Create(
            poses, components, furtherEdges, noise: 0, seed: poses, SE2<Float64>.Random));
        Check(SyntheticGraph<SE3<Float64>>.Create(
            poses, components, furtherEdges, noise: 0, seed: poses, HalfTurnsInSpace));
        Check(SyntheticGraph<SE2<Float64>>.Create(
            poses, components, furtherEdges, noise: 0, seed: poses, HalfTurnsInPlane));

        void Check<TGroup>(SyntheticGraph<TGroup> graph)
            where TGroup : struct, ILieGroup<TGroup, Float64>
        {
            ChordalResult result = ChordalInitialization.Solve(graph.Graph);
            Assert.True(result.Succeeded, result.Message);
            Assert.Equal(Enumerable.Range(0, components), result.Held);
            for (int k = 0; k < poses; k++)
                Assert.InRange(
                    graph.Distance(
                        TGroup.BetweenRule(graph.Pose(graph.Truth, graph.Component[k]), graph.Pose(graph.Truth, k)),
                        graph.Pose(result.Poses, k)),
                    0,
                    1e-9);
        }
    }

    [Fact]
    public void Held_poses_keep_their_bits_and_the_others_follow_them()
    {
        Check(SyntheticGraph<SE3<Float64>>.Create(70, 3, 60, noise: 0, seed: 45, SE3<Float64>.Random));
        Check(SyntheticGraph<SE2<Float64>>.Create(70, 3, 60, noise: 0, seed: 45, SE2<Float64>.Random));

        static void Check<TGroup>(SyntheticGraph<TGroup> graph)
            where TGroup : struct, ILieGroup<TGroup, Float64>
        {
            int[] held = [69, 12, .. Enumerable.Range(30, 20), 1]; // in each component several
            int length = TGroup.StorageLength;
            double[] values = [.. held.SelectMany(pose => graph.Truth.AsSpan(pose * length, length).ToArray())];
            ChordalResult result = ChordalInitialization.Solve(graph.Graph, held, values);
            Assert.True(result.Succeeded, result.Message);
            Assert.Equal(held.Order(), result.Held);
            foreach (int pose in held)
                Assert.Equal(
                    graph.Truth.AsSpan(pose * length, length), result.Poses.AsSpan(pose * length, length));
            for (int k = 0; k < graph.PoseCount; k++)
                Assert.InRange(graph.Distance(graph.Pose(graph.Truth, k), graph.Pose(result.Poses, k)), 0, 1e-9);
        }
    }

    [Fact]
    public void Rotations_equal_those_of_the_dense_relaxation()
    {
        Check(SyntheticGraph<SE3<Float64>>.Create(12, 2, 20, noise: 0.3, seed: 46, SE3<Float64>.Random));
        Check(SyntheticGraph<SE2<Float64>>.Create(12, 2, 20, noise: 0.3, seed: 46, SE2<Float64>.Random));

        static void Check<TGroup>(SyntheticGraph<TGroup> graph)
            where TGroup : struct, ILieGroup<TGroup, Float64>
        {
            double[] poses = ChordalInitialization.Solve(graph.Graph).Poses;
            double[][] expected = DenseRelaxation.Rotations(graph);
            for (int k = 0; k < graph.PoseCount; k++)
            {
                double[] found = DenseRelaxation.Rotation(graph.Pose(poses, k));
                for (int entry = 0; entry < found.Length; entry++)
                    Assert.Equal(expected[k][entry], found[entry], 1e-11);
            }
        }
    }

    /// <summary>
    /// The objective is quadratic in the translations: central differences are exact, and zero at the minimum alone.
    /// </summary>
    [Fact]
    public void Translations_minimise_the_objective_given_the_rotations()
    {
        Check(SyntheticGraph<SE3<Float64>>.Create(30, 2, 40, noise: 0.3, seed: 47, SE3<Float64>.Random));
        Check(SyntheticGraph<SE2<Float64>>.Create(30, 2, 40, noise: 0.3, seed: 47, SE2<Float64>.Random));

        static void Check<TGroup>(SyntheticGraph<TGroup> graph)
            where TGroup : struct, ILieGroup<TGroup, Float64>
        {
            ChordalResult result = ChordalInitialization.Solve(graph.Graph);
            double objective = graph.Objective(result.Poses);
            Assert.True(objective > 0.1, "there is noise");
            foreach (int pose in Enumerable.Range(0, graph.PoseCount).Except(result.Held))
                for (int k = 0; k < TGroup.PointLength; k++)
                    Assert.Equal(0, Slope(graph, result.Poses, (pose * TGroup.StorageLength) + k), 1e-10 * objective);
        }

        static double Slope<TGroup>(SyntheticGraph<TGroup> graph, double[] poses, int number)
            where TGroup : struct, ILieGroup<TGroup, Float64>
        {
            double[] moved = [.. poses];
            moved[number] = poses[number] + 1;
            double above = graph.Objective(moved);
            moved[number] = poses[number] - 1;
            return 0.5 * (above - graph.Objective(moved));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Poses_without_edges_stay_where_they_are_held(int dimension)
    {
        double[] identity = dimension == 2 ? [0, 0, 1, 0] : [0, 0, 0, 0, 0, 0, 1];
        double[] other = dimension == 2 ? [1, 2, 0, 1] : [1, 2, 3, 1, 0, 0, 0];
        Assert.Empty(ChordalInitialization.Solve(new(dimension, 0, [], [], [], [])).Poses);
        Assert.Equal(identity, ChordalInitialization.Solve(new(dimension, 1, [], [], [], [])).Poses);
        ChordalResult result = ChordalInitialization.Solve(new(dimension, 3, [], [], [], []), [1], other);
        Assert.Equal([.. identity, .. other, .. identity], result.Poses);
        Assert.Equal([0, 1, 2], result.Held);
    }

    [Fact]
    public void An_edge_from_a_pose_to_itself_changes_nothing()
    {
        var graph = SyntheticGraph<SE3<Float64>>.Create(20, 1, 10, noise: 0.1, seed: 48, SE3<Float64>.Random);
        var with = new RelativePoses(
            3,
            20,
            [.. graph.From, 5],
            [.. graph.To, 5],
            [.. graph.Measurements, .. graph.Measurements[..7]],
            [.. graph.Information, .. graph.Information[..36]]);
        Assert.Equal(ChordalInitialization.Solve(graph.Graph).Poses, ChordalInitialization.Solve(with).Poses);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Numbers_that_are_not_finite_are_a_result(double bad)
    {
        var graph = SyntheticGraph<SE2<Float64>>.Create(20, 1, 10, noise: 0.1, seed: 49, SE2<Float64>.Random);
        double[] held = [0, 0, bad, 0];
        ChordalResult result = ChordalInitialization.Solve(graph.Graph, [7], held);
        Assert.Equal((ChordalStatus.NotFinite, -1, 7), (result.Status, result.Edge, result.Pose));

        graph.Information[(9 * 11) + 4] = bad;
        result = ChordalInitialization.Solve(graph.Graph);
        Assert.Equal((ChordalStatus.NotFinite, 11, -1), (result.Status, result.Edge, result.Pose));
        graph.Measurements[(4 * 3) + 1] = bad;
        result = ChordalInitialization.Solve(graph.Graph);
        Assert.Equal((ChordalStatus.NotFinite, 3, -1), (result.Status, result.Edge, result.Pose));
        Assert.Empty(result.Poses);
        Assert.Equal("Edge 3 has a number that is infinite or not a number.", result.Message);
    }

    [Fact]
    public void Numbers_that_overflow_are_a_result()
    {
        var graph = SyntheticGraph<SE2<Float64>>.Create(20, 1, 10, noise: 0.1, seed: 50, SE2<Float64>.Random);
        foreach (ref double entry in graph.Measurements.AsSpan())
            entry *= 1e300;
        ChordalResult result = ChordalInitialization.Solve(graph.Graph);
        Assert.False(result.Succeeded);
        Assert.Empty(result.Poses);
    }

    /// <summary>Pose 2 hangs on one edge; if that has no information, it is free.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_pose_without_information_is_named(double rotation)
    {
        double[] information = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, rotation];
        ChordalResult result =
            ChordalInitialization.Solve(new(2, 3, [0, 1], [1, 2], [0, 0, 1, 0, 0, 0, 1, 0], information));
        Assert.Equal((ChordalStatus.Singular, -1, 2), (result.Status, result.Edge, result.Pose));
        Assert.Contains("does not determine pose 2", result.Message);
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        double[] pose = [0, 0, 1, 0], information = new double[9];
        Assert.Throws<ArgumentOutOfRangeException>(() => new RelativePoses(4, 1, [], [], [], []).EdgeCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RelativePoses(2, -1, [], [], [], []).EdgeCount);
        var reference = Assert.Throws<ArgumentOutOfRangeException>(
            () => new RelativePoses(2, 2, [0], [2], pose, information).EdgeCount);
        Assert.Equal("to", reference.ParamName);
        Assert.Throws<ArgumentException>(() => new RelativePoses(2, 2, [0], [], pose, information).EdgeCount);
        Assert.Throws<ArgumentException>(() => new RelativePoses(2, 2, [0], [1], [0], information).EdgeCount);
        Assert.Throws<ArgumentException>(() => new RelativePoses(2, 2, [0], [1], pose, pose).EdgeCount);
        Assert.Throws<ArgumentException>(() => ChordalInitialization.Solve(new(2, 2, [], [], [], []), [1]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => ChordalInitialization.Solve(new(2, 1, [], [], [], []), [1], pose));
        var twice = Assert.Throws<ArgumentException>(
            () => ChordalInitialization.Solve(new(2, 2, [], [], [], []), [1, 1], [.. pose, .. pose]));
        Assert.Contains("Pose 1 is held twice", twice.Message);
    }

    /// <summary>Relative rotations by exactly half a turn, about x, y or z, or none.</summary>
    private static SE3<Float64> HalfTurnsInSpace(Random random)
    {
        double[] q = new double[4];
        q[random.Next(4)] = 1;
        return SE3<Float64>.From(
            Point3<Float64>.Random(random), SO3<Float64>.FromQuaternionXyzw(q[0], q[1], q[2], q[3]));
    }

    private static SE2<Float64> HalfTurnsInPlane(Random random) => SE2<Float64>.FromStorage(
        [10 * random.NextDouble(), random.NextDouble(), (2 * random.Next(2)) - 1, 0]);
}
