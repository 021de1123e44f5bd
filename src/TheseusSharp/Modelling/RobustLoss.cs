using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>
/// ρ(x) of the squared norm x = ‖w·r‖² of a weighted residual: what an outlier may cost. The radius is in squared units
/// and, where it is a variable, stored as its logarithm. A loss is its formula: linearization derives ρ′ from it.
/// </summary>
/// <remarks>
/// To add a loss, derive from this class and write <see cref="Rho"/> with ρ(0) = 0 and ρ′(0) = 1, finite derivatives
/// at 0 included. Immutable.
/// </remarks>
public abstract class RobustLoss
{
    /// <summary>A loss of a fixed radius.</summary>
    /// <param name="radius">The radius, in squared units: above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not above 0, or not finite.</exception>
    protected RobustLoss(double radius)
    {
        if (!(radius > 0) || double.IsInfinity(radius))
            throw new ArgumentOutOfRangeException(
                nameof(radius), radius, "The radius of a robust loss is in squared units, finite and above 0.");
        Radius = radius;
    }

    /// <summary>A loss whose radius is exp of a variable, which can be learned.</summary>
    /// <param name="logRadius">The logarithm of the radius.</param>
    protected RobustLoss(Variable<Scalar> logRadius)
    {
        ArgumentNullException.ThrowIfNull(logRadius);
        LogRadius = logRadius;
    }

    /// <summary>The name shown to people.</summary>
    public virtual string Name => GetType().Name.Replace("Loss", string.Empty, StringComparison.Ordinal);

    /// <summary>The fixed radius; NaN if it is a variable.</summary>
    public double Radius { get; } = double.NaN;

    /// <summary>The logarithm of the radius, if it is a variable.</summary>
    public Variable<Scalar>? LogRadius { get; }

    /// <summary>
    /// A variable that the radius is multiplied with, or null: graduated optimisation lowers it from solve to solve, from
    /// where the loss is nearly quadratic to 1.
    /// </summary>
    public Variable<Scalar>? Control { get; init; }

    /// <summary>Whether each entry of the residual has a loss of its own, ρ(eₖ²), in place of one for all.</summary>
    public bool IsFlat { get; init; }

    /// <summary>ρ(x).</summary>
    /// <param name="squaredNorm">x = ‖w·r‖², at least 0.</param>
    /// <param name="radius">The radius, above 0.</param>
    public abstract Scalar Rho(Scalar squaredNorm, Scalar radius);

    /// <summary>Geman and McClure's loss: bounded by its radius, with heavier tails than Welsch's.</summary>
    /// <param name="radius">The radius, in squared units.</param>
    /// <param name="control">Multiplies the radius, for graduated optimisation; or null.</param>
    public static RobustLoss GemanMcClure(double radius, Variable<Scalar>? control = null) =>
        new GemanMcClureLoss(radius) { Control = control };

    /// <summary>Geman and McClure's loss with a radius that can be learned.</summary>
    /// <param name="logRadius">The logarithm of the radius.</param>
    /// <param name="control">Multiplies the radius, for graduated optimisation; or null.</param>
    public static RobustLoss GemanMcClure(Variable<Scalar> logRadius, Variable<Scalar>? control = null) =>
        new GemanMcClureLoss(logRadius) { Control = control };

    /// <summary>Huber's loss: quadratic inside the radius, linear outside.</summary>
    /// <param name="radius">The radius, in squared units.</param>
    public static RobustLoss Huber(double radius) => new HuberLoss(radius);

    /// <summary>Huber's loss with a radius that can be learned.</summary>
    /// <param name="logRadius">The logarithm of the radius.</param>
    public static RobustLoss Huber(Variable<Scalar> logRadius) => new HuberLoss(logRadius);

    /// <summary>Welsch's loss: bounded by its radius.</summary>
    /// <param name="radius">The radius, in squared units.</param>
    public static RobustLoss Welsch(double radius) => new WelschLoss(radius);

    /// <summary>Welsch's loss with a radius that can be learned.</summary>
    /// <param name="logRadius">The logarithm of the radius.</param>
    public static RobustLoss Welsch(Variable<Scalar> logRadius) => new WelschLoss(logRadius);
}
