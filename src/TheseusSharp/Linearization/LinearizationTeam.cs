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
    private readonly Member[] _members;

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
    public LinearizationTeam(LinearizationPlan plan, int threads)
    {
        _plan = plan;
        _members = [.. Enumerable.Range(0, threads).Select(_ => new Member(plan))];
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
        _crew.Open();
        try
        {
            for (_group = 0; _group < _plan.Groups.Length; _group++)
                EvaluateGroup(_plan.Groups[_group]);
        }
        finally
        {
            _crew.Close();
        }

        return SumOfCosts();
    }

    /// <summary>Adds to H and g.</summary>
    /// <returns>The objective.</returns>
    public double Linearize(SolverState state, NormalEquations equations)
    {
        (_state, _equations) = (state, equations);
        _crew.Open();
        try
        {
            _crew.Run(_members.Length, _linearize);
        }
        finally
        {
            _crew.Close();
        }

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
        int blocks = (group.Count + group.Lanes - 1) / group.Lanes, pieces = PiecesPerThread * _members.Length;
        _piece = (blocks + pieces - 1) / pieces * group.Lanes;
        _crew.Run((group.Count + _piece - 1) / _piece, _evaluate);
    }

    private void Evaluate(int piece, int thread)
    {
        int start = piece * _piece, end = Math.Min(_plan.Groups[_group].Count, start + _piece);
        _members[thread].Evaluator.Costs(_group, _state, start, end, _costs.Pointer + _firstCosts[_group] + start);
    }

    private void Linearize(int part, int thread)
    {
        for (int k = 0; k < _plan.Groups.Length; k++)
            if (!_plan.Groups[k].IsConstant)
                Linearize(k, _shares[k][part], _members[thread]);
            else if (part == 0)
                _members[thread].Evaluator.Costs(
                    k, _state, 0, _plan.Groups[k].Count, _costs.Pointer + _firstCosts[k]);
    }

    private void Linearize(int number, CostShare share, Member member)
    {
        GroupPlan group = _plan.Groups[number];
        double* costs = _costs.Pointer + _firstCosts[number];
        for (int start = 0; start < share.Columns.Count; start += group.Lanes)
        {
            int valid = Math.Min(group.Lanes, share.Columns.Count - start);
            double* row = member.Rows.Pointer;
            _equations.Prefetch(share.Columns, start, valid);
            member.Evaluator.Rows(number, share.Columns, _state, start, valid, row);
            for (int lane = start; lane < start + valid; lane++, row += group.RowLength)
            {
                costs[share.Costs[lane]] = row[0]; // All threads that compute it write the same.
                _equations.Add(share.Columns, lane, row);
            }
        }
    }

    /// <summary>The memory of one thread.</summary>
    private sealed class Member(LinearizationPlan plan)
    {
        public CostEvaluator Evaluator { get; } = new(plan);

        /// <summary>What the cost functions of one block contribute.</summary>
        public Pinned<double> Rows { get; } = plan.NewRows();
    }
}
