namespace TheseusSharp.Linear;

/// <summary>
/// The blocks of a structure by their distance from a remote one: to cut this order anywhere cuts few couplings in
/// graphs that are long rather than round (A. George, J. Liu, "Computer Solution of Large Sparse Positive Definite
/// Systems", 1981, chapter 4).
/// </summary>
internal static class LevelOrder
{
    /// <summary>The order: component after component.</summary>
    public static int[] Of(BlockStructure structure)
    {
        DissectionGraph graph = DissectionGraph.Create(structure, [.. Enumerable.Range(0, structure.Count)]);
        int[] order = new int[graph.Count], seen = new int[graph.Count];
        int count = 0, mark = 0;
        for (int block = 0; block < graph.Count; block++)
            if (seen[block] == 0)
            {
                // The last one met is remote from the first: the search from there counts.
                int met = Search(graph, block, order, count, seen, ++mark);
                met = Search(graph, order[met - 1], order, count, seen, ++mark);
                count = met;
            }

        return order;
    }

    /// <summary>Appends what can be reached from a block.</summary>
    private static int Search(DissectionGraph graph, int first, int[] order, int count, int[] seen, int mark)
    {
        int next = count;
        order[count++] = first;
        seen[first] = mark;
        while (next < count)
            foreach (int neighbour in graph.Of(order[next++]))
                if (seen[neighbour] != mark)
                {
                    seen[neighbour] = mark;
                    order[count++] = neighbour;
                }

        return count;
    }
}
