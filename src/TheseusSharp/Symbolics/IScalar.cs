namespace TheseusSharp.Symbolics;

/// <summary>
/// The arithmetic that every formula of the library is written in: once, generic over the scalar.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="System.Numerics.INumber{TSelf}"/> does not serve: its comparisons return <see cref="bool"/>, so a formula
/// could branch only on a number that is already known. Here a comparison gives a <see cref="Mask{T}"/>, and <see
/// cref="Where"/> chooses, which a trace can record and a SIMD lane can do.
/// </para>
/// <para>
/// Implementations: <see cref="Float64"/>, <see cref="Float32"/> (numbers), <see cref="Scalar"/> (records an
/// expression). All are immutable values and safe to use from several threads, one trace excepted. NaN: arithmetic
/// follows IEEE 754; any comparison with NaN is false.
/// </para>
/// </remarks>
/// <typeparam name="T">The implementing type.</typeparam>
public interface IScalar<T>
    where T : struct, IScalar<T>
{
    /// <summary>Whether operations are recorded instead of computed. A constant of the type.</summary>
    static abstract bool IsSymbolic { get; }

    /// <summary>The scalar nearest to <paramref name="value"/>.</summary>
    /// <param name="value">A literal.</param>
    static abstract implicit operator T(double value);

    /// <summary>The sum.</summary>
    static abstract T operator +(T a, T b);

    /// <summary>The difference.</summary>
    static abstract T operator -(T a, T b);

    /// <summary>The product.</summary>
    static abstract T operator *(T a, T b);

    /// <summary>The quotient. Division by zero follows IEEE 754.</summary>
    static abstract T operator /(T a, T b);

    /// <summary>The negative.</summary>
    static abstract T operator -(T a);

    /// <summary>Where <paramref name="a"/> is less than <paramref name="b"/>.</summary>
    static abstract Mask<T> operator <(T a, T b);

    /// <summary>Where <paramref name="a"/> is greater than <paramref name="b"/>.</summary>
    static abstract Mask<T> operator >(T a, T b);

    /// <summary>Where <paramref name="a"/> is less than or equal to <paramref name="b"/>.</summary>
    static abstract Mask<T> operator <=(T a, T b);

    /// <summary>Where <paramref name="a"/> is greater than or equal to <paramref name="b"/>.</summary>
    static abstract Mask<T> operator >=(T a, T b);

    /// <summary>Where <paramref name="a"/> equals <paramref name="b"/>; +0 equals −0, NaN equals nothing.</summary>
    static abstract Mask<T> EqualTo(T a, T b);

    /// <summary>Both masks. Use the operator <c>&amp;</c> of <see cref="Mask{T}"/>.</summary>
    static abstract Mask<T> And(Mask<T> a, Mask<T> b);

    /// <summary>Either mask. Use the operator <c>|</c> of <see cref="Mask{T}"/>.</summary>
    static abstract Mask<T> Or(Mask<T> a, Mask<T> b);

    /// <summary>The opposite mask. Use the operator <c>!</c> of <see cref="Mask{T}"/>.</summary>
    static abstract Mask<T> Not(Mask<T> a);

    /// <summary>
    /// <paramref name="whenTrue"/> where the condition holds, else <paramref name="whenFalse"/>. A NaN of the arm not
    /// taken reaches neither the value nor any derivative, so an arm may be undefined outside its condition.
    /// </summary>
    static abstract T Where(Mask<T> condition, T whenTrue, T whenFalse);

    /// <summary>√x; NaN for x &lt; 0. Its derivative at zero is infinite.</summary>
    static abstract T Sqrt(T x);

    /// <summary>sin x, x in radians.</summary>
    static abstract T Sin(T x);

    /// <summary>cos x, x in radians.</summary>
    static abstract T Cos(T x);

    /// <summary>tan x, x in radians.</summary>
    static abstract T Tan(T x);

    /// <summary>arcsin x in [−π/2, π/2]; NaN outside [−1, 1].</summary>
    static abstract T Asin(T x);

    /// <summary>arccos x in [0, π]; NaN outside [−1, 1].</summary>
    static abstract T Acos(T x);

    /// <summary>arctan x in [−π/2, π/2].</summary>
    static abstract T Atan(T x);

    /// <summary>The angle of the point (x, y) in [−π, π]; zero at the origin with x = +0, where its derivatives are NaN.</summary>
    static abstract T Atan2(T y, T x);

    /// <summary>eˣ.</summary>
    static abstract T Exp(T x);

    /// <summary>The natural logarithm; −∞ at 0, NaN below.</summary>
    static abstract T Log(T x);

    /// <summary>x to the power y; NaN for x &lt; 0 and y not an integer. Its derivative by x at x = 0, y = 0 is NaN.</summary>
    static abstract T Pow(T x, T y);

    /// <summary>|x|. Its derivative at zero is taken as zero.</summary>
    static abstract T Abs(T x);

    /// <summary>
    /// The lesser; if either is NaN, <paramref name="b"/>. Its derivative on a tie is that of <paramref name="b"/>.
    /// </summary>
    static abstract T Min(T a, T b);

    /// <summary>
    /// The greater; if either is NaN, <paramref name="b"/>. Its derivative on a tie is that of <paramref name="b"/>.
    /// </summary>
    static abstract T Max(T a, T b);

    /// <summary>
    /// Records a typed operation instead of computing it. Called only where <see cref="IsSymbolic"/>.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="arguments">The storages of the arguments, one after another.</param>
    /// <param name="result">Receives the storage of the result.</param>
    /// <exception cref="NotSupportedException">The scalar computes and does not record.</exception>
    static virtual void Record(GroupOperation operation, ReadOnlySpan<T> arguments, Span<T> result) =>
        throw new NotSupportedException($"{typeof(T).Name} computes; only a symbolic scalar records {operation}.");
}
