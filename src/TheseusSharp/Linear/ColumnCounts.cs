namespace TheseusSharp.Linear;

/// <summary>
/// How long the columns of the factor are, in time almost proportional to the blocks of the matrix: J. Gilbert, E. Ng,
/// B. Peyton, "An efficient algorithm to compute row and column counts for sparse Cholesky factorization", SIAM J.
/// Matrix Anal. Appl. 15 (1994).
/// </summary>
/// <remarks>
/// Row i of the factor is a subtree with root i. Each node of it counts one: one up at each of its leaves, one down
/// where two of these paths meet, one down beyond the root; then sums over descendants. A node j with an entry in row i
/// is a leaf of that subtree if no descendant of j was one, which in postorder is a comparison with the last leaf.
/// </remarks>
internal sealed class ColumnCounts
{
    private readonly int[] _parent;

    /// <summary>Of each node, its least descendant.</summary>
    private readonly int[] _first;

    /// <summary>Of each row, its last leaf so far; −1 before the first.</summary>
    private readonly int[] _lastLeaf;

    /// <summary>Towards the root of the part of the tree that is done.</summary>
    private readonly int[] _ancestor;

    private ColumnCounts(int[] parent)
    {
        _parent = parent;
        _first = new int[parent.Length];
        _lastLeaf = new int[parent.Length];
        _ancestor = new int[parent.Length];
        Array.Fill(_first, -1);
        Array.Fill(_lastLeaf, -1);
        for (int j = 0; j < parent.Length; j++)
        {
            _ancestor[j] = j;
            if (_first[j] < 0)
                _first[j] = j;
            if (parent[j] >= 0 && _first[parent[j]] < 0)
                _first[parent[j]] = _first[j];
        }
    }

    /// <summary>Fills in the counts and heights of a tree.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="sizes">The size of each block, in the order of the structure.</param>
    public static void Find(EliminationTree tree, ReadOnlySpan<int> sizes) =>
        new ColumnCounts(tree.Parent).Run(tree, sizes);

    private void Run(EliminationTree tree, ReadOnlySpan<int> sizes)
    {
        int[] counts = tree.Counts, heights = tree.Heights, order = tree.Order;
        int[] starts = tree.Pattern.Starts, rows = tree.Pattern.Positions;
        for (int j = 0; j < counts.Length; j++)
        {
            if (_first[j] == j)
                Add(j, 1, sizes[order[j]]);
            if (_parent[j] >= 0)
                Add(_parent[j], -1, -sizes[order[j]]);
            for (int k = starts[j]; k < starts[j + 1]; k++)
            {
                int row = rows[k], last = _lastLeaf[row];
                if (last >= _first[j])
                    continue;
                _lastLeaf[row] = j;
                Add(j, 1, sizes[order[row]]);
                if (last >= 0)
                    Add(Root(last), -1, -sizes[order[row]]);
            }

            if (_parent[j] >= 0)
                _ancestor[j] = _parent[j];
        }

        for (int j = 0; j < counts.Length; j++)
            if (_parent[j] >= 0)
                Add(_parent[j], counts[j], heights[j]);

        void Add(int node, int blocks, int scalars)
        {
            counts[node] += blocks;
            heights[node] += scalars;
        }
    }

    /// <summary>The root of the part of the tree that is done, above some node; halves the path to it.</summary>
    private int Root(int node)
    {
        while (_ancestor[node] != node)
            node = _ancestor[node] = _ancestor[_ancestor[node]];
        return node;
    }
}
