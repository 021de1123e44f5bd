using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <summary>A parameter of a function.</summary>
/// <param name="Index">Its place in the lambda.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Slot">Its first input slot; a row array's first column.</param>
internal sealed record Parameter(int Index, ValueKind Kind, int Slot)
{
    public bool IsRows => Kind is RowsKind;

    public bool IsTable => Kind is TableKind;

    public bool IsDifferentiable => !IsRows && !IsTable;

    /// <summary>How many numbers one element of the batch has; for a row array, one row of it.</summary>
    public int Length => Kind is TableKind table ? table.Count : Kind.StorageLength;
}

/// <summary>What a lambda did: its parameters, its graph and its result.</summary>
internal sealed class FunctionTrace
{
    private readonly List<Parameter> _parameters = [];
    private readonly Queue<ValueKind> _shapes;
    private int _inputSlots;
    private int _rowColumns;

    public FunctionTrace(ReadOnlySpan<Shape> shapes)
    {
        _shapes = new(shapes.Length);
        foreach (Shape shape in shapes)
            _shapes.Enqueue(shape.Kind);
    }

    public ExpressionGraph Graph { get; } = ExpressionGraph.Trace();

    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>How many scalar input slots there are; row columns are counted apart.</summary>
    public int InputSlots => _inputSlots;

    public int RowColumns => _rowColumns;

    public ValueKind ResultKind { get; private set; } = ValueKind.Vector(1);

    public Scalar[] Result { get; private set; } = [];

    /// <summary>What is differentiated: the result itself, or its tangent if it is a group element.</summary>
    public Scalar[] Differentiated { get; private set; } = [];

    /// <summary>The next argument for the lambda.</summary>
    public TArgument Argument<TArgument>()
        where TArgument : IStorable<TArgument, Scalar>
    {
        ValueKind kind = TArgument.FixedKind ?? NextShape<TArgument>();
        bool isRows = kind is RowsKind;
        var parameter = new Parameter(_parameters.Count, kind, isRows ? _rowColumns : _inputSlots);
        _parameters.Add(parameter);
        if (!isRows)
        {
            _inputSlots += kind.StorageLength;
            return TArgument.FromStorage(Graph.Input(kind, parameter.Slot));
        }

        _rowColumns += kind.StorageLength;
        var columns = new Scalar[kind.StorageLength];
        for (int k = 0; k < columns.Length; k++)
            columns[k] = Graph.RowInput(parameter.Slot + k, RowScope.Axis);
        return TArgument.FromStorage(columns);
    }

    /// <summary>Takes the lambda's result.</summary>
    public FunctionTrace Returns<TResult>(TResult result)
        where TResult : IStorable<TResult, Scalar>
    {
        if (_shapes.Count > 0)
            throw new ArgumentException($"{_shapes.Count} more shapes were given than arguments need one.");
        ResultKind = result.Kind;
        Result = new Scalar[ResultKind.StorageLength];
        result.CopyTo(Result);
        for (int k = 0; k < Result.Length; k++)
            Result[k] = Graph.At(Result[k].IndexIn(Graph));
        CheckScopes();
        Differentiated = ResultKind.IsGroup ? Graph.Call(TangentProbe.Of(ResultKind), Result) : Result;
        return this;
    }

    private ValueKind NextShape<TArgument>()
    {
        string type = typeof(TArgument).Name.Split('`')[0];
        if (!_shapes.TryDequeue(out ValueKind? kind))
            throw new ArgumentException(
                $"Argument {_parameters.Count} is a {type}, whose shape its type does not tell: pass a Shape for it.");
        bool fits = kind switch
        {
            RowsKind => typeof(TArgument) == typeof(Rows),
            TableKind => typeof(TArgument) == typeof(Table),
            _ => typeof(TArgument) != typeof(Rows) && typeof(TArgument) != typeof(Table),
        };
        return fits ? kind : throw new ArgumentException(
            $"Argument {_parameters.Count} is a {type}, but the shape given for it is {kind}: pass Shape.{type}.");
    }

    private void CheckScopes()
    {
        if (ResultKind is RowsKind && !_parameters.Exists(parameter => parameter.IsRows))
            throw new ArgumentException(
                "Rows are returned by a function without a row array: take one as an argument.");
        if (ResultKind is RowsKind)
            return;
        int[] scopes = RowScope.Of(Graph, Graph.Count);
        if (Array.Exists(Result, scalar => scopes[scalar.Index] != RowScope.Item))
            throw new ArgumentException(
                "The result varies by row: return it with Rows.Of, or add it up with Rows.Sum.");
    }
}
