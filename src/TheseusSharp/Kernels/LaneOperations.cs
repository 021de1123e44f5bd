using System.Numerics;
using System.Runtime.CompilerServices;

namespace TheseusSharp.Kernels;

/// <summary>
/// One operation over the lanes of a block: vectors while they last, then single lanes with the same bits.
/// </summary>
internal static unsafe class LaneOperations
{
    private interface IOperation
    {
        static abstract Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged;
    }

    /// <summary>target = operation(a, b, c) in each lane; target may be one of the operands.</summary>
    public static void Run<T>(Opcode opcode, T* target, T* a, T* b, T* c, int lanes)
        where T : unmanaged
    {
        switch (opcode)
        {
            case Opcode.Add: Each<T, Add>(target, a, b, c, lanes); break;
            case Opcode.Subtract: Each<T, Subtract>(target, a, b, c, lanes); break;
            case Opcode.Multiply: Each<T, Multiply>(target, a, b, c, lanes); break;
            case Opcode.Divide: Each<T, Divide>(target, a, b, c, lanes); break;
            case Opcode.Negate: Each<T, Negate>(target, a, b, c, lanes); break;
            case Opcode.Abs: Each<T, Abs>(target, a, b, c, lanes); break;
            case Opcode.Sqrt: Each<T, Sqrt>(target, a, b, c, lanes); break;
            case Opcode.MultiplyAdd: Each<T, MultiplyAdd>(target, a, b, c, lanes); break;
            case Opcode.MultiplySubtract: Each<T, MultiplySubtract>(target, a, b, c, lanes); break;
            case Opcode.NegatedMultiplyAdd: Each<T, NegatedMultiplyAdd>(target, a, b, c, lanes); break;
            case Opcode.NegatedMultiplySubtract: Each<T, NegatedMultiplySubtract>(target, a, b, c, lanes); break;
            case Opcode.Less: Each<T, Less>(target, a, b, c, lanes); break;
            case Opcode.LessOrEqual: Each<T, LessOrEqual>(target, a, b, c, lanes); break;
            case Opcode.Equal: Each<T, Equal>(target, a, b, c, lanes); break;
            case Opcode.And: Each<T, And>(target, a, b, c, lanes); break;
            case Opcode.Or: Each<T, Or>(target, a, b, c, lanes); break;
            case Opcode.Xor: Each<T, Xor>(target, a, b, c, lanes); break;
            case Opcode.Not: Each<T, Not>(target, a, b, c, lanes); break;
            case Opcode.Select: Each<T, Select>(target, a, b, c, lanes); break;
            case Opcode.ShiftToExponent: Each<T, ShiftToExponent>(target, a, b, c, lanes); break;
            case Opcode.ShiftFromExponent: Each<T, ShiftFromExponent>(target, a, b, c, lanes); break;
            case Opcode.ShiftToSign: Each<T, ShiftToSign>(target, a, b, c, lanes); break;
            default: ExactOperations.Run(opcode, target, a, b, lanes); break;
        }
    }

    private static void Each<T, TOperation>(T* target, T* a, T* b, T* c, int lanes)
        where T : unmanaged
        where TOperation : IOperation
    {
        int k = 0;
        for (; k <= lanes - Vector<T>.Count; k += Vector<T>.Count)
            Store(TOperation.Apply(Load(a + k), Load(b + k), Load(c + k)), target + k);
        for (; k < lanes; k++)
            target[k] = TOperation.Apply(new Vector<T>(a[k]), new Vector<T>(b[k]), new Vector<T>(c[k]))[0];
    }

    private static Vector<T> Load<T>(T* from)
        where T : unmanaged => Unsafe.ReadUnaligned<Vector<T>>(from);

    private static void Store<T>(Vector<T> vector, T* to)
        where T : unmanaged => Unsafe.WriteUnaligned(to, vector);

    private static bool IsDouble<T>() => typeof(T) == typeof(double);

    private static Vector<double> AsDouble<T>(Vector<T> x) => Unsafe.BitCast<Vector<T>, Vector<double>>(x);

    private static Vector<float> AsSingle<T>(Vector<T> x) => Unsafe.BitCast<Vector<T>, Vector<float>>(x);

    private static Vector<T> Back<T>(Vector<double> x) => Unsafe.BitCast<Vector<double>, Vector<T>>(x);

    private static Vector<T> Back<T>(Vector<float> x) => Unsafe.BitCast<Vector<float>, Vector<T>>(x);

    private static Vector<T> Fused<T>(Vector<T> a, Vector<T> b, Vector<T> c) => IsDouble<T>()
        ? Back<T>(Vector.FusedMultiplyAdd(AsDouble(a), AsDouble(b), AsDouble(c)))
        : Back<T>(Vector.FusedMultiplyAdd(AsSingle(a), AsSingle(b), AsSingle(c)));

    private readonly struct Add : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => a + b;
    }

    private readonly struct Subtract : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => a - b;
    }

    private readonly struct Multiply : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => a * b;
    }

    private readonly struct Divide : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => a / b;
    }

    private readonly struct Negate : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => -a;
    }

    private readonly struct Abs : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => Vector.Abs(a);
    }

    private readonly struct Sqrt : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => Vector.SquareRoot(a);
    }

    private readonly struct MultiplyAdd : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => Fused(a, b, c);
    }

    private readonly struct MultiplySubtract : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => Fused(a, b, -c);
    }

    private readonly struct NegatedMultiplyAdd : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => Fused(-a, b, c);
    }

    private readonly struct NegatedMultiplySubtract : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => Fused(-a, b, -c);
    }

    private readonly struct Less : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => Vector.LessThan(a, b);
    }

    private readonly struct LessOrEqual : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => Vector.LessThanOrEqual(a, b);
    }

    private readonly struct Equal : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => Vector.Equals(a, b);
    }

    private readonly struct And : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => a & b;
    }

    private readonly struct Or : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => a | b;
    }

    private readonly struct Xor : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => a ^ b;
    }

    private readonly struct Not : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => ~a;
    }

    private readonly struct Select : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => Vector.ConditionalSelect(a, b, c);
    }

    private readonly struct ShiftToExponent : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => Left(a, IsDouble<T>() ? 52 : 23);
    }

    private readonly struct ShiftToSign : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => Left(a, IsDouble<T>() ? 62 : 30);
    }

    private readonly struct ShiftFromExponent : IOperation
    {
        public static Vector<T> Apply<T>(Vector<T> a, Vector<T> b, Vector<T> c)
            where T : unmanaged => IsDouble<T>()
            ? Vector.As<ulong, T>(Vector.AsVectorUInt64(a) >>> 52)
            : Vector.As<uint, T>(Vector.AsVectorUInt32(a) >>> 23);
    }

    private static Vector<T> Left<T>(Vector<T> a, int bits)
        where T : unmanaged => IsDouble<T>()
        ? Vector.As<ulong, T>(Vector.AsVectorUInt64(a) << bits)
        : Vector.As<uint, T>(Vector.AsVectorUInt32(a) << bits);
}
