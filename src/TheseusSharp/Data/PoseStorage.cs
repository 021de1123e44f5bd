using System.Globalization;

namespace TheseusSharp.Data;

/// <summary>Poses as stored numbers: SE2 [x, y, cos, sin], SE3 [x, y, z, qx, qy, qz, qw].</summary>
internal static class PoseStorage
{
    /// <summary>How far from 1 the norm of a rotation's numbers may be; what is nearer is normalised.</summary>
    public const double NormTolerance = 1e-2;

    /// <summary>
    /// Numbers whose squared norm is this near to 1 are left alone: normalising reaches it, so that doing it twice
    /// changes no bit.
    /// </summary>
    private const double Rounding = 1.0 / (1L << 49);

    /// <summary>How many numbers store a pose.</summary>
    public static int Length(int dimension) => dimension == 2 ? 4 : 7;

    /// <summary>How many tangent coordinates a pose has.</summary>
    public static int TangentLength(int dimension) => dimension == 2 ? 3 : 6;

    /// <summary>Scales the rotation's numbers to norm 1.</summary>
    /// <param name="rotation">[cos, sin] or [qx, qy, qz, qw].</param>
    /// <param name="norm">The norm that was found.</param>
    /// <returns>Whether it was near enough to 1; if not, nothing is changed.</returns>
    public static bool TryNormalize(Span<double> rotation, out double norm)
    {
        double squared = 0;
        foreach (double number in rotation)
            squared += number * number;
        norm = Math.Sqrt(squared);
        if (!(Math.Abs(norm - 1) <= NormTolerance))
            return false;
        if (Math.Abs(squared - 1) <= Rounding)
            return true;
        double scale = 1 / norm;
        foreach (ref double number in rotation)
            number *= scale;
        return true;
    }

    /// <summary>Checks and normalises a pose made by a program.</summary>
    /// <param name="dimension">2 or 3.</param>
    /// <param name="pose">The stored numbers; the rotation is normalised in place.</param>
    /// <param name="what">What the pose is, for messages.</param>
    /// <param name="parameter">The parameter that it came by.</param>
    public static void Normalize(int dimension, Span<double> pose, string what, string parameter)
    {
        foreach (double number in pose)
            if (!double.IsFinite(number))
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"{what} holds {number}; all must be finite."),
                    parameter);
        if (!TryNormalize(pose[dimension..], out double norm))
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The rotation of {what} has norm {norm}; expected 1, or nearer to it than {NormTolerance}."),
                parameter);
    }

    /// <summary>The stored numbers of an angle, of any size.</summary>
    /// <remarks>
    /// Through an angle in [−π, π]: what is stored then always comes from an angle that is fine enough to be found
    /// again.
    /// </remarks>
    public static (double Cosine, double Sine) OfAngle(double angle)
    {
        if (Math.Abs(angle) > Math.PI)
            angle = Math.Atan2(Math.Sin(angle), Math.Cos(angle));
        return (Math.Cos(angle), Math.Sin(angle));
    }

    /// <summary>
    /// The angle of stored numbers: one that <see cref="OfAngle"/> turns into the same bits, if there is one nearby.
    /// </summary>
    public static double ToAngle(double cosine, double sine)
    {
        double nearest = Math.Atan2(sine, cosine), above = nearest, below = nearest;
        for (int step = 0; step <= MostSteps; step++)
        {
            if (OfAngle(above) == (cosine, sine))
                return above;
            if (OfAngle(below) == (cosine, sine))
                return below;
            above = Math.BitIncrement(above);
            below = Math.BitDecrement(below);
        }

        return nearest;
    }

    /// <summary>How many angles on either side are tried; one was enough for three million of all sizes.</summary>
    private const int MostSteps = 8;
}
