using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

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

    /// <summary>Every how many of them their values are recorded.</summary>
    internal virtual int CheckpointEvery => 1;

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
    /// differentiated). Memory: one copy of the optimised variables for each iteration, or for every few. Reaches
    /// initial values.
    /// </summary>
    /// <param name="checkpointEvery">
    /// Values are stored every so many iterations, at least 1; those between are computed again on the way back, from
    /// the λ of each step. So memory falls to a copy for every so many iterations, and as many copies while going back,
    /// for up to one more linearization, factorization and solve per iteration. The gradients are the same.
    /// </param>
    public static Backward Unroll(int checkpointEvery = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(checkpointEvery, 1);
        return new UnrollBackward(int.MaxValue, checkpointEvery);
    }

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
    /// <remarks>
    /// Both ends of the difference take the same Gauss–Newton step down what is left of the inner gradient. So if the
    /// inner problem is not solved to the end, that gets in by second order only;
    /// <see cref="ElementGradient.Leak"/> tells how much.
    /// </remarks>
    /// <param name="epsilon">ε, relative to the norm of the outer gradient: above 0.</param>
    /// <param name="isSymmetric">Whether to pull both ways, which removes the bias of first order in ε.</param>
    public static Backward DirectLoss(double epsilon = 1e-2, bool isSymmetric = true) =>
        new DirectLossBackward(Positive(epsilon), isSymmetric);

    /// <summary>
    /// Direct loss minimisation as Theseus computes it: argmin F(θ) + ‖εθ − ½v‖², with v = dL/dθ*, by one Gauss–Newton
    /// step from the solution, and its ∂F/∂φ against that at the solution. The pull is centred at the origin, not at
    /// the solution, so far from zero it needs a smaller ε; ε is not relative to anything. To compare with the
    /// original; else <see cref="DirectLoss"/> is the better one.
    /// </summary>
    /// <remarks>
    /// <para>Only for optimised variables that are vectors, points or numbers: a layer refuses others.</para>
    /// <para>
    /// Only one end of the difference takes the step: what is left of the inner gradient gets in, divided by ε. See
    /// <see cref="ElementGradient.Leak"/>.
    /// </para>
    /// </remarks>
    /// <param name="epsilon">ε, above 0.</param>
    public static Backward DirectLossOriginCentred(double epsilon = 1e-2) =>
        new OriginCentredBackward(Positive(epsilon));

    /// <summary>Empty tapes for the elements of a batch.</summary>
    internal SolveTape[] NewTapes(int batchSize) =>
        [.. Enumerable.Range(0, batchSize).Select(_ => new SolveTape(RecordedSteps, CheckpointEvery))];

    /// <summary>Refuses problems that the mode cannot differentiate.</summary>
    /// <exception cref="ArgumentException">The message tells why, and which mode can.</exception>
    internal virtual void Check(Problem problem)
    {
    }

    /// <summary>Adds the gradients of one element to the pass's; dL/dθ* is in its cotangent.</summary>
    internal abstract ElementGradient Run(BackwardPass pass, SolveTapeView tape);

    private static double Positive(double epsilon) => epsilon > 0 && double.IsFinite(epsilon) ? epsilon
        : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "ε is a finite number above 0.");
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

    /// <summary>
    /// The outer gradient given for the element, or what became of it on the way back, is infinite or not a number: the
    /// gradient is zero. Other elements are not touched.
    /// </summary>
    NotFinite,
}

/// <summary>About the gradient of one element.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Hessian">Which Hessian was used; null where the mode uses none.</param>
/// <param name="GradientNorm">The largest entry of ∇F(θ*): what implicit modes neglect.</param>
/// <param name="NullShare">Which share of the outer gradient lies where the solution is not determined.</param>
public readonly record struct ElementGradient(
    GradientStatus Status, HessianKind? Hessian, double GradientNorm, double NullShare)
{
    /// <summary>
    /// Of direct loss minimisation: how much ∇F(θ*) changes the gradient, which is nothing where the inner problem is
    /// solved to the end. It is ‖d − d₀‖/‖d‖, with d the gradient through the solver by all variables wanted, and d₀
    /// the same with ∇F(θ*) taken as zero. It has the size of the relative error that d has because the inner problem
    /// was not solved to the end. 0 for other modes.
    /// </summary>
    public double Leak { get; init; }
}
