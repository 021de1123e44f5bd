using System.Globalization;
using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Adjoints;

/// <summary>
/// Sweeps back over the steps taken. A step δ = −(H + D)⁻¹g with cotangent δ̄ and μ = (H + D)⁻¹δ̄ passes on
/// −∂⟨μ, g + (H + D)δ⟩ with μ and δ constant; a retraction passes on by its own adjoint.
/// </summary>
internal sealed class UnrollBackward(int iterations, int checkpointEvery = 1) : Backward
{
    public override string Name =>
        iterations < int.MaxValue ? $"truncated({Text(iterations)})"
        : checkpointEvery > 1 ? $"unroll, checkpoint every {Text(checkpointEvery)}"
        : "unroll";

    internal override int RecordedSteps => iterations;

    internal override int CheckpointEvery => checkpointEvery;

    internal override bool ReachesInitialValues => true;

    internal override ElementGradient Run(BackwardPass pass, SolveTapeView tape)
    {
        pass.Linearizer.Linearize(pass.State);
        double gradientNorm = pass.Linearizer.GradientNorm();
        int optimized = pass.Cotangent.Length;
        var replay = new StepReplay();
        for (int k = tape.Steps.Length - 1; k >= 0; k--)
            if (!replay.TryGoBefore(pass, tape, k) || !TryStep(pass, tape, tape.Steps[k].Damping))
                return new(GradientStatus.SolveFailed, null, gradientNorm, 0);
        pass.Cotangent.Span.CopyTo(pass.Evaluator.Gradient.Span[..optimized]);
        return new(GradientStatus.Defined, null, gradientNorm, 0);
    }

    /// <summary>Takes the cotangent from after a step to before it.</summary>
    private static bool TryStep(BackwardPass pass, SolveTapeView tape, double lambda)
    {
        pass.Linearizer.Linearize(pass.State);
        bool isDamped = tape.Control.WriteDamping(lambda, pass.Linearizer.Hessian, pass.Damping);
        if (!pass.Solver.Factor(pass.Linearizer.Hessian, isDamped ? pass.Damping : []).Succeeded)
            return false;
        Span<double> delta = pass.Evaluator.Delta, mu = pass.Evaluator.Mu;
        VectorKernels.Negate(pass.Linearizer.Gradient, delta);
        pass.Solver.Solve(delta, delta);

        for (int k = 0; k < delta.Length; k++)
            pass.Step.Span[k] = tape.StepSize * delta[k];
        pass.Linearizer.RetractAdjoint(pass.State, pass.Step, pass.Cotangent, pass.ByValue, pass.ByStep);
        for (int k = 0; k < mu.Length; k++)
            mu[k] = tape.StepSize * pass.ByStep.Span[k];
        pass.Solver.Solve(mu, mu);

        Span<double> values = pass.Evaluator.Gradient.Span[..mu.Length];
        values.Clear();
        pass.Evaluator.Add(TargetOf(pass, tape, lambda), pass.State, -1);
        for (int k = 0; k < values.Length; k++)
            pass.Cotangent.Span[k] = pass.ByValue.Span[k] + values[k];
        return true;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static AdjointTarget TargetOf(BackwardPass pass, SolveTapeView tape, double lambda)
    {
        Span<double> weights = pass.Evaluator.Weights;
        if (!tape.Control.WriteDampingSlopes(lambda, pass.Linearizer.Hessian, weights))
            return AdjointTarget.Step;
        for (int k = 0; k < weights.Length; k++)
            weights[k] *= pass.Evaluator.Mu[k] * pass.Evaluator.Delta[k];
        return AdjointTarget.DampedStep;
    }
}
