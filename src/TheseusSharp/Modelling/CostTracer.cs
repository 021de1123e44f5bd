using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>Runs a cost function's lambda once on symbolic arguments, then its weight and its loss.</summary>
internal sealed class CostTracer
{
    private readonly ExpressionGraph _graph = ExpressionGraph.Trace();
    private readonly List<CostParameter> _parameters = new(4);
    private readonly List<ArgumentColumn> _arguments = new(4);
    private int _slots;

    /// <summary>The arguments so far: the lambda's, then the weight's and the loss's.</summary>
    public List<ArgumentColumn> Arguments => _arguments;

    /// <summary>The next argument for the lambda.</summary>
    public T Argument<T>(Variable<T> variable)
        where T : IStorable<T, Scalar>
    {
        ArgumentNullException.ThrowIfNull(variable);
        return T.FromStorage(Argument(ArgumentColumn.Shared(variable)));
    }

    /// <summary>The next argument for the lambda.</summary>
    public T Argument<T>(Column<T> column)
        where T : IStorable<T, Scalar> => T.FromStorage(Argument(column.Argument ?? throw new ArgumentException(
            "A column was given that is empty by default: make columns with Column.Of, Column.Shared, Column.Data.")));

    /// <summary>Finishes the trace.</summary>
    /// <param name="residual">What the lambda returned.</param>
    /// <param name="weight">The weight.</param>
    /// <param name="loss">The loss, or null.</param>
    /// <param name="name">The cost function's name, for messages.</param>
    public CostTrace Finish<TResult>(TResult residual, CostWeight weight, RobustLoss? loss, string name)
        where TResult : IStorable<TResult, Scalar>
    {
        ValueKind kind = residual.Kind;
        if (kind.IsGroup || kind is RowsKind or TableKind)
            throw new ArgumentException(
                $"Cost function '{name}' returns a {kind}. Expected numbers: a Scalar, a Vector or a Point" +
                (kind.IsGroup ? "; take the Log of a group element." : "; add rows up with Rows.Sum."));
        var entries = new Scalar[kind.StorageLength];
        residual.CopyTo(entries);
        Scalar[] weighted = weight.Apply(WeightOf(weight, entries.Length, name), entries);
        Scalar[] outputs = loss is null ? weighted : [.. weighted, .. Robust(weighted, loss)];
        return new(_graph, [.. _parameters], outputs, weighted.Length);
    }

    private Scalar[] Argument(ArgumentColumn column)
    {
        _arguments.Add(column);
        _parameters.Add(new(column.Kind, _slots, column.IsData));
        _slots += column.Kind.StorageLength;
        return _graph.Input(column.Kind, _slots - column.Kind.StorageLength);
    }

    private Scalar[] WeightOf(CostWeight weight, int dimension, string name)
    {
        int length = weight.LengthFor(dimension);
        if (weight.Variable is { } variable)
        {
            RequireLength(variable.Kind.StorageLength, $"the weight '{variable.Name}' has");
            return Argument(ArgumentColumn.Shared(variable));
        }

        if (weight.IsColumn)
            return Argument(ArgumentColumn.OfNumbers(weight.Column, ValueKind.Vector(length)));
        RequireLength(weight.Numbers.Length, "its weight has");
        var literals = new Scalar[length];
        for (int k = 0; k < length; k++)
            literals[k] = weight.Numbers[k];
        return literals;

        void RequireLength(int found, string what)
        {
            if (found != length)
                throw new ArgumentException(
                    $"Cost function '{name}' has a residual of {dimension}, so a weight of this form has {length} " +
                    $"numbers; {what} {found}.");
        }
    }

    /// <summary>What the loss is taken of, one x or as many as there are entries; then as many ρ(x).</summary>
    private Scalar[] Robust(Scalar[] weighted, RobustLoss loss)
    {
        Scalar radius = loss.LogRadius is { } logRadius
            ? Scalar.Exp(Argument(ArgumentColumn.Shared(logRadius))[0])
            : loss.Radius;
        if (loss.Control is { } control)
            radius *= Argument(ArgumentColumn.Shared(control))[0];
        Scalar[] squares = Array.ConvertAll(weighted, entry => entry * entry);
        if (!loss.IsFlat)
            squares = [squares.Aggregate((sum, square) => sum + square)];
        return [.. squares, .. squares.Select(square => loss.Rho(square, radius))];
    }
}
