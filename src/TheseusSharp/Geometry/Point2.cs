using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>
/// A point or vector in 2D. As a Lie group: addition; its tangent is itself, and it acts on points by moving them.
/// </summary>
/// <remarks>A trace records its plain arithmetic: there is nothing to gain from typed nodes.</remarks>
/// <typeparam name="T">The scalar.</typeparam>
public readonly struct Point2<T> : ILieGroup<Point2<T>, T>
    where T : struct, IScalar<T>
{
    /// <summary>A point from its coordinates.</summary>
    public Point2(T x, T y)
    {
        X = x;
        Y = y;
    }

    /// <inheritdoc/>
    public static ValueKind FixedKind => ValueKind.Vector(2);

    /// <inheritdoc/>
    public static int StorageLength => 2;

    /// <inheritdoc/>
    public static int TangentLength => 2;

    /// <inheritdoc/>
    public static int PointLength => 2;

    /// <inheritdoc/>
    public static LieOperations? Operations => null;

    /// <summary>The origin.</summary>
    public static Point2<T> Identity => default;

    /// <summary>Coordinate x.</summary>
    public T X { get; }

    /// <summary>Coordinate y.</summary>
    public T Y { get; }

    /// <inheritdoc/>
    public static Point2<T> FromStorage(ReadOnlySpan<T> storage) => new(storage[0], storage[1]);

    /// <summary>Independent coordinates, uniform in [0, 1).</summary>
    /// <param name="random">The source; seed it to repeat.</param>
    public static Point2<T> Random(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new(random.NextDouble(), random.NextDouble());
    }

    /// <summary>The tangent as a point: the exponential map of addition.</summary>
    public static Point2<T> Exp(Vector<T> tangent) => LieGroup<Point2<T>, T>.Exp(tangent);

    /// <summary>A computed value as literals, to be captured by a traced lambda.</summary>
    public static implicit operator Point2<T>(Point2<Float64> value) =>
        Literals.Convert<Point2<Float64>, Point2<T>, T>(value);

    /// <summary>The sum.</summary>
    public static Point2<T> operator +(Point2<T> a, Point2<T> b) => new(a.X + b.X, a.Y + b.Y);

    /// <summary>The difference.</summary>
    public static Point2<T> operator -(Point2<T> a, Point2<T> b) => new(a.X - b.X, a.Y - b.Y);

    /// <summary>The negative.</summary>
    public static Point2<T> operator -(Point2<T> a) => new(-a.X, -a.Y);

    /// <summary>A multiple.</summary>
    public static Point2<T> operator *(T scale, Point2<T> a) => new(scale * a.X, scale * a.Y);

    /// <summary>A multiple.</summary>
    public static Point2<T> operator *(Point2<T> a, T scale) => scale * a;

    /// <summary>A quotient.</summary>
    public static Point2<T> operator /(Point2<T> a, T divisor) => new(a.X / divisor, a.Y / divisor);

    /// <summary>The inner product.</summary>
    public T Dot(Point2<T> other) => (X * other.X) + (Y * other.Y);

    /// <summary>The point turned by a quarter, (−y, x).</summary>
    public Point2<T> Turned() => new(-Y, X);

    /// <summary>The sum of squares.</summary>
    public T SquaredNorm() => Dot(this);

    /// <summary>The Euclidean norm. Its derivative at zero is NaN: guard it with <c>Where</c>.</summary>
    public T Norm() => T.Sqrt(SquaredNorm());

    /// <inheritdoc/>
    public void CopyTo(Span<T> storage)
    {
        storage[0] = X;
        storage[1] = Y;
    }

    /// <summary>The coordinates as a vector.</summary>
    public Vector<T> ToVector() => new(X, Y);

    /// <summary>The coordinates, for people.</summary>
    public override string ToString() => $"({X}, {Y})";

    /// <inheritdoc/>
    public static Point2<T> ComposeRule(Point2<T> a, Point2<T> b) => a + b;

    /// <inheritdoc/>
    public static Point2<T> InverseRule(Point2<T> a) => -a;

    /// <inheritdoc/>
    public static Point2<T> NormalizeRule(Point2<T> a) => a;

    /// <inheritdoc/>
    public static Point2<T> ExpRule(ReadOnlySpan<T> tangent) => FromStorage(tangent);

    /// <inheritdoc/>
    public static void LogRule(Point2<T> x, Span<T> tangent) => x.CopyTo(tangent);

    /// <inheritdoc/>
    public static void AdjointRule(Point2<T> x, ReadOnlySpan<T> tangent, Span<T> result) => tangent.CopyTo(result);

    /// <inheritdoc/>
    public static void AdjointInverseRule(Point2<T> x, ReadOnlySpan<T> tangent, Span<T> result) =>
        tangent.CopyTo(result);

    /// <inheritdoc/>
    public static void CoadjointInverseRule(Point2<T> x, ReadOnlySpan<T> cotangent, Span<T> result) =>
        cotangent.CopyTo(result);

    /// <inheritdoc/>
    public static void ActRule(Point2<T> x, ReadOnlySpan<T> point, Span<T> result) =>
        (FromStorage(point) + x).CopyTo(result);

    /// <inheritdoc/>
    public static void ActInverseRule(Point2<T> x, ReadOnlySpan<T> point, Span<T> result) =>
        (FromStorage(point) - x).CopyTo(result);

    /// <inheritdoc/>
    public static void RotateRule(Point2<T> x, ReadOnlySpan<T> vector, Span<T> result) => vector.CopyTo(result);

    /// <inheritdoc/>
    public static void RotateInverseRule(Point2<T> x, ReadOnlySpan<T> vector, Span<T> result) => vector.CopyTo(result);

    /// <inheritdoc/>
    public static void ActTangentRule(ReadOnlySpan<T> tangent, ReadOnlySpan<T> point, Span<T> result) =>
        tangent.CopyTo(result);

    /// <inheritdoc/>
    public static void ActCotangentRule(ReadOnlySpan<T> point, ReadOnlySpan<T> cotangent, Span<T> result) =>
        cotangent.CopyTo(result);

    /// <inheritdoc/>
    public static Matrix<T> RightJacobianRule(ReadOnlySpan<T> tangent) => Matrix<T>.Identity(2);

    /// <inheritdoc/>
    public static Matrix<T> RightJacobianInverseRule(ReadOnlySpan<T> tangent) => Matrix<T>.Identity(2);

    /// <inheritdoc/>
    public static Matrix<T> LogJacobianRule(Point2<T> x, ReadOnlySpan<T> tangent) => Matrix<T>.Identity(2);

    /// <inheritdoc/>
    public static Matrix<T> HatRule(ReadOnlySpan<T> tangent) => new(3, 3, 0, 0, tangent[0], 0, 0, tangent[1], 0, 0, 0);

    /// <inheritdoc/>
    public static void VeeRule(Matrix<T> algebra, Span<T> tangent)
    {
        for (int k = 0; k < 2; k++)
            tangent[k] = algebra[k, 2];
    }

    /// <inheritdoc/>
    public static Matrix<T> MatrixRule(Point2<T> x) => new(3, 3, 1, 0, x.X, 0, 1, x.Y, 0, 0, 1);

    /// <inheritdoc/>
    public static void LiftRule(Point2<T> x, ReadOnlySpan<T> tangent, Span<T> result) => tangent.CopyTo(result);

    /// <inheritdoc/>
    public static void ProjectRule(Point2<T> x, ReadOnlySpan<T> cotangent, Span<T> result) => cotangent.CopyTo(result);

    /// <inheritdoc/>
    public static void UnliftRule(Point2<T> x, ReadOnlySpan<T> derivative, Span<T> result) => derivative.CopyTo(result);

    /// <inheritdoc/>
    public static void UnprojectRule(Point2<T> x, ReadOnlySpan<T> cotangent, Span<T> result) =>
        cotangent.CopyTo(result);
}
