namespace TheseusSharp.Linear;

/// <summary>
/// Builds the fronts: their rows, what they assemble of the matrix, and how they fit into their parents.
/// </summary>
internal sealed class FrontBuilder
{
    private readonly BlockStructure _structure;
    private readonly EliminationTree _tree;

    /// <summary>In the order of elimination: positions in the order of the tree; and the reverse.</summary>
    private readonly int[] _columns;
    private readonly int[] _position;
    private readonly int[] _order;
    private readonly int[] _starts;
    private readonly int[] _parent;
    private readonly int[] _scalarStarts;
    private readonly int[] _frontOf;

    /// <summary>The block rows below the pivots of each front, ascending, one front after the other.</summary>
    private readonly int[] _rowStarts;
    private readonly int[] _rows;

    /// <summary>Where each block row starts in the panel of the front being built.</summary>
    private readonly int[] _local;
    private readonly Front[] _fronts;
    private readonly int[] _children;
    private readonly Placement[] _placements;
    private readonly Run[] _rowRuns;
    private readonly Run[] _parentRuns;
    private int _placementCount;
    private int _rowRunCount;
    private int _parentRunCount;

    private FrontBuilder(BlockStructure structure, EliminationTree tree)
    {
        _structure = structure;
        _tree = tree;
        (_columns, _starts, _parent) = Supernodes.Find(structure, tree);
        int count = structure.Count, fronts = _parent.Length;
        _order = new int[count];
        _position = new int[count];
        _scalarStarts = new int[count + 1];
        _frontOf = new int[count];
        _local = new int[count];
        _rowStarts = new int[fronts + 1];
        Reorder();
        _rows = FindRows();
        _fronts = new Front[fronts];
        _children = new int[fronts];
        _placements = new Placement[structure.BlockCount];
        _rowRuns = new Run[_rows.Length];
        _parentRuns = new Run[_rows.Length + fronts]; // each front's runs may be cut once, after the parent's pivots
    }

    /// <summary>The fronts of an elimination tree.</summary>
    public static FrontTree Build(BlockStructure structure, EliminationTree tree)
    {
        var builder = new FrontBuilder(structure, tree);
        builder.BuildFronts();
        return new(
            builder._order, builder._fronts, builder._children, builder._placements,
            builder._rowRuns[..builder._rowRunCount], builder._parentRuns[..builder._parentRunCount]);
    }

    private void Reorder()
    {
        for (int f = 0; f < _parent.Length; f++)
        {
            for (int p = _starts[f]; p < _starts[f + 1]; p++)
            {
                int block = _tree.Order[_columns[p]];
                _order[p] = block;
                _position[_columns[p]] = p;
                _frontOf[p] = f;
                _scalarStarts[p + 1] = _scalarStarts[p] + _structure.Sizes[block];
            }

            _rowStarts[f + 1] = _rowStarts[f] + _tree.Counts[_columns[_starts[f + 1] - 1]] - 1;
        }
    }

    /// <summary>
    /// A row belongs to the fronts with a block in it and to all their ancestors up to the one that eliminates it.
    /// Taken row after row, each front's rows come out in order.
    /// </summary>
    private int[] FindRows()
    {
        int[] rows = new int[_rowStarts[^1]], next = _rowStarts[..^1], seenBy = new int[_parent.Length];
        (int[] rowStarts, int[] fronts) = FrontsOfRows();
        for (int row = 0; row < _frontOf.Length; row++)
        {
            int last = _frontOf[row];
            for (int k = rowStarts[row]; k < rowStarts[row + 1]; k++)
                for (int f = fronts[k]; f != last && seenBy[f] <= row; f = _parent[f])
                {
                    seenBy[f] = row + 1;
                    rows[next[f]++] = row;
                }
        }

        return rows;
    }

    /// <summary>For each row, the fronts that eliminate the other indices of its blocks.</summary>
    private (int[] Starts, int[] Fronts) FrontsOfRows()
    {
        int[] treeStarts = _tree.Pattern.Starts, treeRows = _tree.Pattern.Positions;
        int[] starts = new int[_columns.Length + 1], fronts = new int[treeRows.Length];
        foreach (int row in treeRows)
            starts[_position[row]]++;
        for (int row = 1; row < starts.Length; row++)
            starts[row] += starts[row - 1];
        for (int column = 0; column < _columns.Length; column++)
            for (int k = treeStarts[column]; k < treeStarts[column + 1]; k++)
                fronts[--starts[_position[treeRows[k]]]] = _frontOf[_position[column]];
        return (starts, fronts);
    }

    private void BuildFronts()
    {
        int[] childStarts = FindChildren();
        for (int f = 0; f < _fronts.Length; f++)
        {
            int first = _starts[f], end = _starts[f + 1];
            int height = Locate(f);
            int pivots = _scalarStarts[end] - _scalarStarts[first];
            Front front = _fronts[f] = new()
            {
                Parent = _parent[f],
                FirstPivot = _scalarStarts[first],
                Pivots = pivots,
                Rows = height - pivots,
                Children = new(childStarts[f], childStarts[f + 1] - childStarts[f]),
            };
            (front.Placements, front.Transposed) = Place(first, end, front.Height);
            front.RowRuns = FindRowRuns(f);
            for (int k = childStarts[f]; k < childStarts[f + 1]; k++)
                JoinToParent(_children[k], end);
        }
    }

    private int[] FindChildren()
    {
        int[] starts = new int[_parent.Length + 1];
        foreach (int parent in _parent)
            if (parent >= 0)
                starts[parent]++;
        for (int f = 1; f < starts.Length; f++)
            starts[f] += starts[f - 1];
        for (int f = _parent.Length - 1; f >= 0; f--)
            if (_parent[f] >= 0)
                _children[--starts[_parent[f]]] = f;
        return starts;
    }

    /// <summary>Lays out the rows of a front's panel; returns how many there are.</summary>
    private int Locate(int f)
    {
        int height = 0;
        for (int p = _starts[f]; p < _starts[f + 1]; p++)
            height = Locate(p, height);
        for (int k = _rowStarts[f]; k < _rowStarts[f + 1]; k++)
            height = Locate(_rows[k], height);
        return height;
    }

    private int Locate(int position, int height)
    {
        _local[position] = height;
        return height + Size(position);
    }

    /// <summary>
    /// The blocks of the matrix in some columns: those as stored from the left, transposed ones from the right.
    /// </summary>
    private (Section AsStored, Section Transposed) Place(int first, int end, int height)
    {
        int[] starts = _tree.Pattern.Starts, rows = _tree.Pattern.Positions, blocks = _tree.Pattern.Blocks;
        int left = _placementCount;
        for (int p = first; p < end; p++)
            _placementCount += 1 + starts[_columns[p] + 1] - starts[_columns[p]];
        int right = _placementCount;
        var all = new Section(left, right - left);
        for (int p = first; p < end; p++)
        {
            _placements[left++] = Placed(_structure.ColumnStarts[_order[p]], p, p);
            for (int k = starts[_columns[p]]; k < starts[_columns[p] + 1]; k++)
                if (blocks[k] >= 0)
                    _placements[left++] = Placed(blocks[k], _position[rows[k]], p);
                else
                    _placements[--right] = Placed(~blocks[k], p, _position[rows[k]]);
        }

        return (all with { Length = left - all.Start }, new(right, all.End - right));

        Placement Placed(int block, int storedRow, int storedColumn)
        {
            int row = _local[Math.Max(storedRow, storedColumn)], column = _local[Math.Min(storedRow, storedColumn)];
            return new(
                _structure.ValueStarts[block], row + ((long)column * height), Size(storedRow), Size(storedColumn));
        }
    }

    private Section FindRowRuns(int f)
    {
        int start = _rowRunCount, source = _scalarStarts[_starts[f + 1]] - _scalarStarts[_starts[f]];
        for (int k = _rowStarts[f]; k < _rowStarts[f + 1]; k++)
        {
            int size = Size(_rows[k]);
            _rowRunCount = Append(_rowRuns, start, _rowRunCount, new(source, _scalarStarts[_rows[k]], size));
            source += size;
        }

        return new(start, _rowRunCount - start);
    }

    /// <summary>Finds where a child's rows are in the panel of its parent, the front being built.</summary>
    /// <param name="child">The child.</param>
    /// <param name="end">The block row after the parent's last pivot.</param>
    private void JoinToParent(int child, int end)
    {
        Front front = _fronts[child];
        int source = front.Pivots, start = _parentRunCount, k = _rowStarts[child];
        for (; k < _rowStarts[child + 1] && _rows[k] < end; k++)
            Join(_rows[k]);
        front.PivotRuns = new(start, _parentRunCount - start);
        start = _parentRunCount;
        for (; k < _rowStarts[child + 1]; k++)
            Join(_rows[k]);
        front.UpdateRuns = new(start, _parentRunCount - start);

        void Join(int row)
        {
            int size = Size(row);
            _parentRunCount = Append(_parentRuns, start, _parentRunCount, new(source, _local[row], size));
            source += size;
        }
    }

    /// <summary>Lengthens the last run of a list by another, or appends that.</summary>
    /// <returns>How many runs there are then.</returns>
    private static int Append(Run[] runs, int start, int count, Run run)
    {
        if (count > start && runs[count - 1].Target + runs[count - 1].Length == run.Target)
        {
            runs[count - 1] = runs[count - 1] with { Length = runs[count - 1].Length + run.Length };
            return count;
        }

        runs[count] = run;
        return count + 1;
    }

    private int Size(int position) => _scalarStarts[position + 1] - _scalarStarts[position];
}
