using System.Diagnostics;

namespace TheseusSharp.Nonlinear;

/// <summary>
/// The solve of one element, in one lane of a workspace, from initial values to a status: decides, step by step, what
/// becomes of it. What is computed for all lanes at once, <see cref="LaneSolve"/> has computed. Allocates nothing
/// between.
/// </summary>
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

    private readonly LaneWorkspace _workspace;
    private readonly int _lane;
    private readonly StepControl _control;
    private readonly SolveOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly SolveTape? _tape;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<IterationRecord> _records;
    private Phase _phase = Phase.Fresh;
    private SolveStatus? _end;
    private string? _detail;
    private int _iteration;
    private int _rejections;
    private double _cost;
    private double _initialCost;
    private double _bestCost;
    private double _gradientNorm;
    private bool _bestIsCurrent = true;

    public ElementSolve(
        LaneWorkspace workspace, int lane, StepControl control, SolveOptions options, int element, SolveTape? tape,
        CancellationToken cancellation)
    {
        _workspace = workspace;
        _lane = lane;
        _control = control;
        _options = options;
        _tape = tape;
        _cancellation = cancellation;
        Element = element;
        _records = new(Math.Min(options.MaxIterations, RecordsAtFirst) + 1);
    }

    /// <summary>What the solve waits for.</summary>
    private enum Phase
    {
        /// <summary>The first linearization.</summary>
        Fresh,

        /// <summary>A linearization at values just taken.</summary>
        Moved,

        /// <summary>A step.</summary>
        Ready,

        /// <summary>A linearization at the best values, the last thing.</summary>
        Returning,

        /// <summary>Nothing: it has a result.</summary>
        Done,
    }

    /// <summary>The element of the batch.</summary>
    public int Element { get; }

    /// <summary>What became of it; null before.</summary>
    public ElementResult? Result { get; private set; }

    /// <summary>Whether the current values are to be linearized next.</summary>
    public bool AwaitsLinearization => _phase is Phase.Fresh or Phase.Moved or Phase.Returning;

    /// <summary>Whether a step is to be tried next.</summary>
    public bool AwaitsStep => _phase == Phase.Ready;

    /// <summary>Whether a step is sure to be taken unless its cost is not finite.</summary>
    public bool AcceptsAll => _control.AcceptsAll;

    /// <summary>Whether the last step is to be taken.</summary>
    public bool TakesTrial => _phase == Phase.Moved;

    /// <summary>Goes on with the linearization it waited for.</summary>
    public void Linearized(double cost, double gradientNorm)
    {
        _gradientNorm = gradientNorm;
        switch (_phase)
        {
            case Phase.Fresh:
                Begin(cost);
                break;
            case Phase.Moved:
                Go(_end ?? Check());
                break;
            case Phase.Returning:
                Complete();
                break;
        }
    }

    /// <summary>Writes the damping of the step it waits for.</summary>
    /// <returns>Whether there is any.</returns>
    public bool WriteDamping() => _workspace.WriteDamping(_lane, _control);

    /// <summary>Judges the step it waited for.</summary>
    /// <param name="failedRow">The row where the factorization failed; negative for none.</param>
    /// <param name="step">What the step did, if there is one.</param>
    public void Judge(int failedRow, in LaneStep step)
    {
        bool hasStep = failedRow < 0;
        StepTrial trial = hasStep ? new(_cost, step.TrialCost, Predicted(step)) : default;
        double damping = _control.Damping;
        bool accepted =
            hasStep && double.IsFinite(trial.TrialCost) && (_control.Accepts(trial) || IsRounding(trial));
        if (accepted)
            Take(trial, damping);
        Record(new(
            Element, ++_iteration, _cost, trial.Change, _gradientNorm, hasStep ? Math.Sqrt(step.SquaredNorm) : 0,
            trial.GainRatio, damping, accepted, Stopwatch.GetElapsedTime(_start)));
        if (!accepted)
            Go(Reject(failedRow, trial) ?? Check());
    }

    private void Begin(double cost)
    {
        _cost = _initialCost = _bestCost = cost;
        if (!double.IsFinite(cost))
        {
            Go(NotFinite());
            return;
        }

        Record(new(Element, 0, _cost, 0, _gradientNorm, 0, 0, _control.Damping, true, default));
        Go(Check());
    }

    /// <summary>On to the next step, or to the end.</summary>
    private void Go(SolveStatus? end)
    {
        _end = end;
        _phase = Phase.Ready;
        if (end is not null)
            Finish();
    }

    /// <summary>Whether it ends before the next step.</summary>
    private SolveStatus? Check()
    {
        if (!double.IsFinite(_gradientNorm))
            return NotFinite();
        if (_gradientNorm <= _options.Stopping.Gradient)
            return SolveStatus.ConvergedByGradient;
        if (_cancellation.IsCancellationRequested)
            return SolveStatus.Cancelled;
        return _iteration >= _options.MaxIterations ? SolveStatus.IterationLimit : null;
    }

    /// <summary>Makes the best values current. An end far above them is not convergence to them.</summary>
    private void Finish()
    {
        if (_bestIsCurrent)
        {
            Complete();
            return;
        }

        double tolerance =
            Math.Max(_options.Stopping.AbsoluteCostChange, (AsGood * _bestCost) + (NearZero * _initialCost));
        if (_end!.Value.IsConverged() && !(_cost - _bestCost <= tolerance))
            _end = SolveStatus.Diverged;
        _workspace.RestoreBest(_lane);
        _phase = Phase.Returning;
    }

    private void Complete()
    {
        SolveStatus status = _end!.Value;
        Result = new(
            Element, status, StatusText.Of(status, _detail, _options), _initialCost, _bestCost, _gradientNorm,
            _records.ToArray());
        _phase = Phase.Done;
    }

    private SolveStatus? Reject(int failedRow, in StepTrial trial)
    {
        bool hasStep = failedRow < 0;
        if (!hasStep && !_workspace.HessianIsFinite(_lane))
            return NotFinite();
        if (hasStep && _rejections++ == 0 && double.IsFinite(trial.TrialCost))
        {
            // Only the first rejection tells: damped enough, every step is small, which is no convergence.
            if (IsSmall(trial.Predicted, trial.Cost))
                return SolveStatus.ConvergedByCost;
            if (StepIsSmall())
                return SolveStatus.ConvergedByStep;
        }

        if (_control.TryStrengthen())
            return null;
        if (!hasStep)
        {
            _detail = Singularity.Explain(_workspace.Examine(_lane), failedRow);
            return SolveStatus.Singular;
        }

        return double.IsFinite(trial.TrialCost) || _rejections > 1 ? SolveStatus.NoDescent : SolveStatus.Diverged;
    }

    /// <summary>Takes the step, to be linearized where it leads; whatever ends the solve there is known already.</summary>
    private void Take(in StepTrial trial, double damping)
    {
        bool stepIsSmall = StepIsSmall();
        _tape?.Push(_workspace.CurrentOf(_lane), damping, _workspace.HasFallenBack(_lane));
        bool isBest = trial.TrialCost <= _bestCost * (1 + RoundingOfCost);
        if (!isBest && _bestIsCurrent)
            _workspace.SaveBest(_lane);
        _bestIsCurrent = isBest;
        if (isBest)
        {
            _bestCost = trial.TrialCost;
            _tape?.MarkBest();
        }

        _rejections = 0;
        _cost = trial.TrialCost;
        _end = stepIsSmall ? SolveStatus.ConvergedByStep : ByCost(trial);
        _phase = Phase.Moved;
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

    /// <summary>
    /// −(s·gᵀδ + ½s²·δᵀHδ) for the share s of the step δ; with (H + D)·δ = −g, δᵀHδ is −gᵀδ − δᵀDδ.
    /// </summary>
    private double Predicted(in LaneStep step)
    {
        double share = _options.StepSize;
        return -((share * step.Slope) + (0.5 * share * share * (-step.Slope - step.Damped)));
    }

    private bool StepIsSmall() => _workspace.StepIsSmall(_lane, _options.Stopping.RelativeStep);

    private SolveStatus NotFinite()
    {
        SolverWorkspace workspace = _workspace.Examine(_lane);
        string? name = workspace.Linearizer.FindNotFinite(workspace.Current, out bool isCost);
        _detail = name is null ? "the sum of all costs or of their derivatives is not finite"
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
