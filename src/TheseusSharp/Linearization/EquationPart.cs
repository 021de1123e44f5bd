using TheseusSharp.Linear;

namespace TheseusSharp.Linearization;

/// <summary>Some block columns of H, and the entries of g that belong to them.</summary>
/// <param name="parts">All parts.</param>
/// <param name="number">Which one.</param>
internal readonly struct EquationPart(EquationParts parts, int number)
{
    /// <summary>Whether a block whose numbers start somewhere is in this part; not if it is nowhere.</summary>
    public bool HasBlock(int start) => start >= 0 && parts.OfBlock(start) == number;

    /// <summary>Whether the entries of g that start somewhere are in this part; not if they are nowhere.</summary>
    public bool HasGradient(int offset) => offset >= 0 && parts.OfGradient(offset) == number;
}

/// <summary>
/// Divides the block columns of H into parts to which cost functions contribute about as much each, and few of them to
/// two: in the order in which a breadth-first search from a remote variable meets them.
/// </summary>
internal sealed class EquationParts
{
    private readonly BlockStructure _structure;
    private readonly int[] _partOfColumn;

    /// <summary>Divides.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="count">How many parts.</param>
    public EquationParts(LinearizationPlan plan, int count)
    {
        _structure = plan.Structure;
        _partOfColumn = Divide(LevelOrder.Of(_structure), Contributions(plan), count);
        Parts = [.. Enumerable.Range(0, count).Select(number => new EquationPart(this, number))];
    }

    public EquationPart[] Parts { get; }

    /// <summary>Which part has the block whose numbers start somewhere.</summary>
    public int OfBlock(int start) => _partOfColumn[ColumnOf(start)];

    /// <summary>Which part has the entries of g that start somewhere.</summary>
    public int OfGradient(int offset) => _partOfColumn[_structure.Offsets.BinarySearch(offset)];

    private int ColumnOf(int start)
    {
        int block = _structure.ValueStarts.BinarySearch(start), found = _structure.ColumnStarts.BinarySearch(block);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>How many numbers cost functions contribute to each block column.</summary>
    private long[] Contributions(LinearizationPlan plan)
    {
        long[] columns = new long[_structure.Count];
        foreach (GroupPlan group in plan.Groups)
            foreach (BlockTarget target in group.Blocks)
                for (int cost = 0; cost < group.Count; cost++)
                    if (target[cost] is { IsThere: true, Start: var start })
                        columns[ColumnOf(start)] += target.Length;
        return columns;
    }

    private static int[] Divide(int[] order, long[] weights, int count)
    {
        long total = weights.Sum(), sum = 0;
        int[] parts = new int[order.Length];
        foreach (int column in order)
        {
            parts[column] = (int)Math.Min(count - 1, sum * count / Math.Max(1, total));
            sum += weights[column];
        }

        return parts;
    }
}
