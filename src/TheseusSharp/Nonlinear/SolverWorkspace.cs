using System.Diagnostics;
using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>
/// The memory of one thread that solves one element at a time; others may help it with large ones.
/// </summary>
internal sealed class SolverWorkspace : LaneWorkspace
{
    private readonly RefinedCholesky? _refined;

    /// <summary>The values that were linearized when the last step was tried, if they were; and their cost.</summary>
    private SolverState? _linearized;
    private double _linearizedCost;
    private SolverState _current;
    private SolverState _trial;

    /// <summary>Makes room.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="threads">How many threads work on an element together, where that pays.</param>
    /// <param name="precision">In what precision matrices are factored; not automatic.</param>
    public SolverWorkspace(
        SolvePlan plan, int threads = 1, LinearPrecision precision = LinearPrecision.Double)
        : base(plan)
    {
        Problem problem = plan.Linearization.Problem;
        Linearizer = new(plan.Linearization, threads);
        Threads = threads;
        Solver = plan.NewSolver(threads, precision);
        _refined = Solver as RefinedCholesky;
        _current = new(problem);
        _trial = new(problem);
        Best = new(problem);
        int dimension = plan.Linearization.Structure.Dimension;
        Step = new(dimension);
        Damping = new double[dimension];
    }

    /// <inheritdoc/>
    public override int Lanes => 1;

    /// <inheritdoc/>
    public override int Threads { get; }

    /// <inheritdoc/>
    public override LinearPrecision Precision => _refined is null ? LinearPrecision.Double : LinearPrecision.Mixed;

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

    /// <summary>Makes the trial current.</summary>
    public void TakeTrial() => (_current, _trial) = (_trial, _current);

    /// <inheritdoc/>
    public override void Load(int lane)
    {
        _current.CopyFrom(Staging);
        _linearized = null;
        _refined?.Reset();
    }

    /// <inheritdoc/>
    public override bool HasFallenBack(int lane) =>
        _refined is not null && _refined.Report.Reason != RefinementFallBack.None;

    /// <inheritdoc/>
    public override void SetFallenBack(int lane, bool hasFallenBack) => _refined?.Resume(hasFallenBack);

    /// <inheritdoc/>
    public override void Rest(int lane, int other)
    {
    }

    /// <inheritdoc/>
    public override SolverState CurrentOf(int lane) => _current;

    /// <inheritdoc/>
    public override void Linearize(Span<double> costs, Span<double> gradientNorms)
    {
        long start = Stopwatch.GetTimestamp();
        costs[0] = ReferenceEquals(_linearized, _current) ? _linearizedCost : Linearizer.Linearize(_current);
        _linearized = null; // Once: who changes the values between need not know.
        gradientNorms[0] = Linearizer.GradientNorm();
        Clock.AddLinearize(start);
    }

    /// <inheritdoc/>
    public override bool WriteDamping(int lane, StepControl control) =>
        control.WriteDamping(control.Damping, Linearizer.Hessian, Damping);

    /// <inheritdoc/>
    /// <remarks>Solves for the step, too, while each part of the factor is in cache.</remarks>
    public override void Factor(bool isDamped, Span<int> failedRows)
    {
        long start = Stopwatch.GetTimestamp();
        RefinementReport before = _refined?.Report ?? default;
        VectorKernels.Negate(Linearizer.Gradient, Step.Span);
        FactorizationResult result =
            Solver.FactorAndSolve(Linearizer.Hessian, isDamped ? Damping : [], Step.Span, Step.Span);
        failedRows[0] = result.Succeeded ? -1 : result.FailedRow;
        if (_refined is { Report: var after })
        {
            long fallBacks = after.FallBacks - before.FallBacks;

            // The solver counts those that succeed only; one that fails is one of no use.
            Clock.AddSingle(Math.Max(after.SingleFactorizations - before.SingleFactorizations, fallBacks), fallBacks);
        }

        Clock.AddFactor(start);
    }

    /// <inheritdoc/>
    public override void Try(bool isDamped, double stepSize, bool acceptsAll, Span<LaneStep> steps)
    {
        ref LaneStep result = ref steps[0];
        Span<double> step = Step.Span;
        ReadOnlySpan<double> gradient = Linearizer.Gradient;
        long start = Stopwatch.GetTimestamp();
        result.Slope = VectorKernels.Dot(gradient, step);
        result.Damped = isDamped ? VectorKernels.WeightedSquares(Damping, step) : 0;
        VectorKernels.Scale(stepSize, step);
        result.SquaredNorm = VectorKernels.Dot(step, step);
        Clock.AddSolve(start);

        start = Stopwatch.GetTimestamp();
        Linearizer.Retract(_current, Step, _trial);
        Clock.AddRetract(start);
        start = Stopwatch.GetTimestamp();
        _linearized = acceptsAll ? _trial : null;
        if (acceptsAll)
        {
            result.TrialCost = _linearizedCost = Linearizer.Linearize(_trial);
            Clock.AddLinearize(start);
        }
        else
        {
            result.TrialCost = Linearizer.Objective(_trial);
            Clock.AddEvaluate(start);
        }
    }

    /// <inheritdoc/>
    public override void TakeTrial(ReadOnlySpan<bool> isTaken, bool othersMatter)
    {
        if (isTaken[0])
            TakeTrial();
    }

    /// <inheritdoc/>
    public override void SaveBest(int lane) => Best.CopyFrom(_current);

    /// <inheritdoc/>
    public override void RestoreBest(int lane) => _current.CopyFrom(Best);

    /// <inheritdoc/>
    public override bool StepIsSmall(int lane, double tolerance) =>
        SmallStep.Is(Plan.Linearization, _current, Step.Span, lane, tolerance);

    /// <inheritdoc/>
    public override bool HessianIsFinite(int lane) => Linearizer.HessianIsFinite();

    /// <inheritdoc/>
    public override SolverWorkspace Examine(int lane) => this;

    /// <inheritdoc/>
    public override void Dispose() => Solver.Dispose();
}
