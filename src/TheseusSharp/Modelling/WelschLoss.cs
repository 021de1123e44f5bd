using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>
/// ρ(x) = R·(1 − exp(−x/R)) (J. E. Dennis, R. E. Welsch, "Techniques for nonlinear least squares and robust
/// regression", 1978).
/// </summary>
public sealed class WelschLoss : RobustLoss
{
    /// <inheritdoc cref="RobustLoss.Welsch(double)"/>
    public WelschLoss(double radius)
        : base(radius)
    {
    }

    /// <inheritdoc cref="RobustLoss.Welsch(Variable{Scalar})"/>
    public WelschLoss(Variable<Scalar> logRadius)
        : base(logRadius)
    {
    }

    /// <inheritdoc/>
    public override Scalar Rho(Scalar squaredNorm, Scalar radius) =>
        radius - (radius * Scalar.Exp(-squaredNorm / radius));
}
