using System.Globalization;

namespace TheseusSharp.Symbolics;

/// <summary>A symbolic number: what is done to it is recorded in a trace instead of computed.</summary>
/// <remarks>
/// Immutable. Scalars of one trace belong to the thread that runs the lambda. A scalar with no trace is a literal and
/// computes at once, so <c>2.0 * Scalar.Sqrt(3.0)</c> is one literal. Mixing scalars of two traces throws <see
/// cref="InvalidOperationException"/>.
/// </remarks>
public readonly struct Scalar : IScalar<Scalar>, IStorable<Scalar, Scalar>
{
    private readonly double _literal;

    internal Scalar(ExpressionGraph graph, int index)
    {
        Graph = graph;
        Index = index;
        _literal = double.NaN;
    }

    private Scalar(double literal)
    {
        _literal = literal;
        Index = -1;
    }

    /// <inheritdoc/>
    public static bool IsSymbolic => true;

    /// <inheritdoc/>
    public static ValueKind? FixedKind { get; } = ValueKind.Vector(1);

    /// <summary>The trace; null for a literal.</summary>
    internal ExpressionGraph? Graph { get; }

    /// <summary>The node in the trace.</summary>
    internal int Index { get; }

    /// <summary>The value of a literal that belongs to no trace; NaN for any other scalar.</summary>
    internal double LiteralValue => _literal;

    /// <summary>Whether this is a literal of exactly this value.</summary>
    internal bool Is(double value) =>
        Graph is null ? BitConverter.DoubleToInt64Bits(_literal) == BitConverter.DoubleToInt64Bits(value)
        : Graph.Interning && Graph[Index].IsLiteral(value);

    /// <inheritdoc/>
    public static implicit operator Scalar(double value) => new(value);

    /// <inheritdoc/>
    public static Scalar operator +(Scalar a, Scalar b) => Record(Operation.Add, a, b);

    /// <inheritdoc/>
    public static Scalar operator -(Scalar a, Scalar b) => Record(Operation.Subtract, a, b);

    /// <inheritdoc/>
    public static Scalar operator *(Scalar a, Scalar b) => Record(Operation.Multiply, a, b);

    /// <inheritdoc/>
    public static Scalar operator /(Scalar a, Scalar b) => Record(Operation.Divide, a, b);

    /// <inheritdoc/>
    public static Scalar operator -(Scalar a) => Record(Operation.Negate, a);

    /// <inheritdoc/>
    public static Mask<Scalar> operator <(Scalar a, Scalar b) => new(Record(Operation.Less, a, b));

    /// <inheritdoc/>
    public static Mask<Scalar> operator >(Scalar a, Scalar b) => new(Record(Operation.Less, b, a));

    /// <inheritdoc/>
    public static Mask<Scalar> operator <=(Scalar a, Scalar b) => new(Record(Operation.LessOrEqual, a, b));

    /// <inheritdoc/>
    public static Mask<Scalar> operator >=(Scalar a, Scalar b) => new(Record(Operation.LessOrEqual, b, a));

    /// <inheritdoc/>
    public static Mask<Scalar> EqualTo(Scalar a, Scalar b) => new(Record(Operation.Equal, a, b));

    /// <inheritdoc/>
    public static Mask<Scalar> And(Mask<Scalar> a, Mask<Scalar> b) => new(Record(Operation.And, a.Truth, b.Truth));

    /// <inheritdoc/>
    public static Mask<Scalar> Or(Mask<Scalar> a, Mask<Scalar> b) => new(Record(Operation.Or, a.Truth, b.Truth));

    /// <inheritdoc/>
    public static Mask<Scalar> Not(Mask<Scalar> a) => new(Record(Operation.Not, a.Truth));

    /// <inheritdoc/>
    public static Scalar Where(Mask<Scalar> condition, Scalar whenTrue, Scalar whenFalse) =>
        Record(Operation.Where, condition.Truth, whenTrue, whenFalse);

    /// <inheritdoc/>
    public static Scalar Sqrt(Scalar x) => Record(Operation.Sqrt, x);

    /// <inheritdoc/>
    public static Scalar Sin(Scalar x) => Record(Operation.Sin, x);

    /// <inheritdoc/>
    public static Scalar Cos(Scalar x) => Record(Operation.Cos, x);

    /// <inheritdoc/>
    public static Scalar Tan(Scalar x) => Record(Operation.Tan, x);

    /// <inheritdoc/>
    public static Scalar Asin(Scalar x) => Record(Operation.Asin, x);

    /// <inheritdoc/>
    public static Scalar Acos(Scalar x) => Record(Operation.Acos, x);

    /// <inheritdoc/>
    public static Scalar Atan(Scalar x) => Record(Operation.Atan, x);

    /// <inheritdoc/>
    public static Scalar Atan2(Scalar y, Scalar x) => Record(Operation.Atan2, y, x);

    /// <inheritdoc/>
    public static Scalar Exp(Scalar x) => Record(Operation.Exp, x);

    /// <inheritdoc/>
    public static Scalar Log(Scalar x) => Record(Operation.Log, x);

    /// <inheritdoc/>
    public static Scalar Pow(Scalar x, Scalar y) => Record(Operation.Pow, x, y);

    /// <inheritdoc/>
    public static Scalar Abs(Scalar x) => Record(Operation.Abs, x);

    /// <inheritdoc/>
    public static Scalar Min(Scalar a, Scalar b) => Record(Operation.Min, a, b);

    /// <inheritdoc/>
    public static Scalar Max(Scalar a, Scalar b) => Record(Operation.Max, a, b);

    /// <inheritdoc/>
    public static void Record(GroupOperation operation, ReadOnlySpan<Scalar> arguments, Span<Scalar> result)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ExpressionGraph? graph = CommonGraph(arguments);
        if (graph is null)
            operation.Evaluate(arguments, result);
        else
            graph.Call(operation, arguments).CopyTo(result);
    }

    /// <inheritdoc/>
    public static Scalar FromStorage(ReadOnlySpan<Scalar> storage) => storage[0];

    /// <inheritdoc/>
    public void CopyTo(Span<Scalar> storage) => storage[0] = this;

    /// <summary>The literal, or the place in the trace.</summary>
    public override string ToString() =>
        Graph is null ? _literal.ToString(CultureInfo.InvariantCulture) : Graph.Describe(Index);

    /// <summary>Records an operation in the trace of its operands, or computes it if all are literals.</summary>
    internal static Scalar Record(Operation operation, Scalar a, Scalar b = default, Scalar c = default)
    {
        int arity = operation.Arity();
        ExpressionGraph? graph = CommonGraph(a, arity > 1 ? b : a, arity > 2 ? c : a);
        if (graph is null)
            return operation.Evaluate(a._literal, b._literal, c._literal);
        int ia = a.IndexIn(graph);
        int ib = arity > 1 ? b.IndexIn(graph) : 0;
        int ic = arity > 2 ? c.IndexIn(graph) : 0;
        return new Scalar(graph, graph.Add(new Node(operation, ia, ib, ic, 0)));
    }

    /// <summary>The node that holds this scalar in a trace; a literal is added to it.</summary>
    internal int IndexIn(ExpressionGraph graph) =>
        Graph is null ? graph.Add(Node.Literal(_literal))
        : ReferenceEquals(Graph, graph) ? Index
        : throw MixedTraces();

    /// <summary>The one trace of some scalars; null if all are literals.</summary>
    internal static ExpressionGraph? CommonGraph(params ReadOnlySpan<Scalar> scalars)
    {
        ExpressionGraph? graph = null;
        foreach (Scalar scalar in scalars)
        {
            if (scalar.Graph is null || ReferenceEquals(scalar.Graph, graph))
                continue;
            if (graph is not null)
                throw MixedTraces();
            graph = scalar.Graph;
        }

        return graph;
    }

    private static InvalidOperationException MixedTraces() => new(
        "A scalar of one trace was used in another. " +
        "Expected: all operands come from the arguments of the same lambda. " +
        "Pass the value as an argument instead of capturing a symbolic scalar.");
}
