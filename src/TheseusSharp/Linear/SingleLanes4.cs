using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TheseusSharp.Linear;

/// <summary>Four lanes of single precision in one register of 128 bits.</summary>
internal readonly unsafe struct SingleLanes4 : ISingleLanes<SingleLanes4, Lanes4>
{
    private readonly Vector128<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SingleLanes4(Vector128<float> value)
    {
        _value = value;
    }

    public static int Count => 4;

    public static bool HasManyRegisters => Avx512F.VL.IsSupported || AdvSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes4 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, SingleLanes4 lanes) => lanes._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes4 Add(SingleLanes4 left, SingleLanes4 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes4 Multiply(SingleLanes4 left, SingleLanes4 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes4 SubtractProduct(SingleLanes4 sum, SingleLanes4 left, SingleLanes4 right) =>
        new(SingleLanes2.SubtractProduct(sum._value, left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes4 Reciprocal(SingleLanes4 lanes) => new(Vector128<float>.One / lanes._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes4 SquareRoot(SingleLanes4 lanes) => new(Vector128.Sqrt(lanes._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes4 Judge(SingleLanes4 failed, SingleLanes4 pivot, SingleLanes4 entry, int row) =>
        new(Pivots.Judge(failed._value, pivot._value, entry._value, RefinementLimits.PivotTolerance, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes4 Narrow(Lanes4 lanes) =>
        new(Avx.IsSupported ? Avx.ConvertToVector128Single(lanes.Value)
            : Vector128.Narrow(lanes.Value.GetLower(), lanes.Value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Widen(SingleLanes4 lanes) =>
        new(Avx.IsSupported ? Avx.ConvertToVector256Double(lanes._value)
            : Vector256.Create(Vector128.WidenLower(lanes._value), Vector128.WidenUpper(lanes._value)));
}
