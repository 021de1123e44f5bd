using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TheseusSharp.Linear;

/// <summary>Four lanes in one register of 256 bits.</summary>
internal readonly unsafe struct Lanes4 : IDoubleLanes<Lanes4>
{
    private readonly Vector256<double> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Lanes4(Vector256<double> value)
    {
        _value = value;
    }

    public static int Count => 4;

    /// <summary>The register.</summary>
    public Vector256<double> Value => _value;

    public static bool HasManyRegisters => Avx512F.VL.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Load(double* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Lanes4 lanes) => lanes._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Add(Lanes4 left, Lanes4 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Multiply(Lanes4 left, Lanes4 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 SubtractProduct(Lanes4 sum, Lanes4 left, Lanes4 right) =>
        new(Fma.IsSupported ? Fma.MultiplyAddNegated(left._value, right._value, sum._value)
            : Vector256.FusedMultiplyAdd(-left._value, right._value, sum._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Reciprocal(Lanes4 lanes) => new(Vector256<double>.One / lanes._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 SquareRoot(Lanes4 lanes) => new(Vector256.Sqrt(lanes._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Judge(Lanes4 failed, Lanes4 pivot, Lanes4 entry, int row) =>
        new(Pivots.Judge(failed._value, pivot._value, entry._value, FactorizationResult.PivotTolerance, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 InverseRoot(Lanes4 d)
    {
        Vector256<ulong> exponent = d._value.AsUInt64() & Vector256.Create(DoubleBits.Exponent);
        return new((((Vector256.Create(DoubleBits.ThreeBiases) - exponent) >> 1) &
            Vector256.Create(DoubleBits.Exponent)).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 InverseOfPower(Lanes4 s) =>
        new((Vector256.Create(DoubleBits.TwoBiases) - s._value.AsUInt64()).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 LargerSize(Lanes4 largest, Lanes4 lanes) =>
        new(Vector256.Max(largest._value, Vector256.Abs(lanes._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Select(Lanes4 mask, Lanes4 first, Lanes4 second) =>
        new(Vector256.ConditionalSelect(mask._value, first._value, second._value));
}
