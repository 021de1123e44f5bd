using TheseusSharp.Data;
using TheseusSharp.Initialization;

namespace TheseusSharp.Cli.Solving;

/// <summary>Where a solve starts.</summary>
internal enum InitialPoses
{
    /// <summary>At the poses of the file.</summary>
    File,

    /// <summary>At measurements composed along odometry.</summary>
    Odometry,

    /// <summary>At a linear relaxation of all measurements.</summary>
    Chordal,
}

/// <summary>Makes initial poses.</summary>
internal static class InitialPosesExtensions
{
    /// <summary>As a report calls them.</summary>
    /// <param name="kind">What was used.</param>
    public static string Describe(this InitialPoses kind) => kind switch
    {
        InitialPoses.File => "poses of the file",
        InitialPoses.Odometry => "odometry, then breadth first",
        _ => "chordal initialization",
    };

    /// <summary>The poses.</summary>
    /// <param name="kind">Which are wanted.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="information">What of the information matrices counts.</param>
    /// <exception cref="ToolException">They cannot be had.</exception>
    /// <exception cref="DataFormatException">The graph's information does not determine them.</exception>
    public static double[] Of(this InitialPoses kind, PoseGraph graph, InformationMode information) => kind switch
    {
        InitialPoses.File when !graph.HasPoses => throw new ToolException(
            $"--init file: {graph.Source} has edges only. Use --init odometry or --init chordal."),
        InitialPoses.File => graph.Poses.ToArray(),
        InitialPoses.Odometry => PoseGraphInitialization.Odometry(graph),
        _ => PoseGraphInitialization.Chordal(graph, information),
    };
}
