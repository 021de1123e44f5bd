namespace TheseusSharp.Linear;

/// <summary>
/// The off-diagonal blocks of a structure under a renumbering: each block in the bucket of one of its two indices, the
/// other one listed.
/// </summary>
internal sealed class Pattern
{
    private Pattern(int count, int blocks)
    {
        Starts = new int[count + 1];
        Positions = new int[blocks];
        Blocks = new int[blocks];
    }

    /// <summary>How many buckets there are.</summary>
    public int Count => Starts.Length - 1;

    /// <summary>Where each bucket starts, and how many entries there are at the end.</summary>
    public int[] Starts { get; }

    /// <summary>The other index of each entry, renumbered.</summary>
    public int[] Positions { get; }

    /// <summary>
    /// The number of each entry's block; its complement if the renumbering put the block above the diagonal.
    /// </summary>
    public int[] Blocks { get; }

    /// <summary>Each block in the bucket of its later index: rows of the lower triangle.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="position">The new number of each block row.</param>
    public static Pattern ByLater(BlockStructure structure, int[] position) =>
        Sort(structure, position, isByLater: true);

    /// <summary>Each block in the bucket of its earlier index: columns of the lower triangle.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="position">The new number of each block row.</param>
    public static Pattern ByEarlier(BlockStructure structure, int[] position) =>
        Sort(structure, position, isByLater: false);

    private static Pattern Sort(BlockStructure structure, int[] position, bool isByLater)
    {
        ReadOnlySpan<int> starts = structure.ColumnStarts, rows = structure.Rows;
        var pattern = new Pattern(structure.Count, structure.BlockCount - structure.Count);
        int[] next = pattern.Starts;
        for (int j = 0; j < position.Length; j++)
            for (int k = starts[j] + 1, b = position[j]; k < starts[j + 1]; k++)
            {
                int a = position[rows[k]];
                next[isByLater == a > b ? a : b]++;
            }

        // From counts to ends; filling backwards leaves starts.
        for (int j = 1; j < next.Length; j++)
            next[j] += next[j - 1];
        for (int j = position.Length - 1; j >= 0; j--)
            for (int k = starts[j + 1] - 1, b = position[j]; k > starts[j]; k--)
            {
                int a = position[rows[k]];
                int slot = --next[isByLater == a > b ? a : b];
                pattern.Positions[slot] = isByLater == a > b ? b : a;
                pattern.Blocks[slot] = a > b ? k : ~k;
            }

        return pattern;
    }
}
