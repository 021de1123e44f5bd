using TheseusSharp.Linear;
using TheseusSharp.Linearization;

namespace TheseusSharp.Adjoints;

/// <summary>
/// δ± = argmin of 2F(θ*∘Exp δ) + ‖εδ ∓ ½u‖² by one undamped Gauss–Newton step, (H + ε²)·δ = −g ± ½εu, with u = v/‖v‖ of
/// the outer gradient v; the gradient is ‖v‖/ε times the difference of ∂F/∂φ at both ends.
/// </summary>
internal sealed class DirectLossBackward(double epsilon, bool isSymmetric) : Backward
{
    public override string Name => "direct loss";

    internal override ElementGradient Run(BackwardPass pass, SolveTapeView tape)
    {
        pass.Linearizer.Linearize(pass.State);
        double gradientNorm = pass.Linearizer.GradientNorm();
        double norm = Math.Sqrt(VectorKernels.Dot(pass.Cotangent.Span, pass.Cotangent.Span));
        if (norm == 0)
            return new(GradientStatus.Defined, HessianKind.GaussNewton, gradientNorm, 0);
        pass.Damping.AsSpan().Fill(epsilon * epsilon);
        if (!pass.Solver.Factor(pass.Linearizer.Hessian, pass.Damping).Succeeded)
            return new(GradientStatus.Undefined, HessianKind.GaussNewton, gradientNorm, 1);

        // The pull is ½ε·v/‖v‖: how far it goes does not depend on the scale of the outer loss.
        if (isSymmetric)
        {
            AddAt(pass, 0.5 * epsilon / norm, -norm / epsilon);
            AddAt(pass, -0.5 * epsilon / norm, norm / epsilon);
        }
        else
        {
            AddAt(pass, 0.5 * epsilon / norm, -2 * norm / epsilon);
            AddAt(pass, 0, 2 * norm / epsilon);
        }

        return new(GradientStatus.Defined, HessianKind.GaussNewton, gradientNorm, 0);
    }

    /// <summary>Adds scale·∂F/∂φ where a pull leads.</summary>
    private static void AddAt(BackwardPass pass, double pull, double scale)
    {
        Span<double> step = pass.Step.Span;
        for (int k = 0; k < step.Length; k++)
            step[k] = (pull * pass.Cotangent.Span[k]) - (pull == 0 ? 0 : pass.Linearizer.Gradient[k]);
        pass.Solver.Solve(step, step);
        pass.Linearizer.Retract(pass.State, pass.Step, pass.Trial);
        pass.Evaluator.Add(AdjointTarget.Cost, pass.Trial, scale);
    }
}
