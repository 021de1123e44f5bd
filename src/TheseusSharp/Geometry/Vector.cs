using System.Runtime.CompilerServices;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>A vector of any length; also every tangent. Immutable; operators allocate their result.</summary>
/// <typeparam name="T">The scalar.</typeparam>
[CollectionBuilder(typeof(Vector), nameof(Vector.Create))]
public readonly struct Vector<T> : IStorable<Vector<T>, T>
    where T : struct, IScalar<T>
{
    private readonly T[]? _entries;

    /// <summary>A vector over given entries, which it keeps.</summary>
    /// <param name="entries">The entries.</param>
    public Vector(params T[] entries) => _entries = entries;

    /// <summary>Null: the length is a matter of each vector.</summary>
    public static ValueKind? FixedKind => null;

    /// <inheritdoc/>
    public ValueKind Kind => ValueKind.Vector(Length);

    /// <summary>How many entries there are.</summary>
    public int Length => AsSpan().Length;

    /// <summary>An entry.</summary>
    public T this[int index] => AsSpan()[index];

    /// <summary>A zero vector.</summary>
    public static Vector<T> Zero(int length) => new(new T[length]);

    /// <summary>Independent entries, uniform in [0, 1).</summary>
    /// <param name="length">How many entries.</param>
    /// <param name="random">The source; seed it to repeat.</param>
    public static Vector<T> Random(int length, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var entries = new T[length];
        for (int k = 0; k < length; k++)
            entries[k] = random.NextDouble();
        return new(entries);
    }

    /// <inheritdoc/>
    public static Vector<T> FromStorage(ReadOnlySpan<T> storage) => new(storage.ToArray());

    /// <summary>A computed value as literals, to be captured by a traced lambda.</summary>
    public static implicit operator Vector<T>(Vector<Float64> value) =>
        Literals.Convert<Vector<Float64>, Vector<T>, T>(value);

    /// <summary>The sum.</summary>
    public static Vector<T> operator +(Vector<T> a, Vector<T> b) => a.Zip(b, static (x, y) => x + y);

    /// <summary>The difference.</summary>
    public static Vector<T> operator -(Vector<T> a, Vector<T> b) => a.Zip(b, static (x, y) => x - y);

    /// <summary>The entrywise product.</summary>
    public static Vector<T> operator *(Vector<T> a, Vector<T> b) => a.Zip(b, static (x, y) => x * y);

    /// <summary>The entrywise quotient.</summary>
    public static Vector<T> operator /(Vector<T> a, Vector<T> b) => a.Zip(b, static (x, y) => x / y);

    /// <summary>A multiple.</summary>
    public static Vector<T> operator *(T scale, Vector<T> a) => a.Map(x => scale * x);

    /// <summary>A multiple.</summary>
    public static Vector<T> operator *(Vector<T> a, T scale) => a.Map(x => x * scale);

    /// <summary>A quotient.</summary>
    public static Vector<T> operator /(Vector<T> a, T divisor) => a.Map(x => x / divisor);

    /// <summary>The negative.</summary>
    public static Vector<T> operator -(Vector<T> a) => a.Map(static x => -x);

    /// <summary>The exponential map of addition: the tangent itself.</summary>
    public static Vector<T> Exp(Vector<T> tangent) => tangent;

    /// <summary>The logarithm: the vector itself.</summary>
    public Vector<T> Log() => this;

    /// <summary>The sum, as a group composes.</summary>
    public Vector<T> Compose(Vector<T> other) => this + other;

    /// <summary>The negative, as a group inverts.</summary>
    public Vector<T> Inverse() => -this;

    /// <summary>other − this.</summary>
    public Vector<T> Between(Vector<T> other) => other - this;

    /// <summary>this + δ.</summary>
    /// <param name="tangent">δ, as long as the vector.</param>
    public Vector<T> Retract(Vector<T> tangent) => this + tangent;

    /// <summary>other − this: the tangent here that leads to <paramref name="other"/>.</summary>
    /// <param name="other">As long as the vector.</param>
    public Vector<T> Local(Vector<T> other) => other - this;

    /// <summary>The inner product.</summary>
    public T Dot(Vector<T> other)
    {
        CheckLength(other);
        T sum = 0;
        for (int k = 0; k < Length; k++)
            sum += this[k] * other[k];
        return sum;
    }

    /// <summary>The sum of squares.</summary>
    public T SquaredNorm() => Dot(this);

    /// <summary>
    /// The Euclidean norm. Its derivative at zero is infinite times zero, NaN: guard it with <c>Where</c>.
    /// </summary>
    public T Norm() => T.Sqrt(SquaredNorm());

    /// <summary>The product a·bᵀ.</summary>
    public Matrix<T> Outer(Vector<T> other)
    {
        var entries = new T[Length * other.Length];
        for (int i = 0; i < Length; i++)
            for (int j = 0; j < other.Length; j++)
                entries[(i * other.Length) + j] = this[i] * other[j];
        return new(Length, other.Length, entries);
    }

    /// <summary>A function of each entry.</summary>
    /// <param name="function">The function.</param>
    public Vector<T> Map(Func<T, T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var entries = new T[Length];
        for (int k = 0; k < entries.Length; k++)
            entries[k] = function(this[k]);
        return new(entries);
    }

    /// <summary>This vector followed by another.</summary>
    public Vector<T> Concat(Vector<T> other) => new([.. AsSpan(), .. other.AsSpan()]);

    /// <summary>Some consecutive entries.</summary>
    /// <param name="start">The first.</param>
    /// <param name="length">How many.</param>
    public Vector<T> Slice(int start, int length) => new(AsSpan().Slice(start, length).ToArray());

    /// <summary>The entries.</summary>
    public ReadOnlySpan<T> AsSpan() => _entries;

    /// <inheritdoc/>
    public void CopyTo(Span<T> storage) => AsSpan().CopyTo(storage);

    /// <summary>Enumerates the entries.</summary>
    public ReadOnlySpan<T>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    /// <summary>The entries, for people.</summary>
    public override string ToString() => $"[{string.Join(", ", _entries ?? [])}]";

    private Vector<T> Zip(Vector<T> other, Func<T, T, T> combine)
    {
        CheckLength(other);
        var entries = new T[Length];
        for (int k = 0; k < entries.Length; k++)
            entries[k] = combine(this[k], other[k]);
        return new(entries);
    }

    private void CheckLength(Vector<T> other)
    {
        if (other.Length != Length)
            throw new ArgumentException($"Vector lengths differ: {Length} and {other.Length}.", nameof(other));
    }
}

/// <summary>Builds vectors from collection expressions.</summary>
public static class Vector
{
    /// <summary>A vector of given entries.</summary>
    /// <typeparam name="T">The scalar.</typeparam>
    /// <param name="entries">The entries, copied.</param>
    public static Vector<T> Create<T>(ReadOnlySpan<T> entries)
        where T : struct, IScalar<T> => new(entries.ToArray());
}
