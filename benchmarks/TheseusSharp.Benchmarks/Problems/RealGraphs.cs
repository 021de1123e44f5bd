using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Data;
using TheseusSharp.Initialization;

namespace TheseusSharp.Benchmarks.Problems;

/// <summary>Published pose graphs, and where solvers start on them.</summary>
internal static class RealGraphs
{
    /// <summary>Those whose file's values are far off start from chordal relaxation.</summary>
    private static readonly HashSet<string> s_chordal = ["torus3D", "cubicle", "manhattan"];

    /// <summary>Where the graph starts.</summary>
    public static string Start(string name) => s_chordal.Contains(name) ? "chordal values" : "the file's values";

    /// <summary>Where the file is; need not exist.</summary>
    public static string File(string name) => Path.Combine(DataSets.Folder("g2o"), name + ".g2o");

    /// <summary>
    /// Reads a graph, its poses replaced by the initial values; null, after saying so, if it is not there.
    /// </summary>
    public static PoseGraph? Load(string name, ReportContext context)
    {
        string file = File(name);
        if (!System.IO.File.Exists(file))
        {
            context.Say($"{name}: {file} is not there");
            return null;
        }

        PoseGraph graph = G2o.Read(file);
        return s_chordal.Contains(name)
            ? graph.WithPoses(PoseGraphInitialization.Chordal(graph, InformationMode.Diagonal)) : graph;
    }
}
