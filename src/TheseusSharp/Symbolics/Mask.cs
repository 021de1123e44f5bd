namespace TheseusSharp.Symbolics;

/// <summary>The outcome of a comparison: where a condition holds. Combine with <c>&amp;</c>, <c>|</c>, <c>!</c>; use in
/// <see cref="IScalar{T}.Where"/>.</summary>
/// <typeparam name="T">The scalar compared.</typeparam>
public readonly struct Mask<T>
    where T : struct, IScalar<T>
{
    /// <summary>
    /// Wraps a truth value held as a scalar: 1 for true, 0 for false, or the expression that says which.
    /// </summary>
    /// <param name="truth">The truth value.</param>
    internal Mask(T truth) => Truth = truth;

    /// <summary>1 for true, 0 for false, or the expression that says which.</summary>
    internal T Truth { get; }

    /// <summary>A mask known beforehand.</summary>
    public static implicit operator Mask<T>(bool value) => new(value ? 1.0 : 0.0);

    /// <summary>Where both hold.</summary>
    public static Mask<T> operator &(Mask<T> a, Mask<T> b) => T.And(a, b);

    /// <summary>Where at least one holds.</summary>
    public static Mask<T> operator |(Mask<T> a, Mask<T> b) => T.Or(a, b);

    /// <summary>Where it does not hold.</summary>
    public static Mask<T> operator !(Mask<T> a) => T.Not(a);
}
