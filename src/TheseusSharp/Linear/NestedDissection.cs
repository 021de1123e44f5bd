using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// Nested dissection of a block structure: few blocks without which the graph falls into halves go last, and each half
/// is dissected likewise (A. George, "Nested dissection of a regular finite element mesh", SIAM J. Numer. Anal. 10,
/// 1973). What is left, and the blocks of each separator, are ordered by minimum degree within that frame
/// (C. Ashcraft, J. Liu, "Robust ordering of sparse matrices using multisection", SIAM J. Matrix Anal. Appl. 19, 1998).
/// The best orders for graphs like grids; minimum degree is faster, and as good on graphs like chains and trees.
/// </summary>
/// <remarks>Deterministic: the same structure gives the same order on every machine.</remarks>
public sealed class NestedDissection
{
    /// <summary>Parts of fewer vertices are not dissected: minimum degree orders them as well.</summary>
    private const int SmallPart = 120;

    /// <summary>A half with more than this of the vertices says that the graph has no good separator.</summary>
    private const double LargestHalf = 0.9;

    private readonly Bisection _bisection;

    /// <summary>How deep in the recursion a vertex became part of a separator; −1 for those of no separator.</summary>
    private readonly int[] _depths;
    private readonly int[] _local;

    private NestedDissection(DissectionGraph graph)
    {
        _bisection = new(graph);
        _depths = new int[graph.Count];
        _local = new int[graph.Count];
        _depths.AsSpan().Fill(-1);
        _local.AsSpan().Fill(-1);
    }

    /// <summary>An order of elimination with little fill.</summary>
    /// <param name="structure">The structure.</param>
    /// <returns>The blocks in the order in which to eliminate them.</returns>
    public static int[] Order(BlockStructure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return Order(structure, new bool[structure.Count]);
    }

    /// <summary>An order of elimination with little fill, some blocks last.</summary>
    internal static int[] Order(BlockStructure structure, bool[] isLast)
    {
        bool[] isDense = MinimumDegree.FindDense(structure);
        int[] vertices = [.. Enumerable.Range(0, structure.Count).Where(block => !isDense[block] && !isLast[block])];
        int[] stages = Stages(DissectionGraph.Create(structure, vertices), out int lastStage);
        int[] stageOfBlock = new int[structure.Count];
        stageOfBlock.AsSpan().Fill(lastStage);
        for (int v = 0; v < vertices.Length; v++)
            stageOfBlock[vertices[v]] = stages[v];
        return LastBlocks.MoveToEnd(MinimumDegree.Order(structure, stageOfBlock, isDense), isLast);
    }

    /// <summary>
    /// For each vertex, when it is eliminated: first those of no separator, then separators, the deepest first.
    /// </summary>
    private static int[] Stages(DissectionGraph graph, out int next)
    {
        (DissectionGraph compressed, int[] groups) = Compression.Compress(graph);
        var dissection = new NestedDissection(compressed);
        dissection.Dissect(compressed, [.. Enumerable.Range(0, compressed.Count)], 0);
        int[] depths = dissection._depths, stages = new int[graph.Count];
        int deepest = depths.Length == 0 ? -1 : depths.Max();
        for (int v = 0; v < stages.Length; v++)
            stages[v] = depths[groups[v]] < 0 ? 0 : deepest - depths[groups[v]] + 1;
        next = deepest + 2;
        return stages;
    }

    /// <summary>Dissects a part of the graph.</summary>
    /// <param name="part">The part.</param>
    /// <param name="vertices">Which vertices of the graph those of the part are.</param>
    /// <param name="depth">How often the graph was halved to get it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Dissect(DissectionGraph part, int[] vertices, int depth)
    {
        if (part.Count < SmallPart || part.EdgeEnds == 0)
            return;
        byte[] side = _bisection.Find(part);
        Span<int> counts = stackalloc int[3];
        foreach (byte s in side)
            counts[s]++;
        if (Math.Max(counts[0], counts[1]) > LargestHalf * part.Count)
            return;
        for (int v = 0; v < side.Length; v++)
            if (side[v] == SeparatorSearch.Separator)
                _depths[vertices[v]] = depth;
        for (int s = 0; s < 2; s++)
        {
            int[] half = Select(side, s, counts[s]);
            DissectionGraph graph = part.Restrict(half, _local);
            foreach (ref int vertex in half.AsSpan())
                vertex = vertices[vertex];
            Dissect(graph, half, depth + 1);
        }
    }

    private static int[] Select(byte[] side, int wanted, int count)
    {
        int[] selected = new int[count];
        for (int v = 0, found = 0; found < count; v++)
            if (side[v] == wanted)
                selected[found++] = v;
        return selected;
    }
}
