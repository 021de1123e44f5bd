using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TheseusSharp.Linear;

/// <summary>Eight lanes of single precision in one register of 256 bits.</summary>
internal readonly unsafe struct SingleLanes8 : ISingleLanes<SingleLanes8, Lanes8>
{
    private readonly Vector256<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SingleLanes8(Vector256<float> value)
    {
        _value = value;
    }

    public static int Count => 8;

    public static bool HasManyRegisters => Avx512F.VL.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes8 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, SingleLanes8 lanes) => lanes._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes8 Add(SingleLanes8 left, SingleLanes8 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes8 Multiply(SingleLanes8 left, SingleLanes8 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes8 SubtractProduct(SingleLanes8 sum, SingleLanes8 left, SingleLanes8 right) =>
        new(Fma.IsSupported ? Fma.MultiplyAddNegated(left._value, right._value, sum._value)
            : Vector256.FusedMultiplyAdd(-left._value, right._value, sum._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes8 Reciprocal(SingleLanes8 lanes) => new(Vector256<float>.One / lanes._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes8 SquareRoot(SingleLanes8 lanes) => new(Vector256.Sqrt(lanes._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes8 Judge(SingleLanes8 failed, SingleLanes8 pivot, SingleLanes8 entry, int row) =>
        new(Pivots.Judge(failed._value, pivot._value, entry._value, RefinementLimits.PivotTolerance, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes8 Narrow(Lanes8 lanes) =>
        new(Avx512F.IsSupported ? Avx512F.ConvertToVector256Single(lanes.Value)
            : Vector256.Narrow(lanes.Value.GetLower(), lanes.Value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Widen(SingleLanes8 lanes) =>
        new(Avx512F.IsSupported ? Avx512F.ConvertToVector512Double(lanes._value)
            : Vector512.Create(Vector256.WidenLower(lanes._value), Vector256.WidenUpper(lanes._value)));
}
