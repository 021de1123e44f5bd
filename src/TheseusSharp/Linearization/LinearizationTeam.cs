using TheseusSharp.Linear;

namespace TheseusSharp.Linearization;

/// <summary>
/// Threads that linearize one large problem together, to the bits of one thread: each has some columns of H, and adds
/// to them what all cost functions contribute, in their order. A cost function that contributes to the columns of two
/// threads is computed by both: that is cheaper than to pass its numbers from one processor's cache to the other's.
/// </summary>
internal sealed unsafe class LinearizationTeam
{
    /// <summary>A problem whose cost functions contribute fewer numbers is not worth waking threads for.</summary>
    private const long LeastNumbers = 100_000;

    /// <summary>Costs alone are shared in so many pieces a thread: one that comes late finds less left.</summary>
    private const int PiecesPerThread = 3;

    private readonly LinearizationPlan _plan;
    private readonly CostEvaluator[] _evaluators;

    /// <summary>For each group and part, the cost functions that contribute to it.</summary>
    private readonly CostShare[][] _shares;
    private readonly WorkCrew _crew;

    /// <summary>The cost of each cost function, group after group.</summary>
    private readonly Pinned<double> _costs;
    private readonly int[] _firstCosts;
    private readonly Action<int, int> _linearize;
    private readonly Action<int, int> _evaluate;

    /// <summary>What is worked on.</summary>
    private SolverState _state = null!;
    private NormalEquations _equations;
    private int _group;
    private int _piece;

    /// <summary>Makes a team.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="first">The memory of the caller's own thread.</param>
    public LinearizationTeam(LinearizationPlan plan, int threads, CostEvaluator first)
    {
        _plan = plan;
        _evaluators = [first, .. Enumerable.Range(1, threads - 1).Select(_ => new CostEvaluator(plan))];
        _shares = plan.SharesOf(threads);
        _crew = new(threads);
        _firstCosts = new int[plan.Groups.Length + 1];
        for (int k = 0; k < plan.Groups.Length; k++)
            _firstCosts[k + 1] = _firstCosts[k] + plan.Groups[k].Count;
        _costs = new(_firstCosts[^1]);
        (_linearize, _evaluate) = (Linearize, Evaluate);
    }

    /// <summary>Whether several threads pay: a matter of their number and of structure.</summary>
    public static bool Pays(LinearizationPlan plan, int threads) =>
        threads > 1 && plan.Groups.Sum(group => (long)group.Count * group.RowLength) >= LeastNumbers;

    /// <summary>The objective.</summary>
    public double Objective(SolverState state)
    {
        _state = state;
        using (_crew.Open())
            for (_group = 0; _group < _plan.Groups.Length; _group++)
                EvaluateGroup(_plan.Groups[_group]);
        return SumOfCosts();
    }

    /// <summary>Adds to H and g.</summary>
    /// <returns>The objective.</returns>
    public double Linearize(SolverState state, NormalEquations equations)
    {
        (_state, _equations) = (state, equations);
        using (_crew.Open())
            _crew.Run(_evaluators.Length, _linearize);
        return SumOfCosts();
    }

    /// <summary>In the order in which one thread adds.</summary>
    private double SumOfCosts()
    {
        double sum = 0;
        for (int k = 0; k < _plan.Groups.Length; k++)
        {
            double sumOfGroup = 0;
            foreach (double cost in _costs.Span[_firstCosts[k].._firstCosts[k + 1]])
                sumOfGroup += cost;
            sum += sumOfGroup;
        }

        return sum;
    }

    private void EvaluateGroup(GroupPlan group)
    {
        int blocks = (group.Count + group.Lanes - 1) / group.Lanes, pieces = PiecesPerThread * _evaluators.Length;
        _piece = (blocks + pieces - 1) / pieces * group.Lanes;
        _crew.Run((group.Count + _piece - 1) / _piece, _evaluate);
    }

    private void Evaluate(int piece, int thread)
    {
        int start = piece * _piece, end = Math.Min(_plan.Groups[_group].Count, start + _piece);
        _evaluators[thread].Costs(_group, _state, start, end, _costs.Pointer + _firstCosts[_group] + start);
    }

    private void Linearize(int part, int thread)
    {
        CostEvaluator evaluator = _evaluators[thread];
        for (int k = 0; k < _plan.Groups.Length; k++)
        {
            double* costs = _costs.Pointer + _firstCosts[k];
            CostShare share = _shares[k][part];
            if (!_plan.Groups[k].IsConstant) // All threads that compute a cost write the same.
                evaluator.Linearize(k, share.Columns, _state, _equations, costs, share.Costs);
            else if (part == 0)
                evaluator.Costs(k, _state, 0, _plan.Groups[k].Count, costs);
        }
    }
}
