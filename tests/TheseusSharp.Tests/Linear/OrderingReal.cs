using TheseusSharp.Data;
using TheseusSharp.Linear;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Linear;

/// <summary>The structures that solving published pose graphs meets.</summary>
internal static class OrderingReal
{
    /// <summary>The structure of a graph's Hessian, one pose held; skips the test if the graph is not at hand.</summary>
    public static BlockStructure Read(string name)
    {
        PoseGraph graph = G2o.Read(DataFolder.File("g2o", name + ".g2o"));
        int[] anchors = graph.Anchors(), number = new int[graph.PoseCount];
        int count = 0;
        for (int pose = 0; pose < number.Length; pose++)
            number[pose] = anchors.Contains(pose) ? -1 : count++;
        var pairs = new List<(int, int)>();
        for (int edge = 0; edge < graph.EdgeCount; edge++)
            if (number[graph.From[edge]] >= 0 && number[graph.To[edge]] >= 0)
                pairs.Add((number[graph.From[edge]], number[graph.To[edge]]));
        return BlockStructure.Create(Graphs.Sizes(count, [graph.TangentLength]), [.. pairs]);
    }
}
