using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// Joins adjacent vertices that have the same other neighbours, as those of one object split into several blocks: they
/// belong together in any good order (C. Ashcraft, "Compressed graphs and the minimum degree algorithm", SIAM J. Sci.
/// Comput. 16, 1995).
/// </summary>
internal static class Compression
{
    /// <summary>Only a graph that shrinks to less than this is worth it.</summary>
    private const double Worthwhile = 0.85;

    /// <summary>The compressed graph, or the very same if it hardly shrinks, and the group of each vertex.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (DissectionGraph Graph, int[] Groups) Compress(DissectionGraph graph)
    {
        int[] groups = new int[graph.Count], marks = new int[graph.Count];
        groups.AsSpan().Fill(-1);
        marks.AsSpan().Fill(-1);
        int[] sums = Sums(graph);
        int count = 0;
        for (int v = 0; v < groups.Length; v++)
        {
            if (groups[v] >= 0)
                continue;
            bool isMarked = false;
            foreach (int u in graph.Of(v))
            {
                if (u < v || groups[u] >= 0 || sums[u] != sums[v] || graph.Degree(u) != graph.Degree(v))
                    continue;
                if (!isMarked)
                    Mark(graph, v, marks);
                isMarked = true;
                if (AreMarked(graph, u, v, marks))
                    groups[u] = count;
            }

            groups[v] = count;
            count++;
        }

        if (count <= Worthwhile * graph.Count)
            return (graph.Contract(groups, count), groups);
        for (int v = 0; v < groups.Length; v++)
            groups[v] = v;
        return (graph, groups);
    }

    /// <summary>Of each vertex, a sum over itself and its neighbours: equal for those to be joined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Sums(DissectionGraph graph)
    {
        int[] sums = new int[graph.Count];
        for (int v = 0; v < sums.Length; v++)
        {
            int sum = Scrambled(v);
            foreach (int u in graph.Of(v))
                sum += Scrambled(u);
            sums[v] = sum;
        }

        return sums;

        static int Scrambled(int v) => unchecked((int)(((uint)v + 1) * 2654435761u) ^ (v << 7));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mark(DissectionGraph graph, int vertex, int[] marks)
    {
        marks[vertex] = vertex;
        foreach (int neighbour in graph.Of(vertex))
            marks[neighbour] = vertex;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AreMarked(DissectionGraph graph, int vertex, int mark, int[] marks)
    {
        foreach (int neighbour in graph.Of(vertex))
            if (marks[neighbour] != mark)
                return false;
        return true;
    }
}
