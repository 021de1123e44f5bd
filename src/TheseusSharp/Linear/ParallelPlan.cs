namespace TheseusSharp.Linear;

/// <summary>
/// How several threads factor one matrix: whole subtrees of fronts by one thread each, then the fronts above them by
/// all together. Each subtree has a part of the arena of its own.
/// </summary>
internal sealed class ParallelPlan
{
    /// <summary>Below this many multiplications and additions, threads cost more than they bring.</summary>
    private const double LeastFlops = 12e6;

    /// <summary>
    /// Work of fewer cycles than this is not shared: waking a thread takes as long. In the unit of
    /// <see cref="Supernodes.Cost"/>.
    /// </summary>
    private const double LeastSharedCost = 60e3;

    /// <summary>About how often threads are woken, and waited for, while they share a front.</summary>
    private const int StepsOfFront = 5;

    /// <summary>How many subtrees may be opened for each thread in search of a balance.</summary>
    private const int OpeningsPerThread = 64;

    private readonly SymbolicFactorization _symbolic;

    /// <summary>Of each front: the cost of its subtree, how many fronts that has, and the first of them.</summary>
    private readonly double[] _costs;
    private readonly int[] _counts;
    private readonly int[] _first;

    private ParallelPlan(SymbolicFactorization symbolic, int threads, double leastSharedCost)
    {
        _symbolic = symbolic;
        Threads = threads;
        LeastCost = leastSharedCost;
        int count = symbolic.FrontCount;
        _costs = new double[count];
        _counts = new int[count];
        _first = new int[count];
        MeasureSubtrees();
        (Subtrees, Top) = Divide();
        Fronts = new Front[count];
        Place();
    }

    /// <summary>How many threads.</summary>
    public int Threads { get; }

    /// <summary>Work of fewer cycles is not shared.</summary>
    public double LeastCost { get; }

    /// <summary>The fronts, with their places in an arena of <see cref="ArenaLength"/>.</summary>
    public Front[] Fronts { get; }

    /// <summary>The subtrees, the costliest first.</summary>
    public Section[] Subtrees { get; }

    /// <summary>The fronts above them, ascending.</summary>
    public int[] Top { get; }

    /// <summary>How long the arena must be.</summary>
    public long ArenaLength { get; private set; }

    /// <summary>Whether several threads pay: a matter of their number and of structure.</summary>
    public static bool Pays(SymbolicFactorization symbolic, int threads) =>
        threads > 1 && symbolic.Flops >= LeastFlops;

    /// <summary>A plan, or none for one thread or for a matrix too small.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public static ParallelPlan? IfItPays(SymbolicFactorization symbolic, int threads)
    {
        ArgumentNullException.ThrowIfNull(symbolic);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return Pays(symbolic, threads) ? new(symbolic, threads, LeastSharedCost) : null;
    }

    /// <summary>A plan that shares even the smallest work.</summary>
    public static ParallelPlan Always(SymbolicFactorization symbolic, int threads) => new(symbolic, threads, 0);

    private void MeasureSubtrees()
    {
        FrontTree tree = _symbolic.Tree;
        for (int f = 0; f < tree.Fronts.Length; f++)
        {
            Front front = tree.Fronts[f];
            _costs[f] = OwnCost(f);
            _counts[f] = 1;
            _first[f] = f;
            for (int k = front.Children.Start; k < front.Children.End; k++)
            {
                int child = tree.Children[k];
                _costs[f] += _costs[child];
                _counts[f] += _counts[child];
                _first[f] = Math.Min(_first[f], _first[child]);
            }
        }
    }

    private double OwnCost(int f) => Supernodes.Cost(_symbolic.Tree.Fronts[f].Pivots, _symbolic.Tree.Fronts[f].Rows);

    /// <summary>
    /// Opens the costliest subtree (its root joins the top) again and again, and keeps the division of the shortest
    /// estimated time.
    /// </summary>
    private (Section[] Subtrees, int[] Top) Divide()
    {
        var subtrees = new PriorityQueue<int, double>();
        Front[] fronts = _symbolic.Tree.Fronts;
        for (int f = 0; f < fronts.Length; f++)
            if (fronts[f].Parent < 0)
                subtrees.Enqueue(f, -_costs[f]);
        var top = new List<int>();
        double topTime = 0, best = double.PositiveInfinity;
        (Section[] Subtrees, int[] Top) division = ([], []);
        for (int opened = 0; opened <= OpeningsPerThread * Threads && topTime < best; opened++)
        {
            int[] roots = [.. subtrees.UnorderedItems.Select(item => item.Element).OrderByDescending(f => _costs[f])
                .ThenBy(f => f)];
            double time = topTime + LongestShare(roots);
            if (time < best && Array.TrueForAll(roots, IsContiguous))
            {
                best = time;
                division = ([.. roots.Select(f => new Section(_first[f], _counts[f]))], [.. top.Order()]);
            }

            if (subtrees.Count == 0)
                break;
            int costliest = Open(subtrees);
            top.Add(costliest);
            topTime += SharedTime(OwnCost(costliest));
        }

        return division;
    }

    /// <summary>With blocks held back, the fronts of a subtree need not follow one another.</summary>
    private bool IsContiguous(int root) => root - _first[root] + 1 == _counts[root];

    private int Open(PriorityQueue<int, double> subtrees)
    {
        int root = subtrees.Dequeue();
        Section children = _symbolic.Tree.Fronts[root].Children;
        for (int k = children.Start; k < children.End; k++)
            subtrees.Enqueue(_symbolic.Tree.Children[k], -_costs[_symbolic.Tree.Children[k]]);
        return root;
    }

    private double SharedTime(double cost) => Math.Min(cost, (cost / Threads) + (StepsOfFront * LeastCost));

    /// <summary>How long the busiest thread works if each takes the next subtree when it is free.</summary>
    private double LongestShare(int[] roots)
    {
        double[] shares = new double[Threads];
        foreach (int root in roots)
            shares[Array.IndexOf(shares, shares.Min())] += _costs[root];
        return shares.Max();
    }

    /// <summary>
    /// Update matrices of the subtrees' roots wait for the top fronts and lie with theirs; below the roots, each
    /// subtree has a stretch for itself.
    /// </summary>
    private void Place()
    {
        var top = new ArenaPlan();
        foreach (Section subtree in Subtrees)
            PlaceIn(top, subtree.End - 1);
        foreach (int f in Top)
        {
            PlaceIn(top, f);
            FreeChildren(top, f, 0);
        }

        ArenaLength = top.Length;
        foreach (Section subtree in Subtrees)
            PlaceSubtree(subtree);
    }

    private void PlaceSubtree(Section subtree)
    {
        var arena = new ArenaPlan();
        long origin = ArenaLength;
        for (int f = subtree.Start; f < subtree.End; f++)
        {
            if (f < subtree.End - 1)
                PlaceIn(arena, f, origin);
            FreeChildren(arena, f, origin);
        }

        ArenaLength = origin + arena.Length;
    }

    private void PlaceIn(ArenaPlan arena, int f, long origin = 0)
    {
        Front front = _symbolic.Tree.Fronts[f];
        Fronts[f] = front.WithUpdateAt(origin + arena.Allocate(front.UpdateLength));
    }

    private void FreeChildren(ArenaPlan arena, int f, long origin)
    {
        Section children = Fronts[f].Children;
        for (int k = children.Start; k < children.End; k++)
        {
            Front child = Fronts[_symbolic.Tree.Children[k]];
            arena.Free(child.Update - origin, child.UpdateLength);
        }
    }
}
