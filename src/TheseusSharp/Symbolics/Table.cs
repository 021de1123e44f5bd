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
    private readonly Scalar[] _anchors;

    private Table(Scalar[] anchors) => _anchors = anchors;

    /// <summary>Null: the shape is a matter of each table.</summary>
    public static ValueKind? FixedKind => null;

    /// <inheritdoc/>
    public ValueKind Kind => throw new NotSupportedException("A table is an argument and cannot be returned.");

    /// <inheritdoc/>
    public static Table FromStorage(ReadOnlySpan<Scalar> storage) => new(storage.ToArray());

    /// <summary>The interpolated value at a position.</summary>
    /// <param name="coordinates">One to three, as many as the table has dimensions.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public Scalar Interpolate(params ReadOnlySpan<Scalar> coordinates)
    {
        if (coordinates.Length != _anchors.Length)
            throw new ArgumentException(
                $"The table has {_anchors.Length} dimensions; {coordinates.Length} coordinates were given.",
                nameof(coordinates));
        ExpressionGraph graph = Scalar.CommonGraph([.. _anchors, .. coordinates])!;
        return graph.Lookup(new LookupKey(graph[_anchors[0].Index].A, 0), coordinates);
    }

    /// <inheritdoc/>
    public void CopyTo(Span<Scalar> storage) => _anchors.CopyTo(storage);
}

/// <summary>A table of a shape; the first of its slots, one a dimension, stands for it.</summary>
internal sealed class TableKind(int[] shape) : FlatKind($"Table({string.Join('×', shape)})", shape.Length)
{
    /// <summary>How many grid points there are along each coordinate.</summary>
    public int[] Shape { get; } = shape;

    /// <summary>How many numbers the table has.</summary>
    public int Count { get; } = shape.Aggregate(1, static (a, b) => checked(a * b));
}
