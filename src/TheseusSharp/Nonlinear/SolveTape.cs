using System.Runtime.InteropServices;
using TheseusSharp.Linearization;

namespace TheseusSharp.Nonlinear;

/// <summary>A step that was taken: from where, how damped.</summary>
/// <param name="Values">The optimised variables before it; null between checkpoints.</param>
/// <param name="Damping">λ: all that its control decided, so that repeating it needs no decisions.</param>
/// <param name="HasFallenBack">Whether single precision was no good for its system, or those before.</param>
internal readonly record struct TapeStep(double[]? Values, double Damping, bool HasFallenBack);

/// <summary>
/// The steps that led to the best values of one element: one copy of the optimised variables for each, or for every
/// few, no more.
/// </summary>
/// <param name="longest">How many of the last steps to keep.</param>
/// <param name="checkpointEvery">
/// Values are stored before the first step and every so many later; above 1 only where all steps are kept.
/// </param>
internal sealed class SolveTape(int longest, int checkpointEvery = 1)
{
    private readonly List<TapeStep> _steps = [];
    private int _kept;
    private int _dropped;

    /// <summary>The steps, first to last.</summary>
    public ReadOnlySpan<TapeStep> Steps => CollectionsMarshal.AsSpan(_steps)[.._kept];

    /// <summary>Whether the first step is from the initial values.</summary>
    public bool IsComplete => _dropped == 0;

    /// <summary>A step is taken.</summary>
    public void Push(SolverState from, double damping, bool hasFallenBack) => _steps.Add(
        new(_steps.Count % checkpointEvery == 0 ? from.SaveOptimized() : null, damping, hasFallenBack));

    /// <summary>It led to the best values so far.</summary>
    public void MarkBest()
    {
        int surplus = Math.Max(0, _steps.Count - longest);
        _steps.RemoveRange(0, surplus);
        _dropped += surplus;
        _kept = _steps.Count;
    }
}
