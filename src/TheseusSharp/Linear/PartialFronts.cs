namespace TheseusSharp.Linear;

/// <summary>
/// The fronts of a factorization that stops before some blocks: those of the whole factorization, each cut to what is
/// eliminated; and after them one front of all that is kept, into which the others add their updates.
/// </summary>
/// <remarks>
/// A front may hold pivots of both kinds; those that are kept become rows. What is eliminated stays in its order, and
/// so does what is kept. As a front's rows lie on one path of the elimination tree, on which all that is kept comes
/// last, they stay in order, too.
/// </remarks>
internal sealed class PartialFronts
{
    private readonly SymbolicFactorization _whole;
    private readonly bool[] _isKept;
    private readonly int[] _order;

    /// <summary>From scalar indices in the whole order of elimination to those in the new one.</summary>
    private readonly int[] _scalars;
    private readonly int _eliminated;

    /// <summary>
    /// Of each front, how many scalar pivots are eliminated; and which front it becomes, −1 for none.
    /// </summary>
    private readonly int[] _pivots;
    private readonly int[] _number;
    private readonly int _keptFront;

    /// <summary>
    /// From rows of the panel of the front at hand: to rows after the cut, and to new scalar indices.
    /// </summary>
    private readonly int[] _local;
    private readonly int[] _scalarOfRow;
    private readonly List<Front> _fronts = [];
    private readonly List<int> _children = [];
    private readonly List<Placement> _placements = [];
    private readonly List<Placement> _keptAsStored = [];
    private readonly List<Placement> _keptTransposed = [];
    private readonly List<Run> _rowRuns = [];
    private readonly List<Run> _parentRuns = [];

    private PartialFronts(SymbolicFactorization whole, bool[] isKept)
    {
        _whole = whole;
        _isKept = isKept;
        int[] order = whole.Order.ToArray();
        _order = [.. order.Where(block => !isKept[block]), .. order.Where(block => isKept[block])];
        _scalars = new int[whole.Structure.Dimension];
        _pivots = new int[whole.FrontCount];
        _number = new int[whole.FrontCount];
        _local = new int[whole.LargestHeight];
        _scalarOfRow = new int[whole.LargestHeight];
        _eliminated = Number();
        for (int f = 0; f < _pivots.Length; f++)
            _number[f] = _pivots[f] > 0 ? _keptFront++ : -1;
    }

    private Front[] Fronts => _whole.Tree.Fronts;

    /// <summary>Cuts the fronts of a factorization.</summary>
    /// <param name="whole">The whole factorization; its order has the kept blocks last, or is equivalent.</param>
    /// <param name="isKept">Which blocks are kept.</param>
    /// <returns>The fronts; the last has the kept blocks as pivots, and no children.</returns>
    public static SymbolicFactorization Cut(SymbolicFactorization whole, bool[] isKept)
    {
        var cut = new PartialFronts(whole, isKept);
        for (int f = 0; f < cut.Fronts.Length; f++)
            cut.Add(f);
        cut.AddKept();
        var tree = new FrontTree(
            cut._order, [.. cut._fronts], [.. cut._children], [.. cut._placements], [.. cut._rowRuns],
            [.. cut._parentRuns]);
        return new(whole.Structure, tree, whole.Ordering);
    }

    /// <summary>Numbers the scalars anew, and counts each front's pivots that are eliminated.</summary>
    /// <returns>How many scalars are eliminated.</returns>
    private int Number()
    {
        ReadOnlySpan<int> sizes = _whole.Structure.Sizes;
        int eliminated = 0, scalar = 0, front = 0;
        foreach (int block in _order)
            eliminated += _isKept[block] ? 0 : sizes[block];
        int nextKept = eliminated, next = 0;
        foreach (int block in _whole.Order)
        {
            while (scalar >= Fronts[front].FirstPivot + Fronts[front].Pivots)
                front++;
            _pivots[front] += _isKept[block] ? 0 : sizes[block];
            for (int k = 0; k < sizes[block]; k++)
                _scalars[scalar++] = _isKept[block] ? nextKept++ : next++;
        }

        return eliminated;
    }

    private void Add(int f)
    {
        Front whole = Fronts[f];
        int pivots = _pivots[f];
        Locate(whole, pivots);
        Section children = Join(f, pivots);
        Section asStored = Place(whole.Placements, whole.Height, pivots, _keptAsStored);
        Section transposed = Place(whole.Transposed, whole.Height, pivots, _keptTransposed);
        if (pivots == 0)
            return;
        int rows = whole.Pivots + whole.Rows - pivots, parent = ParentOf(f);
        var front = new Front
        {
            Parent = parent,
            FirstPivot = _scalarOfRow[0],
            Pivots = pivots,
            Rows = rows,
            IsPushed = parent == _keptFront,
            Children = children,
            Placements = asStored,
            Transposed = transposed,
            RowRuns = Runs(_rowRuns, pivots, rows, first: 0),
        };
        if (parent == _keptFront)
            JoinToKept(front);
        _fronts.Add(front);
    }

    /// <summary>The front of the kept blocks: its panel becomes their Schur complement.</summary>
    private void AddKept()
    {
        Section asStored = new(_placements.Count, _keptAsStored.Count);
        _placements.AddRange(_keptAsStored);
        Section transposed = new(_placements.Count, _keptTransposed.Count);
        _placements.AddRange(_keptTransposed);
        int dimension = _scalars.Length - _eliminated;
        nint height = FrontKernels.Padded(dimension);
        for (int k = asStored.Start; k < transposed.End; k++)
            _placements[k] = _placements[k] with
            {
                Target = (_placements[k].Target >> 32) + ((_placements[k].Target & uint.MaxValue) * height),
            };
        _fronts.Add(new()
        {
            Parent = -1,
            FirstPivot = _eliminated,
            Pivots = dimension,
            Rows = 0,
            Children = new(_children.Count, 0),
            Placements = asStored,
            Transposed = transposed,
            RowRuns = new(_rowRuns.Count, 0),
        });
    }

    /// <summary>Moves a front's pivots that are kept behind those that are eliminated.</summary>
    private void Locate(Front whole, int pivots)
    {
        int eliminated = 0, kept = pivots;
        for (int row = 0; row < whole.Pivots; row++)
        {
            int scalar = _scalars[whole.FirstPivot + row];
            _local[row] = scalar < _eliminated ? eliminated++ : kept++;
            _scalarOfRow[_local[row]] = scalar;
        }

        for (int k = whole.RowRuns.Start; k < whole.RowRuns.End; k++)
        {
            Run run = _whole.Tree.RowRuns[k];
            for (int row = 0; row < run.Length; row++)
            {
                _local[run.Source + row] = run.Source + row;
                _scalarOfRow[run.Source + row] = _scalars[run.Target + row];
            }
        }
    }

    /// <summary>
    /// The front that takes an update: the parent as it was if all rows are still there, otherwise that of the kept
    /// blocks.
    /// </summary>
    private int ParentOf(int f)
    {
        Front whole = Fronts[f];
        if (whole.Rows == 0 && whole.Pivots == _pivots[f])
            return -1;
        bool isWhole = whole.Pivots == _pivots[f] && _pivots[whole.Parent] > 0;
        return isWhole ? _number[whole.Parent] : _keptFront;
    }

    /// <summary>Where the rows of a front's children are in its panel.</summary>
    private Section Join(int f, int pivots)
    {
        int start = _children.Count;
        Front whole = Fronts[f];
        for (int k = whole.Children.Start; k < whole.Children.End && pivots > 0; k++)
        {
            int child = _whole.Tree.Children[k];
            if (_number[child] < 0 || ParentOf(child) == _keptFront)
                continue;
            _children.Add(_number[child]);
            Join(Fronts[child], _fronts[_number[child]], pivots);
        }

        return new(start, _children.Count - start);
    }

    private void Join(Front whole, Front child, int pivots)
    {
        int start = _parentRuns.Count;
        bool isBelow = false;
        for (int k = whole.PivotRuns.Start; k < whole.UpdateRuns.End; k++)
        {
            Run run = _whole.Tree.ParentRuns[k];
            for (int row = 0; row < run.Length; row++)
            {
                int target = _local[run.Target + row];
                if (!isBelow && target >= pivots)
                {
                    isBelow = true;
                    child.PivotRuns = new(start, _parentRuns.Count - start);
                    start = _parentRuns.Count;
                }

                Append(_parentRuns, start, run.Source + row, target);
            }
        }

        if (!isBelow)
        {
            child.PivotRuns = new(start, _parentRuns.Count - start);
            start = _parentRuns.Count;
        }

        child.UpdateRuns = new(start, _parentRuns.Count - start);
    }

    private void JoinToKept(Front front)
    {
        front.PivotRuns = Runs(_parentRuns, front.Pivots, front.Rows, _eliminated);
        front.UpdateRuns = new(_parentRuns.Count, 0);
    }

    /// <summary>Runs from rows of the panel at hand to scalar indices, counted from the first.</summary>
    private Section Runs(List<Run> runs, int source, int length, int first)
    {
        int start = runs.Count;
        for (int row = source; row < source + length; row++)
            Append(runs, start, row, _scalarOfRow[row] - first);
        return new(start, runs.Count - start);
    }

    private static void Append(List<Run> runs, int start, int source, int target)
    {
        if (runs.Count > start && runs[^1] is var last &&
            last.Target + last.Length == target && last.Source + last.Length == source)
            runs[^1] = last with { Length = last.Length + 1 };
        else
            runs.Add(new(source, target, 1));
    }

    /// <summary>
    /// Takes over the blocks of the matrix in columns that are eliminated; lists the others, for the time being with
    /// row and column as upper and lower half of the target.
    /// </summary>
    private Section Place(Section section, int height, int pivots, List<Placement> kept)
    {
        int start = _placements.Count;
        for (int k = section.Start; k < section.End; k++)
        {
            Placement placement = _whole.Tree.Placements[k];
            (long column, long oldRow) = Math.DivRem(placement.Target, height);
            int row = _local[(int)oldRow], newColumn = _local[(int)column];
            if (newColumn < pivots)
                _placements.Add(placement with { Target = row + ((long)newColumn * height) });
            else
                kept.Add(placement with
                {
                    Target = ((long)(_scalarOfRow[row] - _eliminated) << 32) + _scalarOfRow[newColumn] - _eliminated,
                });
        }

        return new(start, _placements.Count - start);
    }
}
