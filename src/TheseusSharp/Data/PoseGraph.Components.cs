using TheseusSharp.Linear;

namespace TheseusSharp.Data;

public sealed partial class PoseGraph
{
    /// <summary>Which poses hang together by edges.</summary>
    public PoseGraphComponents Components() => PoseGraphComponents.Of(this);

    /// <summary>
    /// Poses that, held constant, fix the graph in the world: those of FIX records, and the first of each component
    /// that has none. Ascending.
    /// </summary>
    public int[] Anchors()
    {
        PoseGraphComponents components = Components();
        var anchors = new SortedSet<int>();
        var anchored = new bool[components.Count];
        foreach (int pose in Fixed)
        {
            anchors.Add(pose);
            anchored[components.Numbers[pose]] = true;
        }

        for (int component = 0; component < components.Count; component++)
            if (!anchored[component])
                anchors.Add(components.FirstPoses[component]);
        return [.. anchors];
    }
}

/// <summary>The connected components of a pose graph, numbered by their first poses.</summary>
public sealed class PoseGraphComponents
{
    private readonly int[] _numbers;
    private readonly int[] _firstPoses;

    private PoseGraphComponents(int[] numbers, int[] firstPoses)
    {
        _numbers = numbers;
        _firstPoses = firstPoses;
    }

    /// <summary>How many components there are; a pose without edges is one.</summary>
    public int Count => _firstPoses.Length;

    /// <summary>The component of each pose.</summary>
    public ReadOnlySpan<int> Numbers => _numbers;

    /// <summary>The first pose, that of the lowest number, of each component; ascending.</summary>
    public ReadOnlySpan<int> FirstPoses => _firstPoses;

    internal static PoseGraphComponents Of(PoseGraph graph)
    {
        var sets = new DisjointSets(graph.PoseCount);
        for (int edge = 0; edge < graph.EdgeCount; edge++)
            sets.Join(graph.From[edge], graph.To[edge]);
        return new(Number(sets.ToArray(), out int[] firstPoses), firstPoses);
    }

    private static int[] Number(int[] firsts, out int[] firstPoses)
    {
        int[] numbers = new int[firsts.Length];
        var found = new List<int>();
        for (int pose = 0; pose < numbers.Length; pose++)
        {
            if (firsts[pose] == pose)
                found.Add(pose);
            numbers[pose] = firsts[pose] == pose ? found.Count - 1 : numbers[firsts[pose]];
        }

        firstPoses = [.. found];
        return numbers;
    }
}
