using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <summary>Where a kernel finds its input slots.</summary>
internal static class KernelInputs
{
    /// <summary>Every slot in the gathered column of its number.</summary>
    public static Dictionary<int, Operand> Gathered(ExpressionGraph graph) =>
        Map(graph, slot => new(OperandKind.Gathered, slot));

    /// <summary>Some slots in tiled columns, the others in gathered ones.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="tiled">The slots of the tiled columns, in order.</param>
    public static Dictionary<int, Operand> Tiled(ExpressionGraph graph, ReadOnlySpan<int> tiled)
    {
        var columns = new Dictionary<int, int>();
        for (int column = 0; column < tiled.Length; column++)
            columns.Add(tiled[column], column);
        return Map(graph, slot => columns.TryGetValue(slot, out int column)
            ? new(OperandKind.Tiled, column)
            : new(OperandKind.Gathered, slot));
    }

    private static Dictionary<int, Operand> Map(ExpressionGraph graph, Func<int, Operand> place)
    {
        var inputs = new Dictionary<int, Operand>();
        for (int i = 0; i < graph.Count; i++)
            if (graph[i].Operation == Operation.Input)
                inputs.Add(i, place(graph[i].A));
        return inputs;
    }
}
