namespace TheseusSharp.Symbolics;

/// <summary>
/// Copies what some roots need from one graph to another: simplifying, fusing calls, or expanding them.
/// </summary>
internal static class GraphRewriter
{
    private delegate Scalar[] CallRule(GroupOperation operation, Scalar[] arguments, int callNode);

    /// <summary>Copies into an interned graph, which simplifies and shares. Calls stay whole.</summary>
    public static ExpressionGraph Intern(ExpressionGraph source, Span<Scalar> roots)
    {
        ExpressionGraph target = ExpressionGraph.Interned();
        Rewrite(source, target, roots, (operation, arguments, _) => Record(target, operation, arguments));
        return target;
    }

    /// <summary>Replaces every call by its formula; group inputs become plain inputs.</summary>
    /// <param name="source">The graph to expand.</param>
    /// <param name="roots">What is wanted; replaced by the same in the new graph.</param>
    /// <param name="interning">Whether the result simplifies; false keeps every operation of the formulas.</param>
    public static ExpressionGraph Expand(ExpressionGraph source, Span<Scalar> roots, bool interning = true)
    {
        ExpressionGraph target = interning ? ExpressionGraph.Interned() : ExpressionGraph.Trace();
        Rewrite(source, target, roots, (operation, arguments, _) => Formula(target, operation, arguments));
        return target;
    }

    /// <summary>Lets each call absorb the calls that feed nothing else, such as products of group elements.</summary>
    public static ExpressionGraph Fuse(ExpressionGraph source, Span<Scalar> roots)
    {
        ExpressionGraph target = ExpressionGraph.Interned();
        int[] uses = CountUses(source, roots);
        var fusable = new HashSet<int>();
        Rewrite(source, target, roots, (operation, arguments, callNode) =>
        {
            Scalar[] recorded = Record(target, operation, arguments);
            if (operation is Pack)
                return recorded; // Its components are its arguments: they tell of other calls.
            Scalar[] result = FuseOperands(target, recorded, fusable);
            if (uses[callNode] == 1)
                fusable.Add(CallNodeOf(result));
            return result;
        });
        return target;
    }

    private static Scalar[] FuseOperands(ExpressionGraph graph, Scalar[] result, HashSet<int> fusable)
    {
        int node = CallNodeOf(result);
        if (node < 0)
            return result;
        GroupCall outer = graph.CallOf(node);
        for (int operand = 0; operand < outer.Operands.Length; operand++)
        {
            int inner = outer.Operands[operand];
            if (graph[inner].Operation != Operation.Call || !fusable.Contains(inner))
                continue;
            Scalar[]? fused = outer.Operation.Fuse(new Fusion(graph, outer, operand));
            if (fused is not null)
                return FuseOperands(graph, fused, fusable);
        }

        return result;
    }

    private static int CallNodeOf(Scalar[] components)
    {
        ExpressionGraph? graph = components[0].Graph;
        bool isComponent = graph is not null && graph[components[0].Index].Operation == Operation.Component;
        return isComponent ? graph![components[0].Index].A : -1;
    }

    /// <summary>
    /// How many live consumers each call has; a storage component read as a number counts as a consumer.
    /// </summary>
    private static int[] CountUses(ExpressionGraph graph, ReadOnlySpan<Scalar> roots)
    {
        bool[] live = graph.Live(roots);
        var uses = new int[graph.Count];
        Span<int> buffer = stackalloc int[3];
        for (int i = 0; i < live.Length; i++)
            if (live[i])
                foreach (int operand in graph.OperandsOf(i, buffer))
                    uses[operand]++;
        return uses;
    }

    private static Scalar[] Record(ExpressionGraph target, GroupOperation operation, Scalar[] arguments) =>
        operation is GroupInput input ? target.Input(input.Result, input.Slot) : target.Call(operation, arguments);

    private static Scalar[] Formula(ExpressionGraph target, GroupOperation operation, Scalar[] arguments)
    {
        var result = new Scalar[operation.Result.StorageLength];
        if (operation is GroupInput input)
            for (int k = 0; k < result.Length; k++)
                result[k] = target.Input(input.Slot + k);
        else
            operation.Evaluate(arguments, result);
        return result;
    }

    private static void Rewrite(ExpressionGraph source, ExpressionGraph target, Span<Scalar> roots, CallRule onCall)
    {
        bool[] live = source.Live(roots);
        var scalars = new Scalar[live.Length];
        var calls = new Scalar[live.Length][];
        for (int i = 0; i < live.Length; i++)
        {
            if (!live[i])
                continue;
            Node node = source[i];
            if (node.Operation == Operation.Call)
                calls[i] = onCall(source.CallOf(i).Operation, Arguments(source.CallOf(i), scalars, calls), i);
            else if (node.Operation == Operation.Component)
                scalars[i] = calls[node.A][node.B];
            else
                scalars[i] = Copy(target, node, scalars);
        }

        for (int k = 0; k < roots.Length; k++)
            if (roots[k].Graph is not null)
                roots[k] = scalars[roots[k].Index];
    }

    private static Scalar Copy(ExpressionGraph target, Node node, Scalar[] scalars)
    {
        int Map(int operand) => operand < 0 ? -1 : scalars[operand].IndexIn(target);
        int arity = node.Operation.Arity();
        Node copy = node with
        {
            A = arity > 0 ? Map(node.A) : node.A,
            B = arity > 1 ? Map(node.B) : node.B,
            C = arity > 2 ? Map(node.C) : node.C,
        };
        return target.At(target.Add(copy));
    }

    private static Scalar[] Arguments(GroupCall call, Scalar[] scalars, Scalar[][] calls)
    {
        var arguments = new List<Scalar>();
        int operand = 0;
        foreach (ValueKind kind in call.Operation.Parameters)
        {
            if (kind.IsGroup)
                arguments.AddRange(calls[call.Operands[operand++]]);
            else
                for (int k = 0; k < kind.StorageLength; k++)
                    arguments.Add(scalars[call.Operands[operand++]]);
        }

        return arguments.ToArray();
    }
}
