namespace TheseusSharp.Symbolics;

/// <summary>Forward differentiation: carries the tangents of one direction from the inputs to every node.</summary>
internal sealed class ForwardSweep
{
    private readonly ExpressionGraph _graph;
    private readonly int _count;
    private readonly Seed[] _seeds;
    private readonly Scalar[] _tangents;
    private readonly Scalar[]?[] _callTangents;

    private ForwardSweep(ExpressionGraph graph, int count, Seed[] seeds)
    {
        _graph = graph;
        _count = count;
        _seeds = seeds;
        _tangents = new Scalar[count];
        _callTangents = new Scalar[]?[count];
    }

    /// <summary>The derivatives of the outputs along one tangent coordinate of a variable.</summary>
    /// <param name="graph">An interned graph; the derivatives are added to it.</param>
    /// <param name="outputs">What is differentiated.</param>
    /// <param name="variable">The variable.</param>
    /// <param name="coordinate">Which of its tangent coordinates.</param>
    /// <param name="live">Which nodes the outputs need.</param>
    public static Scalar[] Along(
        ExpressionGraph graph, ReadOnlySpan<Scalar> outputs, DifferentiationVariable variable, int coordinate,
        bool[] live)
    {
        var tangent = new Scalar[variable.Kind.TangentLength];
        tangent[coordinate] = 1;
        return Along(graph, outputs, [(variable, tangent)], live);
    }

    /// <summary>The derivatives of the outputs along one direction of several variables together.</summary>
    /// <param name="graph">An interned graph; the derivatives are added to it.</param>
    /// <param name="outputs">What is differentiated.</param>
    /// <param name="direction">The variables and their tangents; other variables stand still.</param>
    /// <param name="live">Which nodes the outputs need.</param>
    public static Scalar[] Along(
        ExpressionGraph graph, ReadOnlySpan<Scalar> outputs,
        ReadOnlySpan<(DifferentiationVariable Variable, Scalar[] Tangent)> direction, bool[] live)
    {
        var seeds = new Seed[direction.Length];
        for (int k = 0; k < seeds.Length; k++)
            seeds[k] = Seed.Of(graph, direction[k].Variable, direction[k].Tangent);
        var sweep = new ForwardSweep(graph, live.Length, seeds);
        sweep.Run(live);
        var result = new Scalar[outputs.Length];
        for (int k = 0; k < result.Length; k++)
            result[k] = outputs[k].Graph is null ? 0 : sweep._tangents[outputs[k].Index];
        return result;
    }

    private void Run(bool[] live)
    {
        for (int i = 0; i < _count; i++)
        {
            if (!live[i])
                continue;
            Node node = _graph[i];
            if (node.Operation == Operation.Call)
                _callTangents[i] = OfCall(_graph.CallOf(i), i);
            else if (node.Operation == Operation.Input)
                _tangents[i] = OfInput(node);
            else
                _tangents[i] = OfScalar(node, i);
        }
    }

    private Scalar OfInput(Node node)
    {
        foreach (Seed seed in _seeds)
        {
            int offset = node.A - seed.Variable.Slot;
            if (offset >= 0 && offset < seed.Storage.Length)
                return seed.Storage[offset];
        }

        return 0;
    }

    private Scalar OfScalar(Node node, int index)
    {
        switch (node.Operation)
        {
            case Operation.Literal or Operation.RowInput:
            case Operation op when op.IsMask():
                return 0;
            case Operation.Component:
                return OfComponent(node);
            case Operation.Where:
                return Scalar.Where(new Mask<Scalar>(_graph.At(node.A)), _tangents[node.B], _tangents[node.C]);
            case Operation.Min:
                return Scalar.Where(_graph.At(node.A) < _graph.At(node.B), _tangents[node.A], _tangents[node.B]);
            case Operation.Max:
                return Scalar.Where(_graph.At(node.A) > _graph.At(node.B), _tangents[node.A], _tangents[node.B]);
            case Operation.RowSum:
                return _tangents[node.A].Is(0) ? 0 : _graph.RowSum(_tangents[node.A], (int)node.Payload);
            default:
                return SumOfPartials(index);
        }
    }

    private Scalar SumOfPartials(int index)
    {
        Scalar sum = 0;
        Span<int> buffer = stackalloc int[3];
        ReadOnlySpan<int> operands = _graph.OperandsOf(index, buffer);
        for (int k = 0; k < operands.Length; k++)
            if (!_tangents[operands[k]].Is(0))
                sum += Partials.Of(_graph, index, k) * _tangents[operands[k]];
        return sum;
    }

    private Scalar OfComponent(Node node)
    {
        Scalar[]? tangent = _callTangents[node.A];
        if (tangent is null)
            return 0;
        ValueKind kind = _graph.CallOf(node.A).Operation.Result;
        var lifted = new Scalar[kind.StorageLength];
        kind.Lift(_graph.Components(node.A), tangent, lifted);
        return lifted[node.B];
    }

    /// <summary>The tangent of a call's result; null stands for zero.</summary>
    private Scalar[]? OfCall(GroupCall call, int index)
    {
        if (call.Operation is GroupInput input)
            return Array.Find(_seeds, seed => seed.Variable.Slot == input.Slot)?.Tangent;
        Scalar[] tangents = ArgumentTangents(call, out bool any);
        if (!any)
            return null;
        var result = new Scalar[call.Operation.Result.TangentLength];
        call.Operation.Push(_graph.ArgumentsOf(call), _graph.Components(index), tangents, result);
        return result;
    }

    private Scalar[] ArgumentTangents(GroupCall call, out bool any)
    {
        var tangents = new List<Scalar>();
        any = false;
        int operand = 0;
        foreach (ValueKind kind in call.Operation.Parameters)
        {
            if (kind.IsGroup)
            {
                Scalar[]? tangent = _callTangents[call.Operands[operand++]];
                any |= tangent is not null;
                tangents.AddRange(tangent ?? new Scalar[kind.TangentLength]);
                continue;
            }

            for (int k = 0; k < kind.StorageLength; k++)
            {
                Scalar tangent = _tangents[call.Operands[operand++]];
                any |= !tangent.Is(0);
                tangents.Add(tangent);
            }
        }

        return tangents.ToArray();
    }

    /// <summary>How a variable moves.</summary>
    /// <param name="Variable">The variable.</param>
    /// <param name="Tangent">Its tangent.</param>
    /// <param name="Storage">
    /// How its plain inputs move; differs from the tangent for a group read through its storage.
    /// </param>
    private sealed record Seed(DifferentiationVariable Variable, Scalar[] Tangent, Scalar[] Storage)
    {
        public static Seed Of(ExpressionGraph graph, DifferentiationVariable variable, Scalar[] tangent)
        {
            var storage = new Scalar[variable.Kind.StorageLength];
            var moved = new Scalar[variable.Kind.StorageLength];
            if (variable.Kind.IsGroup)
                for (int k = 0; k < storage.Length; k++)
                    storage[k] = graph.Input(variable.Slot + k);
            variable.Kind.Lift(storage, tangent, moved);
            return new(variable, tangent, moved);
        }
    }
}
