using TheseusSharp.Nonlinear;

namespace TheseusSharp.Adjoints;

/// <summary>Damps as the optimiser of a recorded solve does, by λ of its own.</summary>
/// <param name="recorded">A control of that optimiser.</param>
internal abstract class RecordedControl(StepControl recorded) : StepControl
{
    public sealed override bool DampsByDiagonal => recorded.DampsByDiagonal;

    public sealed override bool WriteDamping(double lambda, Span<double> diagonal) =>
        recorded.WriteDamping(lambda, diagonal);
}
