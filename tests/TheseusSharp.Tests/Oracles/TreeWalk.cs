using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Oracles;

/// <summary>
/// Evaluates an expression graph node by node over any scalar: no simplification, no kernels, no lanes. In
/// double-double over an unsimplified trace it is the oracle of every value.
/// </summary>
/// <remarks>A node that varies by row holds one number for each row; every other node holds one.</remarks>
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
        _live = new bool[graph.Count];
        _varies = new bool[graph.Count];
        FindLive();
        FindVarying();
    }

    /// <summary>A traced result, its group operations replaced by their formulas and nothing else done to it.</summary>
    public static TreeWalk Unsimplified(ExpressionGraph trace, ReadOnlySpan<Scalar> result)
    {
        Scalar[] roots = result.ToArray();
        ExpressionGraph expanded = GraphRewriter.Expand(trace, roots, interning: false);
        return new(expanded, roots);
    }

    /// <summary>For each root its number, or its numbers by row if it varies.</summary>
    public T[][] Evaluate<T>(WalkInputs<T> inputs)
        where T : struct, IScalar<T>
    {
        var values = new Values<T>(_live.Length);
        for (int i = 0; i < _live.Length; i++)
        {
            if (!_live[i])
                continue;
            if (!_varies[i])
            {
                values.Shared[i] = Evaluate(i, values, inputs, row: 0);
                continue;
            }

            var column = new T[inputs.Rows];
            for (int row = 0; row < column.Length; row++)
                column[row] = Evaluate(i, values, inputs, row);
            values.ByRow[i] = column;
        }

        return Array.ConvertAll(_roots, root => values.ByRow[root] ?? [values.Shared[root]]);
    }

    private T Evaluate<T>(int index, Values<T> values, WalkInputs<T> inputs, int row)
        where T : struct, IScalar<T>
    {
        Node node = _graph[index];
        return node.Operation switch
        {
            Operation.Literal => node.Value,
            Operation.Input => inputs.Slots[node.A],
            Operation.RowInput => inputs.Columns[node.A][row],
            Operation.RowSum => Sum(node.A, values, inputs.Rows),
            Operation.Lookup => Read(index, values, inputs, row),
            _ => Apply(node, values, row),
        };
    }

    private static T Sum<T>(int term, Values<T> values, int rows)
        where T : struct, IScalar<T>
    {
        T sum = 0;
        for (int row = 0; row < rows; row++)
            sum += values.At(term, row);
        return sum;
    }

    private T Read<T>(int index, Values<T> values, WalkInputs<T> inputs, int row)
        where T : struct, IScalar<T>
    {
        LookupKey key = LookupKey.Unpack(_graph[index].Payload);
        ReadOnlySpan<int> operands = _graph.OperandsOf(index, new int[3]);
        var position = new T[operands.Length];
        for (int k = 0; k < position.Length; k++)
            position[k] = values.At(operands[k], row);
        return inputs.Tables[key.Table].Read(position, key.Derivative);
    }

    private static T Apply<T>(Node node, Values<T> values, int row)
        where T : struct, IScalar<T>
    {
        int arity = node.Operation.Arity();
        T a = values.At(node.A, row);
        T b = arity > 1 ? values.At(node.B, row) : default;
        T c = arity > 2 ? values.At(node.C, row) : default;
        return node.Operation.IsMask() || node.Operation == Operation.Where
            ? Choose(node.Operation, a, b, c)
            : Compute(node.Operation, a, b);
    }

    private static T Choose<T>(Operation operation, T a, T b, T c)
        where T : struct, IScalar<T> => operation switch
        {
            Operation.Less => (a < b).Truth,
            Operation.LessOrEqual => (a <= b).Truth,
            Operation.Equal => T.EqualTo(a, b).Truth,
            Operation.And => (new Mask<T>(a) & new Mask<T>(b)).Truth,
            Operation.Or => (new Mask<T>(a) | new Mask<T>(b)).Truth,
            Operation.Not => (!new Mask<T>(a)).Truth,
            _ => T.Where(new(a), b, c),
        };

    private static T Compute<T>(Operation operation, T a, T b)
        where T : struct, IScalar<T> => operation switch
        {
            Operation.Add => a + b,
            Operation.Subtract => a - b,
            Operation.Multiply => a * b,
            Operation.Divide => a / b,
            Operation.Negate => -a,
            Operation.Abs => T.Abs(a),
            Operation.Min => T.Min(a, b),
            Operation.Max => T.Max(a, b),
            Operation.Sqrt => T.Sqrt(a),
            Operation.Sin => T.Sin(a),
            Operation.Cos => T.Cos(a),
            Operation.Tan => T.Tan(a),
            Operation.Asin => T.Asin(a),
            Operation.Acos => T.Acos(a),
            Operation.Atan => T.Atan(a),
            Operation.Atan2 => T.Atan2(a, b),
            Operation.Exp => T.Exp(a),
            Operation.Log => T.Log(a),
            Operation.Pow => T.Pow(a, b),
            _ => throw new InvalidOperationException($"A walk meets {operation} only in a graph that was not expanded."),
        };

    private void FindLive()
    {
        foreach (int root in _roots)
            _live[root] = true;
        Span<int> buffer = stackalloc int[3];
        for (int i = _live.Length - 1; i >= 0; i--)
            if (_live[i])
                foreach (int operand in _graph.OperandsOf(i, buffer))
                    _live[operand] = true;
    }

    private void FindVarying()
    {
        Span<int> buffer = stackalloc int[3];
        for (int i = 0; i < _varies.Length; i++)
        {
            _varies[i] = _graph[i].Operation == Operation.RowInput;
            if (_graph[i].Operation == Operation.RowSum)
                continue;
            foreach (int operand in _graph.OperandsOf(i, buffer))
                _varies[i] |= _varies[operand];
        }
    }

    /// <summary>What is known of each node: one number, or one for each row.</summary>
    private readonly struct Values<T>(int count)
    {
        public T[] Shared { get; } = new T[count];

        public T[]?[] ByRow { get; } = new T[]?[count];

        public T At(int node, int row) => ByRow[node] is { } column ? column[row] : Shared[node];
    }
}
