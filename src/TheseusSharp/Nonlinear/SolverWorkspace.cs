using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>The memory of one thread that solves elements of a batch, and the clocks of what it does.</summary>
internal sealed class SolverWorkspace : IDisposable
{
    private SolverState _current;
    private SolverState _trial;

    public SolverWorkspace(SolvePlan plan)
    {
        Plan = plan;
        Problem problem = plan.Linearization.Problem;
        Linearizer = new(plan.Linearization);
        Solver = plan.NewSolver();
        _current = new(problem);
        _trial = new(problem);
        Best = new(problem);
        int dimension = plan.Linearization.Structure.Dimension;
        Step = new(dimension);
        Damping = new double[dimension];
    }

    public SolvePlan Plan { get; }

    public Linearizer Linearizer { get; }

    public ILinearSolver Solver { get; }

    /// <summary>The values that the solve is at.</summary>
    public SolverState Current => _current;

    /// <summary>The values that a step leads to.</summary>
    public SolverState Trial => _trial;

    /// <summary>The best values seen.</summary>
    public SolverState Best { get; }

    public Pinned<double> Step { get; }

    public double[] Damping { get; }

    public SolveClock Clock { get; } = new();

    /// <summary>Makes the trial current.</summary>
    public void TakeTrial() => (_current, _trial) = (_trial, _current);

    public void Dispose() => Solver.Dispose();
}
