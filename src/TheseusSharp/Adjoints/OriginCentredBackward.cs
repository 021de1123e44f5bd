using TheseusSharp.Modelling;

namespace TheseusSharp.Adjoints;

/// <summary>
/// Direct loss minimisation with the costs √2·(εθ − ½v) on top of F, v the outer gradient, as Theseus has it: one
/// Gauss–Newton step (H + 2ε²)·δ = −g − 2ε²θ* + εv; the gradient is 1/ε times what ∂F/∂φ loses on the way.
/// </summary>
internal sealed class OriginCentredBackward(double epsilon) : PulledBackward
{
    public override string Name => "direct loss, origin-centred";

    private protected override double Damping => 2 * epsilon * epsilon;

    internal override void Check(Problem problem)
    {
        foreach (Variable variable in problem.Variables.Take(problem.OptimizedCount))
            if (variable.Kind.IsGroup)
                throw new ArgumentException(
                    $"Variable '{variable.Name}' ({variable.Kind}) is optimised, and a direct loss centred at the " +
                    "origin pulls stored numbers, which only vectors allow. Use Backward.DirectLoss(): it pulls in " +
                    "the tangent space at the solution.", nameof(problem));
    }

    private protected override void ToPull(BackwardPass pass, double[] outer, double norm)
    {
        ReadOnlySpan<int> offsets = pass.Linearizer.Hessian.Structure.Offsets;
        for (int number = 0; number < offsets.Length - 1; number++)
        {
            ReadOnlySpan<double> value = pass.State.Of(number);
            for (int k = 0; k < value.Length; k++)
            {
                ref double entry = ref outer[offsets[number] + k];
                entry = (epsilon * entry) - (Damping * value[k]);
            }
        }
    }

    private protected override PullEnd[] EndsOf(double norm) => [new(1, 1, -1 / epsilon), new(0, 0, 1 / epsilon)];
}
