using TheseusSharp.Linearization;

namespace TheseusSharp.Nonlinear;

/// <summary>A step that was taken: from where, how damped.</summary>
/// <param name="Values">The optimised variables before it.</param>
/// <param name="Damping">λ.</param>
internal readonly record struct TapeStep(double[] Values, double Damping);

/// <summary>
/// The steps that led to the best values of one element: one copy of the optimised variables for each, no more.
/// </summary>
/// <param name="longest">How many of the last steps to keep.</param>
internal sealed class SolveTape(int longest)
{
    private readonly List<TapeStep> _steps = [];
    private int _kept;
    private int _dropped;

    /// <summary>The steps, first to last.</summary>
    public ReadOnlySpan<TapeStep> Steps =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_steps)[.._kept];

    /// <summary>Whether the first step is from the initial values.</summary>
    public bool IsComplete => _dropped == 0;

    /// <summary>A step is taken.</summary>
    public void Push(SolverState from, double damping) => _steps.Add(new(from.SaveOptimized(), damping));

    /// <summary>It led to the best values so far.</summary>
    public void MarkBest()
    {
        int surplus = Math.Max(0, _steps.Count - longest);
        _steps.RemoveRange(0, surplus);
        _dropped += surplus;
        _kept = _steps.Count;
    }
}
