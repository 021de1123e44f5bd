using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <content>The formulas that SO3 shares with SE3.</content>
public readonly partial struct SO3<T>
{
    /// <summary>R·p by the rotation matrix: its nine entries are shared by every use in a kernel.</summary>
    internal Point3<T> Rotate(Point3<T> p)
    {
        Matrix<T> r = RotationMatrix();
        return new(Row(r, 0).Dot(p), Row(r, 1).Dot(p), Row(r, 2).Dot(p));
    }

    /// <summary>Rᵀ·p.</summary>
    internal Point3<T> Unrotate(Point3<T> p)
    {
        Matrix<T> r = RotationMatrix();
        return new(Column(r, 0).Dot(p), Column(r, 1).Dot(p), Column(r, 2).Dot(p));
    }

    /// <summary>The rotation matrix of a unit quaternion.</summary>
    internal Matrix<T> RotationMatrix()
    {
        T x = _vector.X, y = _vector.Y, z = _vector.Z, w = _scalar;
        T x2 = x + x, y2 = y + y, z2 = z + z;
        T xx = x * x2, yy = y * y2, zz = z * z2;
        T xy = x * y2, xz = x * z2, yz = y * z2;
        T wx = w * x2, wy = w * y2, wz = w * z2;
        return new(
            3, 3,
            1.0 - (yy + zz), xy - wz, xz + wy,
            xy + wz, 1.0 - (xx + zz), yz - wx,
            xz - wy, yz + wx, 1.0 - (xx + yy));
    }

    /// <summary>
    /// The logarithm: the quaternion is first given the sign that makes w ≥ 0, so the angle is at most π.
    /// </summary>
    internal Point3<T> Logarithm() => SignedRatio() * _vector;

    /// <summary>
    /// The coefficients of the inverse Jacobian at the logarithm, from the quaternion: no trigonometry.
    /// </summary>
    internal LogCoefficients<T> LogCoefficients()
    {
        T sineSquared = _vector.SquaredNorm();
        T ratio = SignedRatio();
        return AngleFunctions<T>.OfLog(ratio * ratio * sineSquared, 0.5 * ratio * _scalar, 0.25 / sineSquared);
    }

    /// <summary>The coefficients of the inverse Jacobian at any tangent.</summary>
    internal static LogCoefficients<T> InverseCoefficients(T squared)
    {
        (T sineRatio, T cosine) = AngleFunctions<T>.HalfAngle(squared);
        return AngleFunctions<T>.OfLog(squared, 0.5 * cosine / sineRatio, 0.25 / (sineRatio * sineRatio * squared));
    }

    /// <summary>Jr = I − b[ω]× + d[ω]×², with [ω]×² = ωωᵀ − θ²I.</summary>
    internal static Matrix<T> JacobianAt(Point3<T> omega, T squared, ExpCoefficients<T> exp) =>
        Combine(1.0 - (exp.D * squared), -exp.B, exp.D, omega);

    /// <summary>Jr⁻¹ = I + ½[ω]× + c[ω]×².</summary>
    internal static Matrix<T> InverseJacobianAt(Point3<T> omega, LogCoefficients<T> log) =>
        Combine(1.0 - (log.C * omega.SquaredNorm()), 0.5, log.C, omega);

    /// <summary>αI + β[ω]× + γωωᵀ.</summary>
    private static Matrix<T> Combine(T alpha, T beta, T gamma, Point3<T> omega)
    {
        Point3<T> scaled = gamma * omega;
        Point3<T> turned = beta * omega;
        T xy = scaled.X * omega.Y, xz = scaled.X * omega.Z, yz = scaled.Y * omega.Z;
        return new(
            3, 3,
            alpha + (scaled.X * omega.X), xy - turned.Z, xz + turned.Y,
            xy + turned.Z, alpha + (scaled.Y * omega.Y), yz - turned.X,
            xz - turned.Y, yz + turned.X, alpha + (scaled.Z * omega.Z));
    }

    private static Point3<T> Row(Matrix<T> m, int row) => new(m[row, 0], m[row, 1], m[row, 2]);

    private static Point3<T> Column(Matrix<T> m, int column) => new(m[0, column], m[1, column], m[2, column]);

    private T SquaredNorm() => _vector.SquaredNorm() + (_scalar * _scalar);

    private static void Scale(Span<T> values, T scale)
    {
        for (int k = 0; k < values.Length; k++)
            values[k] = scale * values[k];
    }

    /// <summary>±θ/sin(θ/2), with the sign of w.</summary>
    private T SignedRatio()
    {
        Mask<T> flipped = _scalar < 0;
        T ratio = AngleFunctions<T>.AngleOverSine(_vector.SquaredNorm(), T.Abs(_scalar));
        return T.Where(flipped, -ratio, ratio);
    }
}
