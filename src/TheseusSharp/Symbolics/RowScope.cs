namespace TheseusSharp.Symbolics;

/// <summary>Which nodes vary from row to row of an auxiliary array, and which are shared by all rows.</summary>
internal static class RowScope
{
    /// <summary>The scope of what all rows share.</summary>
    public const int Item = -1;

    /// <summary>The one row axis of a function.</summary>
    public const int Axis = 0;

    /// <summary>The scope of each node: <see cref="Item"/> or its axis.</summary>
    public static int[] Of(ExpressionGraph graph, int count)
    {
        var scopes = new int[count];
        Span<int> buffer = stackalloc int[3];
        for (int i = 0; i < count; i++)
        {
            scopes[i] = graph[i].Operation == Operation.RowInput ? (int)graph[i].Payload : Item;
            if (graph[i].Operation != Operation.RowSum)
                foreach (int operand in graph.OperandsOf(i, buffer))
                    scopes[i] = Math.Max(scopes[i], scopes[operand]);
        }

        return scopes;
    }
}
