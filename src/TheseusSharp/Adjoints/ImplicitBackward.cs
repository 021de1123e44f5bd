using TheseusSharp.Linear;
using TheseusSharp.Linearization;

namespace TheseusSharp.Adjoints;

/// <summary>
/// dL/dφ = −∂φ⟨∇θF, λ⟩ with H·λ = dL/dθ*, relinearized and undamped at θ*. The exact Hessian is used by products only:
/// conjugate gradients, preconditioned with the factor of JᵀJ.
/// </summary>
internal sealed class ImplicitBackward(HessianKind kind) : Backward
{
    /// <summary>When conjugate gradients have converged, relative to the right-hand side.</summary>
    public const double ResidualTolerance = 1e-12;

    /// <summary>What counts as solved where rounding lets it come no further.</summary>
    public const double LooseTolerance = 1e-8;

    /// <summary>How many conjugate gradient iterations there are at most.</summary>
    public const int MostIterations = 500;

    /// <summary>Which Hessian is asked for.</summary>
    public HessianKind Kind => kind;

    public override string Name => $"implicit, {kind} Hessian";

    internal override ElementGradient Run(BackwardPass pass, SolveTapeView tape)
    {
        pass.Linearizer.Linearize(pass.State);
        double gradientNorm = pass.Linearizer.GradientNorm();
        double[] cotangent = pass.Cotangent.Span.ToArray(), lambda = new double[cotangent.Length];
        double nullShare = 0;
        HessianKind used = HessianKind.GaussNewton;
        bool isRegular = pass.Solver.Factor(pass.Linearizer.Hessian).Succeeded;
        if (!isRegular)
            nullShare = MinimumNorm(pass, cotangent, lambda);
        if (kind != HessianKind.GaussNewton && nullShare <= NullSpace.MostShare
            && TryConjugateGradients(pass, cotangent, lambda))
            used = HessianKind.Exact;
        else if (isRegular)
            pass.Solver.Solve(cotangent, lambda);

        lambda.CopyTo(pass.Evaluator.Mu);
        pass.Evaluator.Add(AdjointTarget.Gradient, pass.State, -1);
        bool isAsAsked = kind != HessianKind.Exact || used == HessianKind.Exact;
        GradientStatus status = nullShare <= NullSpace.MostShare && isAsAsked
            ? GradientStatus.Defined : GradientStatus.Undefined;
        return new(status, used, gradientNorm, nullShare);
    }

    /// <summary>
    /// Solves with the exact Hessian; of a singular one only the range is seen, as the cotangent lies in it.
    /// </summary>
    /// <returns>False where it is not positive definite, or nothing converges: then λ is left as it was.</returns>
    private static bool TryConjugateGradients(BackwardPass pass, double[] cotangent, double[] solution)
    {
        int n = solution.Length;
        double[] residual = (double[])cotangent.Clone(), preconditioned = new double[n], lambda = new double[n];
        double start = VectorKernels.Dot(residual, residual);
        if (start == 0)
            return true;
        pass.Solver.Solve(residual, preconditioned);
        double[] direction = (double[])preconditioned.Clone(), product = new double[n];
        double rho = VectorKernels.Dot(residual, preconditioned);
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            Product(pass, direction, product);
            double curvature = VectorKernels.Dot(direction, product);
            if (!(curvature > 0))
                return IsSolved(residual, start) && Copied(lambda, solution); // Rounding, if little is left.
            double length = rho / curvature;
            for (int k = 0; k < n; k++)
            {
                lambda[k] += length * direction[k];
                residual[k] -= length * product[k];
            }

            if (VectorKernels.Dot(residual, residual) <= ResidualTolerance * ResidualTolerance * start)
                return Copied(lambda, solution);
            pass.Solver.Solve(residual, preconditioned);
            double next = VectorKernels.Dot(residual, preconditioned);
            for (int k = 0; k < n; k++)
                direction[k] = preconditioned[k] + (next / rho * direction[k]);
            rho = next;
        }

        return IsSolved(residual, start) && Copied(lambda, solution);
    }

    private static bool IsSolved(double[] residual, double start) =>
        VectorKernels.Dot(residual, residual) <= LooseTolerance * LooseTolerance * start;

    private static bool Copied(double[] from, double[] to)
    {
        from.CopyTo(to, 0);
        return true;
    }

    /// <summary>The exact Hessian times a direction: the gradient, by θ, of ⟨∇F, direction⟩.</summary>
    private static void Product(BackwardPass pass, double[] direction, double[] product)
    {
        AdjointEvaluator evaluator = pass.HessianProduct.Value;
        evaluator.Gradient.Span.Clear();
        direction.CopyTo(evaluator.Mu);
        evaluator.Add(AdjointTarget.Gradient, pass.State, 1);
        evaluator.Gradient.Span[..product.Length].CopyTo(product);
    }

    /// <summary>The minimum-norm solution of a singular system. The solver keeps the damped factor.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="cotangent">The right-hand side; what is in the null space is taken out of it.</param>
    /// <param name="lambda">Receives the solution.</param>
    /// <returns>The share of the cotangent in the null space.</returns>
    private static double MinimumNorm(BackwardPass pass, double[] cotangent, double[] lambda)
    {
        var nullSpace = new NullSpace(pass.Linearizer.Hessian, pass.Solver, pass.Damping);
        double share = nullSpace.TakeOutOf(cotangent);
        if (nullSpace.IsFactored)
            nullSpace.Solve(cotangent, lambda);
        return share;
    }
}
