using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>
/// ρ(x) = R·x/(R + x) (S. Geman, D. E. McClure, "Statistical methods for tomographic image reconstruction", 1987). With
/// a <see cref="RobustLoss.Control"/> μ the radius is μ·R: nearly quadratic for large μ, as graduated non-convexity
/// wants (H. Yang et al., 2020).
/// </summary>
public sealed class GemanMcClureLoss : RobustLoss
{
    /// <summary>A loss of a fixed radius.</summary>
    /// <param name="radius">The radius, in squared units.</param>
    public GemanMcClureLoss(double radius)
        : base(radius)
    {
    }

    /// <summary>A loss with a radius that can be learned.</summary>
    /// <param name="logRadius">The logarithm of the radius.</param>
    public GemanMcClureLoss(Variable<Scalar> logRadius)
        : base(logRadius)
    {
    }

    /// <inheritdoc/>
    public override Scalar Rho(Scalar squaredNorm, Scalar radius) => radius * squaredNorm / (radius + squaredNorm);
}
