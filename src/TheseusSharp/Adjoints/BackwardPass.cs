using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Adjoints;

/// <summary>The recorded steps of an element, as a mode sees them.</summary>
/// <param name="steps">The steps, first to last.</param>
/// <param name="control">Writes their damping.</param>
/// <param name="stepSize">What each step was multiplied by.</param>
internal readonly ref struct SolveTapeView(ReadOnlySpan<TapeStep> steps, StepControl control, double stepSize)
{
    public ReadOnlySpan<TapeStep> Steps { get; } = steps;

    public StepControl Control { get; } = control;

    public double StepSize { get; } = stepSize;
}

/// <summary>The memory of one thread that runs backward passes, at the solution of one element.</summary>
internal sealed class BackwardPass : IDisposable
{
    private readonly SolvePlan _plan;
    private readonly Lazy<SolverWorkspace> _workspace;
    private readonly Lazy<LaneWorkspace> _repeater;

    /// <summary>Makes room.</summary>
    /// <param name="plan">The plan of the problem.</param>
    /// <param name="isWanted">For each variable of the problem, whether its gradient is wanted.</param>
    /// <param name="layout">Where the elements lay while they were solved.</param>
    /// <param name="precision">In what precision matrices were factored.</param>
    public BackwardPass(SolvePlan plan, bool[] isWanted, ChosenLayout layout, LinearPrecision precision)
    {
        _plan = plan;
        _workspace = new(() => (SolverWorkspace)plan.Workspaces.Rent(isInterleaved: false));
        _repeater = new(() => plan.Workspaces.Rent(layout.IsInterleaved, precision: precision));
        int n = plan.Linearization.Structure.Dimension;
        Evaluator = new(plan.Linearization, isWanted);
        var optimized = new bool[isWanted.Length];
        optimized.AsSpan(0, plan.Linearization.Problem.OptimizedCount).Fill(true);
        HessianProduct = new(() => new(plan.Linearization, optimized));
        Cotangent = new(n);
        Step = new(n);
        ByStep = new(n);
        ByValue = new(n);
    }

    public Linearizer Linearizer => _workspace.Value.Linearizer;

    public ILinearSolver Solver => _workspace.Value.Solver;

    /// <summary>The values that the pass is at.</summary>
    public SolverState State => _workspace.Value.Current;

    public SolverState Trial => _workspace.Value.Trial;

    public double[] Damping => _workspace.Value.Damping;

    /// <summary>Repeats steps of the solver, to the last bit.</summary>
    public LaneWorkspace Repeater => _repeater.Value;

    /// <summary>Collects the gradients wanted.</summary>
    public AdjointEvaluator Evaluator { get; }

    /// <summary>Computes products with the exact Hessian.</summary>
    public Lazy<AdjointEvaluator> HessianProduct { get; }

    /// <summary>The gradient by the current values' tangents.</summary>
    public Pinned<double> Cotangent { get; }

    public Pinned<double> Step { get; }

    public Pinned<double> ByStep { get; }

    public Pinned<double> ByValue { get; }

    public void Dispose()
    {
        if (_workspace.IsValueCreated)
            _plan.Workspaces.Return(_workspace.Value);
        if (_repeater.IsValueCreated)
            _plan.Workspaces.Return(_repeater.Value);
    }
}
