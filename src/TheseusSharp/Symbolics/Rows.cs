namespace TheseusSharp.Symbolics;

/// <summary>
/// A row array in a trace: the same expression for each row of auxiliary data (data points, pixels), traced once and
/// never unrolled. Indexing gives the current row's columns; what is computed from them varies by row.
/// </summary>
/// <remarks>
/// Return rows from the lambda with <see cref="Of"/>, or add them up with <see cref="Sum"/>. A scalar that varies by
/// row cannot be returned by itself. All row arrays of a function have the same number of rows; rows do not nest.
/// </remarks>
/// <example><c>(Scalar a, Scalar b, Rows xy) => Rows.Of(xy[1] - a * Scalar.Exp(b * xy[0]))</c></example>
public readonly struct Rows : IStorable<Rows, Scalar>
{
    private readonly Scalar[] _columns;

    private Rows(Scalar[] columns) => _columns = columns;

    /// <summary>Null: the number of columns is a matter of each array.</summary>
    public static ValueKind? FixedKind => null;

    /// <inheritdoc/>
    public ValueKind Kind => new RowsKind(_columns.Length);

    /// <summary>How many columns there are.</summary>
    public int Columns => _columns.Length;

    /// <summary>A column of the current row.</summary>
    public Scalar this[int column] => _columns[column];

    /// <inheritdoc/>
    public static Rows FromStorage(ReadOnlySpan<Scalar> storage) => new(storage.ToArray());

    /// <summary>A result with a row for each row of the data.</summary>
    /// <param name="columns">Its columns at the current row.</param>
    public static Rows Of(params ReadOnlySpan<Scalar> columns) => new(columns.ToArray());

    /// <summary>
    /// The sum over all rows of an expression; of one that does not vary by row, the number of rows times it.
    /// </summary>
    /// <param name="term">The expression at the current row.</param>
    /// <exception cref="ArgumentException">The expression is a literal, or the function has no row array: nothing says
    /// how
    /// many rows there are.</exception>
    public static Scalar Sum(Scalar term)
    {
        if (term.Graph is not { } graph)
            throw new ArgumentException(
                $"The sum over rows of the literal {term}: multiply it by the number of rows instead.", nameof(term));
        if (!HasRows(graph))
            throw new ArgumentException(
                "A sum over rows in a function without a row array: take one as an argument.", nameof(term));
        return graph.RowSum(term, RowScope.Axis);
    }

    /// <inheritdoc/>
    public void CopyTo(Span<Scalar> storage) => _columns.CopyTo(storage);

    /// <summary>Row arrays are arguments: their columns are recorded before anything that the lambda does.</summary>
    private static bool HasRows(ExpressionGraph graph)
    {
        foreach (Node node in graph.Nodes)
            if (node.Operation == Operation.RowInput)
                return true;
        return false;
    }
}

/// <summary>A row array with some columns.</summary>
internal sealed class RowsKind(int columns) : FlatKind($"Rows({columns})", columns);
