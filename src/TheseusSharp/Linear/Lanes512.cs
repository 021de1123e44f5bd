using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TheseusSharp.Linear;

/// <summary>Eight lanes in one register of 512 bits.</summary>
internal readonly unsafe struct Lanes8 : IDoubleLanes<Lanes8>
{
    private readonly Vector512<double> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Lanes8(Vector512<double> value)
    {
        _value = value;
    }

    public static int Count => 8;

    /// <summary>The register.</summary>
    public Vector512<double> Value => _value;

    public static bool HasManyRegisters => Vector512.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Load(double* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Lanes8 lanes) => lanes._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Add(Lanes8 left, Lanes8 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Multiply(Lanes8 left, Lanes8 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 SubtractProduct(Lanes8 sum, Lanes8 left, Lanes8 right) =>
        new(Avx512F.IsSupported ? Avx512F.FusedMultiplyAddNegated(left._value, right._value, sum._value)
            : Vector512.FusedMultiplyAdd(-left._value, right._value, sum._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Reciprocal(Lanes8 lanes) => new(Vector512<double>.One / lanes._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 SquareRoot(Lanes8 lanes) => new(Vector512.Sqrt(lanes._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Judge(Lanes8 failed, Lanes8 pivot, Lanes8 entry, int row) =>
        new(Pivots.Judge(failed._value, pivot._value, entry._value, FactorizationResult.PivotTolerance, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 InverseRoot(Lanes8 d)
    {
        Vector512<ulong> exponent = d._value.AsUInt64() & Vector512.Create(DoubleBits.Exponent);
        return new((((Vector512.Create(DoubleBits.ThreeBiases) - exponent) >> 1) &
            Vector512.Create(DoubleBits.Exponent)).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 InverseOfPower(Lanes8 s) =>
        new((Vector512.Create(DoubleBits.TwoBiases) - s._value.AsUInt64()).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 LargerSize(Lanes8 largest, Lanes8 lanes) =>
        new(Vector512.Max(largest._value, Vector512.Abs(lanes._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Select(Lanes8 mask, Lanes8 first, Lanes8 second) =>
        new(Vector512.ConditionalSelect(mask._value, first._value, second._value));
}
