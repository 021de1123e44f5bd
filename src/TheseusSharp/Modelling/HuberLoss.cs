using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>
/// ρ(x) = x for x ≤ R, else 2√(R·x) − R (P. J. Huber, "Robust estimation of a location parameter", 1964).
/// </summary>
public sealed class HuberLoss : RobustLoss
{
    /// <inheritdoc cref="RobustLoss.Huber(double)"/>
    public HuberLoss(double radius)
        : base(radius)
    {
    }

    /// <inheritdoc cref="RobustLoss.Huber(Variable{Scalar})"/>
    public HuberLoss(Variable<Scalar> logRadius)
        : base(logRadius)
    {
    }

    /// <inheritdoc/>
    public override Scalar Rho(Scalar squaredNorm, Scalar radius) => Scalar.Where(
        squaredNorm <= radius, squaredNorm, (2.0 * Scalar.Sqrt(radius * squaredNorm)) - radius);
}
