using System.Collections.Concurrent;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <summary>What is done to the values of one kind: x∘Exp(δ), and the way back to the manifold.</summary>
internal sealed unsafe partial class KindKernels
{
    private static readonly ConcurrentDictionary<(ValueKind, CompilerOptions), KindKernels> s_kernels = new();

    private readonly ValueKind _kind;
    private readonly CompiledProgram<double> _retract;
    private readonly CompiledProgram<double> _normalize;
    private readonly Lazy<CompiledProgram<double>> _retractAdjoint;

    private KindKernels(ValueKind kind, CompilerOptions options)
    {
        _kind = kind;
        _retract = Compile(kind, kind.TangentLength, kind.Retract, options);
        _normalize = Compile(kind, 0, (storage, _, result) => kind.Normalize(storage, result), options);
        _retractAdjoint = new(() => CompileAdjoint(kind, options));
    }

    private delegate void Rule(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> tangent, Span<Scalar> result);

    /// <summary>How many values a block has.</summary>
    public int Lanes => _retract.Lanes;

    /// <summary>Those of a kind; compiled once in a process.</summary>
    public static KindKernels Of(ValueKind kind, CompilerOptions options) =>
        s_kernels.GetOrAdd((kind, options), static key => new(key.Item1, key.Item2));

    /// <summary>Memory for one thread to run them.</summary>
    public Workspace<double> NewWorkspace() => new(
        Lanes, _kind.StorageLength + _kind.TangentLength,
        Math.Max(_retract.OutputColumns, _normalize.OutputColumns),
        Math.Max(_retract.ScratchColumns, _normalize.ScratchColumns));

    /// <summary>Memory for one thread to run <see cref="RetractAdjoint"/>.</summary>
    public Workspace<double> NewAdjointWorkspace() => new(
        Lanes, _kind.StorageLength + (2 * _kind.TangentLength), _retractAdjoint.Value.OutputColumns,
        _retractAdjoint.Value.ScratchColumns);

    /// <summary>target ← x∘Exp(δ), value after value.</summary>
    /// <param name="values">The values x.</param>
    /// <param name="tangents">All tangents.</param>
    /// <param name="offsets">Where in them each value's δ begins.</param>
    /// <param name="target">Receives the results; may be the values themselves.</param>
    /// <param name="count">How many values.</param>
    /// <param name="workspace">Memory.</param>
    public void Retract(
        double* values, double* tangents, int* offsets, double* target, int count, Workspace<double> workspace)
    {
        var storage = new ColumnSource<double>((nint)values, _kind.StorageLength, 0, _kind.StorageLength);
        var tangent = new ColumnSource<double>((nint)tangents, 1, (nint)offsets, _kind.TangentLength);
        double* tangentColumns = workspace.Gathered + (_kind.StorageLength * Lanes);
        for (int start = 0; start < count; start += Lanes)
        {
            int valid = Math.Min(Lanes, count - start);
            storage.Gather(start, valid, Lanes, workspace.Gathered);
            tangent.Gather(start, valid, Lanes, tangentColumns);
            Finish(_retract, start, valid, target, workspace);
        }
    }

    /// <summary>target ← the nearest values on the manifold.</summary>
    /// <inheritdoc cref="Retract"/>
    public void Normalize(double* values, double* target, int count, Workspace<double> workspace)
    {
        var storage = new ColumnSource<double>((nint)values, _kind.StorageLength, 0, _kind.StorageLength);
        for (int start = 0; start < count; start += Lanes)
        {
            int valid = Math.Min(Lanes, count - start);
            storage.Gather(start, valid, Lanes, workspace.Gathered);
            Finish(_normalize, start, valid, target, workspace);
        }
    }

    /// <summary>
    /// The gradients by x and by δ from those by x∘Exp(δ), all by tangents, all in vectors with the same offsets.
    /// </summary>
    /// <param name="values">The values x.</param>
    /// <param name="tangents">All δ.</param>
    /// <param name="cotangents">All gradients by the results.</param>
    /// <param name="offsets">Where in the vectors each value's part begins.</param>
    /// <param name="byValue">Receives the gradients by x.</param>
    /// <param name="byTangent">Receives the gradients by δ.</param>
    /// <param name="count">How many values.</param>
    /// <param name="workspace">Memory, from <see cref="NewAdjointWorkspace"/>.</param>
    public void RetractAdjoint(
        double* values, double* tangents, double* cotangents, int* offsets, double* byValue, double* byTangent,
        int count, Workspace<double> workspace)
    {
        CompiledProgram<double> program = _retractAdjoint.Value;
        int length = _kind.TangentLength;
        var storage = new ColumnSource<double>((nint)values, _kind.StorageLength, 0, _kind.StorageLength);
        var tangent = new ColumnSource<double>((nint)tangents, 1, (nint)offsets, length);
        var cotangent = new ColumnSource<double>((nint)cotangents, 1, (nint)offsets, length);
        for (int start = 0; start < count; start += Lanes)
        {
            int valid = Math.Min(Lanes, count - start);
            storage.Gather(start, valid, Lanes, workspace.Gathered);
            tangent.Gather(start, valid, Lanes, workspace.Gathered + (_kind.StorageLength * Lanes));
            cotangent.Gather(start, valid, Lanes, workspace.Gathered + ((_kind.StorageLength + length) * Lanes));
            program.Run(workspace.Gathered, null, workspace.Outputs, workspace.Scratch);
            for (int lane = 0; lane < valid; lane++)
                for (int k = 0; k < length; k++)
                {
                    byValue[offsets[start + lane] + k] = workspace.Outputs[(k * Lanes) + lane];
                    byTangent[offsets[start + lane] + k] = workspace.Outputs[((length + k) * Lanes) + lane];
                }
        }
    }

    private void Finish(
        CompiledProgram<double> program, int start, int valid, double* target, Workspace<double> workspace)
    {
        program.Run(workspace.Gathered, null, workspace.Outputs, workspace.Scratch);
        new ColumnSink<double>((nint)target, _kind.StorageLength, _kind.StorageLength)
            .Scatter(workspace.Outputs, Lanes, start, valid);
    }

    private static CompiledProgram<double> CompileAdjoint(ValueKind kind, CompilerOptions options)
    {
        ExpressionGraph graph = ExpressionGraph.Interned();
        Scalar[] storage = graph.Input(kind, 0);
        ValueKind plain = ValueKind.Vector(kind.TangentLength);
        Scalar[] tangent = graph.Input(plain, kind.StorageLength);
        Scalar[] cotangent = graph.Input(plain, kind.StorageLength + kind.TangentLength);
        var result = new Scalar[kind.StorageLength];
        kind.Retract(storage, tangent, result);
        Scalar[] moved = kind.IsGroup ? graph.Call(TangentProbe.Of(kind), result) : result;
        ReverseSweep sweep = ReverseSweep.From(graph, moved, cotangent, graph.Live(moved), sumsOverRows: false);
        Scalar[] outputs =
            [.. sweep.GradientBy(new(kind, 0)), .. sweep.GradientBy(new(plain, kind.StorageLength))];
        graph = GraphRewriter.Expand(graph, outputs);
        for (int k = 0; k < outputs.Length; k++)
            outputs[k] = graph.At(outputs[k].IndexIn(graph));
        return CompiledProgram<double>.Compile(graph, outputs, KernelInputs.Gathered(graph), options);
    }

    private static CompiledProgram<double> Compile(
        ValueKind kind, int tangentLength, Rule rule, CompilerOptions options)
    {
        ExpressionGraph graph = ExpressionGraph.Interned();
        Scalar[] storage = graph.Input(kind, 0);
        var tangent = new Scalar[tangentLength];
        for (int k = 0; k < tangentLength; k++)
            tangent[k] = graph.Input(kind.StorageLength + k);
        var result = new Scalar[kind.StorageLength];
        rule(storage, tangent, result);
        graph = GraphRewriter.Expand(graph, result);
        return CompiledProgram<double>.Compile(graph, result, KernelInputs.Gathered(graph), options);
    }
}
