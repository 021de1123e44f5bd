using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>A rigid motion of space, stored as [x, y, z, qx, qy, qz, qw]; tangent [v, ω].</summary>
/// <typeparam name="T">The scalar.</typeparam>
public readonly struct SE3<T> : ILieGroup<SE3<T>, T>
    where T : struct, IScalar<T>
{
    private readonly SO3<T> _rotation;
    private readonly Point3<T> _translation;

    private SE3(Point3<T> translation, SO3<T> rotation)
    {
        _translation = translation;
        _rotation = rotation;
    }

    /// <inheritdoc/>
    public static ValueKind FixedKind => GroupKind<SE3<Scalar>>.Instance;

    /// <inheritdoc/>
    public static int StorageLength => 7;

    /// <inheritdoc/>
    public static int TangentLength => 6;

    /// <inheritdoc/>
    public static int PointLength => 3;

    /// <inheritdoc/>
    public static LieOperations Operations => LieOperations<SE3<Scalar>>.Instance;

    /// <inheritdoc/>
    public static SE3<T> Identity => new(default, SO3<T>.Identity);

    /// <summary>The rotation part.</summary>
    public SO3<T> Rotation => MotionParts.RotationOf<SE3<T>, SO3<T>, T>(this, _rotation);

    /// <summary>The translation part.</summary>
    public Point3<T> Translation => _translation;

    /// <inheritdoc/>
    public static SE3<T> FromStorage(ReadOnlySpan<T> storage) =>
        new(Point3<T>.FromStorage(storage), SO3<T>.FromStorage(storage[3..]));

    /// <summary>The motion that rotates, then translates.</summary>
    public static SE3<T> From(Point3<T> translation, SO3<T> rotation) =>
        MotionParts.Join<SE3<T>, SO3<T>, T>(translation.ToVector().AsSpan(), rotation);

    /// <summary>The motion of a 4×4 (or 3×4) homogeneous matrix, its rotation taken as orthonormal.</summary>
    /// <exception cref="ArgumentException">The matrix is smaller than 3×4.</exception>
    public static SE3<T> FromMatrix(Matrix<T> matrix)
    {
        matrix.RequireAtLeast(3, 4, nameof(SE3<T>));
        return From(new(matrix[0, 3], matrix[1, 3], matrix[2, 3]), SO3<T>.FromMatrix(matrix));
    }

    /// <summary>The exponential map.</summary>
    /// <param name="tangent">A tangent at the identity, <see cref="TangentLength"/> long; any size.</param>
    public static SE3<T> Exp(Vector<T> tangent) => LieGroup<SE3<T>, T>.Exp(tangent);

    /// <summary>A rotation uniform over the group, a translation uniform in [0, 1)³.</summary>
    /// <param name="random">The source; seed it to repeat.</param>
    public static SE3<T> Random(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new(Point3<T>.Random(random), SO3<T>.Random(random));
    }

    /// <summary>The right Jacobian of Exp: Exp(ξ + dξ) ≈ Exp(ξ)∘Exp(Jr(ξ)·dξ).</summary>
    public static Matrix<T> RightJacobian(Vector<T> tangent) => LieGroup<SE3<T>, T>.RightJacobian(tangent);

    /// <summary>The inverse of <see cref="RightJacobian"/>; it does not exist at rotation angles 2π, 4π, …</summary>
    public static Matrix<T> RightJacobianInverse(Vector<T> tangent) =>
        LieGroup<SE3<T>, T>.RightJacobianInverse(tangent);

    /// <summary>The left Jacobian of Exp: Exp(ξ + dξ) ≈ Exp(Jl(ξ)·dξ)∘Exp(ξ).</summary>
    public static Matrix<T> LeftJacobian(Vector<T> tangent) => LieGroup<SE3<T>, T>.LeftJacobian(tangent);

    /// <summary>The inverse of <see cref="LeftJacobian"/>; it does not exist at rotation angles 2π, 4π, …</summary>
    public static Matrix<T> LeftJacobianInverse(Vector<T> tangent) => LieGroup<SE3<T>, T>.LeftJacobianInverse(tangent);

    /// <summary>The matrix of the Lie algebra that a tangent stands for.</summary>
    public static Matrix<T> Hat(Vector<T> tangent) => LieGroup<SE3<T>, T>.Hat(tangent);

    /// <summary>The tangent of a matrix of the Lie algebra: the inverse of <see cref="Hat"/>.</summary>
    public static Vector<T> Vee(Matrix<T> algebra) => LieGroup<SE3<T>, T>.Vee(algebra);

    /// <summary>A computed value as literals, to be captured by a traced lambda.</summary>
    public static implicit operator SE3<T>(SE3<Float64> value) =>
        Literals.Convert<SE3<Float64>, SE3<T>, T>(value);

    /// <summary>The product a∘b: first b, then a.</summary>
    public static SE3<T> operator *(SE3<T> a, SE3<T> b) => LieGroup<SE3<T>, T>.Compose(a, b);

    /// <summary>The action on a point.</summary>
    public static Point3<T> operator *(SE3<T> x, Point3<T> point) => x.Act(point);

    /// <summary>The action on a point.</summary>
    public Point3<T> Act(Point3<T> point) =>
        Point3<T>.FromStorage(LieGroup<SE3<T>, T>.Act(this, point.ToVector().AsSpan()));

    /// <summary>The action of the inverse on a point; cheaper than inverting first.</summary>
    public Point3<T> ActInverse(Point3<T> point) =>
        Point3<T>.FromStorage(LieGroup<SE3<T>, T>.ActInverse(this, point.ToVector().AsSpan()));

    /// <inheritdoc/>
    public void CopyTo(Span<T> storage)
    {
        _translation.CopyTo(storage);
        _rotation.CopyTo(storage[3..]);
    }

    /// <summary>The storage, for people.</summary>
    public override string ToString() => $"SE3({_translation}, {_rotation})";

    /// <inheritdoc/>
    public static SE3<T> ComposeRule(SE3<T> a, SE3<T> b) => new(
        a._rotation.Rotate(b._translation) + a._translation, SO3<T>.ComposeRule(a._rotation, b._rotation));

    /// <inheritdoc/>
    public static SE3<T> InverseRule(SE3<T> a) =>
        new(-a._rotation.Unrotate(a._translation), SO3<T>.InverseRule(a._rotation));

    /// <inheritdoc/>
    public static SE3<T> BetweenRule(SE3<T> a, SE3<T> b) => new(
        a._rotation.Unrotate(b._translation - a._translation),
        SO3<T>.ComposeRule(SO3<T>.InverseRule(a._rotation), b._rotation));

    /// <inheritdoc/>
    public static SE3<T> NormalizeRule(SE3<T> a) => new(a._translation, SO3<T>.NormalizeRule(a._rotation));

    /// <inheritdoc/>
    public static SE3<T> ExpRule(ReadOnlySpan<T> tangent)
    {
        (Point3<T> v, Point3<T> omega) = Split(tangent);
        T squared = omega.SquaredNorm();
        (T sineRatio, T cosine) = AngleFunctions<T>.HalfAngle(squared);
        ExpCoefficients<T> exp = AngleFunctions<T>.OfExp(squared, sineRatio, cosine);
        Point3<T> cross = omega.Cross(v);
        return new(v + (exp.B * cross) + (exp.D * omega.Cross(cross)), SO3<T>.ExpRule(tangent[3..]));
    }

    /// <inheritdoc/>
    public static void LogRule(SE3<T> x, Span<T> tangent)
    {
        Point3<T> omega = x._rotation.Logarithm();
        LogCoefficients<T> log = x._rotation.LogCoefficients();
        Point3<T> cross = omega.Cross(x._translation);
        (x._translation - (0.5 * cross) + (log.C * omega.Cross(cross))).CopyTo(tangent);
        omega.CopyTo(tangent[3..]);
    }

    /// <inheritdoc/>
    public static void AdjointRule(SE3<T> x, ReadOnlySpan<T> tangent, Span<T> result)
    {
        (Point3<T> v, Point3<T> omega) = Split(tangent);
        Point3<T> rotated = x._rotation.Rotate(omega);
        x._rotation.Rotate(v).PlusCross(x._translation, rotated).CopyTo(result);
        rotated.CopyTo(result[3..]);
    }

    /// <inheritdoc/>
    public static void AdjointInverseRule(SE3<T> x, ReadOnlySpan<T> tangent, Span<T> result)
    {
        (Point3<T> v, Point3<T> omega) = Split(tangent);
        x._rotation.Unrotate(v.PlusCross(omega, x._translation)).CopyTo(result);
        x._rotation.Unrotate(omega).CopyTo(result[3..]);
    }

    /// <inheritdoc/>
    public static void CoadjointInverseRule(SE3<T> x, ReadOnlySpan<T> cotangent, Span<T> result)
    {
        (Point3<T> v, Point3<T> omega) = Split(cotangent);
        Point3<T> rotated = x._rotation.Rotate(v);
        rotated.CopyTo(result);
        x._rotation.Rotate(omega).PlusCross(x._translation, rotated).CopyTo(result[3..]);
    }

    /// <inheritdoc/>
    public static void ActRule(SE3<T> x, ReadOnlySpan<T> point, Span<T> result) =>
        (x._rotation.Rotate(Point3<T>.FromStorage(point)) + x._translation).CopyTo(result);

    /// <inheritdoc/>
    public static void ActInverseRule(SE3<T> x, ReadOnlySpan<T> point, Span<T> result) =>
        x._rotation.Unrotate(Point3<T>.FromStorage(point) - x._translation).CopyTo(result);

    /// <inheritdoc/>
    public static void RotateRule(SE3<T> x, ReadOnlySpan<T> vector, Span<T> result) =>
        SO3<T>.ActRule(x._rotation, vector, result);

    /// <inheritdoc/>
    public static void RotateInverseRule(SE3<T> x, ReadOnlySpan<T> vector, Span<T> result) =>
        SO3<T>.ActInverseRule(x._rotation, vector, result);

    /// <inheritdoc/>
    public static void ActTangentRule(ReadOnlySpan<T> tangent, ReadOnlySpan<T> point, Span<T> result)
    {
        (Point3<T> v, Point3<T> omega) = Split(tangent);
        v.PlusCross(omega, Point3<T>.FromStorage(point)).CopyTo(result);
    }

    /// <inheritdoc/>
    public static void ActCotangentRule(ReadOnlySpan<T> point, ReadOnlySpan<T> cotangent, Span<T> result)
    {
        cotangent.CopyTo(result);
        SO3<T>.ActCotangentRule(point, cotangent, result[3..]);
    }

    /// <inheritdoc/>
    public static Matrix<T> RightJacobianRule(ReadOnlySpan<T> tangent)
    {
        (Point3<T> v, Point3<T> omega) = Split(tangent);
        T squared = omega.SquaredNorm();
        (T sineRatio, T cosine) = AngleFunctions<T>.HalfAngle(squared);
        ExpCoefficients<T> exp = AngleFunctions<T>.OfExp(squared, sineRatio, cosine);
        Matrix<T> rotation = SO3<T>.JacobianAt(omega, squared, exp);
        Matrix<T> transposed = SO3<T>.ExpRule(tangent[3..]).RotationMatrix().Transpose();
        Matrix<T> byOmega = SecondDerivative(v, omega, -exp.B, exp.D, exp.BSlope, exp.DSlope);
        return Matrix<T>.UpperBlocks(rotation, transposed * byOmega, rotation);
    }

    /// <inheritdoc/>
    public static Matrix<T> RightJacobianInverseRule(ReadOnlySpan<T> tangent)
    {
        Point3<T> omega = Split(tangent).Omega;
        return InverseJacobian(ExpRule(tangent)._translation, omega, SO3<T>.InverseCoefficients(omega.SquaredNorm()));
    }

    /// <inheritdoc/>
    public static Matrix<T> LogJacobianRule(SE3<T> x, ReadOnlySpan<T> tangent) =>
        InverseJacobian(x._translation, Split(tangent).Omega, x._rotation.LogCoefficients());

    /// <inheritdoc/>
    /// <remarks>[aᵀA, (aᵀD + bᵀ)A] for the gradient [a, b]: the block D·A is never formed.</remarks>
    public static void LogCotangentRule(SE3<T> x, ReadOnlySpan<T> tangent, ReadOnlySpan<T> cotangent, Span<T> result)
    {
        Point3<T> omega = Split(tangent).Omega;
        LogCoefficients<T> log = x._rotation.LogCoefficients();
        Matrix<T> rotation = SO3<T>.InverseJacobianAt(omega, log);
        rotation.MultiplyTransposed(cotangent[..3], result[..3]);
        T[] inner = cotangent[3..].ToArray();
        SecondDerivative(x._translation, omega, 0.5, log.C, 0, log.Slope).AddMultiplyTransposed(cotangent[..3], inner);
        rotation.MultiplyTransposed(inner, result[3..]);
    }

    /// <inheritdoc/>
    public static Matrix<T> HatRule(ReadOnlySpan<T> tangent) => new(
        4, 4,
        0, -tangent[5], tangent[4], tangent[0],
        tangent[5], 0, -tangent[3], tangent[1],
        -tangent[4], tangent[3], 0, tangent[2],
        0, 0, 0, 0);

    /// <inheritdoc/>
    public static void VeeRule(Matrix<T> algebra, Span<T> tangent)
    {
        for (int k = 0; k < 3; k++)
            tangent[k] = algebra[k, 3];
        SO3<T>.VeeRule(algebra, tangent[3..]);
    }

    /// <inheritdoc/>
    public static Matrix<T> MatrixRule(SE3<T> x)
    {
        Matrix<T> r = x._rotation.RotationMatrix();
        Point3<T> t = x._translation;
        return new(
            4, 4,
            r[0, 0], r[0, 1], r[0, 2], t.X,
            r[1, 0], r[1, 1], r[1, 2], t.Y,
            r[2, 0], r[2, 1], r[2, 2], t.Z,
            0, 0, 0, 1);
    }

    /// <inheritdoc/>
    public static void LiftRule(SE3<T> x, ReadOnlySpan<T> tangent, Span<T> result)
    {
        RotateRule(x, tangent[..3], result[..3]);
        SO3<T>.LiftRule(x._rotation, tangent[3..], result[3..]);
    }

    /// <inheritdoc/>
    public static void ProjectRule(SE3<T> x, ReadOnlySpan<T> cotangent, Span<T> result)
    {
        RotateInverseRule(x, cotangent[..3], result[..3]);
        SO3<T>.ProjectRule(x._rotation, cotangent[3..], result[3..]);
    }

    /// <inheritdoc/>
    public static void UnliftRule(SE3<T> x, ReadOnlySpan<T> derivative, Span<T> result)
    {
        RotateInverseRule(NormalizeRule(x), derivative[..3], result[..3]);
        SO3<T>.UnliftRule(x._rotation, derivative[3..], result[3..]);
    }

    /// <inheritdoc/>
    public static void UnprojectRule(SE3<T> x, ReadOnlySpan<T> cotangent, Span<T> result)
    {
        RotateRule(NormalizeRule(x), cotangent[..3], result[..3]);
        SO3<T>.UnprojectRule(x._rotation, cotangent[3..], result[3..]);
    }

    private static (Point3<T> V, Point3<T> Omega) Split(ReadOnlySpan<T> tangent) =>
        (Point3<T>.FromStorage(tangent), Point3<T>.FromStorage(tangent[3..]));

    /// <summary>
    /// [[A, D·A], [0, A]] with A the inverse right Jacobian of the rotation and D = ∂(V⁻¹(ω)·t)/∂ω: the translation
    /// part of Log moves by A·v from the translation and by D·A·ω from the rotation.
    /// </summary>
    private static Matrix<T> InverseJacobian(Point3<T> translation, Point3<T> omega, LogCoefficients<T> log)
    {
        Matrix<T> rotation = SO3<T>.InverseJacobianAt(omega, log);
        Matrix<T> byOmega = SecondDerivative(translation, omega, 0.5, log.C, 0, log.Slope);
        return Matrix<T>.UpperBlocks(rotation, byOmega * rotation, rotation);
    }

    /// <summary>
    /// ∂/∂ω of v − β·ω×v + γ·ω×(ω×v), with β and γ functions of θ whose slopes (dβ/dθ)/θ are given (β's negated).
    /// </summary>
    private static Matrix<T> SecondDerivative(Point3<T> v, Point3<T> omega, T beta, T gamma, T betaSlope, T gammaSlope)
    {
        Point3<T> cross = omega.Cross(v);
        Point3<T> along = (betaSlope * cross) + (gammaSlope * omega.Cross(cross)) - ((2.0 * gamma) * v);
        T dot = gamma * omega.Dot(v);
        Point3<T> turned = beta * v;
        Point3<T> scaled = gamma * v;
        T Entry(T column, T row, T w, T s) => (row * w) + (column * s);
        return new(
            3, 3,
            Entry(omega.X, along.X, omega.X, scaled.X) + dot,
            Entry(omega.X, along.X, omega.Y, scaled.Y) - turned.Z,
            Entry(omega.X, along.X, omega.Z, scaled.Z) + turned.Y,
            Entry(omega.Y, along.Y, omega.X, scaled.X) + turned.Z,
            Entry(omega.Y, along.Y, omega.Y, scaled.Y) + dot,
            Entry(omega.Y, along.Y, omega.Z, scaled.Z) - turned.X,
            Entry(omega.Z, along.Z, omega.X, scaled.X) - turned.Y,
            Entry(omega.Z, along.Z, omega.Y, scaled.Y) + turned.X,
            Entry(omega.Z, along.Z, omega.Z, scaled.Z) + dot);
    }
}
