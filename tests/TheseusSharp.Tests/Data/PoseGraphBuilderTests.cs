using TheseusSharp.Data;
using TheseusSharp.Initialization;

namespace TheseusSharp.Tests.Data;

/// <summary>Graphs made by programs.</summary>
public sealed class PoseGraphBuilderTests
{
    private static readonly double[] s_here = [0, 0, 1, 0];
    private static readonly double[] s_there = [1, 2, 0.6, 0.8];
    private static readonly double[] s_unit = [1, 0, 0, 0, 1, 0, 0, 0, 1];

    [Fact]
    public void Graph_holds_what_was_added()
    {
        PoseGraph graph = new PoseGraphBuilder(2)
            .Fix(5).AddEdge(5, 3, s_there, [2, 1, 0, 1, 3, 0, 0, 0, 4]).AddPose(3, s_here).AddPose(5, s_there).Build();
        Assert.Equal([3, 5], graph.Ids);
        Assert.Equal([1], graph.From);
        Assert.Equal([0], graph.To);
        Assert.Equal([1], graph.Fixed);
        Assert.Equal([0], graph.EdgeLines);
        Text.AssertSameBits([0, 0, 1, 0, 1, 2, 0.6, 0.8], graph.Poses);
        Text.AssertSameBits(s_there, graph.Measurement(0));
        Text.AssertSameBits([2, 1, 0, 1, 3, 0, 0, 0, 4], graph.Information);
        Assert.Equal("SE2 pose graph of 2 poses and 1 edges", graph.ToString());
    }

    [Fact]
    public void Empty_graph_is_a_graph()
    {
        PoseGraph graph = new PoseGraphBuilder(3).Build();
        Assert.Equal((0, 0, true), (graph.PoseCount, graph.EdgeCount, graph.HasPoses));
        Assert.Empty(graph.SquareRootInformation(InformationMode.Full));
        Assert.Empty(PoseGraphInitialization.Odometry(graph));
        Assert.Equal(0, graph.Components().Count);
        Assert.Equal("", Text.Write(graph));
    }

    [Fact]
    public void Builder_goes_on_after_building()
    {
        PoseGraphBuilder builder = new PoseGraphBuilder(2).AddEdge(1, 2, s_there, s_unit);
        PoseGraph without = builder.Build();
        PoseGraph with = builder.AddPose(2, s_here).AddPose(1, s_here).Build();
        Assert.Equal((false, true), (without.HasPoses, with.HasPoses));
        Assert.Equal([1, 2], without.Ids);
        Assert.Equal([2, 1], with.Ids);
        Assert.Equal([1], with.From);
    }

    [Fact]
    public void Nonsense_is_refused_at_once()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PoseGraphBuilder(4));
        var builder = new PoseGraphBuilder(2);
        builder.AddPose(1, s_here);
        Refused("There is a pose 1 already", () => builder.AddPose(1, s_there));
        Refused("Expected 4 numbers for pose 2, found 3", () => builder.AddPose(2, [1, 2, 3]));
        Refused("pose 2 holds NaN", () => builder.AddPose(2, [double.NaN, 0, 1, 0]));
        Refused("The rotation of pose 2 has norm 5", () => builder.AddPose(2, [0, 0, 3, 4]));
        Refused("from pose 1 to itself", () => builder.AddEdge(1, 1, s_there, s_unit));
        Refused("measurement of edge 1 → 2", () => builder.AddEdge(1, 2, [0, 0, 0, 0], s_unit));
        Refused("Expected a 3×3 information matrix", () => builder.AddEdge(1, 2, s_there, [1, 0, 0]));
        Refused("not finite", () => builder.AddEdge(1, 2, s_there, [1, 0, 0, 0, double.NaN, 0, 0, 0, 1]));
        Refused("not symmetric", () => builder.AddEdge(1, 2, s_there, [1, 0.5, 0, 0.4, 1, 0, 0, 0, 1]));
        PoseGraph graph = builder.Build();
        Assert.Equal((1, 0), (graph.PoseCount, graph.EdgeCount));

        builder.AddEdge(1, 2, s_there, s_unit);
        CannotBuild("mentions pose 2");
        builder.AddPose(2, s_there).Fix(9);
        CannotBuild("Pose 9 is to be fixed");

        void CannotBuild(string problem) => Assert.Contains(
            problem, Assert.Throws<InvalidOperationException>(builder.Build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_can_be_replaced()
    {
        PoseGraph without = new PoseGraphBuilder(2).AddEdge(1, 2, s_there, s_unit).Fix(2).Build();
        PoseGraph with = without.WithPoses([0, 0, 1.001, 0, 1, 2, 0, -1]);
        Assert.True(with.HasPoses);
        Assert.False(without.HasPoses);
        Text.AssertSameBits([0, 0, 1, 0, 1, 2, 0, -1], with.Poses);
        Assert.Equal(without.Ids, with.Ids);
        Assert.Equal(without.Fixed, with.Fixed);
        Assert.Equal(without.From, with.From);
        Text.AssertSameBits(without.Information, with.Information);
        Refused("Expected 2 poses of 4 numbers, 8 in all; found 4", () => without.WithPoses([0, 0, 1, 0]));
        Refused("pose 2 holds", () => without.WithPoses([0, 0, 1, 0, double.PositiveInfinity, 0, 1, 0]));
    }

    [Fact]
    public void Components_are_numbered_by_first_poses()
    {
        PoseGraphBuilder builder = new(2);
        for (int id = 0; id < 7; id++)
            builder.AddPose(id, s_here);
        foreach ((int from, int to) in ((int, int)[])[(6, 4), (2, 0), (5, 2), (3, 6), (4, 3)])
            builder.AddEdge(from, to, s_there, s_unit);
        PoseGraphComponents components = builder.Build().Components();
        Assert.Equal([0, 1, 0, 2, 2, 0, 2], components.Numbers);
        Assert.Equal([0, 1, 3], components.FirstPoses);
        Assert.Equal(3, components.Count);
    }

    private static void Refused(string problem, Func<object> action) =>
        Assert.Contains(problem, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);
}
