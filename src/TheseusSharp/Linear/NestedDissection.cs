using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// Nested dissection of a block structure: few blocks without which the graph falls into halves go last, and each half
/// is dissected likewise (A. George, "Nested dissection of a regular finite element mesh", SIAM J. Numer. Anal. 10,
/// 1973). What is left, and the blocks of each separator, are ordered by minimum degree within that frame
/// (C. Ashcraft, J. Liu, "Robust ordering of sparse matrices using multisection", SIAM J. Matrix Anal. Appl. 19, 1998).
/// The best orders for graphs like grids; minimum degree is faster, and as good on graphs like chains and trees.
/// </summary>
/// <remarks>
/// Deterministic: the same structure gives the same order on every machine, for any number of threads. What is left to
/// chance is drawn from generators of each part's own.
/// </remarks>
public sealed class NestedDissection
{
    /// <summary>Parts of fewer vertices are not dissected: minimum degree orders them as well.</summary>
    private const int SmallPart = 120;

    /// <summary>A half with more than this of the vertices says that the graph has no good separator.</summary>
    private const double LargestHalf = 0.9;

    /// <summary>
    /// The best of two separators is taken for parts of at least this share of the graph: most operations are in the
    /// largest separators.
    /// </summary>
    private const double LargeShare = 0.2;

    /// <summary>The halves of parts of more vertices may be dissected at the same time.</summary>
    private const int LargePart = 1000;

    /// <summary>How deep in the recursion a vertex became part of a separator; −1 for those of no separator.</summary>
    private readonly int[] _depths;
    private readonly ParallelOptions _parallel;

    private NestedDissection(int count, int threads)
    {
        _depths = new int[count];
        _depths.AsSpan().Fill(-1);
        _parallel = new() { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads };
    }

    /// <summary>An order of elimination with little fill.</summary>
    /// <param name="structure">The structure.</param>
    /// <returns>The blocks in the order in which to eliminate them.</returns>
    public static int[] Order(BlockStructure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return Order(structure, new bool[structure.Count], threads: 0);
    }

    /// <summary>An order of elimination with little fill, some blocks last.</summary>
    internal static int[] Order(BlockStructure structure, bool[] isLast, int threads)
    {
        bool[] isDense = MinimumDegree.FindDense(structure);
        int[] vertices = [.. Enumerable.Range(0, structure.Count).Where(block => !isDense[block] && !isLast[block])];
        int[] stages = Stages(DissectionGraph.Create(structure, vertices), threads, out int lastStage);
        int[] stageOfBlock = new int[structure.Count];
        stageOfBlock.AsSpan().Fill(lastStage);
        for (int v = 0; v < vertices.Length; v++)
            stageOfBlock[vertices[v]] = stages[v];
        return LastBlocks.MoveToEnd(MinimumDegree.Order(structure, stageOfBlock, isDense), isLast);
    }

    /// <summary>
    /// For each vertex, when it is eliminated: first those of no separator, then separators, the deepest first.
    /// </summary>
    private static int[] Stages(DissectionGraph graph, int threads, out int next)
    {
        (DissectionGraph compressed, int[] groups) = Compression.Compress(graph);
        var dissection = new NestedDissection(compressed.Count, threads);
        dissection.Dissect(new(compressed, [.. Enumerable.Range(0, compressed.Count)], Depth: 0, Number: 1), null);
        int[] depths = dissection._depths, stages = new int[graph.Count];
        int deepest = depths.Length == 0 ? -1 : depths.Max();
        for (int v = 0; v < stages.Length; v++)
            stages[v] = depths[groups[v]] < 0 ? 0 : deepest - depths[groups[v]] + 1;
        next = deepest + 2;
        return stages;
    }

    /// <summary>Dissects a part of the graph.</summary>
    /// <param name="part">The part.</param>
    /// <param name="bisection">Where to work; null for the halves of a large part, which make their own.</param>
    private void Dissect(Part part, Bisection? bisection)
    {
        if (part.Graph.Count < SmallPart || part.Graph.EdgeEnds == 0)
            return;
        bisection ??= new(part.Graph, part.Number);
        byte[] side = bisection.Find(part.Graph, part.Graph.Count >= LargeShare * _depths.Length ? 2 : 1);
        if (!MarkSeparator(part, side))
            return;
        (Part first, Part second) = Halve(part, side);
        if (part.Graph.Count <= LargePart)
        {
            Dissect(first, bisection);
            Dissect(second, bisection);
        }
        else if (_parallel.MaxDegreeOfParallelism == 1)
        {
            Dissect(first, null);
            Dissect(second, null);
        }
        else
        {
            Parallel.Invoke(_parallel, () => Dissect(first, null), () => Dissect(second, null));
        }
    }

    /// <summary>Notes the vertices of a part's separator.</summary>
    /// <returns>Whether it is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool MarkSeparator(Part part, byte[] side)
    {
        int first = 0, second = 0;
        foreach (byte s in side)
        {
            first += s == 0 ? 1 : 0;
            second += s == 1 ? 1 : 0;
        }

        if (Math.Max(first, second) > LargestHalf * side.Length)
            return false;
        for (int v = 0; v < side.Length; v++)
            if (side[v] == SeparatorSearch.Separator)
                _depths[part.Vertices[v]] = part.Depth;
        return true;
    }

    private static (Part First, Part Second) Halve(Part part, byte[] side)
    {
        int[] local = new int[side.Length];
        local.AsSpan().Fill(-1);
        return (Half(0), Half(1));

        Part Half(byte wanted)
        {
            int[] vertices = Select(side, wanted);
            DissectionGraph graph = part.Graph.Restrict(vertices, local);
            foreach (ref int vertex in vertices.AsSpan())
                vertex = part.Vertices[vertex];
            return new(graph, vertices, part.Depth + 1, unchecked((2 * part.Number) + wanted));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Select(byte[] side, byte wanted)
    {
        int[] selected = new int[side.Length];
        int count = 0;
        for (int v = 0; v < side.Length; v++)
            if (side[v] == wanted)
                selected[count++] = v;
        return selected[..count];
    }

    /// <summary>A part of the graph.</summary>
    /// <param name="Graph">The part as a graph of its own.</param>
    /// <param name="Vertices">Which vertices of the whole graph its vertices are.</param>
    /// <param name="Depth">How often the graph was halved to get it.</param>
    /// <param name="Number">1 for the whole graph; those of a part's halves are twice its own, and one more.</param>
    private sealed record Part(DissectionGraph Graph, int[] Vertices, int Depth, int Number);
}
