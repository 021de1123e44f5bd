namespace TheseusSharp.Linear;

/// <summary>
/// All that can be known of a factorization from the structure alone: the order of elimination, the fronts, where
/// everything lies in memory. Immutable; shared by any number of factorizations.
/// </summary>
public sealed class SymbolicFactorization
{
    /// <summary>From fronts that are already there.</summary>
    internal SymbolicFactorization(BlockStructure structure, FrontTree tree, OrderingReport ordering)
    {
        Structure = structure;
        Tree = tree;
        Ordering = ordering;
        ScalarOrder = Spread(structure, tree.Order);
        Place();
    }

    private SymbolicFactorization(BlockStructure structure, EliminationTree tree, OrderingReport ordering)
    {
        Structure = structure;
        Ordering = ordering;
        Tree = FrontBuilder.Build(structure, tree);
        ScalarOrder = Spread(structure, Tree.Order);
        Place();
    }

    /// <summary>The structure.</summary>
    public BlockStructure Structure { get; }

    /// <summary>How the order of elimination was found, what it costs, and what was rejected.</summary>
    public OrderingReport Ordering { get; }

    /// <summary>The blocks in the order in which they are eliminated.</summary>
    public ReadOnlySpan<int> Order => Tree.Order;

    /// <summary>How many numbers the factor has, those not counted that are zero by structure.</summary>
    public long FactorNonZeros => Ordering.Chosen.FactorNonZeros;

    /// <summary>
    /// How many multiplications and additions a factorization needs: the sum of squares of column lengths.
    /// </summary>
    public double Flops => Ordering.Chosen.Flops;

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

    /// <summary>Analyses a structure, in an order chosen by <see cref="OrderingKind.Automatic"/>.</summary>
    /// <param name="structure">The structure.</param>
    public static SymbolicFactorization Analyze(BlockStructure structure) =>
        Analyze(structure, OrderingOptions.Default);

    /// <summary>Analyses a structure, in a given order.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="order">
    /// The blocks in the order in which to eliminate them (an equivalent order may be used instead).
    /// </param>
    /// <exception cref="ArgumentException">The order is not a permutation of the blocks.</exception>
    public static SymbolicFactorization Analyze(BlockStructure structure, ReadOnlySpan<int> order) =>
        Analyze(structure, new OrderingOptions { Kind = OrderingKind.Given, Order = order.ToArray() });

    /// <summary>Analyses a structure.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="ordering">How the order of elimination is found, and which blocks come last.</param>
    /// <exception cref="ArgumentException">
    /// The options do not fit the structure: an order that is not a permutation of its blocks, or given for another
    /// kind; last blocks that do not exist or are listed twice.
    /// </exception>
    public static SymbolicFactorization Analyze(BlockStructure structure, OrderingOptions ordering)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(ordering);
        (EliminationTree tree, OrderingReport report) = Orderer.Run(structure, ordering);
        return new(structure, tree, report);
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

            if (front.IsPushed)
                arena.Free(front.Update, front.UpdateLength);

            LargestHeight = Math.Max(LargestHeight, front.Height);
        }

        ArenaLength = arena.Length;
    }
}
