using TheseusSharp.Linear;
using TheseusSharp.Linearization;

namespace TheseusSharp.Adjoints;

/// <summary>An end of a difference: where the solution goes, and what ∂F/∂φ counts there.</summary>
/// <param name="Pull">How many times it follows the pull.</param>
/// <param name="Descent">How many times it follows −∇F.</param>
/// <param name="Scale">What ∂F/∂φ is multiplied by.</param>
internal readonly record struct PullEnd(double Pull, double Descent, double Scale);

/// <summary>
/// Gradients as differences of ∂F/∂φ between ends that the solution is pulled to, each by one damped Gauss–Newton step
/// (H + D)·δ = p − ∇F, with p a pull along the outer gradient.
/// </summary>
internal abstract class PulledBackward : Backward
{
    /// <summary>So many solves may show that H has no null space; beyond, factoring it undamped is no dearer.</summary>
    private const int RegularitySolves = 4;

    /// <summary>D's entries.</summary>
    private protected abstract double Damping { get; }

    /// <summary>Replaces the outer gradient by the pull p.</summary>
    /// <param name="pass">The pass, at the solution.</param>
    /// <param name="outer">dL/dθ*; receives p.</param>
    /// <param name="norm">The norm of dL/dθ*, above 0.</param>
    private protected abstract void ToPull(BackwardPass pass, double[] outer, double norm);

    /// <summary>The ends of the difference.</summary>
    /// <param name="norm">The norm of dL/dθ*.</param>
    private protected abstract PullEnd[] EndsOf(double norm);

    internal override ElementGradient Run(BackwardPass pass, SolveTapeView tape)
    {
        pass.Linearizer.Linearize(pass.State);
        double gradientNorm = pass.Linearizer.GradientNorm();
        double[] outer = pass.Cotangent.Span.ToArray();
        if (Norm(outer) == 0)
            return new(GradientStatus.Defined, HessianKind.GaussNewton, gradientNorm, 0);
        bool isFactored = TryFactor(pass, out double nullShare, outer);
        GradientStatus status = nullShare > NullSpace.MostShare ? GradientStatus.Undefined : GradientStatus.Defined;
        double norm = Norm(outer), leak = 0;
        if (isFactored && norm > 0)
        {
            ToPull(pass, outer, norm);
            leak = AddGradient(pass, outer, EndsOf(norm));
        }

        return new(status, HessianKind.GaussNewton, gradientNorm, nullShare) { Leak = leak };
    }

    private protected static double Norm(ReadOnlySpan<double> vector) => Math.Sqrt(VectorKernels.Dot(vector, vector));

    /// <summary>Factors H + D, and takes the null space out of the outer gradient if H is singular.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="nullShare">Which share of the outer gradient was in the null space.</param>
    /// <param name="outer">The outer gradient.</param>
    private bool TryFactor(BackwardPass pass, out double nullShare, double[] outer)
    {
        nullShare = 0;
        if (TryFactorDamped(pass, Damping) && IsWithoutNullSpace(pass, outer))
            return true;
        double least = 0;
        if (!pass.Solver.Factor(pass.Linearizer.Hessian).Succeeded)
        {
            var nullSpace = new NullSpace(pass.Linearizer.Hessian, pass.Solver, pass.Damping);
            nullShare = nullSpace.TakeOutOf(outer);
            least = nullSpace.Shift;
        }

        return TryFactorDamped(pass, Math.Max(Damping, least)) || Fails(out nullShare);
    }

    private static bool Fails(out double nullShare)
    {
        nullShare = 1;
        return false;
    }

    private static bool TryFactorDamped(BackwardPass pass, double damping)
    {
        pass.Damping.AsSpan().Fill(damping);
        return pass.Solver.Factor(pass.Linearizer.Hessian, pass.Damping).Succeeded;
    }

    /// <summary>
    /// Whether (D·(H + D)⁻¹)ᵏ takes the outer gradient to nothing. It leaves the null space as it is, and shrinks what
    /// lies along an eigenvalue far above D, so there is no need to factor H alone.
    /// </summary>
    private bool IsWithoutNullSpace(BackwardPass pass, double[] outer)
    {
        Span<double> rest = pass.Step.Span;
        outer.CopyTo(rest);
        double most = NullSpace.MostShare * Norm(outer);
        for (int k = 0; k < RegularitySolves && !(Norm(rest) <= most); k++)
        {
            pass.Solver.Solve(rest, rest);
            foreach (ref double entry in rest)
                entry *= Damping;
        }

        return Norm(rest) <= most;
    }

    /// <summary>Adds the gradient to the pass's.</summary>
    /// <returns>Which share of it ∇F brought in.</returns>
    private static double AddGradient(BackwardPass pass, double[] pull, PullEnd[] ends)
    {
        Span<double> gradient = pass.Evaluator.Gradient.Span;
        double[] total = gradient.ToArray();
        gradient.Clear();
        foreach (PullEnd end in ends)
            AddAt(pass, pull, end);
        double size = Norm(gradient);
        for (int k = 0; k < total.Length; k++)
            total[k] += gradient[k];
        foreach (PullEnd end in ends)
            AddAt(pass, pull, end with { Descent = 0, Scale = -end.Scale });
        double leaked = Norm(gradient);
        total.CopyTo(gradient);
        return leaked == 0 ? 0 : leaked / size;
    }

    /// <summary>Adds ∂F/∂φ at an end.</summary>
    private static void AddAt(BackwardPass pass, double[] pull, PullEnd end)
    {
        Span<double> step = pass.Step.Span;
        for (int k = 0; k < step.Length; k++)
            step[k] = (end.Pull * pull[k]) - (end.Descent * pass.Linearizer.Gradient[k]);
        pass.Solver.Solve(step, step);
        pass.Linearizer.Retract(pass.State, pass.Step, pass.Trial);
        pass.Evaluator.Add(AdjointTarget.Cost, pass.Trial, end.Scale);
    }
}
