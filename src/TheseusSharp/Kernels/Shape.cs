using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <summary>
/// The shape of an argument whose type does not tell it: a vector's length, a row array's columns, a table's grid.
/// </summary>
public readonly struct Shape
{
    private Shape(ValueKind kind) => Kind = kind;

    internal ValueKind Kind { get; }

    /// <summary>A vector.</summary>
    /// <param name="length">At least 1.</param>
    public static Shape Vector(int length) => new(ValueKind.Vector(length));

    /// <summary>A row array; the number of rows is known only when the function is called.</summary>
    /// <param name="columns">At least 1.</param>
    public static Shape Rows(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        return new(new RowsKind(columns));
    }

    /// <summary>A table on a grid, stored with the last coordinate fastest.</summary>
    /// <param name="sizes">One to three sizes, each at least 2.</param>
    /// <exception cref="ArgumentException">There are none or more than three, or one is below 2.</exception>
    public static Shape Table(params int[] sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.Length is < 1 or > 3 || sizes.Any(static size => size < 2))
            throw new ArgumentException(
                $"A table has 1 to 3 sizes of at least 2, not [{string.Join(", ", sizes)}].", nameof(sizes));
        return new(new TableKind([.. sizes]));
    }
}
