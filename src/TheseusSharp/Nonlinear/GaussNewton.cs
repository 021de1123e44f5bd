namespace TheseusSharp.Nonlinear;

/// <summary>
/// Gauss–Newton: every step solves H·δ = −g and is taken. The fastest near a minimum; may diverge far from one.
/// </summary>
public sealed class GaussNewton : Optimizer
{
    /// <inheritdoc/>
    public override string Name => "Gauss–Newton";

    internal override StepControl NewControl() => new Undamped();

    private sealed class Undamped : StepControl
    {
        public override bool AcceptsAll => true;
    }
}
