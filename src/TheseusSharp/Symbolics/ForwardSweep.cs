namespace TheseusSharp.Symbolics;

/// <summary>Forward differentiation: carries the tangents of one direction from the inputs to every node.</summary>
internal sealed class ForwardSweep
{
    private readonly ExpressionGraph _graph;
    private readonly int _count;
    private readonly Scalar[] _tangents;
    private readonly Scalar[]?[] _callTangents;

    private ForwardSweep(ExpressionGraph graph, int count)
    {
        _graph = graph;
        _count = count;
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
        var sweep = new ForwardSweep(graph, live.Length);
        sweep.Run(variable, coordinate, live);
        var result = new Scalar[outputs.Length];
        for (int k = 0; k < result.Length; k++)
            result[k] = outputs[k].Graph is null ? 0 : sweep._tangents[outputs[k].Index];
        return result;
    }

    private void Run(DifferentiationVariable variable, int coordinate, bool[] live)
    {
        var seed = new Scalar[variable.Kind.TangentLength];
        seed[coordinate] = 1;
        Scalar[] storageSeed = StorageSeed(variable, seed);
        for (int i = 0; i < _count; i++)
        {
            if (!live[i])
                continue;
            Node node = _graph[i];
            if (node.Operation == Operation.Call)
                _callTangents[i] = OfCall(_graph.CallOf(i), i, variable, seed);
            else if (node.Operation == Operation.Input)
                _tangents[i] = OfInput(node, variable, storageSeed);
            else
                _tangents[i] = OfScalar(node, i);
        }
    }

    /// <summary>
    /// How the plain inputs of the variable move; differs from the seed for a group read through its storage.
    /// </summary>
    private Scalar[] StorageSeed(DifferentiationVariable variable, Scalar[] seed)
    {
        var storage = new Scalar[variable.Kind.StorageLength];
        var result = new Scalar[variable.Kind.StorageLength];
        if (variable.Kind.IsGroup)
            for (int k = 0; k < storage.Length; k++)
                storage[k] = _graph.Input(variable.Slot + k);
        variable.Kind.Lift(storage, seed, result);
        return result;
    }

    private static Scalar OfInput(Node node, DifferentiationVariable variable, Scalar[] storageSeed)
    {
        int offset = node.A - variable.Slot;
        return offset >= 0 && offset < storageSeed.Length ? storageSeed[offset] : 0;
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
    private Scalar[]? OfCall(GroupCall call, int index, DifferentiationVariable variable, Scalar[] seed)
    {
        if (call.Operation is GroupInput input)
            return input.Slot == variable.Slot ? seed : null;
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
}
