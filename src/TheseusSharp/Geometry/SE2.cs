using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>A rigid motion of the plane, stored as [x, y, cos θ, sin θ]; tangent [vx, vy, ω].</summary>
/// <typeparam name="T">The scalar.</typeparam>
public readonly struct SE2<T> : ILieGroup<SE2<T>, T>
    where T : struct, IScalar<T>
{
    private readonly SO2<T> _rotation;
    private readonly Point2<T> _translation;

    private SE2(Point2<T> translation, SO2<T> rotation)
    {
        _translation = translation;
        _rotation = rotation;
    }

    /// <inheritdoc/>
    public static ValueKind FixedKind => GroupKind<SE2<Scalar>>.Instance;

    /// <inheritdoc/>
    public static int StorageLength => 4;

    /// <inheritdoc/>
    public static int TangentLength => 3;

    /// <inheritdoc/>
    public static int PointLength => 2;

    /// <inheritdoc/>
    public static LieOperations Operations => LieOperations<SE2<Scalar>>.Instance;

    /// <inheritdoc/>
    public static SE2<T> Identity => new(default, SO2<T>.Identity);

    /// <summary>The rotation part.</summary>
    public SO2<T> Rotation => MotionParts.RotationOf<SE2<T>, SO2<T>, T>(this, _rotation);

    /// <summary>The translation part.</summary>
    public Point2<T> Translation => _translation;

    /// <inheritdoc/>
    public static SE2<T> FromStorage(ReadOnlySpan<T> storage) =>
        new(Point2<T>.FromStorage(storage), SO2<T>.FromStorage(storage[2..]));

    /// <summary>The motion that rotates, then translates.</summary>
    public static SE2<T> From(Point2<T> translation, SO2<T> rotation) =>
        MotionParts.Join<SE2<T>, SO2<T>, T>(translation.ToVector().AsSpan(), rotation);

    /// <summary>The motion that rotates by an angle in radians, then translates.</summary>
    public static SE2<T> From(T x, T y, T angle) => From(new(x, y), SO2<T>.FromAngle(angle));

    /// <summary>The motion of a 3×3 (or 2×3) homogeneous matrix, its rotation taken as orthonormal.</summary>
    /// <exception cref="ArgumentException">The matrix is smaller than 2×3.</exception>
    public static SE2<T> FromMatrix(Matrix<T> matrix)
    {
        matrix.RequireAtLeast(2, 3, nameof(SE2<T>));
        return From(new(matrix[0, 2], matrix[1, 2]), SO2<T>.FromMatrix(matrix));
    }

    /// <summary>The exponential map.</summary>
    /// <param name="tangent">A tangent at the identity, <see cref="TangentLength"/> long; any size.</param>
    public static SE2<T> Exp(Vector<T> tangent) => LieGroup<SE2<T>, T>.Exp(tangent);

    /// <summary>A rotation by an angle uniform in [−π, π), a translation uniform in [0, 1)².</summary>
    /// <param name="random">The source; seed it to repeat.</param>
    public static SE2<T> Random(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new(Point2<T>.Random(random), SO2<T>.Random(random));
    }

    /// <summary>The right Jacobian of Exp: Exp(ξ + dξ) ≈ Exp(ξ)∘Exp(Jr(ξ)·dξ).</summary>
    public static Matrix<T> RightJacobian(Vector<T> tangent) => LieGroup<SE2<T>, T>.RightJacobian(tangent);

    /// <summary>The inverse of <see cref="RightJacobian"/>; it does not exist at rotation angles 2π, 4π, …</summary>
    public static Matrix<T> RightJacobianInverse(Vector<T> tangent) =>
        LieGroup<SE2<T>, T>.RightJacobianInverse(tangent);

    /// <summary>The left Jacobian of Exp: Exp(ξ + dξ) ≈ Exp(Jl(ξ)·dξ)∘Exp(ξ).</summary>
    public static Matrix<T> LeftJacobian(Vector<T> tangent) => LieGroup<SE2<T>, T>.LeftJacobian(tangent);

    /// <summary>The inverse of <see cref="LeftJacobian"/>; it does not exist at rotation angles 2π, 4π, …</summary>
    public static Matrix<T> LeftJacobianInverse(Vector<T> tangent) => LieGroup<SE2<T>, T>.LeftJacobianInverse(tangent);

    /// <summary>The matrix of the Lie algebra that a tangent stands for.</summary>
    public static Matrix<T> Hat(Vector<T> tangent) => LieGroup<SE2<T>, T>.Hat(tangent);

    /// <summary>The tangent of a matrix of the Lie algebra: the inverse of <see cref="Hat"/>.</summary>
    public static Vector<T> Vee(Matrix<T> algebra) => LieGroup<SE2<T>, T>.Vee(algebra);

    /// <summary>A computed value as literals, to be captured by a traced lambda.</summary>
    public static implicit operator SE2<T>(SE2<Float64> value) =>
        Literals.Convert<SE2<Float64>, SE2<T>, T>(value);

    /// <summary>The product a∘b: first b, then a.</summary>
    public static SE2<T> operator *(SE2<T> a, SE2<T> b) => LieGroup<SE2<T>, T>.Compose(a, b);

    /// <summary>The action on a point.</summary>
    public static Point2<T> operator *(SE2<T> x, Point2<T> point) => x.Act(point);

    /// <summary>The angle in [−π, π], in radians.</summary>
    public T Angle() => Rotation.Angle();

    /// <summary>The action on a point.</summary>
    public Point2<T> Act(Point2<T> point) =>
        Point2<T>.FromStorage(LieGroup<SE2<T>, T>.Act(this, point.ToVector().AsSpan()));

    /// <summary>The action of the inverse on a point; cheaper than inverting first.</summary>
    public Point2<T> ActInverse(Point2<T> point) =>
        Point2<T>.FromStorage(LieGroup<SE2<T>, T>.ActInverse(this, point.ToVector().AsSpan()));

    /// <inheritdoc/>
    public void CopyTo(Span<T> storage)
    {
        _translation.CopyTo(storage);
        _rotation.CopyTo(storage[2..]);
    }

    /// <summary>The storage, for people.</summary>
    public override string ToString() => $"SE2({_translation}, {_rotation})";

    /// <inheritdoc/>
    public static SE2<T> ComposeRule(SE2<T> a, SE2<T> b) => new(
        a._rotation.Rotate(b._translation) + a._translation, SO2<T>.ComposeRule(a._rotation, b._rotation));

    /// <inheritdoc/>
    public static SE2<T> InverseRule(SE2<T> a) =>
        new(-a._rotation.Unrotate(a._translation), SO2<T>.InverseRule(a._rotation));

    /// <inheritdoc/>
    public static SE2<T> BetweenRule(SE2<T> a, SE2<T> b) => new(
        a._rotation.Unrotate(b._translation - a._translation),
        SO2<T>.ComposeRule(SO2<T>.InverseRule(a._rotation), b._rotation));

    /// <inheritdoc/>
    public static SE2<T> NormalizeRule(SE2<T> a) => new(a._translation, SO2<T>.NormalizeRule(a._rotation));

    /// <inheritdoc/>
    public static SE2<T> ExpRule(ReadOnlySpan<T> tangent)
    {
        T angle = tangent[2];
        T squared = angle * angle;
        (T sineRatio, T cosine) = AngleFunctions<T>.HalfAngle(squared);
        T sinc = 2.0 * sineRatio * cosine;
        T versine = 2.0 * sineRatio * sineRatio * angle;
        var translation = new Point2<T>(
            (sinc * tangent[0]) - (versine * tangent[1]), (versine * tangent[0]) + (sinc * tangent[1]));
        return new(translation, new(1.0 - (versine * angle), sinc * angle));
    }

    /// <inheritdoc/>
    public static void LogRule(SE2<T> x, Span<T> tangent)
    {
        T angle = T.Atan2(x._rotation.Sine, x._rotation.Cosine);
        T half = 0.5 * angle;
        T halfCotangent = 1.0 - (angle * angle * Coefficients(x._rotation, angle).C);
        tangent[0] = (halfCotangent * x._translation.X) + (half * x._translation.Y);
        tangent[1] = (halfCotangent * x._translation.Y) - (half * x._translation.X);
        tangent[2] = angle;
    }

    /// <inheritdoc/>
    public static void AdjointRule(SE2<T> x, ReadOnlySpan<T> tangent, Span<T> result)
    {
        Point2<T> v = x._rotation.Rotate(Point2<T>.FromStorage(tangent)) - (tangent[2] * x._translation.Turned());
        v.CopyTo(result);
        result[2] = tangent[2];
    }

    /// <inheritdoc/>
    public static void AdjointInverseRule(SE2<T> x, ReadOnlySpan<T> tangent, Span<T> result)
    {
        Point2<T> v = x._rotation.Unrotate(Point2<T>.FromStorage(tangent) + (tangent[2] * x._translation.Turned()));
        v.CopyTo(result);
        result[2] = tangent[2];
    }

    /// <inheritdoc/>
    public static void CoadjointInverseRule(SE2<T> x, ReadOnlySpan<T> cotangent, Span<T> result)
    {
        Point2<T> v = x._rotation.Rotate(Point2<T>.FromStorage(cotangent));
        v.CopyTo(result);
        result[2] = cotangent[2] + x._translation.Turned().Dot(v);
    }

    /// <inheritdoc/>
    public static void ActRule(SE2<T> x, ReadOnlySpan<T> point, Span<T> result) =>
        (x._rotation.Rotate(Point2<T>.FromStorage(point)) + x._translation).CopyTo(result);

    /// <inheritdoc/>
    public static void ActInverseRule(SE2<T> x, ReadOnlySpan<T> point, Span<T> result) =>
        x._rotation.Unrotate(Point2<T>.FromStorage(point) - x._translation).CopyTo(result);

    /// <inheritdoc/>
    public static void RotateRule(SE2<T> x, ReadOnlySpan<T> vector, Span<T> result) =>
        SO2<T>.ActRule(x._rotation, vector, result);

    /// <inheritdoc/>
    public static void RotateInverseRule(SE2<T> x, ReadOnlySpan<T> vector, Span<T> result) =>
        SO2<T>.ActInverseRule(x._rotation, vector, result);

    /// <inheritdoc/>
    public static void ActTangentRule(ReadOnlySpan<T> tangent, ReadOnlySpan<T> point, Span<T> result) =>
        (Point2<T>.FromStorage(tangent) + (tangent[2] * Point2<T>.FromStorage(point).Turned())).CopyTo(result);

    /// <inheritdoc/>
    public static void ActCotangentRule(ReadOnlySpan<T> point, ReadOnlySpan<T> cotangent, Span<T> result)
    {
        result[0] = cotangent[0];
        result[1] = cotangent[1];
        result[2] = Point2<T>.FromStorage(point).Turned().Dot(Point2<T>.FromStorage(cotangent));
    }

    /// <inheritdoc/>
    public static Matrix<T> RightJacobianRule(ReadOnlySpan<T> tangent)
    {
        T angle = tangent[2];
        T squared = angle * angle;
        (T sineRatio, T cosine) = AngleFunctions<T>.HalfAngle(squared);
        ExpCoefficients<T> exp = AngleFunctions<T>.OfExp(squared, sineRatio, cosine);
        T versine = exp.B * angle;
        T f = exp.D * angle;
        return new(
            3, 3,
            exp.Sinc, versine, (f * tangent[0]) - (exp.B * tangent[1]),
            -versine, exp.Sinc, (exp.B * tangent[0]) + (f * tangent[1]),
            0, 0, 1);
    }

    /// <inheritdoc/>
    public static Matrix<T> RightJacobianInverseRule(ReadOnlySpan<T> tangent) =>
        LogJacobianRule(ExpRule(tangent), tangent);

    /// <inheritdoc/>
    public static Matrix<T> LogJacobianRule(SE2<T> x, ReadOnlySpan<T> tangent)
    {
        T angle = tangent[2];
        LogCoefficients<T> log = Coefficients(x._rotation, angle);
        T half = 0.5 * angle;
        T halfCotangent = 1.0 - (angle * angle * log.C);
        T slope = -(angle * ((2.0 * log.C) + (angle * angle * log.Slope)));
        Point2<T> t = x._translation;
        return new(
            3, 3,
            halfCotangent, -half, (slope * t.X) + (0.5 * t.Y),
            half, halfCotangent, (slope * t.Y) - (0.5 * t.X),
            0, 0, 1);
    }

    /// <inheritdoc/>
    public static Matrix<T> HatRule(ReadOnlySpan<T> tangent) =>
        new(3, 3, 0, -tangent[2], tangent[0], tangent[2], 0, tangent[1], 0, 0, 0);

    /// <inheritdoc/>
    public static void VeeRule(Matrix<T> algebra, Span<T> tangent)
    {
        tangent[0] = algebra[0, 2];
        tangent[1] = algebra[1, 2];
        tangent[2] = 0.5 * (algebra[1, 0] - algebra[0, 1]);
    }

    /// <inheritdoc/>
    public static Matrix<T> MatrixRule(SE2<T> x) => new(
        3, 3,
        x._rotation.Cosine, -x._rotation.Sine, x._translation.X,
        x._rotation.Sine, x._rotation.Cosine, x._translation.Y,
        0, 0, 1);

    /// <inheritdoc/>
    public static void LiftRule(SE2<T> x, ReadOnlySpan<T> tangent, Span<T> result)
    {
        RotateRule(x, tangent[..2], result[..2]);
        SO2<T>.LiftRule(x._rotation, tangent[2..], result[2..]);
    }

    /// <inheritdoc/>
    public static void ProjectRule(SE2<T> x, ReadOnlySpan<T> cotangent, Span<T> result)
    {
        RotateInverseRule(x, cotangent[..2], result[..2]);
        SO2<T>.ProjectRule(x._rotation, cotangent[2..], result[2..]);
    }

    /// <inheritdoc/>
    public static void UnliftRule(SE2<T> x, ReadOnlySpan<T> derivative, Span<T> result)
    {
        RotateInverseRule(NormalizeRule(x), derivative[..2], result[..2]);
        SO2<T>.UnliftRule(x._rotation, derivative[2..], result[2..]);
    }

    /// <inheritdoc/>
    public static void UnprojectRule(SE2<T> x, ReadOnlySpan<T> cotangent, Span<T> result)
    {
        RotateRule(NormalizeRule(x), cotangent[..2], result[..2]);
        SO2<T>.UnprojectRule(x._rotation, cotangent[2..], result[2..]);
    }

    /// <summary>
    /// Coefficients of the inverse Jacobian: cot(θ/2) is (1 + cos θ)/sin θ, or sin θ/(1 − cos θ) where that cancels,
    /// and 1/sin²(θ/2) = 1 + cot²(θ/2).
    /// </summary>
    private static LogCoefficients<T> Coefficients(SO2<T> rotation, T angle)
    {
        Mask<T> acute = rotation.Cosine > 0;
        T cotangent = T.Where(acute, 1.0 + rotation.Cosine, rotation.Sine)
            / T.Where(acute, rotation.Sine, 1.0 - rotation.Cosine);
        return AngleFunctions<T>.OfLog(angle * angle, 0.5 * angle * cotangent, 0.25 + (0.25 * cotangent * cotangent));
    }
}
