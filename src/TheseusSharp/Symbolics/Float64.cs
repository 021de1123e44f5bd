using System.Globalization;

namespace TheseusSharp.Symbolics;

/// <summary>
/// A double-precision number as an <see cref="IScalar{T}"/>: a <see cref="double"/> that formulas accept.
/// </summary>
/// <remarks>
/// Converts to and from <see cref="double"/> implicitly. Elementary functions are those of <see cref="Math"/>.
/// </remarks>
/// <param name="Value">The number.</param>
public readonly record struct Float64(double Value) : IScalar<Float64>
{
    /// <inheritdoc/>
    public static bool IsSymbolic => false;

    /// <summary>Whether a mask of computed numbers holds.</summary>
    /// <param name="mask">The mask.</param>
    public static bool IsTrue(Mask<Float64> mask) => mask.Truth.Value != 0;

    /// <inheritdoc/>
    public static implicit operator Float64(double value) => new(value);

    /// <summary>The number itself.</summary>
    public static implicit operator double(Float64 value) => value.Value;

    /// <inheritdoc/>
    public static Float64 operator +(Float64 a, Float64 b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    public static Float64 operator -(Float64 a, Float64 b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    public static Float64 operator *(Float64 a, Float64 b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    public static Float64 operator /(Float64 a, Float64 b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    public static Float64 operator -(Float64 a) => new(-a.Value);

    /// <inheritdoc/>
    public static Mask<Float64> operator <(Float64 a, Float64 b) => a.Value < b.Value;

    /// <inheritdoc/>
    public static Mask<Float64> operator >(Float64 a, Float64 b) => a.Value > b.Value;

    /// <inheritdoc/>
    public static Mask<Float64> operator <=(Float64 a, Float64 b) => a.Value <= b.Value;

    /// <inheritdoc/>
    public static Mask<Float64> operator >=(Float64 a, Float64 b) => a.Value >= b.Value;

    /// <inheritdoc/>
    public static Mask<Float64> EqualTo(Float64 a, Float64 b) => a.Value == b.Value;

    /// <inheritdoc/>
    public static Mask<Float64> And(Mask<Float64> a, Mask<Float64> b) => IsTrue(a) && IsTrue(b);

    /// <inheritdoc/>
    public static Mask<Float64> Or(Mask<Float64> a, Mask<Float64> b) => IsTrue(a) || IsTrue(b);

    /// <inheritdoc/>
    public static Mask<Float64> Not(Mask<Float64> a) => !IsTrue(a);

    /// <inheritdoc/>
    public static Float64 Where(Mask<Float64> condition, Float64 whenTrue, Float64 whenFalse) =>
        IsTrue(condition) ? whenTrue : whenFalse;

    /// <inheritdoc/>
    public static Float64 Sqrt(Float64 x) => new(Math.Sqrt(x.Value));

    /// <inheritdoc/>
    public static Float64 Sin(Float64 x) => new(Math.Sin(x.Value));

    /// <inheritdoc/>
    public static Float64 Cos(Float64 x) => new(Math.Cos(x.Value));

    /// <inheritdoc/>
    public static Float64 Tan(Float64 x) => new(Math.Tan(x.Value));

    /// <inheritdoc/>
    public static Float64 Asin(Float64 x) => new(Math.Asin(x.Value));

    /// <inheritdoc/>
    public static Float64 Acos(Float64 x) => new(Math.Acos(x.Value));

    /// <inheritdoc/>
    public static Float64 Atan(Float64 x) => new(Math.Atan(x.Value));

    /// <inheritdoc/>
    public static Float64 Atan2(Float64 y, Float64 x) => new(Math.Atan2(y.Value, x.Value));

    /// <inheritdoc/>
    public static Float64 Exp(Float64 x) => new(Math.Exp(x.Value));

    /// <inheritdoc/>
    public static Float64 Log(Float64 x) => new(Math.Log(x.Value));

    /// <inheritdoc/>
    public static Float64 Pow(Float64 x, Float64 y) => new(Math.Pow(x.Value, y.Value));

    /// <inheritdoc/>
    public static Float64 Abs(Float64 x) => new(Math.Abs(x.Value));

    /// <inheritdoc/>
    public static Float64 Min(Float64 a, Float64 b) => a.Value < b.Value ? a : b;

    /// <inheritdoc/>
    public static Float64 Max(Float64 a, Float64 b) => a.Value > b.Value ? a : b;

    /// <summary>The number in the invariant culture.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
