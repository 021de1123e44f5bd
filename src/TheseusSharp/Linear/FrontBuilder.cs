namespace TheseusSharp.Linear;

/// <summary>
/// Builds the fronts: their rows, what they assemble of the matrix, and how they fit into their parents.
/// </summary>
internal sealed class FrontBuilder
{
    private readonly BlockStructure _structure;
    private readonly List<int[]> _columns;
    private readonly int[] _order;
    private readonly int[] _position;
    private readonly int[] _scalarStarts;
    private readonly int[] _frontOf;
    private readonly List<Front> _fronts = [];
    private readonly List<List<int>> _rows = [];
    private readonly List<int>?[] _children;
    private readonly List<(int Block, int Row, int Column)>[] _entries;

    /// <summary>Of each block, the front that last counted it among its rows.</summary>
    private readonly int[] _seenBy;

    /// <summary>Where each block row starts in the panel of the front being built.</summary>
    private readonly int[] _local;

    private FrontBuilder(BlockStructure structure, EliminationTree tree)
    {
        _structure = structure;
        _columns = Supernodes.Find(structure, tree);
        _order = new int[structure.Count];
        _position = new int[structure.Count];
        _scalarStarts = new int[structure.Count + 1];
        _frontOf = new int[structure.Count];
        _seenBy = new int[structure.Count];
        _local = new int[structure.Count];
        _children = new List<int>?[_columns.Count];
        _entries = new List<(int, int, int)>[_columns.Count];
        _seenBy.AsSpan().Fill(-1);
        Reorder(tree);
        Distribute();
    }

    /// <summary>The order of elimination, and the fronts in postorder.</summary>
    public static (int[] Order, Front[] Fronts) Build(BlockStructure structure, EliminationTree tree)
    {
        var builder = new FrontBuilder(structure, tree);
        int first = 0;
        for (int f = 0; f < builder._columns.Count; f++)
        {
            int end = first + builder._columns[f].Length;
            builder.Add(f, first, end);
            first = end;
        }

        return (builder._order, [.. builder._fronts]);
    }

    private void Reorder(EliminationTree tree)
    {
        int done = 0;
        for (int f = 0; f < _columns.Count; f++)
            foreach (int column in _columns[f])
            {
                int block = tree.Order[column];
                _order[done] = block;
                _position[block] = done;
                _frontOf[done] = f;
                _scalarStarts[done + 1] = _scalarStarts[done] + _structure.Sizes[block];
                done++;
            }
    }

    /// <summary>Gives each stored block to the front that eliminates its earlier index.</summary>
    private void Distribute()
    {
        for (int f = 0; f < _entries.Length; f++)
            _entries[f] = [];
        for (int j = 0; j < _structure.Count; j++)
            for (int k = _structure.ColumnStarts[j]; k < _structure.ColumnStarts[j + 1]; k++)
            {
                int a = _position[_structure.Rows[k]], b = _position[j];
                _entries[_frontOf[Math.Min(a, b)]].Add((k, a, b));
            }
    }

    private void Add(int f, int first, int end)
    {
        List<int> rows = FindRows(f, end);
        int pivots = _scalarStarts[end] - _scalarStarts[first];
        Locate(rows, first, end, FrontKernels.Padded(pivots));
        int height = 0;
        foreach (int row in rows)
            height += Size(row);
        var front = new Front
        {
            Children = [.. _children[f] ?? []],
            FirstPivot = _scalarStarts[first],
            Pivots = pivots,
            Rows = height,
            Placements = Place(f, FrontKernels.Padded(pivots) + FrontKernels.Padded(height)),
            RowRuns = Runs(rows, row => _scalarStarts[row]),
        };
        foreach (int child in front.Children)
        {
            _fronts[child].Parent = f;
            _fronts[child].ParentRuns = Runs(_rows[child], row => _local[row]);
            _rows[child] = []; // no longer needed
        }

        _fronts.Add(front);
        _rows.Add(rows);
        if (rows.Count > 0)
            (_children[_frontOf[rows[0]]] ??= []).Add(f);
    }

    /// <summary>Below the pivots: what the matrix has there, and what the children bring.</summary>
    private List<int> FindRows(int f, int end)
    {
        var rows = new List<int>();
        foreach ((int _, int a, int b) in _entries[f])
            AddRow(Math.Max(a, b));
        foreach (int child in _children[f] ?? [])
            foreach (int row in _rows[child])
                AddRow(row);
        rows.Sort();
        return rows;

        void AddRow(int row)
        {
            if (row < end || _seenBy[row] == f)
                return;
            _seenBy[row] = f;
            rows.Add(row);
        }
    }

    private void Locate(List<int> rows, int first, int end, int start)
    {
        for (int pivot = first; pivot < end; pivot++)
            _local[pivot] = _scalarStarts[pivot] - _scalarStarts[first];
        foreach (int row in rows)
        {
            _local[row] = start;
            start += Size(row);
        }
    }

    private Placement[] Place(int f, int height)
    {
        var placements = new Placement[_entries[f].Count];
        for (int k = 0; k < placements.Length; k++)
        {
            (int block, int a, int b) = _entries[f][k];
            bool isTransposed = a < b;
            long column = _local[Math.Min(a, b)];
            placements[k] = new(
                _structure.ValueStarts[block], _local[Math.Max(a, b)] + (column * height), Size(a), Size(b),
                isTransposed);
        }

        return placements;
    }

    private Run[] Runs(List<int> rows, Func<int, int> target)
    {
        var runs = new List<Run>();
        int source = 0;
        foreach (int row in rows)
        {
            int size = Size(row), start = target(row);
            if (runs.Count > 0 && runs[^1].Target + runs[^1].Length == start)
                runs[^1] = runs[^1] with { Length = runs[^1].Length + size };
            else
                runs.Add(new(source, start, size));
            source += size;
        }

        return [.. runs];
    }

    private int Size(int position) => _scalarStarts[position + 1] - _scalarStarts[position];
}
