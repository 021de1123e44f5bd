using TheseusSharp.Linear;

namespace TheseusSharp.Adjoints;

/// <summary>
/// The null space of a singular H, by damped iterative refinement: what refinement cannot reach of a right-hand side is
/// its part in the null space.
/// </summary>
/// <param name="hessian">H.</param>
/// <param name="solver">Factors it, a little damped; keeps that factor.</param>
/// <param name="damping">Memory for as many numbers as H has rows.</param>
internal sealed class NullSpace(BlockMatrix hessian, ILinearSolver solver, double[] damping)
{
    /// <summary>Above this share in the null space a gradient does not exist.</summary>
    public const double MostShare = 1e-6;

    /// <summary>Damping, relative to the largest entry on the diagonal of H.</summary>
    private const double RelativeShift = 1e-10;

    private const int Refinements = 8;

    /// <summary>How often it is taken out: λ grows along it by 1/shift, and H·λ rounds accordingly.</summary>
    private const int Projections = 3;

    /// <summary>Whether H could be factored a little damped.</summary>
    public bool IsFactored { get; private set; }

    /// <summary>The damping used.</summary>
    public double Shift { get; private set; }

    /// <summary>Takes a vector's part in the null space out of it.</summary>
    /// <param name="vector">The vector.</param>
    /// <returns>Which share of it was taken; 1 if H cannot be factored even damped.</returns>
    public double TakeOutOf(double[] vector)
    {
        IsFactored = TryFactor();
        if (!IsFactored)
            return 1;
        double[] taken = new double[vector.Length], lambda = new double[vector.Length];
        double norm = Math.Sqrt(VectorKernels.Dot(vector, vector));
        for (int projection = 0; projection < Projections; projection++)
        {
            lambda.AsSpan().Clear();
            double[] unreached = Solve(vector, lambda);
            for (int k = 0; k < taken.Length; k++)
            {
                taken[k] += unreached[k];
                vector[k] -= unreached[k];
            }
        }

        return norm == 0 ? 0 : Math.Sqrt(VectorKernels.Dot(taken, taken)) / norm;
    }

    /// <summary>Solves H·λ = b for b without a part in the null space, after one has been taken out.</summary>
    /// <param name="rightHandSide">b.</param>
    /// <param name="lambda">Zeros; receives the solution of least norm.</param>
    /// <returns>What is left of the right-hand side.</returns>
    public double[] Solve(double[] rightHandSide, double[] lambda)
    {
        double[] residual = (double[])rightHandSide.Clone(), step = new double[lambda.Length];
        for (int refinement = 0; refinement < Refinements; refinement++)
        {
            solver.Solve(residual, step);
            for (int k = 0; k < step.Length; k++)
                lambda[k] += step[k];
            hessian.Multiply(lambda, residual);
            for (int k = 0; k < residual.Length; k++)
                residual[k] = rightHandSide[k] - residual[k];
        }

        return residual;
    }

    private bool TryFactor()
    {
        hessian.CopyDiagonalTo(damping);
        double largest = 0;
        foreach (double entry in damping)
            largest = Math.Max(largest, entry);
        Shift = largest > 0 ? RelativeShift * largest : 1;
        damping.AsSpan().Fill(Shift);
        return solver.Factor(hessian, damping).Succeeded;
    }
}
