namespace TheseusSharp.Modelling;

/// <summary>
/// Where the numbers of given variables lie in some values: found once, for many reads and writes. Good as long as no
/// variable gets its first value, or changes between one for all elements and one for each. Different elements may be
/// written by different threads.
/// </summary>
internal sealed class ResolvedValues((ValueTable Table, int Row)[] places)
{
    /// <summary>Reads the numbers of a variable in one element.</summary>
    /// <param name="number">Its place among the variables.</param>
    /// <param name="element">The element.</param>
    /// <param name="storage">Receives the numbers.</param>
    public void Read(int number, int element, Span<double> storage)
    {
        (ValueTable table, int row) = places[number];
        table.Read(row, table.Width == 1 ? 0 : element, storage);
    }

    /// <summary>Writes the numbers of a variable, which has one value for each element.</summary>
    /// <inheritdoc cref="Read"/>
    public void Write(int number, int element, ReadOnlySpan<double> storage) =>
        places[number].Table.Write(places[number].Row, element, storage);
}
