namespace TheseusSharp.Linear;

/// <summary>
/// Groups of columns that are eliminated together, as one dense front: columns of the same structure below their
/// diagonal blocks, and beyond that children merged into their parent where the extra zeros cost less than another
/// front.
/// </summary>
internal sealed class Supernodes
{
    private readonly EliminationTree _tree;

    /// <summary>The first column of each supernode, and the number of columns at the end.</summary>
    private readonly int[] _starts;
    private readonly int[] _parent;
    private readonly int[] _pivots;
    private readonly int[] _rows;
    private readonly int[] _firstChild;
    private readonly int[] _nextSibling;

    /// <summary>Of each supernode, the one that it is merged into; itself if none.</summary>
    private readonly int[] _mergedInto;

    private Supernodes(BlockStructure structure, EliminationTree tree)
    {
        _tree = tree;
        int[] supernodeOf = new int[tree.Order.Length];
        _starts = FindMaximal(structure, supernodeOf);
        int count = _starts.Length - 1;
        _parent = new int[count];
        _pivots = new int[count];
        _rows = new int[count];
        _firstChild = new int[count];
        _nextSibling = new int[count];
        _mergedInto = new int[count];
        Array.Fill(_firstChild, -1);
        for (int s = count - 1; s >= 0; s--)
        {
            int last = _starts[s + 1] - 1;
            _rows[s] = tree.Heights[last] - structure.Sizes[tree.Order[last]];
            _pivots[s] = tree.Heights[_starts[s]] - _rows[s];
            _parent[s] = tree.Parent[last] < 0 ? -1 : supernodeOf[tree.Parent[last]];
            _mergedInto[s] = s;
            if (_parent[s] >= 0)
                (_nextSibling[s], _firstChild[_parent[s]]) = (_firstChild[_parent[s]], s);
        }
    }

    /// <summary>The fronts, in postorder; with blocks held back, their fronts after all others.</summary>
    /// <returns>
    /// The columns in the order of elimination, as positions in the order of the tree; where each front's columns
    /// start, and their number at the end; the parent of each front, −1 for roots. A front's last column is the last
    /// that the tree has of it.
    /// </returns>
    public static (int[] Columns, int[] Starts, int[] Parent) Find(BlockStructure structure, EliminationTree tree)
    {
        var supernodes = new Supernodes(structure, tree);
        for (int s = 0; s < supernodes._parent.Length; s++)
            supernodes.MergeChildren(s);
        return supernodes.Collect();
    }

    private int[] FindMaximal(BlockStructure structure, int[] supernodeOf)
    {
        int[] starts = new int[supernodeOf.Length + 1], heights = _tree.Heights, parent = _tree.Parent;
        int found = 0;
        for (int j = 0; j < supernodeOf.Length; j++)
        {
            bool continues = j > 0 && j != _tree.FirstHeldBack && parent[j - 1] == j &&
                heights[j] == heights[j - 1] - structure.Sizes[_tree.Order[j - 1]];
            if (!continues)
                starts[found++] = j;
            supernodeOf[j] = found - 1;
        }

        starts[found] = supernodeOf.Length;
        return starts[..(found + 1)];
    }

    /// <summary>Tries each child, and those inherited from a merged child after it.</summary>
    private void MergeChildren(int s)
    {
        for (int child = _firstChild[s], previous = -1; child >= 0;)
        {
            int next = _nextSibling[child];
            if (AreOnOneSide(child, s) &&
                MergedCost(child, s) < Cost(_pivots[child], _rows[child]) + Cost(_pivots[s], _rows[s]))
            {
                _mergedInto[child] = s;
                _pivots[s] += _pivots[child];
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

    /// <summary>Blocks held back must not share a front with others, which would come with them.</summary>
    private bool AreOnOneSide(int child, int parent) =>
        _starts[child] >= _tree.FirstHeldBack || _starts[parent] < _tree.FirstHeldBack;

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
    /// panel, and of the update matrix, written or added, in vectors that are not full; the chain of pivots; what any
    /// front costs. The choice hardly depends on the constants.
    /// </summary>
    /// <param name="pivots">How many columns it has.</param>
    /// <param name="rows">How many rows below them.</param>
    /// <param name="lanes">How many numbers have the room of a double: 1, or 2 for floats. Moves gain little.</param>
    internal static double Cost(double pivots, double rows, int lanes = 1)
    {
        double panel = pivots * pivots * (rows + (pivots / 3));
        double update = pivots * rows * (rows + FrontKernels.Padding);
        double moved = (pivots * (pivots + rows + (FrontKernels.Padding / 2))) +
            (0.5 * rows * (rows + FrontKernels.Padding));
        return ((panel + update) / (12 * lanes)) + moved + (10 * pivots) + 200;
    }

    /// <summary>Sorts the columns by the fronts that they ended in; within one, descendants stay first.</summary>
    private (int[] Columns, int[] Starts, int[] Parent) Collect()
    {
        int count = _mergedInto.Length, fronts = 0;
        int[] front = new int[count];
        for (int s = 0; s < count; s++)
            if (_mergedInto[s] == s)
                front[s] = fronts++;
        int[] starts = new int[fronts + 1], parent = new int[fronts];
        for (int s = count - 1; s >= 0; s--)
        {
            if (_mergedInto[s] != s)
                front[s] = front[_mergedInto[s]];
            else
                parent[front[s]] = _parent[s] < 0 ? -1 : front[_parent[s]];
            starts[front[s]] += _starts[s + 1] - _starts[s];
        }

        for (int f = 1; f <= fronts; f++)
            starts[f] += starts[f - 1];
        int[] columns = new int[_tree.Order.Length];
        for (int s = count - 1; s >= 0; s--)
            for (int j = _starts[s + 1] - 1; j >= _starts[s]; j--)
                columns[--starts[front[s]]] = j;
        return (columns, starts, parent);
    }
}
