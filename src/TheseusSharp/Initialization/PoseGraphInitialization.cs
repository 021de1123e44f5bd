using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Initialization;

/// <summary>Initial values of poses from the measurements of a graph.</summary>
public static class PoseGraphInitialization
{
    /// <summary>
    /// Poses by composing measured motions outwards from a pose of each connected component: along odometry, the edges
    /// between consecutive ids, as far as it goes; then breadth first by other edges, and along odometry again from
    /// every pose that they reach.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A component starts at its first pose, which is given its value of the graph, or the identity if the graph has no
    /// values. If poses of the component are fixed, it starts at those instead: all of them, with their values; without
    /// values, at the first of them, with the identity.
    /// </para>
    /// <para>Deterministic: of several ways to a pose, the one by the edge of lowest number is taken.</para>
    /// </remarks>
    /// <param name="graph">The graph.</param>
    /// <returns>The poses, stored as those of the graph.</returns>
    public static double[] Odometry(PoseGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Dimension == 2
            ? new OdometryWalk<SE2<Float64>>(graph).Run()
            : new OdometryWalk<SE3<Float64>>(graph).Run();
    }

    /// <summary>
    /// Poses by chordal relaxation (<see cref="ChordalInitialization"/>). Fixed poses of a graph with values keep them;
    /// in each component without one, the first pose keeps its value, or is at the identity if the graph has none.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="information">What is made of its information matrices.</param>
    /// <returns>The poses, stored as those of the graph.</returns>
    /// <exception cref="DataFormatException">
    /// Information matrices are not what the mode asks for, or do not determine a pose.
    /// </exception>
    public static double[] Chordal(PoseGraph graph, InformationMode information = InformationMode.Full)
    {
        ArgumentNullException.ThrowIfNull(graph);
        int[] held = graph.HasPoses ? graph.Anchors() : [];
        var heldPoses = new List<double>();
        foreach (int pose in held)
            heldPoses.AddRange(graph.Pose(pose));
        ChordalResult result = ChordalInitialization.Solve(
            new(graph.Dimension, graph.PoseCount, graph.From, graph.To, graph.Measurements,
                graph.InformationOf(information)),
            held, heldPoses.ToArray());
        return result.Succeeded ? result.Poses : throw Failure(graph, result);
    }

    private static DataFormatException Failure(PoseGraph graph, ChordalResult result)
    {
        string what = result.Edge >= 0
            ? $"the edge {graph.Ids[graph.From[result.Edge]]} → {graph.Ids[graph.To[result.Edge]]}"
            : $"the pose {graph.Ids[result.Pose]}";
        string why = result.Status == ChordalStatus.Singular
            ? "is not determined by the information of its edges" : "has a number that is infinite or not a number";
        return new(
            $"chordal initialization fails: {what} {why}. Start from odometry instead.", graph.Source,
            result.Edge >= 0 ? graph.EdgeLines[result.Edge] : 0);
    }
}
