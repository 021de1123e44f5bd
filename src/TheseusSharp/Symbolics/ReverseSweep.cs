namespace TheseusSharp.Symbolics;

/// <summary>Reverse differentiation: carries gradients from the outputs back to every node.</summary>
internal sealed class ReverseSweep
{
    private readonly ExpressionGraph _graph;
    private readonly bool[] _live;
    private readonly int[] _scopes;
    private readonly Cotangent[] _scalars;
    private readonly Cotangent[]?[] _calls;

    private ReverseSweep(ExpressionGraph graph, bool[] live)
    {
        _graph = graph;
        _live = live;
        _scopes = RowScope.Of(graph, live.Length);
        _scalars = new Cotangent[live.Length];
        _calls = new Cotangent[]?[live.Length];
    }

    /// <summary>How the gradient of a row-dependent output treats what all rows share.</summary>
    private bool SumsOverRows { get; init; }

    /// <summary>The nodes whose cotangent is a contribution to a table.</summary>
    public List<(int Node, Scalar Cotangent)> Lookups { get; } = [];

    /// <summary>Runs back from weighted outputs.</summary>
    /// <param name="graph">An interned graph; the gradients are added to it.</param>
    /// <param name="outputs">What is differentiated.</param>
    /// <param name="weights">The gradient by each output.</param>
    /// <param name="live">Which nodes the outputs need.</param>
    /// <param name="sumsOverRows">
    /// True for the gradient of a sum over rows; false for the derivative of each row by itself.
    /// </param>
    public static ReverseSweep From(
        ExpressionGraph graph, ReadOnlySpan<Scalar> outputs, ReadOnlySpan<Scalar> weights, bool[] live,
        bool sumsOverRows)
    {
        var sweep = new ReverseSweep(graph, live) { SumsOverRows = sumsOverRows };
        for (int k = 0; k < outputs.Length; k++)
            if (outputs[k].Graph is not null)
                sweep.Contribute(outputs[k].Index, Cotangent.Of(weights[k]), VariesByRow(weights[k]));
        for (int i = live.Length - 1; i >= 0; i--)
            if (live[i])
                sweep.Visit(i);
        return sweep;
    }

    /// <summary>The gradient by a variable's tangent.</summary>
    public Scalar[] GradientBy(DifferentiationVariable variable)
    {
        var storage = new Scalar[variable.Kind.StorageLength];
        var cotangent = new Scalar[variable.Kind.StorageLength];
        var tangent = new Scalar[variable.Kind.TangentLength];
        int count = _live.Length;
        for (int i = 0; i < count; i++)
        {
            Node node = _graph[i];
            if (!_live[i])
                continue;
            int offset = node.A - variable.Slot;
            if (node.Operation == Operation.Input && offset >= 0 && offset < storage.Length)
                cotangent[offset] += _scalars[i].Value;
            else if (node.Operation == Operation.Call && IsInput(i, variable) && _calls[i] is { } typed)
                AddValues(tangent, typed);
        }

        if (!variable.Kind.IsGroup)
            return cotangent;
        for (int k = 0; k < storage.Length; k++)
            storage[k] = _graph.Input(variable.Slot + k);
        return ProjectedOnto(variable.Kind, storage, cotangent, tangent);
    }

    /// <summary>The gradient by a scalar node on the way.</summary>
    public Scalar GradientByNode(Scalar node) => node.Graph is null ? 0 : _scalars[node.Index].Value;

    /// <summary>The gradient by a column of a row array, at each row.</summary>
    public Scalar GradientByRow(int column)
    {
        Scalar sum = 0;
        for (int i = 0; i < _live.Length; i++)
            if (_live[i] && _graph[i].Operation == Operation.RowInput && _graph[i].A == column)
                sum += _scalars[i].Value;
        return sum;
    }

    private bool IsInput(int node, DifferentiationVariable variable) =>
        _graph.CallOf(node).Operation is GroupInput input && input.Slot == variable.Slot;

    private static void AddValues(Scalar[] sum, Cotangent[] cotangents)
    {
        for (int k = 0; k < sum.Length; k++)
            sum[k] += cotangents[k].Value;
    }

    private static Scalar[] ProjectedOnto(ValueKind kind, Scalar[] storage, Scalar[] cotangent, Scalar[] tangent)
    {
        if (Array.TrueForAll(cotangent, c => c.Is(0)))
            return tangent;
        var projected = new Scalar[kind.TangentLength];
        kind.Project(storage, cotangent, projected);
        for (int k = 0; k < projected.Length; k++)
            projected[k] += tangent[k];
        return projected;
    }

    /// <summary>Weights are inputs: either one for the element, or a column of a row array.</summary>
    private static bool VariesByRow(Scalar weight) => weight.Graph?[weight.Index].Operation == Operation.RowInput;

    private void Visit(int index)
    {
        Node node = _graph[index];
        if (node.Operation == Operation.Call)
        {
            VisitCall(index);
            return;
        }

        Cotangent cotangent = _scalars[index];
        if (!cotangent.IsPresent || cotangent.RawValue.Is(0))
            return;
        switch (node.Operation)
        {
            case Operation.Component:
                Accumulate(ref StorageCotangents(node.A)[node.B], cotangent);
                break;
            case Operation.Where:
                Choose(index, new Mask<Scalar>(_graph.At(node.A)), cotangent, node.B, node.C);
                break;
            case Operation.Min:
                Choose(index, _graph.At(node.A) < _graph.At(node.B), cotangent, node.A, node.B);
                break;
            case Operation.Max:
                Choose(index, _graph.At(node.A) > _graph.At(node.B), cotangent, node.A, node.B);
                break;
            case Operation.RowSum:
                Contribute(node.A, cotangent, summed: true);
                break;
            default:
                ContributePartials(index, cotangent);
                break;
        }
    }

    private void Choose(int index, Mask<Scalar> condition, Cotangent cotangent, int whenTrue, int whenFalse)
    {
        bool fromRow = _scopes[index] >= 0;
        Contribute(whenTrue, cotangent.Under(condition), fromRow);
        Contribute(whenFalse, cotangent.Under(!condition), fromRow);
    }

    private void ContributePartials(int index, Cotangent cotangent)
    {
        if (_graph[index].Operation == Operation.Lookup)
            Lookups.Add((index, cotangent.Value));
        Span<int> buffer = stackalloc int[3];
        ReadOnlySpan<int> operands = _graph.OperandsOf(index, buffer);
        for (int k = 0; k < operands.Length; k++)
            if (_graph[operands[k]].Operation != Operation.Literal)
                Contribute(operands[k], cotangent.With(cotangent.RawValue * Partials.Of(_graph, index, k)),
                    _scopes[index] >= 0);
    }

    /// <summary>Adds to an operand's cotangent; what a row gives to something that all rows share is summed.</summary>
    private void Contribute(int operand, Cotangent cotangent, bool summed) =>
        Accumulate(ref _scalars[operand], AcrossScopes(operand, cotangent, summed));

    private Cotangent AcrossScopes(int operand, Cotangent cotangent, bool fromRow)
    {
        if (!SumsOverRows || !fromRow || _scopes[operand] >= 0)
            return cotangent;
        return Cotangent.Of(_graph.RowSum(cotangent.Value, RowScope.Axis));
    }

    private void VisitCall(int index)
    {
        GroupCall call = _graph.CallOf(index);
        Cotangent[]? typed = TotalCotangent(index, call);
        if (typed is null || call.Operation is GroupInput)
            return;
        var values = new Scalar[typed.Length];
        Cotangent common = Cotangent.Align(typed, values);
        var cotangents = new Scalar[call.Operation.Parameters.Sum(kind => kind.TangentLength)];
        call.Operation.Pull(_graph.ArgumentsOf(call), _graph.Components(index), values, cotangents);
        Distribute(call, index, common, cotangents);
    }

    private void Distribute(GroupCall call, int index, Cotangent common, ReadOnlySpan<Scalar> cotangents)
    {
        bool fromRow = _scopes[index] >= 0;
        int operand = 0;
        foreach (ValueKind kind in call.Operation.Parameters)
        {
            for (int k = 0; k < kind.TangentLength; k++)
            {
                Cotangent part = common.With(cotangents[k]);
                if (!kind.IsGroup)
                {
                    Contribute(call.Operands[operand + k], part, fromRow);
                    continue;
                }

                ref Cotangent target = ref CallCotangents(call.Operands[operand])[k];
                Accumulate(ref target, AcrossScopes(call.Operands[operand], part, fromRow));
            }

            operand += kind.IsGroup ? 1 : kind.StorageLength;
            cotangents = cotangents[kind.TangentLength..];
        }
    }

    /// <summary>
    /// The gradient by a call's result tangent: what calls gave, and what reads of its storage gave, projected.
    /// </summary>
    private Cotangent[]? TotalCotangent(int index, GroupCall call)
    {
        Cotangent[]? all = _calls[index];
        if (all is null)
            return null;
        ValueKind kind = call.Operation.Result;
        ReadOnlySpan<Cotangent> storage = all.AsSpan(kind.TangentLength);
        var values = new Scalar[kind.StorageLength];
        Cotangent common = Cotangent.Align(storage, values);
        var total = all[..kind.TangentLength];
        if (!common.IsPresent)
            return total;
        var projected = new Scalar[kind.TangentLength];
        kind.Project(_graph.Components(index), values, projected);
        for (int k = 0; k < total.Length; k++)
            total[k] = total[k].Plus(common.With(projected[k]));
        return _calls[index] = total;
    }

    /// <summary>The cotangents of a call's result: by its tangent first, then by its storage.</summary>
    private Cotangent[] CallCotangents(int call)
    {
        ValueKind kind = _graph.CallOf(call).Operation.Result;
        return _calls[call] ??= new Cotangent[kind.TangentLength + kind.StorageLength];
    }

    private Span<Cotangent> StorageCotangents(int call) =>
        CallCotangents(call).AsSpan(_graph.CallOf(call).Operation.Result.TangentLength);

    private static void Accumulate(ref Cotangent sum, Cotangent cotangent) => sum = sum.Plus(cotangent);
}
