using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TheseusSharp.Linear;

/// <summary>
/// Two lanes of single precision in half a register of 128 bits: it computes no faster, but reads and writes half as
/// much. What is in the other half has no meaning.
/// </summary>
internal readonly unsafe struct SingleLanes2 : ISingleLanes<SingleLanes2, Lanes2>
{
    private readonly Vector128<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SingleLanes2(Vector128<float> value)
    {
        _value = value;
    }

    public static int Count => 2;

    public static bool HasManyRegisters => Avx512F.VL.IsSupported || AdvSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes2 Load(float* source) => new(Vector128.CreateScalarUnsafe(*(double*)source).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, SingleLanes2 lanes) =>
        *(double*)target = lanes._value.AsDouble().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes2 Add(SingleLanes2 left, SingleLanes2 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes2 Multiply(SingleLanes2 left, SingleLanes2 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes2 SubtractProduct(SingleLanes2 sum, SingleLanes2 left, SingleLanes2 right) =>
        new(SubtractProduct(sum._value, left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes2 Reciprocal(SingleLanes2 lanes) => new(Vector128<float>.One / lanes._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes2 SquareRoot(SingleLanes2 lanes) => new(Vector128.Sqrt(lanes._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes2 Judge(SingleLanes2 failed, SingleLanes2 pivot, SingleLanes2 entry, int row) =>
        new(Pivots.Judge(failed._value, pivot._value, entry._value, RefinementLimits.PivotTolerance, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes2 Narrow(Lanes2 lanes) =>
        new(Sse2.IsSupported ? Sse2.ConvertToVector128Single(lanes.Value)
            : Vector128.Narrow(lanes.Value, lanes.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2 Widen(SingleLanes2 lanes) =>
        new(Sse2.IsSupported ? Sse2.ConvertToVector128Double(lanes._value) : Vector128.WidenLower(lanes._value));

    /// <summary>sum − left · right, rounded once, in a whole register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> SubtractProduct(
        Vector128<float> sum, Vector128<float> left, Vector128<float> right)
    {
        if (Fma.IsSupported)
            return Fma.MultiplyAddNegated(left, right, sum);
        return AdvSimd.IsSupported ? AdvSimd.FusedMultiplySubtract(sum, left, right)
            : Vector128.FusedMultiplyAdd(-left, right, sum);
    }
}
