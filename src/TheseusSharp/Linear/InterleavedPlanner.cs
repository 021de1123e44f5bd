using System.Runtime.InteropServices;

namespace TheseusSharp.Linear;

/// <summary>Makes an <see cref="InterleavedPlan"/>.</summary>
internal sealed class InterleavedPlanner
{
    /// <summary>
    /// How many numbers the rows of a group may have: as vectors of 512 bits, half of a second-level cache of 1 MB.
    /// </summary>
    private const int GroupLength = 8192;

    private readonly SymbolicFactorization _symbolic;
    private readonly EliminationTree _tree;

    /// <summary>The size of each block row, in the order of elimination, and the first scalar of each.</summary>
    private readonly int[] _sizes;
    private readonly int[] _positions;

    /// <summary>The factor below its diagonal, by rows: the block columns of each row, ascending.</summary>
    private readonly int[] _rowStarts;
    private readonly int[] _rowColumns;

    /// <summary>Where these blocks are in the matrix, where in the factor, and where each row starts there.</summary>
    private readonly int[] _sources;
    private readonly int[] _targets;
    private readonly int[] _rowTargets;

    /// <summary>By columns: the rows of the blocks, ascending, and what number each has by rows.</summary>
    private readonly int[] _columnStarts;
    private readonly int[] _columnRows;
    private readonly int[] _columnEntries;

    private readonly List<InterleavedBlock> _blocks = [];
    private readonly List<InterleavedProduct> _products = [];
    private readonly List<InterleavedRun> _runs = [];

    private InterleavedPlanner(SymbolicFactorization symbolic)
    {
        _symbolic = symbolic;
        _tree = EliminationTree.Build(symbolic.Structure, symbolic.Order.ToArray());
        int count = _tree.Order.Length;
        _sizes = new int[count];
        _positions = new int[count + 1];
        for (int j = 0; j < count; j++)
        {
            _sizes[j] = symbolic.Structure.Sizes[_tree.Order[j]];
            _positions[j + 1] = _positions[j] + _sizes[j];
        }

        _rowStarts = new int[count + 1];
        _rowColumns = FindRows();
        _sources = FindSources();
        _targets = new int[_rowColumns.Length];
        _rowTargets = new int[count + 1];
        PlaceRows();
        _columnStarts = new int[count + 1];
        _columnRows = new int[_rowColumns.Length];
        _columnEntries = new int[_rowColumns.Length];
        SortByColumns();
    }

    /// <summary>The plan of a factorization.</summary>
    public static InterleavedPlan Plan(SymbolicFactorization symbolic) => new InterleavedPlanner(symbolic).Plan();

    /// <summary>A row has a block in each column on the way from one of the matrix's up the tree to the row.</summary>
    private int[] FindRows()
    {
        int[] position = new int[_sizes.Length], seenBy = new int[_sizes.Length];
        for (int j = 0; j < position.Length; j++)
            position[_tree.Order[j]] = j;
        var pattern = Pattern.ByLater(_symbolic.Structure, position);
        var columns = new List<int>();
        for (int i = 0; i < _sizes.Length; i++)
        {
            for (int k = pattern.Starts[i]; k < pattern.Starts[i + 1]; k++)
                for (int j = pattern.Positions[k]; j != i && seenBy[j] != i; j = _tree.Parent[j])
                {
                    seenBy[j] = i;
                    columns.Add(j);
                }

            CollectionsMarshal.AsSpan(columns)[_rowStarts[i]..].Sort();
            _rowStarts[i + 1] = columns.Count;
        }

        return [.. columns];
    }

    private int[] FindSources()
    {
        int[] sources = new int[_rowColumns.Length];
        Array.Fill(sources, InterleavedBlock.None);
        ReadOnlySpan<int> starts = _symbolic.Structure.ValueStarts;
        Pattern pattern = _tree.Pattern;
        for (int column = 0; column < _sizes.Length; column++)
            for (int k = pattern.Starts[column]; k < pattern.Starts[column + 1]; k++)
            {
                int row = pattern.Positions[k], block = pattern.Blocks[k];
                int count = _rowStarts[row + 1] - _rowStarts[row];
                int entry = Array.BinarySearch(_rowColumns, _rowStarts[row], count, column);
                sources[entry] = block >= 0 ? starts[block] : ~starts[~block];
            }

        return sources;
    }

    private void PlaceRows()
    {
        for (int i = 0; i < _sizes.Length; i++)
        {
            int target = _rowTargets[i];
            for (int k = _rowStarts[i]; k < _rowStarts[i + 1]; k++)
            {
                _targets[k] = target;
                target = checked(target + (_sizes[i] * _sizes[_rowColumns[k]]));
            }

            _rowTargets[i + 1] = checked(target + (_sizes[i] * _sizes[i]));
        }
    }

    private void SortByColumns()
    {
        foreach (int column in _rowColumns)
            _columnStarts[column + 1]++;
        for (int j = 1; j < _columnStarts.Length; j++)
            _columnStarts[j] += _columnStarts[j - 1];
        int[] next = (int[])_columnStarts.Clone();
        for (int i = 0; i < _sizes.Length; i++)
            for (int k = _rowStarts[i]; k < _rowStarts[i + 1]; k++)
            {
                int entry = next[_rowColumns[k]]++;
                (_columnRows[entry], _columnEntries[entry]) = (i, k);
            }
    }

    private InterleavedPlan Plan()
    {
        int count = _sizes.Length;
        var columns = new InterleavedColumn[count + 1];
        for (int j = 0; j < count; j++)
        {
            int offset = _symbolic.Structure.Offsets[_tree.Order[j]];
            columns[j] = new(
                _sizes[j], _positions[j], offset, _runs.Count, _rowTargets[j],
                DiagonalTarget(j));
            AddRuns(j);
        }

        columns[count] = new(0, _positions[count], 0, _runs.Count, _rowTargets[count], _rowTargets[count]);
        for (int first = 0, end; first < count; first = end)
        {
            end = GroupEnd(first);
            AddGroup(first, end);
        }

        _blocks.Add(new(0, 0, 0, InterleavedBlock.None, _products.Count));
        return new(_symbolic, columns, [.. _blocks], [.. _products], [.. _runs], _rowTargets[count]);
    }

    private void AddRuns(int row)
    {
        int first = _runs.Count;
        for (int k = _rowStarts[row]; k < _rowStarts[row + 1]; k++)
        {
            int position = _positions[_rowColumns[k]], length = _sizes[_rowColumns[k]];
            if (_runs.Count > first && _runs[^1].Position + _runs[^1].Length == position)
                _runs[^1] = _runs[^1] with { Length = _runs[^1].Length + length };
            else
                _runs.Add(new(position, length));
        }
    }

    /// <summary>Where a group ends: with the chain in the tree, or where its rows take too much memory.</summary>
    private int GroupEnd(int first)
    {
        int end = first + 1, length = RowLength(first);
        while (end < _sizes.Length && _tree.Parent[end - 1] == end)
        {
            length += RowLength(end);
            if (length > GroupLength)
                break;
            end++;
        }

        return end;
    }

    private int DiagonalTarget(int row) => _rowTargets[row + 1] - (_sizes[row] * _sizes[row]);

    private int RowLength(int row) => _rowTargets[row + 1] - _rowTargets[row];

    /// <summary>Adds the blocks of some columns: the triangle on the diagonal, then row by row.</summary>
    private void AddGroup(int first, int end)
    {
        var below = new List<(int Row, int Column, int Entry)>();
        for (int j = first; j < end; j++)
        {
            int diagonal = _symbolic.Structure.ColumnStarts[_tree.Order[j]];
            AddBlock(j, j, DiagonalTarget(j), _symbolic.Structure.ValueStarts[diagonal]);
            for (int k = _columnStarts[j]; k < _columnStarts[j + 1]; k++)
                if (_columnRows[k] < end)
                    AddBlock(_columnRows[k], j, _columnEntries[k]);
                else
                    below.Add((_columnRows[k], j, _columnEntries[k]));
        }

        below.Sort();
        foreach ((int row, int column, int entry) in below)
            AddBlock(row, column, entry);
    }

    private void AddBlock(int row, int column, int entry) => AddBlock(row, column, _targets[entry], _sources[entry]);

    /// <summary>Adds a block, and the products of what its row and the row of its column have in common.</summary>
    private void AddBlock(int row, int column, int target, int source)
    {
        int first = _products.Count;
        _blocks.Add(new(row, column, target, source, first));
        int left = _rowStarts[row], right = _rowStarts[column], rightEnd = _rowStarts[column + 1];
        while (right < rightEnd)
        {
            if (_rowColumns[left] < _rowColumns[right])
                left++; // stops before column itself, which ends the list of the row, if nothing does before
            else if (_rowColumns[left] > _rowColumns[right])
                right++;
            else
                AddProduct(first, left++, right++, row, column);
        }
    }

    private void AddProduct(int first, int left, int right, int row, int column)
    {
        int depth = _sizes[_rowColumns[left]];
        if (_products.Count > first)
        {
            InterleavedProduct last = _products[^1];
            if (last.Left + (last.Depth * _sizes[row]) == _targets[left] &&
                last.Right + (last.Depth * _sizes[column]) == _targets[right])
            {
                _products[^1] = last with { Depth = last.Depth + depth };
                return;
            }
        }

        _products.Add(new(_targets[left], _targets[right], depth));
    }
}
