using TheseusSharp.Linear;
using TheseusSharp.Linearization;

namespace TheseusSharp.Adjoints;

/// <summary>
/// dL/dφ = −∂φ⟨∇θF, λ⟩ with H·λ = dL/dθ*, relinearized and undamped at θ*. The exact Hessian is used by products only:
/// conjugate gradients, preconditioned with the factor of JᵀJ.
/// </summary>
internal sealed class ImplicitBackward(HessianKind kind) : Backward
{
    /// <summary>Above this share in the null space the gradient does not exist.</summary>
    private const double MostNullShare = 1e-6;

    private const double ResidualTolerance = 1e-12;

    /// <summary>What counts as solved where rounding lets it come no further.</summary>
    private const double LooseTolerance = 1e-8;

    private const int MostIterations = 500;

    /// <summary>Damping of the iterative refinement, relative to the diagonal of H.</summary>
    private const double RefinementShift = 1e-10;

    private const int Refinements = 8;

    /// <summary>How often the null space is taken out: λ grows along it by 1/shift, and H·λ rounds accordingly.</summary>
    private const int Projections = 3;

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
        if (kind != HessianKind.GaussNewton && nullShare <= MostNullShare
            && TryConjugateGradients(pass, cotangent, lambda))
            used = HessianKind.Exact;
        else if (isRegular)
            pass.Solver.Solve(cotangent, lambda);

        lambda.CopyTo(pass.Evaluator.Mu);
        pass.Evaluator.Add(AdjointTarget.Gradient, pass.State, -1);
        GradientStatus status = nullShare > MostNullShare || (kind == HessianKind.Exact && used != HessianKind.Exact)
            ? GradientStatus.Undefined : GradientStatus.Defined;
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

    /// <summary>
    /// The minimum-norm solution of a singular system, by damped iterative refinement: what refinement cannot reach is
    /// the part of the cotangent in the null space; it is taken out, and the rest is solved for. The solver keeps the
    /// damped factor.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="cotangent">The right-hand side; what is in the null space is taken out of it.</param>
    /// <param name="lambda">Receives the solution.</param>
    /// <returns>The share of the cotangent in the null space.</returns>
    private static double MinimumNorm(BackwardPass pass, double[] cotangent, double[] lambda)
    {
        BlockMatrix hessian = pass.Linearizer.Hessian;
        hessian.CopyDiagonalTo(pass.Damping);
        double shift = RefinementShift * Largest(pass.Damping);
        pass.Damping.AsSpan().Fill(shift > 0 ? shift : 1);
        if (!pass.Solver.Factor(hessian, pass.Damping).Succeeded)
            return 1;
        double[] whole = (double[])cotangent.Clone(), taken = new double[cotangent.Length];
        for (int projection = 0; projection < Projections; projection++)
        {
            lambda.AsSpan().Clear();
            double[] unreached = Refine(pass, cotangent, lambda);
            for (int k = 0; k < taken.Length; k++)
            {
                taken[k] += unreached[k];
                cotangent[k] -= unreached[k];
            }
        }

        lambda.AsSpan().Clear();
        Refine(pass, cotangent, lambda);
        double norm = Math.Sqrt(VectorKernels.Dot(whole, whole));
        return norm == 0 ? 0 : Math.Sqrt(VectorKernels.Dot(taken, taken)) / norm;
    }

    /// <returns>What is left of the right-hand side.</returns>
    private static double[] Refine(BackwardPass pass, double[] rightHandSide, double[] lambda)
    {
        double[] residual = (double[])rightHandSide.Clone(), step = new double[lambda.Length];
        for (int refinement = 0; refinement < Refinements; refinement++)
        {
            pass.Solver.Solve(residual, step);
            for (int k = 0; k < step.Length; k++)
                lambda[k] += step[k];
            pass.Linearizer.Hessian.Multiply(lambda, residual);
            for (int k = 0; k < residual.Length; k++)
                residual[k] = rightHandSide[k] - residual[k];
        }

        return residual;
    }

    private static double Largest(ReadOnlySpan<double> numbers)
    {
        double largest = 0;
        foreach (double number in numbers)
            largest = Math.Max(largest, number);
        return largest;
    }
}
