using TheseusSharp.Linear;

namespace TheseusSharp.Cholmod;

/// <summary>
/// The upper triangle of a block matrix as scalars by columns, which CHOLMOD takes with one permutation less than the
/// lower; and where each number comes from.
/// </summary>
internal sealed class ScalarPattern
{
    private ScalarPattern(int dimension, int count)
    {
        Starts = new int[dimension + 1];
        Rows = new int[count];
        Sources = new int[count];
    }

    /// <summary>
    /// Where each column starts, and how many numbers there are at the end; the last of each is diagonal.
    /// </summary>
    public int[] Starts { get; }

    /// <summary>The row of each number.</summary>
    public int[] Rows { get; }

    /// <summary>For each number, its index in the values of the block matrix.</summary>
    public int[] Sources { get; }

    /// <summary>Spreads a block structure.</summary>
    public static ScalarPattern Of(BlockStructure structure)
    {
        List<(int Column, int Block)>[] blockRows = BlocksByRow(structure);
        var pattern = new ScalarPattern(structure.Dimension, Count(structure));
        int done = 0;
        for (int i = 0; i < structure.Count; i++)
            for (int c = 0; c < structure.Sizes[i]; c++)
            {
                foreach ((int j, int block) in blockRows[i])
                    for (int r = 0; r < (i == j ? c + 1 : structure.Sizes[j]); r++, done++)
                    {
                        pattern.Rows[done] = structure.Offsets[j] + r;
                        pattern.Sources[done] = structure.ValueStarts[block] + (r * structure.Sizes[i]) + c;
                    }

                pattern.Starts[structure.Offsets[i] + c + 1] = done;
            }

        return pattern;
    }

    private static List<(int Column, int Block)>[] BlocksByRow(BlockStructure structure)
    {
        var rows = new List<(int, int)>[structure.Count];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = [];
        for (int j = 0; j < structure.Count; j++)
            for (int block = structure.ColumnStarts[j]; block < structure.ColumnStarts[j + 1]; block++)
                rows[structure.Rows[block]].Add((j, block));
        return rows;
    }

    private static int Count(BlockStructure structure)
    {
        int count = structure.ValueCount;
        foreach (int size in structure.Sizes)
            count -= size * (size - 1) / 2;
        return count;
    }
}
