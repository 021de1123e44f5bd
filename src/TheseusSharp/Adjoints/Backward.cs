namespace TheseusSharp.Adjoints;

/// <summary>Which Hessian an implicit gradient stands on.</summary>
public enum HessianKind
{
    /// <summary>The exact one; where it is not positive definite, the Gauss–Newton one: the result tells.</summary>
    Auto,

    /// <summary>JᵀJ: exact where residuals vanish, one solve.</summary>
    GaussNewton,

    /// <summary>The exact one, by conjugate gradients preconditioned with JᵀJ.</summary>
    Exact,
}

/// <summary>
/// How a gradient gets through the solver: from dL/dθ* to dL/dφ for everything that the solution θ* depends on.
/// Immutable, swappable: the forward pass is the same for all.
/// </summary>
public abstract class Backward
{
    private protected Backward()
    {
    }

    /// <summary>The name shown to people.</summary>
    public abstract string Name { get; }

    /// <summary>How many of the last steps the forward pass must record; 0 for none.</summary>
    internal virtual int RecordedSteps => 0;

    /// <summary>Whether gradients by initial values exist.</summary>
    internal virtual bool ReachesInitialValues => false;

    /// <summary>
    /// At the solution, by the implicit function theorem: as if the solver had converged, whatever steps it took.
    /// Memory does not depend on the number of iterations. There is no gradient by initial values.
    /// </summary>
    /// <param name="hessian">Which Hessian.</param>
    public static Backward Implicit(HessianKind hessian = HessianKind.Auto) => new ImplicitBackward(hessian);

    /// <summary>
    /// The derivative of the iterations performed, λ held constant (damping that follows H's diagonal is
    /// differentiated). Memory: one copy of the optimised variables for each iteration. Reaches initial values.
    /// </summary>
    public static Backward Unroll() => new UnrollBackward(int.MaxValue);

    /// <summary>The derivative of the last iterations, as if what came before were constant.</summary>
    /// <param name="iterations">How many, at least 1; if no more were performed, as <see cref="Unroll"/>.</param>
    public static Backward Truncated(int iterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        return new UnrollBackward(iterations);
    }

    /// <summary>
    /// Direct loss minimisation: the change of ∂F/∂φ when the solution is pulled a little against the outer gradient
    /// (A. Pineda et al., "Theseus", 2022, section 3.3), centred in the tangent space at the solution.
    /// </summary>
    /// <param name="epsilon">ε, relative to the norm of the outer gradient: above 0.</param>
    /// <param name="isSymmetric">Whether to pull both ways, which removes the bias of first order in ε.</param>
    public static Backward DirectLoss(double epsilon = 1e-2, bool isSymmetric = true)
    {
        if (!(epsilon > 0) || double.IsInfinity(epsilon))
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "ε is a finite number above 0.");
        return new DirectLossBackward(epsilon, isSymmetric);
    }

    /// <summary>Adds the gradients of one element to the pass's; dL/dθ* is in its cotangent.</summary>
    internal abstract ElementGradient Run(BackwardPass pass, SolveTapeView tape);
}

/// <summary>What became of the gradient of one element.</summary>
public enum GradientStatus
{
    /// <summary>It is there.</summary>
    Defined,

    /// <summary>
    /// The solution is not determined in a direction that the outer loss depends on. The gradient given is that of the
    /// minimum-norm solution.
    /// </summary>
    Undefined,

    /// <summary>The element's solve failed: its gradient is zero.</summary>
    SolveFailed,
}

/// <summary>About the gradient of one element.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Hessian">Which Hessian was used; null where the mode uses none.</param>
/// <param name="GradientNorm">The largest entry of ∇F(θ*): what implicit modes neglect.</param>
/// <param name="NullShare">Which share of the outer gradient lies where the solution is not determined.</param>
public readonly record struct ElementGradient(
    GradientStatus Status, HessianKind? Hessian, double GradientNorm, double NullShare);
