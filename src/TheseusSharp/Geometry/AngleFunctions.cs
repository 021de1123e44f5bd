using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>
/// The functions of a rotation angle that Exp, Log and their Jacobians share. All are even and analytic in θ, and are
/// given θ²; below <see cref="SmallSquared"/> a Taylor series takes over, long enough for rounding accuracy in the
/// value and in the first two derivatives.
/// </summary>
/// <remarks>
/// Series: of the closed forms about zero; see each. The arm not taken may divide by zero: <c>Where</c> drops it.
/// </remarks>
internal static class AngleFunctions<T>
    where T : struct, IScalar<T>
{
    /// <summary>
    /// θ² below which series are used: at 0.05 six terms reach 1e-17, and closed forms lose at most 1e-14.
    /// </summary>
    private const double SmallSquared = 0.05;

    /// <summary>sin(θ/2)/θ and cos(θ/2).</summary>
    public static (T SineRatio, T Cosine) HalfAngle(T squared)
    {
        Mask<T> small = squared < SmallSquared;
        T angle = T.Sqrt(squared);
        T half = angle * 0.5;
        T sineRatio = T.Where(
            small,
            Series(squared, 1.0 / 2, -1.0 / 48, 1.0 / 3840, -1.0 / 645120, 1.0 / 185794560, -1.0 / 81749606400),
            T.Sin(half) / angle);
        T cosine = T.Where(
            small,
            Series(squared, 1, -1.0 / 8, 1.0 / 384, -1.0 / 46080, 1.0 / 10321920, -1.0 / 3715891200,
            1.0 / 1961990553600),
            T.Cos(half));
        return (sineRatio, cosine);
    }

    /// <summary>The coefficients of Exp and its Jacobian.</summary>
    /// <param name="squared">θ².</param>
    /// <param name="sineRatio">sin(θ/2)/θ.</param>
    /// <param name="cosine">cos(θ/2).</param>
    public static ExpCoefficients<T> OfExp(T squared, T sineRatio, T cosine)
    {
        Mask<T> small = squared < SmallSquared;
        T inverse = 1.0 / squared;
        T sinc = 2.0 * sineRatio * cosine;
        T b = 2.0 * sineRatio * sineRatio;
        T d = T.Where(
            small,
            Series(squared, 1.0 / 6, -1.0 / 120, 1.0 / 5040, -1.0 / 362880, 1.0 / 39916800, -1.0 / 6227020800),
            (1.0 - sinc) * inverse);
        T bSlope = T.Where(
            small,
            Series(squared, -1.0 / 12, 1.0 / 180, -1.0 / 6720, 1.0 / 453600, -1.0 / 47900160, 1.0 / 7264857600),
            (sinc - (2.0 * b)) * inverse);
        T dSlope = T.Where(
            small,
            Series(squared, -1.0 / 60, 1.0 / 1260, -1.0 / 60480, 1.0 / 4989600, -1.0 / 622702080, 1.0 / 108972864000),
            (b - (3.0 * d)) * inverse);
        return new(sinc, b, d, bSlope, dSlope);
    }

    /// <summary>The coefficients of the inverse Jacobian.</summary>
    /// <param name="squared">θ².</param>
    /// <param name="halfCotangent">(θ/2)·cot(θ/2).</param>
    /// <param name="quarterInverse">¼/sin²(θ/2).</param>
    public static LogCoefficients<T> OfLog(T squared, T halfCotangent, T quarterInverse)
    {
        Mask<T> small = squared < SmallSquared;
        T inverse = 1.0 / squared;
        T c = T.Where(
            small,
            Series(squared, 1.0 / 12, 1.0 / 720, 1.0 / 30240, 1.0 / 1209600, 1.0 / 47900160, 691.0 / 1307674368000),
            (1.0 - halfCotangent) * inverse);
        T slope = T.Where(
            small,
            Series(squared, 1.0 / 360, 1.0 / 7560, 1.0 / 201600, 1.0 / 5987520, 691.0 / 130767436800, 1.0 / 6227020800),
            (quarterInverse - inverse - c) * inverse);
        return new(c, slope);
    }

    /// <summary>θ/sin(θ/2) for θ in [0, π] from sin(θ/2) and cos(θ/2) ≥ 0.</summary>
    /// <param name="sineSquared">sin²(θ/2).</param>
    /// <param name="cosine">cos(θ/2), not negative.</param>
    public static T AngleOverSine(T sineSquared, T cosine)
    {
        T sine = T.Sqrt(sineSquared);
        return T.Where(
            sineSquared < 1e-3,
            Series(sineSquared, 2, 1.0 / 3, 3.0 / 20, 5.0 / 56, 35.0 / 576, 63.0 / 1408, 231.0 / 6656),
            2.0 * T.Atan2(sine, cosine) / sine);
    }

    private static T Series(T x, params ReadOnlySpan<double> coefficients)
    {
        T sum = coefficients[^1];
        for (int k = coefficients.Length - 2; k >= 0; k--)
            sum = (sum * x) + coefficients[k];
        return sum;
    }
}

/// <summary>Coefficients of Exp and its Jacobian at an angle θ.</summary>
/// <param name="Sinc">sin θ/θ.</param>
/// <param name="B">(1 − cos θ)/θ².</param>
/// <param name="D">(θ − sin θ)/θ³.</param>
/// <param name="BSlope">(dB/dθ)/θ.</param>
/// <param name="DSlope">(dD/dθ)/θ.</param>
internal readonly record struct ExpCoefficients<T>(T Sinc, T B, T D, T BSlope, T DSlope)
    where T : struct, IScalar<T>;

/// <summary>Coefficients of the inverse Jacobian at an angle θ.</summary>
/// <param name="C">(1 − (θ/2)cot(θ/2))/θ².</param>
/// <param name="Slope">(dC/dθ)/θ.</param>
internal readonly record struct LogCoefficients<T>(T C, T Slope)
    where T : struct, IScalar<T>;
