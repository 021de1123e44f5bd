using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// An undirected graph with weights, as nested dissection halves and coarsens it: each edge listed at both ends, none
/// from a vertex to itself.
/// </summary>
/// <param name="starts">Where the neighbours of each vertex start, and their number at the end.</param>
/// <param name="neighbours">The neighbours; the array may be longer than needed.</param>
/// <param name="edgeWeights">How many edges of the original graph each edge stands for.</param>
/// <param name="weights">How many scalars each vertex stands for.</param>
internal sealed class DissectionGraph(int[] starts, int[] neighbours, int[] edgeWeights, int[] weights)
{
    /// <summary>How many vertices there are.</summary>
    public int Count => weights.Length;

    /// <summary>How many edges are listed, each at both ends.</summary>
    public int EdgeEnds => starts[^1];

    /// <summary>Where the neighbours of each vertex start, and their number at the end.</summary>
    public int[] Starts => starts;

    /// <summary>The neighbours.</summary>
    public int[] Neighbours => neighbours;

    /// <summary>How many edges of the original graph each edge stands for.</summary>
    public int[] EdgeWeights => edgeWeights;

    /// <summary>How many scalars each vertex stands for.</summary>
    public int[] Weights => weights;

    /// <summary>The sum of the vertices' weights.</summary>
    public int TotalWeight { get; } = Sum(weights);

    /// <summary>How many neighbours a vertex has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Degree(int vertex) => starts[vertex + 1] - starts[vertex];

    /// <summary>The neighbours of a vertex.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> Of(int vertex) => new(neighbours, starts[vertex], Degree(vertex));

    /// <summary>The graph of some blocks of a structure, numbered as they come.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="vertices">The blocks.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static DissectionGraph Create(BlockStructure structure, ReadOnlySpan<int> vertices)
    {
        int[] local = new int[structure.Count], weights = new int[vertices.Length];
        local.AsSpan().Fill(-1);
        for (int v = 0; v < vertices.Length; v++)
        {
            local[vertices[v]] = v;
            weights[v] = structure.Sizes[vertices[v]];
        }

        ReadOnlySpan<int> columns = structure.ColumnStarts, rows = structure.Rows;
        int[] next = new int[vertices.Length + 1];
        for (int v = 0; v < vertices.Length; v++)
            for (int k = columns[vertices[v]] + 1; k < columns[vertices[v] + 1]; k++)
                if (local[rows[k]] >= 0)
                {
                    next[v]++;
                    next[local[rows[k]]]++;
                }

        for (int v = 1; v < next.Length; v++)
            next[v] += next[v - 1];
        int[] neighbours = new int[next[^1]], edgeWeights = new int[next[^1]];
        edgeWeights.AsSpan().Fill(1);
        for (int v = vertices.Length - 1; v >= 0; v--)
            for (int k = columns[vertices[v] + 1] - 1; k > columns[vertices[v]]; k--)
                if (local[rows[k]] is >= 0 and int u)
                {
                    neighbours[--next[u]] = v;
                    neighbours[--next[v]] = u;
                }

        return new(next, neighbours, edgeWeights, weights);
    }

    /// <summary>The graph of some of the vertices, numbered as they come.</summary>
    /// <param name="vertices">The vertices.</param>
    /// <param name="local">Memory, one number for each vertex of this graph; −1 for those left out.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public DissectionGraph Restrict(ReadOnlySpan<int> vertices, int[] local)
    {
        int ends = 0;
        int[] partWeights = new int[vertices.Length], partStarts = new int[vertices.Length + 1];
        for (int v = 0; v < vertices.Length; v++)
        {
            local[vertices[v]] = v;
            ends += Degree(vertices[v]);
        }

        int[] partNeighbours = GC.AllocateUninitializedArray<int>(ends);
        int[] partEdgeWeights = GC.AllocateUninitializedArray<int>(ends);
        int kept = 0;
        for (int v = 0; v < vertices.Length; v++)
        {
            partWeights[v] = weights[vertices[v]];
            for (int k = starts[vertices[v]]; k < starts[vertices[v] + 1]; k++)
                if (local[neighbours[k]] is >= 0 and int u)
                {
                    partEdgeWeights[kept] = edgeWeights[k];
                    partNeighbours[kept++] = u;
                }

            partStarts[v + 1] = kept;
        }

        foreach (int vertex in vertices)
            local[vertex] = -1;
        return new(partStarts, partNeighbours, partEdgeWeights, partWeights);
    }

    /// <summary>Makes one vertex of each group, with the sum of its weights.</summary>
    /// <param name="group">The group of each vertex; groups are numbered without gaps.</param>
    /// <param name="count">How many groups there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public DissectionGraph Contract(int[] group, int count)
    {
        (int[] firsts, int[] members) = Buckets.Sort(group, count);
        int[] coarseStarts = new int[count + 1], coarseWeights = new int[count], slots = new int[count];
        int[] coarseNeighbours = GC.AllocateUninitializedArray<int>(EdgeEnds);
        int[] coarseEdgeWeights = GC.AllocateUninitializedArray<int>(EdgeEnds);
        int end = 0;
        for (int g = 0; g < count; g++)
        {
            int start = end; // slots below it are of earlier groups
            for (int m = firsts[g]; m < firsts[g + 1]; m++)
            {
                int v = members[m];
                coarseWeights[g] += weights[v];
                for (int k = starts[v]; k < starts[v + 1]; k++)
                {
                    int other = group[neighbours[k]];
                    if (other == g)
                        continue;
                    int slot = slots[other];
                    if (slot < start || slot >= end || coarseNeighbours[slot] != other)
                    {
                        slots[other] = slot = end++;
                        coarseNeighbours[slot] = other;
                        coarseEdgeWeights[slot] = 0;
                    }

                    coarseEdgeWeights[slot] += edgeWeights[k];
                }
            }

            coarseStarts[g + 1] = end;
        }

        return new(coarseStarts, coarseNeighbours, coarseEdgeWeights, coarseWeights);
    }

    private static int Sum(int[] numbers)
    {
        int sum = 0;
        foreach (int number in numbers)
            sum += number;
        return sum;
    }
}
