using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// Liu's elimination tree of a block structure in some order, in postorder, and how long each column of the factor is
/// (J. Liu, "The role of elimination trees in sparse factorization", SIAM J. Matrix Anal. Appl. 11, 1990).
/// </summary>
internal sealed class EliminationTree
{
    private EliminationTree(int[] order, int[] parent, Pattern pattern, int[] counts, int[] heights)
    {
        Order = order;
        Parent = parent;
        Pattern = pattern;
        Counts = counts;
        Heights = heights;
        FirstHeldBack = order.Length;
    }

    /// <summary>
    /// The blocks in postorder; with blocks held back, the others in postorder, then those in theirs.
    /// </summary>
    public int[] Order { get; }

    /// <summary>The first column of those held back; the number of columns if none are.</summary>
    public int FirstHeldBack { get; private init; }

    /// <summary>Of each column, in that order, the next column that depends on it; −1 for roots.</summary>
    public int[] Parent { get; }

    /// <summary>For each column, in that order, the blocks of the matrix that are in later rows.</summary>
    public Pattern Pattern { get; }

    /// <summary>How many blocks each column of the factor has, the diagonal included.</summary>
    public int[] Counts { get; }

    /// <summary>How many scalar rows each column of the factor has, those of the diagonal block included.</summary>
    public int[] Heights { get; }

    /// <summary>The tree of an order, and the equivalent postorder.</summary>
    public static EliminationTree Build(BlockStructure structure, int[] order)
    {
        int[] position = Inverse(order);
        int[] parent = FindParents(Pattern.ByLater(structure, position));
        int[] post = Postorder(parent), label = Inverse(post);
        int[] postOrder = new int[post.Length], postParent = new int[post.Length];
        for (int k = 0; k < post.Length; k++)
        {
            int node = post[k];
            postOrder[k] = order[node];
            postParent[k] = parent[node] < 0 ? -1 : label[parent[node]];
        }

        for (int block = 0; block < position.Length; block++)
            position[block] = label[position[block]];
        var tree = new EliminationTree(
            postOrder, postParent, Pattern.ByEarlier(structure, position), new int[post.Length], new int[post.Length]);
        ColumnCounts.Find(tree, structure.Sizes);
        return tree;
    }

    /// <summary>
    /// The same tree with some blocks after all others, which a postorder need not have: it finishes one branch before
    /// the next. No ancestor of theirs may be among the others.
    /// </summary>
    /// <param name="structure">The structure.</param>
    /// <param name="isHeldBack">Which blocks.</param>
    public EliminationTree HoldBack(BlockStructure structure, bool[] isHeldBack)
    {
        int[] columns = new int[Order.Length], position = new int[Order.Length];
        int first = 0, next = 0;
        foreach (int block in Order)
            first += isHeldBack[block] ? 0 : 1;
        for (int j = 0, held = first; j < Order.Length; j++)
            columns[isHeldBack[Order[j]] ? held++ : next++] = j;
        int[] label = Inverse(columns), order = Permuted(Order);
        for (int j = 0; j < order.Length; j++)
            position[order[j]] = j;
        int[] parent = Permuted(Parent);
        foreach (ref int node in parent.AsSpan())
            node = node < 0 ? -1 : label[node];
        return new(order, parent, Pattern.ByEarlier(structure, position), Permuted(Counts), Permuted(Heights))
        {
            FirstHeldBack = first,
        };

        int[] Permuted(int[] values) => Array.ConvertAll(columns, column => values[column]);
    }

    private static int[] Inverse(int[] permutation)
    {
        int[] inverse = new int[permutation.Length];
        for (int k = 0; k < permutation.Length; k++)
            inverse[permutation[k]] = k;
        return inverse;
    }

    /// <summary>
    /// Walks up from each entry of row j to its root so far, with paths compressed, and makes j the new root.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] FindParents(Pattern rows)
    {
        int[] ancestor = new int[rows.Count], parent = new int[rows.Count];
        for (int j = 0; j < parent.Length; j++)
        {
            parent[j] = ancestor[j] = -1;
            for (int k = rows.Starts[j]; k < rows.Starts[j + 1]; k++)
                for (int i = rows.Positions[k], next; i >= 0 && i < j; i = next)
                {
                    next = ancestor[i];
                    ancestor[i] = j;
                    if (next < 0)
                        parent[i] = j;
                }
        }

        return parent;
    }

    /// <summary>Children before parents, each subtree contiguous.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Postorder(int[] parent)
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
            int child = firstChild[node];
            if (child >= 0)
            {
                firstChild[node] = -1; // down, once
                node = child;
                continue;
            }

            post[done++] = node;
            node = nextSibling[node] >= 0 ? nextSibling[node] : parent[node];
        }

        return post;
    }
}
