using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <summary>What becomes of an output column of a stage.</summary>
internal enum StageOutputKind
{
    /// <summary>It goes to the caller.</summary>
    Result,

    /// <summary>It is added up over rows; the sum is a column of later stages.</summary>
    Sum,

    /// <summary>
    /// With the columns behind it, a position in a table; what is read there is a column of later stages.
    /// </summary>
    Lookup,

    /// <summary>With the columns behind it, a position and a cotangent for a table.</summary>
    TableGradient,
}

/// <summary>An output of a stage.</summary>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Column">Its first output column.</param>
/// <param name="Target">The result's number, or the exchange column that receives the sum or what was read.</param>
/// <param name="Key">The table and derivative, for lookups and table gradients.</param>
internal readonly record struct StageOutput(StageOutputKind Kind, int Column, int Target, LookupKey Key);

/// <summary>One kernel between two exchanges: over elements, or over the rows of an element.</summary>
/// <param name="IsRow">Over rows.</param>
/// <param name="Roots">What each output column holds.</param>
/// <param name="Outputs">What becomes of them.</param>
internal sealed record Stage(bool IsRow, Scalar[] Roots, StageOutput[] Outputs);

/// <summary>
/// Cuts a program with rows and tables into kernels. A sum over rows and a read of a table need a look at memory
/// between kernels, so whatever depends on one belongs to a later stage. Within a stage everything is recomputed from
/// columns.
/// </summary>
internal sealed class StagePlan
{
    private readonly FunctionProgram _program;
    private readonly int[] _scopes;
    private readonly int[] _levels;

    private StagePlan(FunctionProgram program)
    {
        _program = program;
        _scopes = RowScope.Of(program.Graph, program.Graph.Count);
        _levels = new int[program.Graph.Count];
    }

    /// <summary>In the order to run.</summary>
    public IReadOnlyList<Stage> Stages { get; private set; } = [];

    /// <summary>For each sum and each lookup outside rows, its exchange column.</summary>
    public Dictionary<int, int> ItemExchange { get; } = [];

    /// <summary>For each lookup inside rows, its exchange column.</summary>
    public Dictionary<int, int> RowExchange { get; } = [];

    /// <summary>Plans.</summary>
    public static StagePlan Of(FunctionProgram program)
    {
        var plan = new StagePlan(program);
        bool[] live = plan.FindLevels();
        plan.Stages = plan.MakeStages(live);
        return plan;
    }

    private bool[] FindLevels()
    {
        ExpressionGraph graph = _program.Graph;
        Scalar[] roots =
        [
            .. _program.ItemOutputs, .. _program.RowOutputs,
            .. _program.TableGradients.SelectMany(t => t.Coordinates.Append(t.Cotangent)),
        ];
        bool[] live = graph.Live(roots);
        Span<int> buffer = stackalloc int[3];
        for (int i = 0; i < live.Length; i++)
        {
            if (!live[i])
                continue;
            foreach (int operand in graph.OperandsOf(i, buffer))
                _levels[i] = Math.Max(_levels[i], _levels[operand]);
            if (graph[i].Operation is not (Operation.RowSum or Operation.Lookup))
                continue;
            _levels[i]++;
            Dictionary<int, int> exchange = _scopes[i] >= 0 ? RowExchange : ItemExchange;
            exchange.Add(i, exchange.Count);
        }

        return live;
    }

    private List<Stage> MakeStages(bool[] live)
    {
        var stages = new List<Stage>();
        int last = _levels.DefaultIfEmpty(0).Max();
        for (int level = 0; level <= last; level++)
            foreach (bool isRow in (ReadOnlySpan<bool>)[false, true])
            {
                Stage stage = MakeStage(live, level, isRow);
                if (stage.Roots.Length > 0)
                    stages.Add(stage);
            }

        if (stages.Count == 0)
            stages.Add(new(false, [], []));
        return stages;
    }

    private Stage MakeStage(bool[] live, int level, bool isRow)
    {
        var roots = new List<Scalar>();
        var outputs = new List<StageOutput>();
        void Add(StageOutputKind kind, int target, LookupKey key, params ReadOnlySpan<Scalar> columns)
        {
            outputs.Add(new(kind, roots.Count, target, key));
            roots.AddRange(columns);
        }

        Scalar[] results = isRow ? _program.RowOutputs : _program.ItemOutputs;
        for (int k = 0; k < results.Length; k++)
            if (_levels[results[k].Index] == level)
                Add(StageOutputKind.Result, k, default, results[k]);
        AddExchanges(live, level, isRow, Add);
        foreach (TableGradient table in _program.TableGradients)
            if (table.ByRow == isRow && LevelOf(table) == level)
                Add(StageOutputKind.TableGradient, 0, table.Key, [.. table.Coordinates, table.Cotangent]);
        return new(isRow, roots.ToArray(), outputs.ToArray());
    }

    private delegate void AddOutput(
        StageOutputKind kind, int target, LookupKey key, params ReadOnlySpan<Scalar> columns);

    /// <summary>Sums and lookups whose operands are ready at a level.</summary>
    private void AddExchanges(bool[] live, int level, bool isRow, AddOutput add)
    {
        ExpressionGraph graph = _program.Graph;
        for (int i = 0; i < live.Length; i++)
        {
            if (!live[i] || _levels[i] != level + 1)
                continue;
            Node node = graph[i];
            if (node.Operation == Operation.RowSum && isRow)
                add(StageOutputKind.Sum, ItemExchange[i], default, graph.At(node.A));
            else if (node.Operation == Operation.Lookup && isRow == _scopes[i] >= 0)
                add(
                    StageOutputKind.Lookup, isRow ? RowExchange[i] : ItemExchange[i], LookupKey.Unpack(node.Payload),
                    graph.OperandsOf(i, new int[3]).ToArray().Select(graph.At).ToArray());
        }
    }

    private int LevelOf(TableGradient table) =>
        table.Coordinates.Append(table.Cotangent).Max(scalar => _levels[scalar.Index]);
}
