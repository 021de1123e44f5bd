namespace TheseusSharp.Linear;

/// <summary>
/// All that can be known of a factorization from the structure alone: the order of elimination, the fronts, where
/// everything lies in memory. Immutable; shared by any number of factorizations.
/// </summary>
public sealed class SymbolicFactorization
{
    private SymbolicFactorization(BlockStructure structure, EliminationTree tree)
    {
        Structure = structure;
        Tree = FrontBuilder.Build(structure, tree);
        ScalarOrder = Spread(structure, Tree.Order);
        Place();
        for (int j = 0; j < tree.Order.Length; j++)
            Count(tree.Heights[j], structure.Sizes[tree.Order[j]]);
    }

    /// <summary>The structure.</summary>
    public BlockStructure Structure { get; }

    /// <summary>The blocks in the order in which they are eliminated.</summary>
    public ReadOnlySpan<int> Order => Tree.Order;

    /// <summary>How many numbers the factor has, those not counted that are zero by structure.</summary>
    public long FactorNonZeros { get; private set; }

    /// <summary>
    /// How many multiplications and additions a factorization needs: the sum of squares of column lengths.
    /// </summary>
    public double Flops { get; private set; }

    /// <summary>How many fronts there are.</summary>
    public int FrontCount => Tree.Fronts.Length;

    /// <summary>How many numbers the factor takes in memory, with padding and structural zeros.</summary>
    public long FactorLength { get; private set; }

    /// <summary>How many numbers the update matrices take in memory.</summary>
    public long ArenaLength { get; private set; }

    /// <summary>The fronts.</summary>
    internal FrontTree Tree { get; }

    /// <summary>For each scalar index in the order of elimination, the one in the order of the matrix.</summary>
    internal int[] ScalarOrder { get; }

    /// <summary>The height of the highest front.</summary>
    internal int LargestHeight { get; private set; }

    /// <summary>Analyses a structure.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="order">
    /// The blocks in the order in which to eliminate them (an equivalent order may be used instead); by default,
    /// <see cref="MinimumDegree.Order"/>.
    /// </param>
    /// <exception cref="ArgumentException">The order is not a permutation of the blocks.</exception>
    public static SymbolicFactorization Analyze(BlockStructure structure, ReadOnlySpan<int> order = default)
    {
        ArgumentNullException.ThrowIfNull(structure);
        int[] chosen = order.Length == 0 ? MinimumDegree.Order(structure) : order.ToArray();
        RequirePermutation(chosen, structure.Count);
        return new(structure, EliminationTree.Build(structure, chosen));
    }

    private static void RequirePermutation(int[] order, int count)
    {
        Require.Length(order.Length, count, nameof(order));
        bool[] seen = new bool[count];
        foreach (int block in order)
        {
            if ((uint)block >= (uint)count || seen[block])
                throw new ArgumentException($"Block {block} is out of range, or occurs twice.", nameof(order));
            seen[block] = true;
        }
    }

    private static int[] Spread(BlockStructure structure, int[] order)
    {
        int[] scalars = new int[structure.Dimension];
        int done = 0;
        foreach (int block in order)
            for (int k = structure.Offsets[block]; k < structure.Offsets[block + 1]; k++)
                scalars[done++] = k;
        return scalars;
    }

    /// <summary>A front's update matrix lives until its parent, which gets its own first, has assembled it.</summary>
    private void Place()
    {
        var arena = new ArenaPlan();
        foreach (Front front in Tree.Fronts)
        {
            front.Panel = FactorLength;
            FactorLength += front.PanelLength;
            front.Update = arena.Allocate(front.UpdateLength);
            for (int k = front.Children.Start; k < front.Children.End; k++)
            {
                Front child = Tree.Fronts[Tree.Children[k]];
                arena.Free(child.Update, child.UpdateLength);
            }

            LargestHeight = Math.Max(LargestHeight, front.Height);
        }

        ArenaLength = arena.Length;
    }

    private void Count(int height, int size)
    {
        for (int k = 0; k < size; k++)
        {
            double length = height - k;
            FactorNonZeros += height - k;
            Flops += length * length;
        }
    }
}
