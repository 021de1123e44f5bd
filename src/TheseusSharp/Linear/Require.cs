namespace TheseusSharp.Linear;

/// <summary>Checks of arguments.</summary>
internal static class Require
{
    public static void Length(int found, int expected, string name)
    {
        if (found != expected)
            throw new ArgumentException($"Expected {expected} numbers, found {found}.", name);
    }

    public static void Factored(bool isFactored)
    {
        if (!isFactored)
            throw new InvalidOperationException(
                "There is no factor to solve with: call Factor first, and heed its result.");
    }

    /// <summary>The matrix has the structure that the solver was made for: the very same, or an equal one.</summary>
    public static void Structure(BlockMatrix matrix, BlockStructure expected)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        BlockStructure found = matrix.Structure;
        if (ReferenceEquals(found, expected))
            return;
        if (!found.Sizes.SequenceEqual(expected.Sizes) ||
            !found.ColumnStarts.SequenceEqual(expected.ColumnStarts) ||
            !found.Rows.SequenceEqual(expected.Rows))
            throw new ArgumentException(
                "The matrix has another block structure than the one this solver was made for.", nameof(matrix));
    }
}
