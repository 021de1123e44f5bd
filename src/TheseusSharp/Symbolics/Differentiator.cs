namespace TheseusSharp.Symbolics;

/// <summary>How a Jacobian is formed.</summary>
internal enum DifferentiationMode
{
    /// <summary>Whichever of forward and reverse needs fewer operations.</summary>
    Cheapest,

    /// <summary>One sweep for each tangent coordinate of the variables.</summary>
    Forward,

    /// <summary>One sweep for each output.</summary>
    Reverse,
}

/// <summary>Jacobians and gradients of traced expressions.</summary>
internal static class Differentiator
{
    /// <summary>The Jacobian of outputs by the tangents of variables.</summary>
    /// <param name="graph">An interned graph; the derivatives are added to it.</param>
    /// <param name="outputs">What is differentiated.</param>
    /// <param name="variables">What it is differentiated by.</param>
    /// <param name="mode">How.</param>
    /// <returns>
    /// Row-major: a row for each output, a column for each tangent coordinate of each variable in order.
    /// </returns>
    public static Scalar[] Jacobian(
        ExpressionGraph graph, Scalar[] outputs, IReadOnlyList<DifferentiationVariable> variables,
        DifferentiationMode mode)
    {
        bool[] live = graph.Live(outputs);
        switch (mode)
        {
            case DifferentiationMode.Forward:
                return Forward(graph, outputs, variables, live);
            case DifferentiationMode.Reverse when RowsFeedSums(graph, outputs, live):
                throw new NotSupportedException(
                    "Rows that depend on a sum over rows have no reverse Jacobian: it would nest rows in rows.");
            case DifferentiationMode.Reverse:
                return Reverse(graph, outputs, variables, live);
        }

        Scalar[] forward = Forward(graph, outputs, variables, live);
        if (RowsFeedSums(graph, outputs, live))
            return forward;
        Scalar[] reverse = Reverse(graph, outputs, variables, live);
        return Cost(graph, outputs, reverse) <= Cost(graph, outputs, forward) ? reverse : forward;
    }

    private static Scalar[] Forward(
        ExpressionGraph graph, Scalar[] outputs, IReadOnlyList<DifferentiationVariable> variables, bool[] live)
    {
        int columns = variables.Sum(variable => variable.Kind.TangentLength);
        var jacobian = new Scalar[outputs.Length * columns];
        int column = 0;
        foreach (DifferentiationVariable variable in variables)
            for (int coordinate = 0; coordinate < variable.Kind.TangentLength; coordinate++, column++)
            {
                Scalar[] along = ForwardSweep.Along(graph, outputs, variable, coordinate, live);
                for (int row = 0; row < outputs.Length; row++)
                    jacobian[(row * columns) + column] = along[row];
            }

        return jacobian;
    }

    private static Scalar[] Reverse(
        ExpressionGraph graph, Scalar[] outputs, IReadOnlyList<DifferentiationVariable> variables, bool[] live)
    {
        var jacobian = new List<Scalar>();
        foreach (Scalar output in outputs)
        {
            ReverseSweep sweep = ReverseSweep.From(graph, [output], [1.0], live, sumsOverRows: IsShared(graph, output));
            foreach (DifferentiationVariable variable in variables)
                jacobian.AddRange(sweep.GradientBy(variable));
        }

        return jacobian.ToArray();
    }

    private static bool IsShared(ExpressionGraph graph, Scalar output) =>
        output.Graph is null || RowScope.Of(graph, output.Index + 1)[output.Index] == RowScope.Item;

    /// <summary>
    /// Whether an output of each row depends on a sum over rows: then reverse would nest rows in rows.
    /// </summary>
    private static bool RowsFeedSums(ExpressionGraph graph, Scalar[] outputs, bool[] live) =>
        Array.Exists(outputs, output => !IsShared(graph, output))
        && Enumerable.Range(0, live.Length).Any(i => live[i] && graph[i].Operation == Operation.RowSum);

    private static int Cost(ExpressionGraph graph, Scalar[] outputs, Scalar[] jacobian)
    {
        Scalar[] roots = [.. outputs, .. jacobian];
        ExpressionGraph expanded = GraphRewriter.Expand(graph, roots);
        return expanded.CountOperations(roots);
    }
}
