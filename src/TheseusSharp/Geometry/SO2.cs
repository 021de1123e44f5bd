using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>A rotation of the plane, stored as [cos θ, sin θ]; tangent [ω].</summary>
/// <typeparam name="T">The scalar.</typeparam>
public readonly struct SO2<T> : ILieGroup<SO2<T>, T>
    where T : struct, IScalar<T>
{
    internal SO2(T cosine, T sine)
    {
        Cosine = cosine;
        Sine = sine;
    }

    /// <inheritdoc/>
    public static ValueKind FixedKind => GroupKind<SO2<Scalar>>.Instance;

    /// <inheritdoc/>
    public static int StorageLength => 2;

    /// <inheritdoc/>
    public static int TangentLength => 1;

    /// <inheritdoc/>
    public static int PointLength => 2;

    /// <inheritdoc/>
    public static LieOperations Operations => LieOperations<SO2<Scalar>>.Instance;

    /// <inheritdoc/>
    public static SO2<T> Identity => new(1, 0);

    /// <summary>cos θ.</summary>
    public T Cosine { get; }

    /// <summary>sin θ.</summary>
    public T Sine { get; }

    /// <inheritdoc/>
    public static SO2<T> FromStorage(ReadOnlySpan<T> storage) => new(storage[0], storage[1]);

    /// <summary>The rotation by an angle in radians.</summary>
    public static SO2<T> FromAngle(T angle) => Exp(new(angle));

    /// <summary>The rotation of a 2×2 matrix (or the upper left of a larger one), taken as orthonormal.</summary>
    /// <exception cref="ArgumentException">The matrix is smaller than 2×2.</exception>
    public static SO2<T> FromMatrix(Matrix<T> matrix)
    {
        matrix.RequireAtLeast(2, 2, nameof(SO2<T>));
        return new(matrix[0, 0], matrix[1, 0]);
    }

    /// <summary>The exponential map.</summary>
    /// <param name="tangent">A tangent at the identity, <see cref="TangentLength"/> long; any size.</param>
    public static SO2<T> Exp(Vector<T> tangent) => LieGroup<SO2<T>, T>.Exp(tangent);

    /// <summary>A rotation by an angle uniform in [−π, π).</summary>
    /// <param name="random">The source; seed it to repeat.</param>
    public static SO2<T> Random(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return ExpRule([(T)((2 * random.NextDouble() - 1) * Math.PI)]);
    }

    /// <summary>The right Jacobian of Exp: Exp(ξ + dξ) ≈ Exp(ξ)∘Exp(Jr(ξ)·dξ).</summary>
    public static Matrix<T> RightJacobian(Vector<T> tangent) => LieGroup<SO2<T>, T>.RightJacobian(tangent);

    /// <summary>The inverse of <see cref="RightJacobian"/>; it does not exist at rotation angles 2π, 4π, …</summary>
    public static Matrix<T> RightJacobianInverse(Vector<T> tangent) =>
        LieGroup<SO2<T>, T>.RightJacobianInverse(tangent);

    /// <summary>The left Jacobian of Exp: Exp(ξ + dξ) ≈ Exp(Jl(ξ)·dξ)∘Exp(ξ).</summary>
    public static Matrix<T> LeftJacobian(Vector<T> tangent) => LieGroup<SO2<T>, T>.LeftJacobian(tangent);

    /// <summary>The inverse of <see cref="LeftJacobian"/>; it does not exist at rotation angles 2π, 4π, …</summary>
    public static Matrix<T> LeftJacobianInverse(Vector<T> tangent) => LieGroup<SO2<T>, T>.LeftJacobianInverse(tangent);

    /// <summary>The matrix of the Lie algebra that a tangent stands for.</summary>
    public static Matrix<T> Hat(Vector<T> tangent) => LieGroup<SO2<T>, T>.Hat(tangent);

    /// <summary>The tangent of a matrix of the Lie algebra: the inverse of <see cref="Hat"/>.</summary>
    public static Vector<T> Vee(Matrix<T> algebra) => LieGroup<SO2<T>, T>.Vee(algebra);

    /// <summary>A computed value as literals, to be captured by a traced lambda.</summary>
    public static implicit operator SO2<T>(SO2<Float64> value) =>
        Literals.Convert<SO2<Float64>, SO2<T>, T>(value);

    /// <summary>The product a∘b: first b, then a.</summary>
    public static SO2<T> operator *(SO2<T> a, SO2<T> b) => LieGroup<SO2<T>, T>.Compose(a, b);

    /// <summary>The action on a point.</summary>
    public static Point2<T> operator *(SO2<T> x, Point2<T> point) => x.Act(point);

    /// <summary>The angle in [−π, π], in radians.</summary>
    public T Angle() => this.Log()[0];

    /// <summary>The action on a point.</summary>
    public Point2<T> Act(Point2<T> point) =>
        Point2<T>.FromStorage(LieGroup<SO2<T>, T>.Act(this, point.ToVector().AsSpan()));

    /// <summary>The action of the inverse on a point; cheaper than inverting first.</summary>
    public Point2<T> ActInverse(Point2<T> point) =>
        Point2<T>.FromStorage(LieGroup<SO2<T>, T>.ActInverse(this, point.ToVector().AsSpan()));

    /// <inheritdoc/>
    public void CopyTo(Span<T> storage)
    {
        storage[0] = Cosine;
        storage[1] = Sine;
    }

    /// <summary>The storage, for people.</summary>
    public override string ToString() => $"SO2(cos {Cosine}, sin {Sine})";

    /// <inheritdoc/>
    public static SO2<T> ComposeRule(SO2<T> a, SO2<T> b) =>
        new((a.Cosine * b.Cosine) - (a.Sine * b.Sine), (a.Sine * b.Cosine) + (a.Cosine * b.Sine));

    /// <inheritdoc/>
    public static SO2<T> InverseRule(SO2<T> a) => new(a.Cosine, -a.Sine);

    /// <inheritdoc/>
    public static SO2<T> NormalizeRule(SO2<T> a)
    {
        T scale = 1.0 / T.Sqrt(a.SquaredNorm());
        return new(a.Cosine * scale, a.Sine * scale);
    }

    /// <inheritdoc/>
    public static SO2<T> ExpRule(ReadOnlySpan<T> tangent) => new(T.Cos(tangent[0]), T.Sin(tangent[0]));

    /// <inheritdoc/>
    public static void LogRule(SO2<T> x, Span<T> tangent) => tangent[0] = T.Atan2(x.Sine, x.Cosine);

    /// <inheritdoc/>
    public static void AdjointRule(SO2<T> x, ReadOnlySpan<T> tangent, Span<T> result) => tangent.CopyTo(result);

    /// <inheritdoc/>
    public static void AdjointInverseRule(SO2<T> x, ReadOnlySpan<T> tangent, Span<T> result) => tangent.CopyTo(result);

    /// <inheritdoc/>
    public static void CoadjointInverseRule(SO2<T> x, ReadOnlySpan<T> cotangent, Span<T> result) =>
        cotangent.CopyTo(result);

    /// <inheritdoc/>
    public static void ActRule(SO2<T> x, ReadOnlySpan<T> point, Span<T> result) =>
        x.Rotate(Point2<T>.FromStorage(point)).CopyTo(result);

    /// <inheritdoc/>
    public static void ActInverseRule(SO2<T> x, ReadOnlySpan<T> point, Span<T> result) =>
        x.Unrotate(Point2<T>.FromStorage(point)).CopyTo(result);

    /// <inheritdoc/>
    public static void RotateRule(SO2<T> x, ReadOnlySpan<T> vector, Span<T> result) => ActRule(x, vector, result);

    /// <inheritdoc/>
    public static void RotateInverseRule(SO2<T> x, ReadOnlySpan<T> vector, Span<T> result) =>
        ActInverseRule(x, vector, result);

    /// <inheritdoc/>
    public static void ActTangentRule(ReadOnlySpan<T> tangent, ReadOnlySpan<T> point, Span<T> result) =>
        (tangent[0] * Point2<T>.FromStorage(point).Turned()).CopyTo(result);

    /// <inheritdoc/>
    public static void ActCotangentRule(ReadOnlySpan<T> point, ReadOnlySpan<T> cotangent, Span<T> result) =>
        result[0] = Point2<T>.FromStorage(point).Turned().Dot(Point2<T>.FromStorage(cotangent));

    /// <inheritdoc/>
    public static Matrix<T> RightJacobianRule(ReadOnlySpan<T> tangent) => Matrix<T>.Identity(1);

    /// <inheritdoc/>
    public static Matrix<T> RightJacobianInverseRule(ReadOnlySpan<T> tangent) => Matrix<T>.Identity(1);

    /// <inheritdoc/>
    public static Matrix<T> LogJacobianRule(SO2<T> x, ReadOnlySpan<T> tangent) => Matrix<T>.Identity(1);

    /// <inheritdoc/>
    public static Matrix<T> HatRule(ReadOnlySpan<T> tangent) => new(2, 2, 0, -tangent[0], tangent[0], 0);

    /// <inheritdoc/>
    public static void VeeRule(Matrix<T> algebra, Span<T> tangent) =>
        tangent[0] = 0.5 * (algebra[1, 0] - algebra[0, 1]);

    /// <inheritdoc/>
    public static Matrix<T> MatrixRule(SO2<T> x) => new(2, 2, x.Cosine, -x.Sine, x.Sine, x.Cosine);

    /// <inheritdoc/>
    public static void LiftRule(SO2<T> x, ReadOnlySpan<T> tangent, Span<T> result)
    {
        result[0] = -(x.Sine * tangent[0]);
        result[1] = x.Cosine * tangent[0];
    }

    /// <inheritdoc/>
    public static void ProjectRule(SO2<T> x, ReadOnlySpan<T> cotangent, Span<T> result) =>
        result[0] = (x.Cosine * cotangent[1]) - (x.Sine * cotangent[0]);

    /// <inheritdoc/>
    /// <remarks>For a storage of any norm: the tangent of what it normalises to.</remarks>
    public static void UnliftRule(SO2<T> x, ReadOnlySpan<T> derivative, Span<T> result)
    {
        ProjectRule(x, derivative, result);
        result[0] /= x.SquaredNorm();
    }

    /// <inheritdoc/>
    public static void UnprojectRule(SO2<T> x, ReadOnlySpan<T> cotangent, Span<T> result) =>
        LiftRule(x, [cotangent[0] / x.SquaredNorm()], result);

    internal Point2<T> Rotate(Point2<T> p) => new((Cosine * p.X) - (Sine * p.Y), (Sine * p.X) + (Cosine * p.Y));

    internal Point2<T> Unrotate(Point2<T> p) => new((Cosine * p.X) + (Sine * p.Y), (Cosine * p.Y) - (Sine * p.X));

    private T SquaredNorm() => (Cosine * Cosine) + (Sine * Sine);
}
