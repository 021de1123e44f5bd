using TheseusSharp.Linear;

namespace TheseusSharp.Initialization;

/// <summary>The poses that are held: those asked for, and the first of each component without any.</summary>
/// <param name="Poses">The poses, ascending.</param>
/// <param name="IsHeld">Of each pose, whether it is held.</param>
internal sealed record HeldPoses(int[] Poses, bool[] IsHeld)
{
    /// <summary>Measurements are relative: without a pose to hold on to, a component could be anywhere.</summary>
    public static HeldPoses Choose(RelativePoses graph, ReadOnlySpan<int> held)
    {
        bool[] isHeld = new bool[graph.PoseCount];
        RelativePoses.RequirePoses(held, graph.PoseCount, nameof(held));
        int[] component = Components(graph);
        bool[] isAnchored = new bool[graph.PoseCount];
        foreach (int pose in held)
        {
            if (isHeld[pose])
                throw new ArgumentException($"Pose {pose} is held twice; name it once.", nameof(held));
            isHeld[pose] = isAnchored[component[pose]] = true;
        }

        for (int pose = 0; pose < graph.PoseCount; pose++)
            isHeld[pose] |= component[pose] == pose && !isAnchored[pose];
        int[] poses = [.. Enumerable.Range(0, graph.PoseCount).Where(pose => isHeld[pose])];
        return new(poses, isHeld);
    }

    /// <summary>Of each pose, the first pose of its connected component.</summary>
    private static int[] Components(RelativePoses graph)
    {
        var sets = new DisjointSets(graph.PoseCount);
        for (int edge = 0; edge < graph.EdgeCount; edge++)
            sets.Join(graph.From[edge], graph.To[edge]);
        return sets.ToArray();
    }
}
