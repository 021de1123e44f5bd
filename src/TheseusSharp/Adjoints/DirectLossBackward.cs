namespace TheseusSharp.Adjoints;

/// <summary>
/// δ± = argmin of 2F(θ*∘Exp δ) + ‖εδ ∓ ½u‖² by one undamped Gauss–Newton step, (H + ε²)·δ = −g ± ½εu, with u = v/‖v‖ of
/// the outer gradient v; the gradient is ‖v‖/ε times the difference of ∂F/∂φ at both ends. One-sided, one end is where
/// −g alone leads, not the solution: else what g is would stay in the difference, divided by ε.
/// </summary>
internal sealed class DirectLossBackward(double epsilon, bool isSymmetric) : PulledBackward
{
    public override string Name => "direct loss";

    private protected override double Damping => epsilon * epsilon;

    /// <summary>½ε·v/‖v‖: how far it goes does not depend on the scale of the outer loss.</summary>
    private protected override void ToPull(BackwardPass pass, double[] outer, double norm)
    {
        foreach (ref double entry in outer.AsSpan())
            entry *= 0.5 * epsilon / norm;
    }

    private protected override PullEnd[] EndsOf(double norm) => isSymmetric
        ? [new(1, 1, -norm / epsilon), new(-1, 1, norm / epsilon)]
        : [new(1, 1, -2 * norm / epsilon), new(0, 1, 2 * norm / epsilon)];
}
