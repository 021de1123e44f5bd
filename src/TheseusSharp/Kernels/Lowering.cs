using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <summary>From an expanded, interned graph to straight-line code.</summary>
internal sealed class Lowering
{
    private readonly ExpressionGraph _graph;
    private readonly CodeBuilder _builder;
    private readonly bool _exact;
    private readonly Operand[] _operands;

    private Lowering(ExpressionGraph graph, CodeBuilder builder, bool exact)
    {
        _graph = graph;
        _builder = builder;
        _exact = exact;
        _operands = new Operand[graph.Count];
    }

    /// <summary>Lowers some outputs.</summary>
    /// <param name="graph">A graph without calls.</param>
    /// <param name="outputs">What is wanted.</param>
    /// <param name="inputs">Where the kernel finds each node that it does not compute.</param>
    /// <param name="format">The number format.</param>
    /// <param name="hasFma">Whether the target multiplies and adds with one rounding.</param>
    /// <param name="exact">
    /// Whether elementary functions stay calls of <see cref="Math"/>; else polynomials replace them.
    /// </param>
    public static StraightLineCode Lower(
        ExpressionGraph graph, ReadOnlySpan<Scalar> outputs, IReadOnlyDictionary<int, Operand> inputs,
        NumberFormat format, bool hasFma, bool exact)
    {
        var lowering = new Lowering(graph, new CodeBuilder(format, hasFma), exact);
        bool[] needed = lowering.Needed(outputs, inputs);
        for (int i = 0; i < needed.Length; i++)
            if (needed[i])
                lowering._operands[i] = inputs.TryGetValue(i, out Operand given) ? given : lowering.Lower(graph[i]);
        var operands = new Operand[outputs.Length];
        for (int k = 0; k < operands.Length; k++)
            operands[k] = lowering._operands[outputs[k].Index];
        return lowering._builder.Finish(operands);
    }

    /// <summary>What the outputs need, not looking behind inputs.</summary>
    private bool[] Needed(ReadOnlySpan<Scalar> outputs, IReadOnlyDictionary<int, Operand> inputs)
    {
        var needed = new bool[_graph.Count];
        foreach (Scalar output in outputs)
            needed[output.Index] = true;
        Span<int> buffer = stackalloc int[3];
        for (int i = needed.Length - 1; i >= 0; i--)
            if (needed[i] && !inputs.ContainsKey(i))
                foreach (int operand in _graph.OperandsOf(i, buffer))
                    needed[operand] = true;
        return needed;
    }

    private Operand Lower(Node node)
    {
        switch (node.Operation)
        {
            case Operation.Literal:
                return _builder.Constant(node.Value);
            case Operation.Min:
                return (Lane(node.A) < Lane(node.B)).Choose(Lane(node.A), Lane(node.B)).Operand;
            case Operation.Max:
                return (Lane(node.A) > Lane(node.B)).Choose(Lane(node.A), Lane(node.B)).Operand;
            case >= Operation.Sin and <= Operation.Pow:
                return _exact ? Emit(ExactOpcode(node.Operation), node) : Inline(node).Operand;
            default:
                return Emit(DirectOpcode(node.Operation), node);
        }
    }

    private Operand Emit(Opcode opcode, Node node)
    {
        int arity = opcode.Arity();
        return _builder.Emit(
            opcode, _operands[node.A], arity > 1 ? _operands[node.B] : null, arity > 2 ? _operands[node.C] : null);
    }

    private Lane Inline(Node node) => node.Operation switch
    {
        Operation.Sin => Trigonometry.Sin(Lane(node.A)),
        Operation.Cos => Trigonometry.Cos(Lane(node.A)),
        Operation.Tan => Trigonometry.Tan(Lane(node.A)),
        Operation.Asin => InverseTrigonometry.Asin(Lane(node.A)),
        Operation.Acos => InverseTrigonometry.Acos(Lane(node.A)),
        Operation.Atan => InverseTrigonometry.Atan(Lane(node.A)),
        Operation.Atan2 => InverseTrigonometry.Atan2(
            Lane(node.A), Lane(node.B), IsPositive(node.A), IsPositive(node.B)),
        Operation.Exp => Exponentials.Exp(Lane(node.A)),
        Operation.Log => Exponentials.Log(Lane(node.A)),
        Operation.Pow => Exponentials.Pow(Lane(node.A), Lane(node.B)),
        _ => throw new InvalidOperationException($"{node.Operation} is not an elementary function."),
    };

    private bool IsPositive(int node) => _graph[node].Operation is Operation.Abs or Operation.Sqrt or Operation.Exp;

    private Lane Lane(int node) => new(_builder, _operands[node]);

    private static Opcode DirectOpcode(Operation operation) => operation switch
    {
        Operation.Add => Opcode.Add,
        Operation.Subtract => Opcode.Subtract,
        Operation.Multiply => Opcode.Multiply,
        Operation.Divide => Opcode.Divide,
        Operation.Negate => Opcode.Negate,
        Operation.Abs => Opcode.Abs,
        Operation.Sqrt => Opcode.Sqrt,
        Operation.Less => Opcode.Less,
        Operation.LessOrEqual => Opcode.LessOrEqual,
        Operation.Equal => Opcode.Equal,
        Operation.And => Opcode.And,
        Operation.Or => Opcode.Or,
        Operation.Not => Opcode.Not,
        Operation.Where => Opcode.Select,
        _ => throw new InvalidOperationException($"{operation} must be expanded or given as an input before lowering."),
    };

    private static Opcode ExactOpcode(Operation operation) => operation switch
    {
        Operation.Sin => Opcode.Sin,
        Operation.Cos => Opcode.Cos,
        Operation.Tan => Opcode.Tan,
        Operation.Asin => Opcode.Asin,
        Operation.Acos => Opcode.Acos,
        Operation.Atan => Opcode.Atan,
        Operation.Atan2 => Opcode.Atan2,
        Operation.Exp => Opcode.Exp,
        Operation.Log => Opcode.Log,
        Operation.Pow => Opcode.Pow,
        _ => throw new InvalidOperationException($"{operation} is not an elementary function."),
    };
}
