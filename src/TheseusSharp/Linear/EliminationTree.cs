namespace TheseusSharp.Linear;

/// <summary>
/// Liu's elimination tree of a block structure in some order, its postorder, and how many blocks each column of the
/// factor has (J. Liu, "The role of elimination trees in sparse factorization", SIAM J. Matrix Anal. Appl. 11, 1990).
/// </summary>
internal sealed class EliminationTree
{
    private readonly int[] _upperStarts;
    private readonly int[] _upper;

    private EliminationTree(BlockStructure structure, int[] order)
    {
        Order = order;
        int[] position = new int[order.Length];
        for (int k = 0; k < order.Length; k++)
            position[order[k]] = k;
        (_upperStarts, _upper) = UpperPattern(structure, position);
        Parent = new int[order.Length];
        Counts = new int[order.Length];
        Heights = new int[order.Length];
    }

    /// <summary>The blocks in postorder.</summary>
    public int[] Order { get; }

    /// <summary>Of each column, in that order, the next column that depends on it; −1 for roots.</summary>
    public int[] Parent { get; }

    /// <summary>How many blocks each column of the factor has, the diagonal included.</summary>
    public int[] Counts { get; }

    /// <summary>How many scalar rows each column of the factor has, those of the diagonal block included.</summary>
    public int[] Heights { get; }

    /// <summary>The tree of an order, and the equivalent postorder.</summary>
    public static EliminationTree Build(BlockStructure structure, int[] order)
    {
        var tree = new EliminationTree(structure, order);
        tree.FindParents();
        int[] post = Postorder(tree.Parent);
        tree = new(structure, Array.ConvertAll(post, k => order[k]));
        tree.FindParents();
        tree.CountColumns(structure.Sizes);
        return tree;
    }

    /// <summary>Children before parents, each subtree contiguous.</summary>
    /// <param name="parent">The parent of each node, −1 for roots.</param>
    public static int[] Postorder(int[] parent)
    {
        int[] firstChild = new int[parent.Length], nextSibling = new int[parent.Length], post = new int[parent.Length];
        firstChild.AsSpan().Fill(-1);
        int root = -1;
        for (int node = parent.Length - 1; node >= 0; node--)
        {
            ref int head = ref parent[node] < 0 ? ref root : ref firstChild[parent[node]];
            (nextSibling[node], head) = (head, node);
        }

        int done = 0;
        for (int node = root; node >= 0;)
        {
            if (firstChild[node] >= 0)
            {
                (firstChild[node], node) = (-1, firstChild[node]); // down, once
                continue;
            }

            post[done++] = node;
            node = nextSibling[node] >= 0 ? nextSibling[node] : parent[node];
        }

        return post;
    }

    /// <summary>For each column, the rows above the diagonal of the reordered structure.</summary>
    private static (int[] Starts, int[] Rows) UpperPattern(BlockStructure structure, int[] position)
    {
        int count = structure.Count;
        int[] starts = new int[count + 1];
        for (int j = 0; j < count; j++)
            foreach (int i in structure.Column(j)[1..])
                starts[Math.Max(position[i], position[j]) + 1]++;
        for (int j = 0; j < count; j++)
            starts[j + 1] += starts[j];
        int[] next = (int[])starts.Clone(), rows = new int[starts[^1]];
        for (int j = 0; j < count; j++)
            foreach (int i in structure.Column(j)[1..])
                rows[next[Math.Max(position[i], position[j])]++] = Math.Min(position[i], position[j]);
        return (starts, rows);
    }

    /// <summary>
    /// Walks up from each entry of row j to its root so far, with paths compressed, and makes j the new root.
    /// </summary>
    private void FindParents()
    {
        int[] ancestor = new int[Parent.Length];
        for (int j = 0; j < Parent.Length; j++)
        {
            Parent[j] = ancestor[j] = -1;
            foreach (int entry in Upper(j))
                for (int i = entry, next; i >= 0 && i < j; i = next)
                {
                    next = ancestor[i];
                    ancestor[i] = j;
                    if (next < 0)
                        Parent[i] = j;
                }
        }
    }

    /// <summary>
    /// Row j of the factor is the subtree that the entries of row j span: each node of it counts one.
    /// </summary>
    private void CountColumns(ReadOnlySpan<int> sizes)
    {
        int[] seen = new int[Parent.Length];
        for (int j = 0; j < Parent.Length; j++)
        {
            int size = sizes[Order[j]];
            seen[j] = j + 1;
            Counts[j]++;
            Heights[j] += size;
            foreach (int entry in Upper(j))
                for (int i = entry; seen[i] != j + 1; i = Parent[i])
                {
                    seen[i] = j + 1;
                    Counts[i]++;
                    Heights[i] += size;
                }
        }
    }

    private ReadOnlySpan<int> Upper(int column) => _upper.AsSpan(_upperStarts[column].._upperStarts[column + 1]);
}
