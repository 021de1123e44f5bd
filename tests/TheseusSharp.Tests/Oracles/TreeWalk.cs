using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Oracles;

/// <summary>
/// Evaluates an expression graph node by node over any scalar: no simplification, no kernels, no lanes. In double-double
/// over an unsimplified trace it is the oracle of every value.
/// </summary>
/// <remarks>A node that varies by row holds one number for each row; all others hold one.</remarks>
internal sealed class TreeWalk
{
    private readonly ExpressionGraph _graph;
    private readonly int[] _roots;
    private readonly bool[] _live;
    private readonly bool[] _varies;

    /// <summary>Prepares to evaluate some roots.</summary>
    /// <param name="graph">A graph without calls.</param>
    /// <param name="roots">What is wanted.</param>
    public TreeWalk(ExpressionGraph graph, params ReadOnlySpan<Scalar> roots)
    {
        _graph = graph;
        _roots = new int[roots.Length];
        for (int k = 0; k < roots.Length; k++)
            _roots[k] = roots[k].IndexIn(graph);
        _live = FindLive();
        _varies = FindVarying();
    }

    /// <summary>A traced result, its group operations replaced by their formulas and nothing else done to it.</summary>
    public static TreeWalk Unsimplified(ExpressionGraph trace, ReadOnlySpan<Scalar> result)
    {
        Scalar[] roots = result.ToArray();
        ExpressionGraph expanded = GraphRewriter.Expand(trace, roots, interning: false);
        return new(expanded, roots);
    }

    /// <summary>The roots' values: for each root one number, or one for each row if it varies by row.</summary>
    public T[][] Evaluate<T>(WalkInputs<T> inputs)
        where T : struct, IScalar<T>
    {
        var values = new T[_graph.Count][];
        Span<int> buffer = stackalloc int[3];
        for (int i = 0; i < values.Length; i++)
            if (_live[i])
                values[i] = Evaluate(i, values, inputs, _graph.OperandsOf(i, buffer));
        return Array.ConvertAll(_roots, root => values[root]);
    }

    private T[] Evaluate<T>(int index, T[][] values, WalkInputs<T> inputs, ReadOnlySpan<int> operands)
        where T : struct, IScalar<T>
    {
        Node node = _graph[index];
        switch (node.Operation)
        {
            case Operation.Literal:
                return [node.Value];
            case Operation.Input:
                return [inputs.Slots[node.A]];
            case Operation.RowInput:
                return inputs.Columns[node.A];
            case Operation.RowSum:
                return [Sum(values[node.A], inputs.Rows)];
        }

        var result = new T[_varies[index] ? inputs.Rows : 1];
        for (int row = 0; row < result.Length; row++)
            result[row] = node.Operation == Operation.Lookup
                ? inputs.Tables[LookupKey.Unpack(node.Payload).Table].Read(Position(values, operands, row), LookupKey.Unpack(node.Payload).Derivative)
                : Apply(node.Operation, At(values, operands[0], row), At(values, operands[^Math.Min(2, operands.Length)], row), At(values, operands[^1], row), operands.Length);
        return result;
    }
}
