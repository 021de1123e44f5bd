using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <content>Conversions: quaternions in both orders, matrices, angles.</content>
public readonly partial struct SO3<T>
{
    /// <summary>
    /// From a unit quaternion in the order x, y, z, w; normalise afterwards if it may not be of norm 1.
    /// </summary>
    public static SO3<T> FromQuaternionXyzw(T x, T y, T z, T w) => new(new(x, y, z), w);

    /// <summary>
    /// From a unit quaternion in the order w, x, y, z; normalise afterwards if it may not be of norm 1.
    /// </summary>
    public static SO3<T> FromQuaternionWxyz(T w, T x, T y, T z) => new(new(x, y, z), w);

    /// <summary>From roll, pitch and yaw in radians: R = Rz(yaw)·Ry(pitch)·Rx(roll).</summary>
    public static SO3<T> FromRollPitchYaw(T roll, T pitch, T yaw) =>
        Exp(new(0, 0, yaw)) * Exp(new(0, pitch, 0)) * Exp(new(roll, 0, 0));

    /// <summary>
    /// From a 3×3 rotation matrix (or the upper left of a larger one), taken as orthonormal; w ≥ 0 but for rounding.
    /// </summary>
    /// <remarks>
    /// Shepperd, "Quaternion from rotation matrix", 1978: the largest of |w|, |x|, |y|, |z| is found from a square root
    /// that is at least 1/2, the others by division: accurate at every angle, π included.
    /// </remarks>
    /// <exception cref="ArgumentException">The matrix is smaller than 3×3.</exception>
    public static SO3<T> FromMatrix(Matrix<T> matrix)
    {
        matrix.RequireAtLeast(3, 3, nameof(SO3<T>));
        T xx = matrix[0, 0], yy = matrix[1, 1], zz = matrix[2, 2];
        T wx = matrix[2, 1] - matrix[1, 2], wy = matrix[0, 2] - matrix[2, 0], wz = matrix[1, 0] - matrix[0, 1];
        T xy = matrix[0, 1] + matrix[1, 0], xz = matrix[0, 2] + matrix[2, 0], yz = matrix[1, 2] + matrix[2, 1];
        T w4 = 1.0 + xx + yy + zz, x4 = 1.0 + xx - yy - zz, y4 = 1.0 - xx + yy - zz, z4 = 1.0 - xx - yy + zz;
        Mask<T> useW = (w4 >= x4) & (w4 >= y4) & (w4 >= z4);
        Mask<T> useX = (x4 >= y4) & (x4 >= z4);
        Mask<T> useY = y4 >= z4;
        T Pick(T w, T x, T y, T z) => T.Where(useW, w, T.Where(useX, x, T.Where(useY, y, z)));
        T scale = 0.5 / T.Sqrt(Pick(w4, x4, y4, z4));
        T qw = scale * Pick(w4, wx, wy, wz);
        T sign = T.Where(qw < 0, -1, 1) * scale;
        return new(new(sign * Pick(wx, x4, xy, xz), sign * Pick(wy, xy, y4, yz), sign * Pick(wz, xz, yz, z4)),
            T.Abs(qw));
    }

    /// <summary>The quaternion in the order x, y, z, w.</summary>
    public Vector<T> ToQuaternionXyzw() => new(_vector.X, _vector.Y, _vector.Z, _scalar);

    /// <summary>The quaternion in the order w, x, y, z.</summary>
    public Vector<T> ToQuaternionWxyz() => new(_scalar, _vector.X, _vector.Y, _vector.Z);

    /// <summary>
    /// Roll, pitch, yaw in radians, the inverse of <see cref="FromRollPitchYaw"/>; pitch in [−π/2, π/2]. At pitch ±π/2
    /// only a combination of roll and yaw is determined: the angles returned make the same rotation, but need not be
    /// those put in.
    /// </summary>
    public Vector<T> ToRollPitchYaw()
    {
        // Roll is read after yaw is undone: where pitch leaves both open, it makes up for whatever yaw was found.
        Matrix<T> r = RotationMatrix();
        T yaw = T.Atan2(r[1, 0], r[0, 0]);
        T cosine = T.Cos(yaw), sine = T.Sin(yaw);
        T pitch = T.Atan2(-r[2, 0], (cosine * r[0, 0]) + (sine * r[1, 0]));
        T roll = T.Atan2((sine * r[0, 2]) - (cosine * r[1, 2]), (cosine * r[1, 1]) - (sine * r[0, 1]));
        return new(roll, pitch, yaw);
    }
}
