namespace TheseusSharp.Nonlinear;

/// <summary>
/// Solves elements of a batch in the lanes of one workspace. Each round linearizes, factors and tries a step in all
/// lanes at once; an element that is done makes room for the next one, so lanes stay busy until none is left.
/// </summary>
/// <param name="workspace">The lanes.</param>
/// <param name="stepSize">What every step is multiplied by.</param>
/// <param name="next">Loads the next element into a lane; null when there is none.</param>
/// <param name="done">Receives each element's solve when it has a result, and its lane, whose values are final.</param>
internal sealed class LaneSolve(
    LaneWorkspace workspace, double stepSize, Func<int, ElementSolve?> next,
    Action<ElementSolve, int> done)
{
    private readonly ElementSolve?[] _solves = new ElementSolve?[workspace.Lanes];
    private readonly double[] _costs = new double[workspace.Lanes];
    private readonly double[] _gradientNorms = new double[workspace.Lanes];
    private readonly int[] _failedRows = new int[workspace.Lanes];
    private readonly LaneStep[] _steps = new LaneStep[workspace.Lanes];
    private readonly bool[] _isResting = new bool[workspace.Lanes];
    private readonly bool[] _taken = new bool[workspace.Lanes];

    /// <summary>Until no element is left.</summary>
    public void Run()
    {
        while (Fill())
        {
            if (Any(static solve => solve.AwaitsLinearization))
                Linearize();
            if (Any(static solve => solve.AwaitsStep))
                Step();
        }
    }

    /// <summary>Elements into empty lanes.</summary>
    /// <returns>Whether any lane has one.</returns>
    private bool Fill()
    {
        for (int lane = 0; lane < _solves.Length; lane++)
            if (_solves[lane] is null && !_isResting[lane])
                _solves[lane] = next(lane);
        int busy = Array.FindIndex(_solves, static solve => solve is not null);
        for (int lane = 0; busy >= 0 && lane < _solves.Length; lane++)
            if (_solves[lane] is null && !_isResting[lane])
            {
                _isResting[lane] = true; // There was no element left.
                workspace.Rest(lane, busy);
            }

        return busy >= 0;
    }

    private void Linearize()
    {
        workspace.Linearize(_costs, _gradientNorms);
        for (int lane = 0; lane < _solves.Length; lane++)
            if (_solves[lane] is { AwaitsLinearization: true } solve)
            {
                solve.Linearized(_costs[lane], _gradientNorms[lane]);
                EmptyIfDone(lane);
            }
    }

    private void Step()
    {
        bool isDamped = false, anyFactored = false, acceptsAll = true;
        foreach (ElementSolve? solve in _solves)
            if (solve is { AwaitsStep: true })
            {
                isDamped |= solve.WriteDamping();
                acceptsAll &= solve.AcceptsAll;
            }

        workspace.Factor(isDamped, _failedRows);
        for (int lane = 0; lane < _solves.Length; lane++)
            anyFactored |= _solves[lane] is { AwaitsStep: true } && _failedRows[lane] < 0;
        if (anyFactored)
            workspace.Try(isDamped, stepSize, acceptsAll, _steps);
        Judge();
    }

    /// <summary>What becomes of each step; then all that are taken are.</summary>
    private void Judge()
    {
        bool others = false, any = false;
        for (int lane = 0; lane < _solves.Length; lane++)
        {
            _taken[lane] = false;
            if (_solves[lane] is { AwaitsStep: true } solve)
            {
                solve.Judge(_failedRows[lane], _steps[lane]);
                any |= _taken[lane] = solve.TakesTrial;
                EmptyIfDone(lane);
            }

            others |= !_taken[lane] && _solves[lane] is not null; // Also one that went back to its best values.
        }

        if (any)
            workspace.TakeTrial(_taken, others);
    }

    private void EmptyIfDone(int lane)
    {
        if (_solves[lane] is not { Result: not null } solve)
            return;
        done(solve, lane);
        workspace.Leave(lane);
        _solves[lane] = null;
    }

    private bool Any(Predicate<ElementSolve> holds)
    {
        foreach (ElementSolve? solve in _solves)
            if (solve is not null && holds(solve))
                return true;
        return false;
    }
}
