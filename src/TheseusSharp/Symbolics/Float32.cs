using System.Globalization;

namespace TheseusSharp.Symbolics;

/// <summary>
/// A single-precision number as an <see cref="IScalar{T}"/>: a <see cref="float"/> that formulas accept.
/// </summary>
/// <remarks>
/// Converts to and from <see cref="float"/> implicitly. Elementary functions are those of <see cref="MathF"/>.
/// </remarks>
/// <param name="Value">The number.</param>
public readonly record struct Float32(float Value) : IScalar<Float32>
{
    /// <inheritdoc/>
    public static bool IsSymbolic => false;

    /// <summary>Whether a mask of computed numbers holds.</summary>
    /// <param name="mask">The mask.</param>
    public static bool IsTrue(Mask<Float32> mask) => mask.Truth.Value != 0;

    /// <inheritdoc/>
    public static implicit operator Float32(double value) => new((float)value);

    /// <summary>The number itself.</summary>
    public static implicit operator float(Float32 value) => value.Value;

    /// <inheritdoc/>
    public static Float32 operator +(Float32 a, Float32 b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    public static Float32 operator -(Float32 a, Float32 b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    public static Float32 operator *(Float32 a, Float32 b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    public static Float32 operator /(Float32 a, Float32 b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    public static Float32 operator -(Float32 a) => new(-a.Value);

    /// <inheritdoc/>
    public static Mask<Float32> operator <(Float32 a, Float32 b) => a.Value < b.Value;

    /// <inheritdoc/>
    public static Mask<Float32> operator >(Float32 a, Float32 b) => a.Value > b.Value;

    /// <inheritdoc/>
    public static Mask<Float32> operator <=(Float32 a, Float32 b) => a.Value <= b.Value;

    /// <inheritdoc/>
    public static Mask<Float32> operator >=(Float32 a, Float32 b) => a.Value >= b.Value;

    /// <inheritdoc/>
    public static Mask<Float32> EqualTo(Float32 a, Float32 b) => a.Value == b.Value;

    /// <inheritdoc/>
    public static Mask<Float32> And(Mask<Float32> a, Mask<Float32> b) => IsTrue(a) && IsTrue(b);

    /// <inheritdoc/>
    public static Mask<Float32> Or(Mask<Float32> a, Mask<Float32> b) => IsTrue(a) || IsTrue(b);

    /// <inheritdoc/>
    public static Mask<Float32> Not(Mask<Float32> a) => !IsTrue(a);

    /// <inheritdoc/>
    public static Float32 Where(Mask<Float32> condition, Float32 whenTrue, Float32 whenFalse) =>
        IsTrue(condition) ? whenTrue : whenFalse;

    /// <inheritdoc/>
    public static Float32 Sqrt(Float32 x) => new(MathF.Sqrt(x.Value));

    /// <inheritdoc/>
    public static Float32 Sin(Float32 x) => new(MathF.Sin(x.Value));

    /// <inheritdoc/>
    public static Float32 Cos(Float32 x) => new(MathF.Cos(x.Value));

    /// <inheritdoc/>
    public static Float32 Tan(Float32 x) => new(MathF.Tan(x.Value));

    /// <inheritdoc/>
    public static Float32 Asin(Float32 x) => new(MathF.Asin(x.Value));

    /// <inheritdoc/>
    public static Float32 Acos(Float32 x) => new(MathF.Acos(x.Value));

    /// <inheritdoc/>
    public static Float32 Atan(Float32 x) => new(MathF.Atan(x.Value));

    /// <inheritdoc/>
    public static Float32 Atan2(Float32 y, Float32 x) => new(MathF.Atan2(y.Value, x.Value));

    /// <inheritdoc/>
    public static Float32 Exp(Float32 x) => new(MathF.Exp(x.Value));

    /// <inheritdoc/>
    public static Float32 Log(Float32 x) => new(MathF.Log(x.Value));

    /// <inheritdoc/>
    public static Float32 Pow(Float32 x, Float32 y) => new(MathF.Pow(x.Value, y.Value));

    /// <inheritdoc/>
    public static Float32 Abs(Float32 x) => new(MathF.Abs(x.Value));

    /// <inheritdoc/>
    public static Float32 Min(Float32 a, Float32 b) => a.Value < b.Value ? a : b;

    /// <inheritdoc/>
    public static Float32 Max(Float32 a, Float32 b) => a.Value > b.Value ? a : b;

    /// <summary>The number in the invariant culture.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
