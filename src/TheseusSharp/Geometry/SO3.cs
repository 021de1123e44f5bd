using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>A rotation of space, stored as a unit quaternion [x, y, z, w]; tangent ω, in radians.</summary>
/// <remarks>
/// q and −q are one rotation, and every function gives the same for both; the logarithm of an exact half turn alone may
/// come out as ω or −ω, which are both right.
/// </remarks>
/// <typeparam name="T">The scalar.</typeparam>
public readonly partial struct SO3<T> : ILieGroup<SO3<T>, T>
    where T : struct, IScalar<T>
{
    private readonly Point3<T> _vector;
    private readonly T _scalar;

    private SO3(Point3<T> vector, T scalar)
    {
        _vector = vector;
        _scalar = scalar;
    }

    /// <inheritdoc/>
    public static ValueKind FixedKind => GroupKind<SO3<Scalar>>.Instance;

    /// <inheritdoc/>
    public static int StorageLength => 4;

    /// <inheritdoc/>
    public static int TangentLength => 3;

    /// <inheritdoc/>
    public static int PointLength => 3;

    /// <inheritdoc/>
    public static LieOperations Operations => LieOperations<SO3<Scalar>>.Instance;

    /// <inheritdoc/>
    public static SO3<T> Identity => new(default, 1);

    /// <inheritdoc/>
    public static SO3<T> FromStorage(ReadOnlySpan<T> storage) => new(Point3<T>.FromStorage(storage), storage[3]);

    /// <summary>The exponential map.</summary>
    /// <param name="tangent">A tangent at the identity, <see cref="TangentLength"/> long; any size.</param>
    public static SO3<T> Exp(Vector<T> tangent) => LieGroup<SO3<T>, T>.Exp(tangent);

    /// <summary>A rotation uniform over the group (Shoemake 1992).</summary>
    /// <param name="random">The source; seed it to repeat.</param>
    public static SO3<T> Random(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return FromStorage(RandomRotations.Quaternion<T>(random));
    }

    /// <summary>The right Jacobian of Exp: Exp(ξ + dξ) ≈ Exp(ξ)∘Exp(Jr(ξ)·dξ).</summary>
    public static Matrix<T> RightJacobian(Vector<T> tangent) => LieGroup<SO3<T>, T>.RightJacobian(tangent);

    /// <summary>The inverse of <see cref="RightJacobian"/>; it does not exist at rotation angles 2π, 4π, …</summary>
    public static Matrix<T> RightJacobianInverse(Vector<T> tangent) =>
        LieGroup<SO3<T>, T>.RightJacobianInverse(tangent);

    /// <summary>The left Jacobian of Exp: Exp(ξ + dξ) ≈ Exp(Jl(ξ)·dξ)∘Exp(ξ).</summary>
    public static Matrix<T> LeftJacobian(Vector<T> tangent) => LieGroup<SO3<T>, T>.LeftJacobian(tangent);

    /// <summary>The inverse of <see cref="LeftJacobian"/>; it does not exist at rotation angles 2π, 4π, …</summary>
    public static Matrix<T> LeftJacobianInverse(Vector<T> tangent) => LieGroup<SO3<T>, T>.LeftJacobianInverse(tangent);

    /// <summary>The matrix of the Lie algebra that a tangent stands for.</summary>
    public static Matrix<T> Hat(Vector<T> tangent) => LieGroup<SO3<T>, T>.Hat(tangent);

    /// <summary>The tangent of a matrix of the Lie algebra: the inverse of <see cref="Hat"/>.</summary>
    public static Vector<T> Vee(Matrix<T> algebra) => LieGroup<SO3<T>, T>.Vee(algebra);

    /// <summary>A computed value as literals, to be captured by a traced lambda.</summary>
    public static implicit operator SO3<T>(SO3<Float64> value) =>
        Literals.Convert<SO3<Float64>, SO3<T>, T>(value);

    /// <summary>The product a∘b: first b, then a.</summary>
    public static SO3<T> operator *(SO3<T> a, SO3<T> b) => LieGroup<SO3<T>, T>.Compose(a, b);

    /// <summary>The action on a point.</summary>
    public static Point3<T> operator *(SO3<T> x, Point3<T> point) => x.Act(point);

    /// <summary>The action on a point.</summary>
    public Point3<T> Act(Point3<T> point) =>
        Point3<T>.FromStorage(LieGroup<SO3<T>, T>.Act(this, point.ToVector().AsSpan()));

    /// <summary>The action of the inverse on a point; cheaper than inverting first.</summary>
    public Point3<T> ActInverse(Point3<T> point) =>
        Point3<T>.FromStorage(LieGroup<SO3<T>, T>.ActInverse(this, point.ToVector().AsSpan()));

    /// <inheritdoc/>
    public void CopyTo(Span<T> storage)
    {
        _vector.CopyTo(storage);
        storage[3] = _scalar;
    }

    /// <summary>The storage, for people.</summary>
    public override string ToString() => $"SO3(xyz {_vector}, w {_scalar})";

    /// <inheritdoc/>
    public static SO3<T> ComposeRule(SO3<T> a, SO3<T> b) => new(
        ((a._scalar * b._vector) + (b._scalar * a._vector)).PlusCross(a._vector, b._vector),
        (a._scalar * b._scalar)
            - (a._vector.X * b._vector.X) - (a._vector.Y * b._vector.Y) - (a._vector.Z * b._vector.Z));

    /// <inheritdoc/>
    public static SO3<T> InverseRule(SO3<T> a) => new(-a._vector, a._scalar);

    /// <inheritdoc/>
    public static SO3<T> NormalizeRule(SO3<T> a)
    {
        T scale = 1.0 / T.Sqrt(a.SquaredNorm());
        return new(scale * a._vector, scale * a._scalar);
    }

    /// <inheritdoc/>
    public static SO3<T> ExpRule(ReadOnlySpan<T> tangent)
    {
        Point3<T> omega = Point3<T>.FromStorage(tangent);
        (T sineRatio, T cosine) = AngleFunctions<T>.HalfAngle(omega.SquaredNorm());
        return new(sineRatio * omega, cosine);
    }

    /// <inheritdoc/>
    public static void LogRule(SO3<T> x, Span<T> tangent) => x.Logarithm().CopyTo(tangent);

    /// <inheritdoc/>
    public static void AdjointRule(SO3<T> x, ReadOnlySpan<T> tangent, Span<T> result) => ActRule(x, tangent, result);

    /// <inheritdoc/>
    public static void AdjointInverseRule(SO3<T> x, ReadOnlySpan<T> tangent, Span<T> result) =>
        ActInverseRule(x, tangent, result);

    /// <inheritdoc/>
    public static void CoadjointInverseRule(SO3<T> x, ReadOnlySpan<T> cotangent, Span<T> result) =>
        ActRule(x, cotangent, result);

    /// <inheritdoc/>
    public static void ActRule(SO3<T> x, ReadOnlySpan<T> point, Span<T> result) =>
        x.Rotate(Point3<T>.FromStorage(point)).CopyTo(result);

    /// <inheritdoc/>
    public static void ActInverseRule(SO3<T> x, ReadOnlySpan<T> point, Span<T> result) =>
        x.Unrotate(Point3<T>.FromStorage(point)).CopyTo(result);

    /// <inheritdoc/>
    public static void RotateRule(SO3<T> x, ReadOnlySpan<T> vector, Span<T> result) => ActRule(x, vector, result);

    /// <inheritdoc/>
    public static void RotateInverseRule(SO3<T> x, ReadOnlySpan<T> vector, Span<T> result) =>
        ActInverseRule(x, vector, result);

    /// <inheritdoc/>
    public static void ActTangentRule(ReadOnlySpan<T> tangent, ReadOnlySpan<T> point, Span<T> result) =>
        Point3<T>.FromStorage(tangent).Cross(Point3<T>.FromStorage(point)).CopyTo(result);

    /// <inheritdoc/>
    public static void ActCotangentRule(ReadOnlySpan<T> point, ReadOnlySpan<T> cotangent, Span<T> result) =>
        Point3<T>.FromStorage(point).Cross(Point3<T>.FromStorage(cotangent)).CopyTo(result);

    /// <inheritdoc/>
    public static Matrix<T> RightJacobianRule(ReadOnlySpan<T> tangent)
    {
        Point3<T> omega = Point3<T>.FromStorage(tangent);
        T squared = omega.SquaredNorm();
        (T sineRatio, T cosine) = AngleFunctions<T>.HalfAngle(squared);
        return JacobianAt(omega, squared, AngleFunctions<T>.OfExp(squared, sineRatio, cosine));
    }

    /// <inheritdoc/>
    public static Matrix<T> RightJacobianInverseRule(ReadOnlySpan<T> tangent)
    {
        Point3<T> omega = Point3<T>.FromStorage(tangent);
        return InverseJacobianAt(omega, InverseCoefficients(omega.SquaredNorm()));
    }

    /// <inheritdoc/>
    public static Matrix<T> LogJacobianRule(SO3<T> x, ReadOnlySpan<T> tangent) =>
        InverseJacobianAt(Point3<T>.FromStorage(tangent), x.LogCoefficients());

    /// <inheritdoc/>
    public static Matrix<T> HatRule(ReadOnlySpan<T> tangent) => Matrix<T>.Cross(Point3<T>.FromStorage(tangent));

    /// <inheritdoc/>
    public static void VeeRule(Matrix<T> algebra, Span<T> tangent)
    {
        tangent[0] = 0.5 * (algebra[2, 1] - algebra[1, 2]);
        tangent[1] = 0.5 * (algebra[0, 2] - algebra[2, 0]);
        tangent[2] = 0.5 * (algebra[1, 0] - algebra[0, 1]);
    }

    /// <inheritdoc/>
    public static Matrix<T> MatrixRule(SO3<T> x) => x.RotationMatrix();

    /// <inheritdoc/>
    public static void LiftRule(SO3<T> x, ReadOnlySpan<T> tangent, Span<T> result)
    {
        Point3<T> half = 0.5 * Point3<T>.FromStorage(tangent);
        (x._scalar * half).PlusCross(x._vector, half).CopyTo(result);
        result[3] = -x._vector.Dot(half);
    }

    /// <inheritdoc/>
    public static void ProjectRule(SO3<T> x, ReadOnlySpan<T> cotangent, Span<T> result)
    {
        Point3<T> vector = 0.5 * Point3<T>.FromStorage(cotangent);
        T scalar = 0.5 * cotangent[3];
        ((x._scalar * vector) + vector.Cross(x._vector) - (scalar * x._vector)).CopyTo(result);
    }

    /// <inheritdoc/>
    /// <remarks>For a quaternion of any norm: the tangent of what it normalises to.</remarks>
    public static void UnliftRule(SO3<T> x, ReadOnlySpan<T> derivative, Span<T> result)
    {
        ProjectRule(x, derivative, result);
        Scale(result, 4.0 / x.SquaredNorm());
    }

    /// <inheritdoc/>
    public static void UnprojectRule(SO3<T> x, ReadOnlySpan<T> cotangent, Span<T> result)
    {
        LiftRule(x, cotangent, result);
        Scale(result, 4.0 / x.SquaredNorm());
    }
}
