namespace TheseusSharp.Linear;

/// <summary>
/// Connected components of numbered nodes, found by joining the ends of edges. The lowest node of a set stands for it.
/// </summary>
internal sealed class DisjointSets
{
    private readonly int[] _parents;

    /// <summary>Every node by itself.</summary>
    /// <param name="count">How many nodes there are.</param>
    public DisjointSets(int count)
    {
        _parents = new int[count];
        for (int node = 0; node < count; node++)
            _parents[node] = node;
    }

    /// <summary>Makes one set of those of two nodes.</summary>
    public void Join(int a, int b)
    {
        int first = First(a), second = First(b);
        _parents[Math.Max(first, second)] = Math.Min(first, second);
    }

    /// <summary>The lowest node of a node's set. Halves the path to it.</summary>
    public int First(int node)
    {
        while (_parents[node] != node)
            node = _parents[node] = _parents[_parents[node]];
        return node;
    }

    /// <summary>Of each node, the lowest of its set.</summary>
    public int[] ToArray()
    {
        var firsts = new int[_parents.Length];
        for (int node = 0; node < firsts.Length; node++)
            firsts[node] = First(node);
        return firsts;
    }
}
