using TheseusSharp.Linearization;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Adjoints;

/// <summary>
/// The values before each recorded step, those between checkpoints computed anew from the checkpoint before, by what
/// solved: λ is on the tape, so a step repeated has the bits of the one taken, with no control that decides. Holds the
/// values between two checkpoints, no more.
/// </summary>
internal sealed class StepReplay
{
    private readonly List<double[]> _segment = [];
    private RepeatedStep? _step;
    private int _first;
    private int _count;

    /// <summary>Makes the values before a step current.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="tape">The recorded steps.</param>
    /// <param name="step">The number of the step.</param>
    /// <returns>False if a step between could not be repeated.</returns>
    public bool TryGoBefore(BackwardPass pass, SolveTapeView tape, int step)
    {
        if (tape.Steps[step].Values is { } saved)
        {
            pass.State.RestoreOptimized(saved);
            return true;
        }

        if (!(step >= _first && step < _first + _count) && !TryRepeat(pass, tape, step))
            return false;
        pass.State.RestoreOptimized(_segment[step - _first]);
        return true;
    }

    /// <summary>Repeats the steps from the checkpoint before a step to it, and keeps the values between.</summary>
    private bool TryRepeat(BackwardPass pass, SolveTapeView tape, int last)
    {
        _first = last;
        while (tape.Steps[_first - 1].Values is null)
            _first--;
        _count = 0;
        LaneWorkspace workspace = pass.Repeater;
        workspace.Staging.CopyFrom(pass.State);
        workspace.Staging.RestoreOptimized(tape.Steps[_first - 1].Values);
        workspace.Load(0);
        _step ??= new(workspace, tape.Control, tape.StepSize);
        for (int number = _first - 1; number < last; number++)
        {
            if (!_step.TryTake(tape.Steps[number]))
                return false;
            Keep(workspace.CurrentOf(0));
        }

        return true;
    }

    /// <summary>Keeps the next values of the segment, in memory of the last one if there is any.</summary>
    private void Keep(SolverState state)
    {
        if (_count == _segment.Count)
            _segment.Add(state.SaveOptimized());
        else
            state.SaveOptimized(_segment[_count]);
        _count++;
    }
}

/// <summary>Takes steps in the first lane of a workspace, damped as is said.</summary>
internal sealed class RepeatedStep(LaneWorkspace workspace, StepControl recorded, double stepSize)
{
    private readonly double[] _ignored = new double[workspace.Lanes];
    private readonly int[] _failedRows = new int[workspace.Lanes];
    private readonly LaneStep[] _steps = new LaneStep[workspace.Lanes];
    private readonly bool[] _isTaken = new bool[workspace.Lanes];
    private readonly GivenDamping _control = new(recorded);

    /// <summary>Takes one.</summary>
    /// <param name="step">How it was taken.</param>
    /// <returns>Whether the system could be factored.</returns>
    public bool TryTake(in TapeStep step)
    {
        workspace.Linearize(_ignored, _ignored);
        _control.Lambda = step.Damping;
        workspace.SetFallenBack(0, step.HasFallenBack);
        bool isDamped = workspace.WriteDamping(0, _control);
        workspace.Factor(isDamped, _failedRows);
        if (_failedRows[0] >= 0)
            return false;
        workspace.Try(isDamped, stepSize, acceptsAll: false, _steps);
        _isTaken[0] = true;
        workspace.TakeTrial(_isTaken, othersMatter: false);
        return true;
    }

    private sealed class GivenDamping(StepControl recorded) : RecordedControl(recorded)
    {
        public double Lambda { get; set; }

        public override double Damping => Lambda;
    }
}
