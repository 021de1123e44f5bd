using System.Diagnostics;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>The solve of one element, from initial values to a status. Allocates nothing between.</summary>
internal sealed class ElementSolve
{
    /// <summary>A cost so many times the best is not on its way back.</summary>
    private const double DivergedFactor = 1e6;

    /// <summary>
    /// Costs that differ by no more than this share cannot be told apart: near a minimum the steps still improve the
    /// values when the cost no longer shows it, so they are taken.
    /// </summary>
    private const double RoundingOfCost = 1e-13;

    /// <summary>Ending so little above the best, relative to it, is rounding.</summary>
    private const double AsGood = 1e-6;

    /// <summary>The same for costs that went to zero, relative to the initial one.</summary>
    private const double NearZero = 1e-12;

    /// <summary>Room for so many records is made in advance; more iterations than that pay for themselves.</summary>
    private const int RecordsAtFirst = 1000;

    private readonly SolverWorkspace _workspace;
    private readonly StepControl _control;
    private readonly SolveOptions _options;
    private readonly int _element;
    private readonly SolveTape? _tape;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<IterationRecord> _records;
    private int _rejections;
    private double _cost;
    private double _bestCost;
    private bool _bestIsCurrent = true;

    public ElementSolve(
        SolverWorkspace workspace, StepControl control, SolveOptions options, int element, SolveTape? tape)
    {
        _tape = tape;
        _workspace = workspace;
        _control = control;
        _options = options;
        _element = element;
        _records = new(Math.Min(options.MaxIterations, RecordsAtFirst) + 1);
    }

    /// <summary>Solves from the workspace's current values; leaves the best seen there.</summary>
    public ElementResult Run(CancellationToken cancellation)
    {
        double initial = Linearize();
        _bestCost = initial;
        SolveStatus status = double.IsFinite(initial)
            ? Iterate(cancellation, out string? detail)
            : NotFinite(out detail);
        if (!_bestIsCurrent)
            status = ReturnToBest(status, initial);
        return new(
            _element, status, StatusText.Of(status, detail, _options), initial, _bestCost, _workspace.Linearizer.GradientNorm(),
            _records.ToArray());
    }

    /// <summary>Makes the best values current. An end far above them is not convergence to them.</summary>
    private SolveStatus ReturnToBest(SolveStatus status, double initial)
    {
        double tolerance = Math.Max(_options.Stopping.AbsoluteCostChange, (AsGood * _bestCost) + (NearZero * initial));
        bool isAsGood = _cost - _bestCost <= tolerance;
        _workspace.Current.CopyFrom(_workspace.Best);
        Linearize();
        return status.IsConverged() && !isAsGood ? SolveStatus.Diverged : status;
    }

    private SolveStatus Iterate(CancellationToken cancellation, out string? detail)
    {
        detail = null;
        double gradient = _workspace.Linearizer.GradientNorm();
        Record(new(_element, 0, _cost, 0, gradient, 0, 0, _control.Damping, true, default));
        for (int iteration = 1; ; iteration++)
        {
            if (!double.IsFinite(gradient))
                return NotFinite(out detail);
            if (gradient <= _options.Stopping.Gradient)
                return SolveStatus.ConvergedByGradient;
            if (cancellation.IsCancellationRequested)
                return SolveStatus.Cancelled;
            if (iteration > _options.MaxIterations)
                return SolveStatus.IterationLimit;
            if (Advance(iteration, gradient, out detail) is { } status)
                return status;
            gradient = _workspace.Linearizer.GradientNorm();
        }
    }

    /// <summary>One iteration: a step, taken or not.</summary>
    /// <returns>A status if it was the last.</returns>
    private SolveStatus? Advance(int iteration, double gradient, out string? detail)
    {
        detail = null;
        double damping = _control.Damping;
        bool isDamped = _control.WriteDamping(damping, _workspace.Linearizer.Hessian, _workspace.Damping);
        FactorizationResult factorization = Factor(isDamped);
        StepTrial trial = default;
        bool accepted = false;
        if (factorization.Succeeded)
        {
            trial = Try(isDamped);
            accepted = double.IsFinite(trial.TrialCost) && (_control.Accepts(trial) || IsRounding(trial));
        }

        SolveStatus? status = accepted && StepIsSmall() ? SolveStatus.ConvergedByStep : null;
        double stepNorm = factorization.Succeeded ? Math.Sqrt(VectorKernels.Dot(_workspace.Step.Span, _workspace.Step.Span)) : 0;
        if (accepted)
            Take(trial, damping);
        Record(new(
            _element, iteration, _cost, trial.Change, gradient, stepNorm, trial.GainRatio, damping, accepted,
            Stopwatch.GetElapsedTime(_start)));
        return accepted ? status ?? ByCost(trial) : Reject(factorization, trial, out detail);
    }

    private SolveStatus? Reject(FactorizationResult factorization, in StepTrial trial, out string? detail)
    {
        detail = null;
        if (!factorization.Succeeded && !_workspace.Linearizer.HessianIsFinite())
            return NotFinite(out detail);
        if (factorization.Succeeded && _rejections++ == 0 && double.IsFinite(trial.TrialCost))
        {
            // Only the first rejection tells: damped enough, every step is small, which is no convergence.
            if (IsSmall(trial.Predicted, trial.Cost))
                return SolveStatus.ConvergedByCost;
            if (StepIsSmall())
                return SolveStatus.ConvergedByStep;
        }

        if (_control.TryStrengthen())
            return null;
        if (!factorization.Succeeded)
        {
            detail = Singularity.Explain(_workspace, factorization.FailedRow);
            return SolveStatus.Singular;
        }

        return double.IsFinite(trial.TrialCost) || _rejections > 1 ? SolveStatus.NoDescent : SolveStatus.Diverged;
    }

    /// <summary>Takes the step and linearizes where it leads.</summary>
    private void Take(in StepTrial trial, double damping)
    {
        _tape?.Push(_workspace.Current, damping);
        bool isBest = trial.TrialCost <= _bestCost * (1 + RoundingOfCost);
        if (!isBest && _bestIsCurrent)
        {
            _workspace.Best.CopyFrom(_workspace.Current);
            _bestIsCurrent = false;
        }

        _workspace.TakeTrial();
        _rejections = 0;
        if (isBest)
        {
            _bestCost = trial.TrialCost;
            _bestIsCurrent = true;
            _tape?.MarkBest();
        }

        Linearize();
        _cost = trial.TrialCost;
    }

    /// <summary>Whether there is nothing left to see; of a step small by damping, that would say nothing.</summary>
    private bool IsRounding(in StepTrial trial) =>
        _rejections == 0
        && trial.Predicted <= RoundingOfCost * trial.Cost && Math.Abs(trial.Change) <= RoundingOfCost * trial.Cost;

    private SolveStatus? ByCost(in StepTrial trial)
    {
        if (IsSmall(trial.Change, trial.Cost))
            return SolveStatus.ConvergedByCost;
        return _cost > DivergedFactor * _bestCost && _bestCost > 0 ? SolveStatus.Diverged : null;
    }

    private bool IsSmall(double change, double cost)
    {
        StoppingCriteria stopping = _options.Stopping;
        double largest = Math.Max(stopping.AbsoluteCostChange, stopping.RelativeCostChange * cost);
        return largest > 0 && Math.Abs(change) <= largest;
    }

    private double Linearize()
    {
        long start = Stopwatch.GetTimestamp();
        _cost = _workspace.Linearizer.Linearize(_workspace.Current);
        _workspace.Clock.AddLinearize(start);
        return _cost;
    }

    private FactorizationResult Factor(bool isDamped)
    {
        long start = Stopwatch.GetTimestamp();
        ReadOnlySpan<double> damping = isDamped ? _workspace.Damping : [];
        FactorizationResult result = _workspace.Solver.Factor(_workspace.Linearizer.Hessian, damping);
        _workspace.Clock.AddFactor(start);
        return result;
    }

    /// <summary>Solves for the step, and evaluates where it leads.</summary>
    private StepTrial Try(bool isDamped)
    {
        Span<double> step = _workspace.Step.Span;
        ReadOnlySpan<double> gradient = _workspace.Linearizer.Gradient;
        long start = Stopwatch.GetTimestamp();
        for (int k = 0; k < step.Length; k++)
            step[k] = -gradient[k];
        _workspace.Solver.Solve(step, step);
        _workspace.Clock.AddSolve(start);
        double predicted = Predicted(step, gradient, isDamped ? _workspace.Damping : []);
        if (_options.StepSize != 1)
            foreach (ref double entry in step)
                entry *= _options.StepSize;

        start = Stopwatch.GetTimestamp();
        _workspace.Linearizer.Retract(_workspace.Current, _workspace.Step, _workspace.Trial);
        _workspace.Clock.AddRetract(start);
        start = Stopwatch.GetTimestamp();
        double trialCost = _workspace.Linearizer.Objective(_workspace.Trial);
        _workspace.Clock.AddEvaluate(start);
        return new(_cost, trialCost, predicted);
    }

    /// <summary>
    /// −(s·gᵀδ + ½s²·δᵀHδ) for the share s of the step δ; with (H + D)·δ = −g, δᵀHδ is −gᵀδ − δᵀDδ.
    /// </summary>
    private double Predicted(ReadOnlySpan<double> step, ReadOnlySpan<double> gradient, ReadOnlySpan<double> damping)
    {
        double slope = VectorKernels.Dot(gradient, step), damped = 0;
        for (int k = 0; k < damping.Length; k++)
            damped += damping[k] * step[k] * step[k];
        double share = _options.StepSize;
        return -((share * slope) + (0.5 * share * share * (-slope - damped)));
    }

    private bool StepIsSmall()
    {
        double tolerance = _options.Stopping.RelativeStep;
        if (tolerance == 0)
            return false;
        Problem problem = _workspace.Plan.Linearization.Problem;
        ReadOnlySpan<int> offsets = _workspace.Plan.Linearization.Structure.Offsets;
        ReadOnlySpan<double> step = _workspace.Step.Span;
        for (int number = 0; number < problem.OptimizedCount; number++)
        {
            ReadOnlySpan<double> delta = step[offsets[number]..offsets[number + 1]];
            ReadOnlySpan<double> value = _workspace.Current.Of(number);
            double limit = tolerance * (Math.Sqrt(VectorKernels.Dot(value, value)) + tolerance);
            if (!(VectorKernels.Dot(delta, delta) <= limit * limit))
                return false;
        }

        return true;
    }

    private SolveStatus NotFinite(out string? detail)
    {
        string? name = _workspace.Linearizer.FindNotFinite(_workspace.Current, out bool isCost);
        detail = name is null ? "the sum of all costs or of their derivatives is not finite"
            : isCost ? $"the cost of '{name}' is not finite"
            : $"the derivatives of '{name}' are not finite";
        return SolveStatus.NotFinite;
    }

    private void Record(in IterationRecord record)
    {
        _records.Add(record);
        _options.OnIteration?.Invoke(record);
    }
}
