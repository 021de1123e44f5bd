namespace TheseusSharp.Adjoints;

/// <summary>
/// The values before each recorded step, those between checkpoints computed anew from the checkpoint before. λ is on
/// the tape, so a step repeated has the bits of the one taken, with no control that decides. Holds the values between
/// two checkpoints, no more.
/// </summary>
internal sealed class StepReplay
{
    private readonly List<double[]> _segment = [];
    private int _first;

    /// <summary>Makes the values before a step current.</summary>
    /// <param name="pass">Where the steps are repeated.</param>
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

        if (!(step >= _first && step < _first + _segment.Count) && !TryRepeat(pass, tape, step))
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
        _segment.Clear();
        pass.State.RestoreOptimized(tape.Steps[_first - 1].Values);
        for (int step = _first - 1; step < last; step++)
        {
            if (!RecordedStep.TryCompute(pass, tape, tape.Steps[step].Damping))
                return false;
            pass.Linearizer.Retract(pass.State, pass.Step, pass.Trial);
            _segment.Add(pass.Trial.SaveOptimized());
            pass.State.RestoreOptimized(_segment[^1]);
        }

        return true;
    }
}

/// <summary>A step of the solver, taken once more.</summary>
internal static class RecordedStep
{
    /// <summary>
    /// Linearizes and factors at the current values and solves for the step, as the solver did: δ goes to the
    /// evaluator, its share that was taken to the pass.
    /// </summary>
    /// <returns>Whether the factorization succeeded.</returns>
    public static bool TryCompute(BackwardPass pass, SolveTapeView tape, double lambda)
    {
        pass.Linearizer.Linearize(pass.State);
        bool isDamped = tape.Control.WriteDamping(lambda, pass.Linearizer.Hessian, pass.Damping);
        if (!pass.Solver.Factor(pass.Linearizer.Hessian, isDamped ? pass.Damping : []).Succeeded)
            return false;
        Span<double> delta = pass.Evaluator.Delta, step = pass.Step.Span;
        ReadOnlySpan<double> gradient = pass.Linearizer.Gradient;
        for (int k = 0; k < delta.Length; k++)
            delta[k] = -gradient[k];
        pass.Solver.Solve(delta, delta);
        for (int k = 0; k < delta.Length; k++)
            step[k] = tape.StepSize * delta[k];
        return true;
    }
}
