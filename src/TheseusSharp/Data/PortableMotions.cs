using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Data;

/// <summary>
/// Motions whose bits are the same on every machine. Sine and cosine are left to the platform by <see cref="Math"/>,
/// and platforms round them differently; arithmetic and square roots are exact by standard.
/// </summary>
internal static class PortableMotions
{
    /// <summary>Below this squared angle the exponential is a series: its sine and cosine are not looked at.</summary>
    private const double SeriesSquared = 0.04;

    /// <summary>Exp(ξ) = Exp(ξ/2ᵏ)^(2ᵏ), k such that the series serves.</summary>
    public static SE3<Float64> Exp(Vector<Float64> tangent)
    {
        int halvings = 0;
        while (tangent.Slice(3, 3).SquaredNorm().Value > SeriesSquared)
        {
            tangent *= 0.5;
            halvings++;
        }

        SE3<Float64> result = SE3<Float64>.Exp(tangent);
        for (int k = 0; k < halvings; k++)
            result *= result;
        return result;
    }

    /// <summary>A rotation uniform over the group, a translation uniform in [0, 1)³.</summary>
    public static SE3<Float64> Random(Random random)
    {
        Point3<Float64> translation = Point3<Float64>.Random(random);
        return SE3<Float64>.From(translation, Rotation(random));
    }

    /// <summary>A direction uniform in four dimensions: a point uniform in the ball, found by rejection.</summary>
    private static SO3<Float64> Rotation(Random random)
    {
        var quaternion = new Float64[4];
        double squared;
        do
        {
            squared = 0;
            foreach (ref Float64 number in quaternion.AsSpan())
            {
                number = (2 * random.NextDouble()) - 1;
                squared += number * number;
            }
        }
        while (squared is > 1 or < 1e-4);
        return SO3<Float64>.FromStorage(quaternion).Normalize();
    }
}
