using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <summary>What a kernel of a function computes.</summary>
public enum FunctionPart
{
    /// <summary>The value.</summary>
    Value,

    /// <summary>The value and the Jacobian.</summary>
    Jacobian,

    /// <summary>The gradients of a weighted result by every argument.</summary>
    Gradient,
}

/// <summary>An expanded graph and the outputs that one part of a function needs.</summary>
/// <param name="Graph">Without calls.</param>
/// <param name="ItemOutputs">What is computed once an element.</param>
/// <param name="RowOutputs">What is computed for every row.</param>
/// <param name="TableGradients">
/// For each table slot that gets a gradient: the lookups and what flows back to each.
/// </param>
internal sealed record FunctionProgram(
    ExpressionGraph Graph, Scalar[] ItemOutputs, Scalar[] RowOutputs, IReadOnlyList<TableGradient> TableGradients);

/// <summary>A contribution to a table: a cotangent, spread over the cell that a lookup read.</summary>
/// <param name="Key">Which table, and which derivative was read.</param>
/// <param name="Coordinates">Where.</param>
/// <param name="Cotangent">What flows back.</param>
/// <param name="ByRow">Whether this happens at every row.</param>
internal sealed record TableGradient(LookupKey Key, Scalar[] Coordinates, Scalar Cotangent, bool ByRow);

/// <summary>From a trace to the graph of each part: simplify, fuse, differentiate, expand.</summary>
internal static class FunctionPrograms
{
    /// <summary>Makes a part.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="part">Which part.</param>
    /// <param name="variables">What a Jacobian is by.</param>
    /// <param name="mode">How a Jacobian is formed.</param>
    public static FunctionProgram Make(
        FunctionTrace trace, FunctionPart part, IReadOnlyList<Parameter> variables,
        DifferentiationMode mode = DifferentiationMode.Cheapest)
    {
        Scalar[] outputs = [.. trace.Result, .. Probes(trace)];
        ExpressionGraph graph = GraphRewriter.Intern(trace.Graph, outputs);
        graph = GraphRewriter.Fuse(graph, outputs);
        return part switch
        {
            FunctionPart.Value => Value(trace, graph, outputs),
            FunctionPart.Jacobian => Jacobian(trace, graph, outputs, variables, mode),
            _ => Gradient(trace, graph, outputs),
        };
    }

    /// <summary>
    /// The Jacobian taken after expansion, through every number of the groups' storage: what typed nodes save.
    /// </summary>
    public static FunctionProgram JacobianThroughStorage(
        FunctionTrace trace, IReadOnlyList<Parameter> variables, DifferentiationMode mode)
    {
        Scalar[] outputs = [.. trace.Result];
        ExpressionGraph graph = GraphRewriter.Intern(trace.Graph, outputs);
        graph = GraphRewriter.Expand(graph, outputs);
        return Jacobian(trace, graph, outputs, variables, mode);
    }

    private static Scalar[] Probes(FunctionTrace trace) => trace.ResultKind.IsGroup ? trace.Differentiated : [];

    private static Scalar[] Differentiated(FunctionTrace trace, Scalar[] outputs) =>
        outputs.Length > trace.Result.Length ? outputs[trace.Result.Length..] : outputs;

    private static FunctionProgram Value(FunctionTrace trace, ExpressionGraph graph, Scalar[] outputs)
    {
        Scalar[] values = outputs[..trace.Result.Length];
        graph = GraphRewriter.Expand(graph, values);
        return Split(trace, graph, values);
    }

    private static FunctionProgram Jacobian(
        FunctionTrace trace, ExpressionGraph graph, Scalar[] outputs, IReadOnlyList<Parameter> variables,
        DifferentiationMode mode)
    {
        DifferentiationVariable[] by = variables.Select(v => new DifferentiationVariable(v.Kind, v.Slot)).ToArray();
        Scalar[] jacobian = Differentiator.Jacobian(graph, Differentiated(trace, outputs), by, mode);
        Scalar[] all = [.. outputs[..trace.Result.Length], .. jacobian];
        graph = GraphRewriter.Expand(graph, all);
        return Split(trace, graph, all);
    }

    private static FunctionProgram Split(FunctionTrace trace, ExpressionGraph graph, Scalar[] outputs)
    {
        for (int k = 0; k < outputs.Length; k++)
            outputs[k] = graph.At(outputs[k].IndexIn(graph));
        return trace.ResultKind is RowsKind ? new(graph, [], outputs, []) : new(graph, outputs, [], []);
    }

    /// <summary>
    /// The cotangents are extra inputs behind the parameters': slots of their own, or columns if the result is rows.
    /// </summary>
    private static FunctionProgram Gradient(FunctionTrace trace, ExpressionGraph graph, Scalar[] outputs)
    {
        Scalar[] differentiated = Differentiated(trace, outputs);
        bool isRows = trace.ResultKind is RowsKind;
        var weights = new Scalar[differentiated.Length];
        bool[] live = graph.Live(differentiated);
        for (int k = 0; k < weights.Length; k++)
            weights[k] = isRows
                ? graph.RowInput(trace.RowColumns + k, RowScope.Axis)
                : graph.Input(trace.InputSlots + k);
        ReverseSweep sweep = ReverseSweep.From(graph, differentiated, weights, live, sumsOverRows: true);

        var items = new List<Scalar>();
        var rows = new List<Scalar>();
        foreach (Parameter parameter in trace.Parameters)
        {
            if (parameter.IsRows)
                for (int k = 0; k < parameter.Kind.StorageLength; k++)
                    rows.Add(sweep.GradientByRow(parameter.Slot + k));
            else if (!parameter.IsTable)
                items.AddRange(sweep.GradientBy(new(parameter.Kind, parameter.Slot)));
        }

        return Expanded(graph, items, rows, TableGradients(graph, sweep));
    }

    private static List<TableGradient> TableGradients(ExpressionGraph graph, ReverseSweep sweep)
    {
        int[] scopes = RowScope.Of(graph, graph.Count);
        var gradients = new List<TableGradient>();
        foreach ((int index, Scalar cotangent) in sweep.Lookups)
        {
            Scalar[] coordinates = graph.OperandsOf(index, new int[3]).ToArray().Select(graph.At).ToArray();
            bool byRow = scopes[index] >= 0 || (cotangent.Graph is not null && scopes[cotangent.Index] >= 0);
            gradients.Add(new(LookupKey.Unpack(graph[index].Payload), coordinates, cotangent, byRow));
        }

        return gradients;
    }

    private static FunctionProgram Expanded(
        ExpressionGraph graph, List<Scalar> items, List<Scalar> rows, List<TableGradient> tables)
    {
        Scalar[] roots = [.. items, .. rows, .. tables.SelectMany(t => t.Coordinates.Append(t.Cotangent))];
        graph = GraphRewriter.Expand(graph, roots);
        for (int k = 0; k < roots.Length; k++)
            roots[k] = graph.At(roots[k].IndexIn(graph));
        int next = items.Count + rows.Count;
        var expanded = new List<TableGradient>();
        foreach (TableGradient table in tables)
        {
            int end = next + table.Coordinates.Length;
            expanded.Add(table with { Coordinates = roots[next..end], Cotangent = roots[end] });
            next = end + 1;
        }

        return new(graph, roots[..items.Count], roots[items.Count..(items.Count + rows.Count)], expanded);
    }
}
