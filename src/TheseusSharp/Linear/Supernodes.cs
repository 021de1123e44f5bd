namespace TheseusSharp.Linear;

/// <summary>
/// Groups of columns that are eliminated together, as one dense front: columns of the same structure below their
/// diagonal blocks, and beyond that children merged into their parent where the extra zeros cost less than another
/// front.
/// </summary>
internal sealed class Supernodes
{
    private readonly EliminationTree _tree;
    private readonly List<int> _starts = [];
    private readonly int[] _parent;
    private readonly int[] _pivots;
    private readonly int[] _rows;
    private readonly int[] _firstChild;
    private readonly int[] _nextSibling;
    private readonly List<int>?[] _merged;

    private Supernodes(BlockStructure structure, EliminationTree tree)
    {
        _tree = tree;
        int[] supernodeOf = FindMaximal();
        int count = _starts.Count;
        _starts.Add(tree.Order.Length);
        _parent = new int[count];
        _pivots = new int[count];
        _rows = new int[count];
        _firstChild = new int[count];
        _nextSibling = new int[count];
        _merged = new List<int>?[count];
        _firstChild.AsSpan().Fill(-1);
        for (int s = count - 1; s >= 0; s--)
        {
            int last = _starts[s + 1] - 1;
            for (int j = _starts[s]; j <= last; j++)
                _pivots[s] += structure.Sizes[tree.Order[j]];
            _rows[s] = tree.Heights[last] - structure.Sizes[tree.Order[last]];
            _parent[s] = tree.Parent[last] < 0 ? -1 : supernodeOf[tree.Parent[last]];
            if (_parent[s] >= 0)
                (_nextSibling[s], _firstChild[_parent[s]]) = (_firstChild[_parent[s]], s);
        }
    }

    /// <summary>The columns of each front, as positions in the order of the tree; fronts in postorder.</summary>
    public static List<int[]> Find(BlockStructure structure, EliminationTree tree)
    {
        var supernodes = new Supernodes(structure, tree);
        bool[] isGone = new bool[supernodes._parent.Length];
        for (int s = 0; s < isGone.Length; s++)
            supernodes.MergeChildren(s, isGone);
        var fronts = new List<int[]>();
        for (int s = 0; s < isGone.Length; s++)
            if (!isGone[s])
                fronts.Add(supernodes.Columns(s));
        return fronts;
    }

    private int[] FindMaximal()
    {
        int[] supernodeOf = new int[_tree.Order.Length];
        for (int j = 0; j < supernodeOf.Length; j++)
        {
            bool continues = j > 0 && _tree.Parent[j - 1] == j && _tree.Counts[j] == _tree.Counts[j - 1] - 1;
            if (!continues)
                _starts.Add(j);
            supernodeOf[j] = _starts.Count - 1;
        }

        return supernodeOf;
    }

    /// <summary>Tries each child, and those inherited from a merged child after it.</summary>
    private void MergeChildren(int s, bool[] isGone)
    {
        for (int child = _firstChild[s], previous = -1; child >= 0;)
        {
            int next = _nextSibling[child];
            if (MergedCost(child, s) < Cost(_pivots[child], _rows[child]) + Cost(_pivots[s], _rows[s]))
            {
                isGone[child] = true;
                _pivots[s] += _pivots[child];
                (_merged[s] ??= []).Add(child);
                next = Adopt(child, next);
                if (previous < 0)
                    _firstChild[s] = next;
                else
                    _nextSibling[previous] = next;
            }
            else
            {
                previous = child;
            }

            child = next;
        }
    }

    /// <summary>Puts the children of a merged child in its place among its siblings.</summary>
    private int Adopt(int child, int next)
    {
        int first = _firstChild[child];
        if (first < 0)
            return next;
        int last = first;
        while (_nextSibling[last] >= 0)
            last = _nextSibling[last];
        _nextSibling[last] = next;
        return first;
    }

    private double MergedCost(int child, int parent) => Cost(_pivots[child] + _pivots[parent], _rows[parent]);

    /// <summary>
    /// About how many processor cycles a front takes: 12 multiplications and additions in a cycle; every number of the
    /// panel, and of the update matrix, written or added; the chain of square roots; what any front costs. The choice
    /// hardly depends on the constants.
    /// </summary>
    private static double Cost(double pivots, double rows)
    {
        double height = pivots + rows;
        double panel = pivots * pivots * (rows + (pivots / 3));
        double update = pivots * rows * (rows + FrontKernels.Padding);
        double moved = (0.5 * pivots * height) + (0.75 * rows * (rows + FrontKernels.Padding));
        return ((panel + update) / 12) + moved + (10 * pivots) + 400;
    }

    private int[] Columns(int s)
    {
        var columns = new List<int>();
        Collect(s, columns);
        return [.. columns];
    }

    private void Collect(int s, List<int> columns)
    {
        foreach (int child in _merged[s] ?? [])
            Collect(child, columns);
        for (int j = _starts[s]; j < _starts[s + 1]; j++)
            columns.Add(j);
    }
}
