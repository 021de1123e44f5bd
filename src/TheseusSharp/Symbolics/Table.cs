namespace TheseusSharp.Symbolics;

/// <summary>
/// A table of numbers on a regular grid in a trace (an image, a signed distance field): read between its points by
/// multilinear interpolation, with derivatives to the position and to the table.
/// </summary>
/// <remarks>
/// Coordinates count grid points from 0, in the order of the shape. Outside the grid the nearest edge is read and the
/// derivative by that coordinate is zero; on a grid line the derivative is that of the cell above. NaN gives NaN. The
/// derivative is constant along its coordinate within a cell: second derivatives there are mixed ones only.
/// </remarks>
public readonly struct Table : IStorable<Table, Scalar>
{
    private readonly Scalar _anchor;

    private Table(Scalar anchor) => _anchor = anchor;

    /// <summary>Null: the shape is a matter of each table.</summary>
    public static ValueKind? FixedKind => null;

    /// <inheritdoc/>
    public ValueKind Kind => throw new NotSupportedException("A table is an argument and cannot be returned.");

    /// <inheritdoc/>
    public static Table FromStorage(ReadOnlySpan<Scalar> storage) => new(storage[0]);

    /// <summary>The interpolated value at a position.</summary>
    /// <param name="coordinates">One to three, as many as the table has dimensions.</param>
    public Scalar Interpolate(params ReadOnlySpan<Scalar> coordinates)
    {
        ExpressionGraph graph = _anchor.Graph!;
        if (coordinates.Length is < 1 or > 3)
            throw new ArgumentException($"A table has 1 to 3 dimensions; {coordinates.Length} coordinates were given.", nameof(coordinates));
        Scalar.CommonGraph([_anchor, .. coordinates]);
        return graph.Lookup(new LookupKey(graph[_anchor.Index].A, 0), coordinates);
    }

    /// <inheritdoc/>
    public void CopyTo(Span<Scalar> storage) => storage[0] = _anchor;
}

/// <summary>A table of a shape; one slot stands for it.</summary>
internal sealed class TableKind(int[] shape) : FlatKind($"Table({string.Join('×', shape)})", 1)
{
    /// <summary>How many grid points there are along each coordinate.</summary>
    public int[] Shape { get; } = shape;

    /// <summary>How many numbers the table has.</summary>
    public int Count { get; } = shape.Aggregate(1, static (a, b) => checked(a * b));
}
