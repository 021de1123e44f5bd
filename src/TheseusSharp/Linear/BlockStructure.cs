namespace TheseusSharp.Linear;

/// <summary>
/// Which blocks of a symmetric block matrix are stored: all diagonal blocks and, of each off-diagonal pair, the one
/// below the diagonal; by columns, rows ascending, so that the first block of a column is its diagonal block.
/// Immutable.
/// </summary>
public sealed class BlockStructure
{
    private readonly int[] _sizes;
    private readonly int[] _offsets;
    private readonly int[] _columnStarts;
    private readonly int[] _rows;
    private readonly int[] _valueStarts;

    private BlockStructure(int[] sizes, int[] columnStarts, int[] rows)
    {
        _sizes = sizes;
        _columnStarts = columnStarts;
        _rows = rows;
        _offsets = new int[sizes.Length + 1];
        _valueStarts = new int[rows.Length + 1];
        checked
        {
            for (int j = 0; j < sizes.Length; j++)
            {
                _offsets[j + 1] = _offsets[j] + sizes[j];
                for (int k = columnStarts[j]; k < columnStarts[j + 1]; k++)
                    _valueStarts[k + 1] = _valueStarts[k] + (sizes[rows[k]] * sizes[j]);
            }
        }
    }

    /// <summary>How many block rows, and block columns, there are.</summary>
    public int Count => _sizes.Length;

    /// <summary>How many scalar rows, and columns, there are.</summary>
    public int Dimension => _offsets[^1];

    /// <summary>How many blocks are stored.</summary>
    public int BlockCount => _rows.Length;

    /// <summary>How many numbers the stored blocks hold.</summary>
    public int ValueCount => _valueStarts[^1];

    /// <summary>The size of each diagonal block.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>The first scalar index of each block row, and the dimension at the end.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>The first block of each column, and the number of blocks at the end.</summary>
    public ReadOnlySpan<int> ColumnStarts => _columnStarts;

    /// <summary>The block row of each block.</summary>
    public ReadOnlySpan<int> Rows => _rows;

    /// <summary>Where the numbers of each block start, and the number of numbers at the end.</summary>
    public ReadOnlySpan<int> ValueStarts => _valueStarts;

    /// <summary>The block rows of one column, ascending from the diagonal.</summary>
    /// <param name="column">The block column.</param>
    public ReadOnlySpan<int> Column(int column) => _rows.AsSpan(_columnStarts[column].._columnStarts[column + 1]);

    /// <summary>
    /// The number of the block that holds (<paramref name="i"/>, <paramref name="j"/>), or its transpose if i &lt; j.
    /// </summary>
    /// <param name="i">A block row.</param>
    /// <param name="j">A block column.</param>
    /// <returns>The block's number; −1 if it is not stored.</returns>
    public int Find(int i, int j)
    {
        (int row, int column) = i >= j ? (i, j) : (j, i);
        int found = Column(column).BinarySearch(row);
        return found < 0 ? -1 : _columnStarts[column] + found;
    }

    /// <summary>A structure from the pairs of block rows that some term couples.</summary>
    /// <param name="sizes">The size of each diagonal block, at least 1.</param>
    /// <param name="pairs">
    /// Coupled pairs: in any order, either way round, repeated or not. Diagonal blocks need no mention.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A size is less than 1, or a pair names a block that does not exist.
    /// </exception>
    /// <exception cref="OverflowException">The blocks hold more than 2³¹ numbers.</exception>
    public static BlockStructure Create(ReadOnlySpan<int> sizes, ReadOnlySpan<(int First, int Second)> pairs)
    {
        for (int j = 0; j < sizes.Length; j++)
            if (sizes[j] < 1)
                throw new ArgumentException($"Block {j} has size {sizes[j]}; sizes are at least 1.", nameof(sizes));
        int[] starts = Bucket(sizes.Length, pairs, out int[] rows);
        return new(sizes.ToArray(), Unique(starts, ref rows), rows);
    }

    /// <summary>Sorts the pairs, diagonals added, into columns.</summary>
    private static int[] Bucket(int count, ReadOnlySpan<(int First, int Second)> pairs, out int[] rows)
    {
        int[] next = new int[count + 1];
        next.AsSpan(0, count).Fill(1);
        foreach ((int first, int second) in pairs)
        {
            if ((uint)first >= (uint)count || (uint)second >= (uint)count)
                throw new ArgumentException(
                    $"The pair ({first}, {second}) names a block that is not among the {count}.", nameof(pairs));
            next[Math.Min(first, second)]++;
        }

        int total = 0;
        for (int j = 0; j <= count; j++)
            (next[j], total) = (total, total + next[j]);
        int[] starts = (int[])next.Clone();
        rows = new int[total];
        for (int j = 0; j < count; j++)
            rows[next[j]++] = j;
        foreach ((int first, int second) in pairs)
            rows[next[Math.Min(first, second)]++] = Math.Max(first, second);
        return starts;
    }

    /// <summary>Sorts each column and drops repetitions.</summary>
    private static int[] Unique(int[] starts, ref int[] rows)
    {
        int[] unique = new int[starts.Length];
        int kept = 0;
        for (int j = 0; j + 1 < starts.Length; j++)
        {
            unique[j] = kept;
            Array.Sort(rows, starts[j], starts[j + 1] - starts[j]);
            for (int k = starts[j]; k < starts[j + 1]; k++)
                if (kept == unique[j] || rows[kept - 1] != rows[k])
                    rows[kept++] = rows[k];
        }

        unique[^1] = kept;
        Array.Resize(ref rows, kept);
        return unique;
    }
}
