using System.Diagnostics;
using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>
/// The memory of one thread that solves a pack: elements side by side, one in each lane of a vector.
/// </summary>
internal sealed class PackWorkspace : LaneWorkspace
{
    private readonly PackLinearizer _linearizer;
    private readonly Lazy<InterleavedCholesky> _solver;
    private readonly RefinedInterleavedCholesky? _refined;
    private readonly SolverState _best;
    private readonly Pinned<double> _step;
    private readonly double[] _damping;
    private readonly double[] _diagonal;
    private readonly double[] _perLane;
    private readonly Lazy<SolverWorkspace> _single;
    private SolverState _current;
    private SolverState _trial;

    /// <summary>Makes room.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="precision">In what precision matrices are factored; not automatic.</param>
    public PackWorkspace(SolvePlan plan, LinearPrecision precision)
        : base(plan)
    {
        Problem problem = plan.Linearization.Problem;
        _linearizer = new(plan.Linearization);
        _solver = new(() => new(plan.Interleaved, Lanes));
        if (precision == LinearPrecision.Mixed)
            _refined = new(plan.Interleaved, Lanes);
        _current = new(problem, Lanes);
        _trial = new(problem, Lanes);
        _best = new(problem, Lanes);
        int dimension = plan.Linearization.Structure.Dimension;
        _step = new(dimension * Lanes);
        _damping = new double[dimension * Lanes];
        _diagonal = new double[dimension];
        _perLane = new double[Lanes];
        _single = new(() => new(plan));
    }

    /// <inheritdoc/>
    public override int Lanes => Plan.Linearization.Lanes;

    public PackLinearizer Linearizer => _linearizer;

    /// <inheritdoc/>
    public override LinearPrecision Precision => _refined is null ? LinearPrecision.Double : LinearPrecision.Mixed;

    /// <summary>Factors in double precision.</summary>
    public InterleavedCholesky Solver => _solver.Value;

    public SolverState Current => _current;

    /// <inheritdoc/>
    public override void Load(int lane)
    {
        _current.CopyLane(lane, Staging, 0, withConstants: true);
        _trial.CopyLane(lane, Staging, 0, withConstants: true);
        _refined?.Enter(lane);
    }

    /// <inheritdoc/>
    public override void Leave(int lane) => _refined?.Leave(lane);

    /// <inheritdoc/>
    public override bool HasFallenBack(int lane) => _refined is not null && _refined.HasFallenBack(lane);

    /// <inheritdoc/>
    public override void SetFallenBack(int lane, bool hasFallenBack)
    {
        if (hasFallenBack)
            _refined?.EnterInDouble(lane);
        else
            _refined?.Enter(lane);
    }

    /// <inheritdoc/>
    public override void Rest(int lane, int other)
    {
        _current.CopyLane(lane, _current, other, withConstants: true);
        _trial.CopyLane(lane, _current, other, withConstants: true);
        Leave(lane);
    }

    /// <inheritdoc/>
    public override SolverState CurrentOf(int lane)
    {
        Staging.CopyLane(0, _current, lane, withConstants: true);
        return Staging;
    }

    /// <inheritdoc/>
    public override void Linearize(Span<double> costs, Span<double> gradientNorms)
    {
        long start = Stopwatch.GetTimestamp();
        _linearizer.Linearize(_current, costs);
        LaneKernels.LargestSize(_linearizer.Gradient, gradientNorms);
        Clock.AddLinearize(start);
    }

    /// <inheritdoc/>
    public override bool WriteDamping(int lane, StepControl control)
    {
        if (control.DampsByDiagonal)
            LaneKernels.CopyDiagonal(Plan.Linearization.Structure, _linearizer.Hessian, lane, _diagonal);
        if (!control.WriteDamping(control.Damping, _diagonal))
            return false;
        LaneKernels.SetLane(_diagonal, lane, Lanes, _damping);
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>Solves for the step, too, while each part of the factor is in cache.</remarks>
    public override void Factor(bool isDamped, Span<int> failedRows)
    {
        long start = Stopwatch.GetTimestamp();
        VectorKernels.Negate(_linearizer.Gradient, _step.Span);
        FactorAndSolve(isDamped ? _damping : [], _step.Span, _step.Span, failedRows);
        Clock.AddFactor(start);
    }

    /// <summary>Solves (H + D)·x = b in each lane that an element is in, in the precision of this workspace.</summary>
    /// <param name="damping">The diagonal of D; or empty for none.</param>
    /// <param name="right">b.</param>
    /// <param name="solution">Receives x; may be <paramref name="right"/> itself.</param>
    /// <param name="failedRows">Receives, for each lane, the row that failed; negative for none.</param>
    public void FactorAndSolve(
        ReadOnlySpan<double> damping, ReadOnlySpan<double> right, Span<double> solution, Span<int> failedRows)
    {
        if (_refined is null)
        {
            Solver.FactorAndSolve(_linearizer.Hessian, damping, right, solution, failedRows);
            return;
        }

        (long factorizations, long fallBacks) = (_refined.Factorizations, _refined.FallBacks);
        _refined.FactorAndSolve(_linearizer.Hessian, damping, right, solution, failedRows);
        Clock.AddSingle(_refined.Factorizations - factorizations, _refined.FallBacks - fallBacks);
    }

    /// <inheritdoc/>
    public override void Try(bool isDamped, double stepSize, bool acceptsAll, Span<LaneStep> steps)
    {
        long start = Stopwatch.GetTimestamp();
        Span<double> step = _step.Span;
        Measure(isDamped, steps);
        VectorKernels.Scale(stepSize, step);
        LaneKernels.Dot(step, step, _perLane);
        for (int lane = 0; lane < Lanes; lane++)
            steps[lane].SquaredNorm = _perLane[lane];
        Clock.AddSolve(start);

        start = Stopwatch.GetTimestamp();
        _linearizer.Retract(_current, _step, _trial);
        Clock.AddRetract(start);
        start = Stopwatch.GetTimestamp();
        _linearizer.Objective(_trial, _perLane);
        for (int lane = 0; lane < Lanes; lane++)
            steps[lane].TrialCost = _perLane[lane];
        Clock.AddEvaluate(start);
    }

    /// <inheritdoc/>
    public override void TakeTrial(ReadOnlySpan<bool> isTaken, bool othersMatter)
    {
        if (!othersMatter)
            (_current, _trial) = (_trial, _current);
        else
            for (int lane = 0; lane < Lanes; lane++)
                if (isTaken[lane])
                    _current.CopyLane(lane, _trial, lane, withConstants: false);
    }

    /// <inheritdoc/>
    public override void SaveBest(int lane) => _best.CopyLane(lane, _current, lane, withConstants: false);

    /// <inheritdoc/>
    public override void RestoreBest(int lane) => _current.CopyLane(lane, _best, lane, withConstants: false);

    /// <inheritdoc/>
    public override bool StepIsSmall(int lane, double tolerance) =>
        SmallStep.Is(Plan.Linearization, _current, _step.Span, lane, tolerance);

    /// <inheritdoc/>
    public override bool HessianIsFinite(int lane)
    {
        ReadOnlySpan<double> hessian = _linearizer.Hessian;
        for (int k = lane; k < hessian.Length; k += Lanes)
            if (!double.IsFinite(hessian[k]))
                return false;
        return true;
    }

    /// <inheritdoc/>
    public override SolverWorkspace Examine(int lane)
    {
        SolverWorkspace single = _single.Value;
        single.Current.CopyLane(0, _current, lane, withConstants: true);
        single.Linearizer.Linearize(single.Current);
        return single;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _refined?.Dispose();
        if (_solver.IsValueCreated)
            _solver.Value.Dispose();
        if (_single.IsValueCreated)
            _single.Value.Dispose();
    }

    private void Measure(bool isDamped, Span<LaneStep> steps)
    {
        LaneKernels.Dot(_linearizer.Gradient, _step.Span, _perLane);
        for (int lane = 0; lane < Lanes; lane++)
            steps[lane].Slope = _perLane[lane];
        if (isDamped)
            LaneKernels.WeightedSquares(_damping, _step.Span, _perLane);
        else
            _perLane.AsSpan().Clear();
        for (int lane = 0; lane < Lanes; lane++)
            steps[lane].Damped = _perLane[lane];
    }
}
