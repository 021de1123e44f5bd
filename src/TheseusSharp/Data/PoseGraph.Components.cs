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
        int[] parents = new int[graph.PoseCount];
        for (int k = 0; k < parents.Length; k++)
            parents[k] = k;
        for (int edge = 0; edge < graph.EdgeCount; edge++)
            Join(parents, graph.From[edge], graph.To[edge]);
        return new(Number(parents, out int[] firstPoses), firstPoses);
    }

    /// <summary>The lower root stays, so that a root is its component's first pose.</summary>
    private static void Join(int[] parents, int a, int b)
    {
        int first = Root(parents, a), second = Root(parents, b);
        parents[Math.Max(first, second)] = Math.Min(first, second);
    }

    /// <summary>Finds the root, halving the path to it.</summary>
    private static int Root(int[] parents, int pose)
    {
        while (parents[pose] != pose)
            pose = parents[pose] = parents[parents[pose]];
        return pose;
    }

    private static int[] Number(int[] parents, out int[] firstPoses)
    {
        int[] numbers = new int[parents.Length];
        var roots = new List<int>();
        for (int pose = 0; pose < numbers.Length; pose++)
        {
            int root = Root(parents, pose);
            if (root == pose)
                roots.Add(pose);
            numbers[pose] = root == pose ? roots.Count - 1 : numbers[root];
        }

        firstPoses = [.. roots];
        return numbers;
    }
}
