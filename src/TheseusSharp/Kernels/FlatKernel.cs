using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <summary>A part without rows or tables: one kernel over blocks of elements.</summary>
internal sealed unsafe class FlatKernel<T> : IPartKernel<T>
    where T : unmanaged
{
    private readonly CompiledProgram<T> _program;
    private readonly FunctionTrace _trace;
    private readonly bool[] _tiled;
    private readonly int _gatheredColumns;
    private readonly int _tiledColumns;
    private Workspace<T>? _spare;

    /// <summary>Compiles.</summary>
    public FlatKernel(FunctionTrace trace, FunctionProgram program, bool[] tiled, CompilerOptions options)
    {
        _trace = trace;
        _tiled = tiled;
        _gatheredColumns = trace.InputSlots + trace.Result.Length;
        _tiledColumns = trace.Parameters.Where(parameter => tiled[parameter.Index]).Sum(parameter => parameter.Length);
        _program = CompiledProgram<T>.Compile(program.Graph, program.ItemOutputs, Inputs(program.Graph), options);
    }

    /// <inheritdoc/>
    public KernelReport Report => _program.Report;

    /// <inheritdoc/>
    public int Lanes => _program.Lanes;

    /// <inheritdoc/>
    public void Run(
        BoundArguments<T> arguments, ColumnSource<T>? cotangents, ReadOnlySpan<ColumnSink<T>> items,
        ReadOnlySpan<ColumnSink<T>> rows,
        ReadOnlySpan<nint> tables)
    {
        if (arguments.Tile is { } given && (given.Columns != _tiledColumns || given.Lanes != Lanes))
            throw new ArgumentException(
                $"The tiled arguments have {given.Columns} columns of {given.Lanes} lanes; this function takes " +
                $"{_tiledColumns} columns of {Lanes} lanes: make them with its own Tile.");
        Workspace<T> workspace = Interlocked.Exchange(ref _spare, null)
            ?? new(Lanes, _gatheredColumns, _program.OutputColumns, _program.ScratchColumns);
        fixed (T* tiles = arguments.Tile?.Data)
        {
            // A tile of one element has it in every lane, and serves every block.
            nint pitch = arguments.Tile is { Count: > 1 } several ? (nint)several.Columns * Lanes : 0;
            T* tile = tiles;
            for (int start = 0; start < arguments.Count; start += Lanes, tile += pitch)
            {
                int valid = Math.Min(Lanes, arguments.Count - start);
                Gather(arguments, cotangents, start, valid, workspace.Gathered);
                _program.Run(workspace.Gathered, tile, workspace.Outputs, workspace.Scratch);
                Scatter(items, start, valid, workspace.Outputs);
            }
        }

        workspace.KeepAlive();
        _spare = workspace;
    }

    private void Gather(BoundArguments<T> arguments, ColumnSource<T>? cotangents, int start, int valid, T* gathered)
    {
        ReadOnlySpan<ColumnSource<T>> sources = arguments.Sources;
        for (int k = 0; k < sources.Length; k++)
            if (!_tiled[k] && (start == 0 || !sources[k].IsShared))
                sources[k].Gather(start, valid, Lanes, gathered + (_trace.Parameters[k].Slot * Lanes));
        if (cotangents is { } weights && (start == 0 || !weights.IsShared))
            weights.Gather(start, valid, Lanes, gathered + (_trace.InputSlots * Lanes));
    }

    private void Scatter(ReadOnlySpan<ColumnSink<T>> sinks, int start, int valid, T* outputs)
    {
        foreach (ColumnSink<T> sink in sinks)
        {
            sink.Scatter(outputs, Lanes, start, valid);
            outputs += sink.Length * Lanes;
        }
    }

    private Dictionary<int, Operand> Inputs(ExpressionGraph graph)
    {
        var slots = new Operand[_gatheredColumns];
        for (int slot = 0; slot < slots.Length; slot++)
            slots[slot] = new(OperandKind.Gathered, slot);
        int tiledColumn = 0;
        foreach (Parameter parameter in _trace.Parameters)
            for (int k = 0; _tiled[parameter.Index] && k < parameter.Length; k++)
                slots[parameter.Slot + k] = new(OperandKind.Tiled, tiledColumn++);

        var inputs = new Dictionary<int, Operand>();
        for (int i = 0; i < graph.Count; i++)
            if (graph[i].Operation == Operation.Input)
                inputs.Add(i, slots[graph[i].A]);
        return inputs;
    }
}
