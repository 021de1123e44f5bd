using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>
/// A point or vector in 3D. As a Lie group: addition; its tangent is itself, and it acts on points by moving them.
/// </summary>
/// <remarks>A trace records its plain arithmetic: there is nothing to gain from typed nodes.</remarks>
/// <typeparam name="T">The scalar.</typeparam>
public readonly struct Point3<T> : ILieGroup<Point3<T>, T>
    where T : struct, IScalar<T>
{
    /// <summary>A point from its coordinates.</summary>
    public Point3(T x, T y, T z)
    {
        X = x;
        Y = y;
        Z = z;
    }

    /// <inheritdoc/>
    public static ValueKind FixedKind => ValueKind.Vector(3);

    /// <inheritdoc/>
    public static int StorageLength => 3;

    /// <inheritdoc/>
    public static int TangentLength => 3;

    /// <inheritdoc/>
    public static int PointLength => 3;

    /// <inheritdoc/>
    public static LieOperations? Operations => null;

    /// <summary>The origin.</summary>
    public static Point3<T> Identity => default;

    /// <summary>Coordinate x.</summary>
    public T X { get; }

    /// <summary>Coordinate y.</summary>
    public T Y { get; }

    /// <summary>Coordinate z.</summary>
    public T Z { get; }

    /// <inheritdoc/>
    public static Point3<T> FromStorage(ReadOnlySpan<T> storage) => new(storage[0], storage[1], storage[2]);

    /// <summary>Independent coordinates, uniform in [0, 1).</summary>
    /// <param name="random">The source; seed it to repeat.</param>
    public static Point3<T> Random(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new(random.NextDouble(), random.NextDouble(), random.NextDouble());
    }

    /// <summary>The tangent as a point: the exponential map of addition.</summary>
    public static Point3<T> Exp(Vector<T> tangent) => LieGroup<Point3<T>, T>.Exp(tangent);

    /// <summary>A computed value as literals, to be captured by a traced lambda.</summary>
    public static implicit operator Point3<T>(Point3<Float64> value) =>
        Literals.Convert<Point3<Float64>, Point3<T>, T>(value);

    /// <summary>The sum.</summary>
    public static Point3<T> operator +(Point3<T> a, Point3<T> b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    /// <summary>The difference.</summary>
    public static Point3<T> operator -(Point3<T> a, Point3<T> b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    /// <summary>The negative.</summary>
    public static Point3<T> operator -(Point3<T> a) => new(-a.X, -a.Y, -a.Z);

    /// <summary>A multiple.</summary>
    public static Point3<T> operator *(T scale, Point3<T> a) => new(scale * a.X, scale * a.Y, scale * a.Z);

    /// <summary>A multiple.</summary>
    public static Point3<T> operator *(Point3<T> a, T scale) => scale * a;

    /// <summary>A quotient.</summary>
    public static Point3<T> operator /(Point3<T> a, T divisor) => new(a.X / divisor, a.Y / divisor, a.Z / divisor);

    /// <summary>The inner product.</summary>
    public T Dot(Point3<T> other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    /// <summary>The cross product.</summary>
    public Point3<T> Cross(Point3<T> other) => new(
        (Y * other.Z) - (Z * other.Y),
        (Z * other.X) - (X * other.Z),
        (X * other.Y) - (Y * other.X));

    /// <summary>This + a×b, summed in a chain: each term joins by one fused multiply-add.</summary>
    internal Point3<T> PlusCross(Point3<T> a, Point3<T> b) => new(
        (X + (a.Y * b.Z)) - (a.Z * b.Y),
        (Y + (a.Z * b.X)) - (a.X * b.Z),
        (Z + (a.X * b.Y)) - (a.Y * b.X));

    /// <summary>The sum of squares.</summary>
    public T SquaredNorm() => Dot(this);

    /// <summary>The Euclidean norm. Its derivative at zero is NaN: guard it with <c>Where</c>.</summary>
    public T Norm() => T.Sqrt(SquaredNorm());

    /// <inheritdoc/>
    public void CopyTo(Span<T> storage)
    {
        storage[0] = X;
        storage[1] = Y;
        storage[2] = Z;
    }

    /// <summary>The coordinates as a vector.</summary>
    public Vector<T> ToVector() => new(X, Y, Z);

    /// <summary>The coordinates, for people.</summary>
    public override string ToString() => $"({X}, {Y}, {Z})";

    /// <inheritdoc/>
    public static Point3<T> ComposeRule(Point3<T> a, Point3<T> b) => a + b;

    /// <inheritdoc/>
    public static Point3<T> InverseRule(Point3<T> a) => -a;

    /// <inheritdoc/>
    public static Point3<T> NormalizeRule(Point3<T> a) => a;

    /// <inheritdoc/>
    public static Point3<T> ExpRule(ReadOnlySpan<T> tangent) => FromStorage(tangent);

    /// <inheritdoc/>
    public static void LogRule(Point3<T> x, Span<T> tangent) => x.CopyTo(tangent);

    /// <inheritdoc/>
    public static void AdjointRule(Point3<T> x, ReadOnlySpan<T> tangent, Span<T> result) => tangent.CopyTo(result);

    /// <inheritdoc/>
    public static void AdjointInverseRule(Point3<T> x, ReadOnlySpan<T> tangent, Span<T> result) =>
        tangent.CopyTo(result);

    /// <inheritdoc/>
    public static void CoadjointInverseRule(Point3<T> x, ReadOnlySpan<T> cotangent, Span<T> result) =>
        cotangent.CopyTo(result);

    /// <inheritdoc/>
    public static void ActRule(Point3<T> x, ReadOnlySpan<T> point, Span<T> result) =>
        (FromStorage(point) + x).CopyTo(result);

    /// <inheritdoc/>
    public static void ActInverseRule(Point3<T> x, ReadOnlySpan<T> point, Span<T> result) =>
        (FromStorage(point) - x).CopyTo(result);

    /// <inheritdoc/>
    public static void RotateRule(Point3<T> x, ReadOnlySpan<T> vector, Span<T> result) => vector.CopyTo(result);

    /// <inheritdoc/>
    public static void RotateInverseRule(Point3<T> x, ReadOnlySpan<T> vector, Span<T> result) => vector.CopyTo(result);

    /// <inheritdoc/>
    public static void ActTangentRule(ReadOnlySpan<T> tangent, ReadOnlySpan<T> point, Span<T> result) =>
        tangent.CopyTo(result);

    /// <inheritdoc/>
    public static void ActCotangentRule(ReadOnlySpan<T> point, ReadOnlySpan<T> cotangent, Span<T> result) =>
        cotangent.CopyTo(result);

    /// <inheritdoc/>
    public static Matrix<T> RightJacobianRule(ReadOnlySpan<T> tangent) => Matrix<T>.Identity(3);

    /// <inheritdoc/>
    public static Matrix<T> RightJacobianInverseRule(ReadOnlySpan<T> tangent) => Matrix<T>.Identity(3);

    /// <inheritdoc/>
    public static Matrix<T> LogJacobianRule(Point3<T> x, ReadOnlySpan<T> tangent) => Matrix<T>.Identity(3);

    /// <inheritdoc/>
    public static Matrix<T> HatRule(ReadOnlySpan<T> tangent) =>
        new(4, 4, 0, 0, 0, tangent[0], 0, 0, 0, tangent[1], 0, 0, 0, tangent[2], 0, 0, 0, 0);

    /// <inheritdoc/>
    public static void VeeRule(Matrix<T> algebra, Span<T> tangent)
    {
        for (int k = 0; k < 3; k++)
            tangent[k] = algebra[k, 3];
    }

    /// <inheritdoc/>
    public static Matrix<T> MatrixRule(Point3<T> x) => new(4, 4, 1, 0, 0, x.X, 0, 1, 0, x.Y, 0, 0, 1, x.Z, 0, 0, 0, 1);

    /// <inheritdoc/>
    public static void LiftRule(Point3<T> x, ReadOnlySpan<T> tangent, Span<T> result) => tangent.CopyTo(result);

    /// <inheritdoc/>
    public static void ProjectRule(Point3<T> x, ReadOnlySpan<T> cotangent, Span<T> result) => cotangent.CopyTo(result);

    /// <inheritdoc/>
    public static void UnliftRule(Point3<T> x, ReadOnlySpan<T> derivative, Span<T> result) => derivative.CopyTo(result);

    /// <inheritdoc/>
    public static void UnprojectRule(Point3<T> x, ReadOnlySpan<T> cotangent, Span<T> result) =>
        cotangent.CopyTo(result);
}
