using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// Smaller graphs of about the same shape: neighbours joined in pairs, along the heaviest edges, vertices of few
/// neighbours choosing first (G. Karypis, V. Kumar, "A fast and high quality multilevel scheme for partitioning
/// irregular graphs", SIAM J. Sci. Comput. 20, 1998, section 3).
/// </summary>
internal static class Coarsening
{
    /// <summary>Which vertices are joined.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="largest">The most that a joined vertex may weigh.</param>
    /// <param name="random">Breaks ties.</param>
    /// <returns>The coarse vertex of each vertex, and how many of those there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (int[] Groups, int Count) Match(DissectionGraph graph, int largest, ref SeededRandom random)
    {
        int[] starts = graph.Starts, neighbours = graph.Neighbours, edgeWeights = graph.EdgeWeights;
        int[] weights = graph.Weights, groups = new int[graph.Count];
        groups.AsSpan().Fill(-1);
        int count = 0, lonely = -1;
        foreach (int v in ByDegree(graph, ref random))
        {
            if (groups[v] >= 0)
                continue;
            if (starts[v] == starts[v + 1] && Join(v, ref lonely))
                continue;
            int best = -1, heaviest = 0, room = largest - weights[v];
            for (int k = starts[v]; k < starts[v + 1]; k++)
            {
                int u = neighbours[k];
                if (edgeWeights[k] <= heaviest || groups[u] >= 0 || weights[u] > room)
                    continue;
                heaviest = edgeWeights[k];
                best = u;
            }

            groups[v] = count;
            if (best >= 0)
                groups[best] = count;
            count++;
        }

        return (groups, count);

        // Vertices without neighbours are joined in pairs, too: else graphs of many components would stay large.
        bool Join(int v, ref int lonely)
        {
            if (lonely < 0 || weights[lonely] + weights[v] > largest)
            {
                lonely = v;
                return false;
            }

            groups[v] = groups[lonely];
            lonely = -1;
            return true;
        }
    }

    /// <summary>The vertices by how many neighbours they have; shuffled among those of like degree.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] ByDegree(DissectionGraph graph, ref SeededRandom random)
    {
        int[] shuffled = new int[graph.Count], degrees = new int[graph.Count];
        int most = 1 + (int)(0.7 * graph.EdgeEnds / graph.Count);
        for (int v = 0; v < shuffled.Length; v++)
        {
            int other = random.Below(v + 1);
            shuffled[v] = shuffled[other];
            shuffled[other] = v;
        }

        for (int k = 0; k < degrees.Length; k++)
            degrees[k] = Math.Min(graph.Degree(shuffled[k]), most);
        int[] order = Buckets.Sort(degrees, most + 1).Items;
        foreach (ref int item in order.AsSpan())
            item = shuffled[item];
        return order;
    }
}
