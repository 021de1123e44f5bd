using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>
/// ρ(x) = R·(1 − exp(−x/R)) (J. E. Dennis, R. E. Welsch, "Techniques for nonlinear least squares and robust
/// regression", 1978).
/// </summary>
public sealed class WelschLoss : RobustLoss
{
    /// <summary>Up to here the series is exact to rounding: what it leaves out is u⁸/9! of 1.</summary>
    private const double LargestOfSeries = 0.05;

    private const int Terms = 8;

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
    public override Scalar Rho(Scalar squaredNorm, Scalar radius)
    {
        Scalar ratio = squaredNorm / radius;
        return Scalar.Where(
            ratio < LargestOfSeries, squaredNorm * SeriesOf(ratio), radius - (radius * Scalar.Exp(-ratio)));
    }

    /// <summary>(1 − exp(−u))/u = 1 − u/2·(1 − u/3·(1 − …)): the closed form would cancel.</summary>
    private static Scalar SeriesOf(Scalar u)
    {
        Scalar sum = 1;
        for (int k = Terms; k >= 2; k--)
            sum = 1 - (u / k * sum);
        return sum;
    }
}
