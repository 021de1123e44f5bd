using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TheseusSharp.Linear;

/// <summary>Two lanes in one register of 128 bits.</summary>
internal readonly unsafe struct Lanes2 : IDoubleLanes<Lanes2>
{
    private readonly Vector128<double> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Lanes2(Vector128<double> value)
    {
        _value = value;
    }

    public static int Count => 2;

    /// <summary>The register.</summary>
    public Vector128<double> Value => _value;

    public static bool HasManyRegisters => Avx512F.VL.IsSupported || AdvSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 Load(double* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Lanes2 lanes) => lanes._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 Add(Lanes2 left, Lanes2 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 Multiply(Lanes2 left, Lanes2 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 SubtractProduct(Lanes2 sum, Lanes2 left, Lanes2 right)
    {
        if (Fma.IsSupported)
            return new(Fma.MultiplyAddNegated(left._value, right._value, sum._value));
        if (AdvSimd.Arm64.IsSupported)
            return new(AdvSimd.Arm64.FusedMultiplySubtract(sum._value, left._value, right._value));
        return new(Vector128.FusedMultiplyAdd(-left._value, right._value, sum._value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 Reciprocal(Lanes2 lanes) => new(Vector128<double>.One / lanes._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 SquareRoot(Lanes2 lanes) => new(Vector128.Sqrt(lanes._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 Judge(Lanes2 failed, Lanes2 pivot, Lanes2 entry, int row) =>
        new(Pivots.Judge(failed._value, pivot._value, entry._value, FactorizationResult.PivotTolerance, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 InverseRoot(Lanes2 d)
    {
        Vector128<ulong> exponent = d._value.AsUInt64() & Vector128.Create(DoubleBits.Exponent);
        return new((((Vector128.Create(DoubleBits.ThreeBiases) - exponent) >> 1) &
            Vector128.Create(DoubleBits.Exponent)).AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 InverseOfPower(Lanes2 s) =>
        new((Vector128.Create(DoubleBits.TwoBiases) - s._value.AsUInt64()).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 LargerSize(Lanes2 largest, Lanes2 lanes) =>
        new(Vector128.Max(largest._value, Vector128.Abs(lanes._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 Select(Lanes2 mask, Lanes2 first, Lanes2 second) =>
        new(Vector128.ConditionalSelect(mask._value, first._value, second._value));
}
