using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <summary>
/// A part with rows or tables: kernels in stages, and between them sums over rows and reads of tables.
/// </summary>
/// <remarks>
/// A stage over rows has its lanes across the rows of one element, with everything else spread. Sums run row by row, so
/// they do not depend on the vector width.
/// </remarks>
internal sealed class StagedKernel<T> : IPartKernel<T>
    where T : unmanaged
{
    private readonly FunctionTrace _trace;
    private readonly StagePlan _plan;
    private readonly CompiledProgram<T>[] _programs;
    private readonly Dictionary<int, Parameter> _tables;
    private StagedMemory<T>? _spare;

    /// <summary>Compiles every stage.</summary>
    public StagedKernel(FunctionTrace trace, FunctionProgram program, CompilerOptions options)
    {
        _trace = trace;
        _plan = StagePlan.Of(program);
        Parameters = [.. trace.Parameters];
        _tables = trace.Parameters.Where(parameter => parameter.IsTable).ToDictionary(parameter => parameter.Slot);
        ItemColumns = trace.InputSlots + trace.Result.Length + _plan.ItemExchange.Count;
        RowColumns = trace.RowColumns + trace.Result.Length + _plan.RowExchange.Count;
        _programs = _plan.Stages
            .Select(stage => CompiledProgram<T>.Compile(
                program.Graph, stage.Roots, Inputs(program.Graph, stage.IsRow), options))
            .ToArray();
    }

    /// <inheritdoc/>
    public KernelReport Report => _programs.MaxBy(program => program.Report.Instructions)!.Report;

    /// <inheritdoc/>
    public int Lanes => _programs[0].Lanes;

    /// <summary>Columns shared by all rows: inputs, cotangents, exchanged values.</summary>
    internal int ItemColumns { get; }

    /// <summary>Columns that vary by row: row inputs, cotangents, exchanged values.</summary>
    internal int RowColumns { get; }

    internal int FirstItemExchange => _trace.InputSlots + _trace.Result.Length;

    internal int FirstRowExchange => _trace.RowColumns + _trace.Result.Length;

    internal StagePlan Plan => _plan;

    internal Parameter[] Parameters { get; }

    internal FunctionTrace Trace => _trace;

    /// <inheritdoc/>
    public void Run(
        BoundArguments<T> arguments, ColumnSource<T>? cotangents, ReadOnlySpan<ColumnSink<T>> items,
        ReadOnlySpan<ColumnSink<T>> rows,
        ReadOnlySpan<nint> tables)
    {
        StagedMemory<T> memory = Interlocked.Exchange(ref _spare, null) ?? new(this);
        var run = new StagedRun<T>(
            this, arguments, cotangents, items.ToArray(), rows.ToArray(), tables.ToArray(), memory);
        bool hasRows = arguments.Rows >= 0;
        int step = hasRows ? 1 : Lanes;
        for (int start = 0; start < arguments.Count; start += step)
        {
            run.Begin(start, Math.Min(step, arguments.Count - start));
            for (int k = 0; k < _programs.Length; k++)
                if (_plan.Stages[k].IsRow)
                    run.OverRows(_programs[k], _plan.Stages[k]);
                else
                    run.OverItems(_programs[k], _plan.Stages[k]);
        }

        run.End();
        _spare = memory;
    }

    /// <summary>The parameter of the table at a slot.</summary>
    internal Parameter TableAt(int slot) => _tables[slot];

    internal int MaxOutputColumns => _programs.Max(program => program.OutputColumns);

    internal int MaxScratchColumns => _programs.Max(program => program.ScratchColumns);

    /// <summary>In a row stage the columns are the rows' first, then the shared ones.</summary>
    private Dictionary<int, Operand> Inputs(ExpressionGraph graph, bool isRow)
    {
        int shared = isRow ? RowColumns : 0;
        var inputs = new Dictionary<int, Operand>();
        void Add(int node, int column) => inputs.Add(node, new(OperandKind.Gathered, column));
        for (int i = 0; i < graph.Count; i++)
        {
            Node node = graph[i];
            if (node.Operation == Operation.Input)
                Add(i, shared + node.A);
            else if (node.Operation == Operation.RowInput && isRow)
                Add(i, node.A);
            else if (_plan.ItemExchange.TryGetValue(i, out int item))
                Add(i, shared + FirstItemExchange + item);
            else if (isRow && _plan.RowExchange.TryGetValue(i, out int row))
                Add(i, FirstRowExchange + row);
        }

        return inputs;
    }
}
