namespace TheseusSharp.Linear;

/// <summary>Finds orders of elimination as options say.</summary>
internal sealed class Orderer
{
    /// <summary>
    /// Nested dissection takes about a microsecond for each block of the matrix. If it saves a fifth of the operations
    /// in each of ten factorizations, that pays from about this many operations a block.
    /// </summary>
    private const double WorthwhileFlopsPerBlock = 20_000;

    private readonly BlockStructure _structure;
    private readonly OrderingOptions _options;
    private readonly bool[] _isLast;

    private Orderer(BlockStructure structure, OrderingOptions options)
    {
        _structure = structure;
        _options = options;
        _isLast = LastBlocks.Mark(structure.Count, options.Last);
    }

    /// <summary>The elimination tree of the order that options ask for.</summary>
    /// <exception cref="ArgumentException">The options do not fit the structure.</exception>
    public static (EliminationTree Tree, OrderingReport Report) Run(BlockStructure structure, OrderingOptions options)
    {
        options.Check(structure.Count);
        var orderer = new Orderer(structure, options);
        return options.Kind == OrderingKind.Automatic ? orderer.Choose() : orderer.Forced();
    }

    private (EliminationTree Tree, OrderingReport Report) Forced()
    {
        (EliminationTree tree, OrderingCandidate cost) = Try(_options.Kind);
        return (tree, new(cost, null, IsAutomatic: false, _options.Last.Count));
    }

    private (EliminationTree Tree, OrderingReport Report) Choose()
    {
        (EliminationTree tree, OrderingCandidate cost) = Try(OrderingKind.MinimumDegree);
        OrderingCandidate? rejected = null;
        if (cost.Flops > WorthwhileFlopsPerBlock * _structure.BlockCount)
        {
            (EliminationTree other, rejected) = Try(OrderingKind.NestedDissection);
            if (rejected.Flops < cost.Flops)
                (tree, cost, rejected) = (other, rejected, cost);
        }

        return (tree, new(cost, rejected, IsAutomatic: true, _options.Last.Count));
    }

    private (EliminationTree Tree, OrderingCandidate Cost) Try(OrderingKind kind)
    {
        EliminationTree tree = EliminationTree.Build(_structure, Order(kind));
        if (_options.Last.Count > 0)
            tree = tree.HoldBack(_structure, _isLast);
        long nonZeros = 0;
        double flops = 0;
        for (int j = 0; j < tree.Order.Length; j++)
            for (int k = 0; k < _structure.Sizes[tree.Order[j]]; k++)
            {
                double length = tree.Heights[j] - k;
                nonZeros += tree.Heights[j] - k;
                flops += length * length;
            }

        return (tree, new(kind, nonZeros, flops));
    }

    private int[] Order(OrderingKind kind) => kind switch
    {
        OrderingKind.MinimumDegree => MinimumDegree.Order(_structure, _isLast),
        OrderingKind.NestedDissection => NestedDissection.Order(_structure, _isLast, _options.Threads),
        OrderingKind.Natural => LastBlocks.MoveToEnd([.. Enumerable.Range(0, _structure.Count)], _isLast),
        _ => LastBlocks.MoveToEnd([.. _options.Order], _isLast),
    };
}
