using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>8 floats (4 doubles) in one register of 256 bits.</summary>
internal readonly unsafe struct Rows256x1<T> : IShortRows<Rows256x1<T>, T>
    where T : unmanaged
{
    private readonly Vector256<T> _a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rows256x1(Vector256<T> a)
    {
        _a = a;
    }

    public static int Count => Vector256<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows256x1<T> Load(T* source) =>
        new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, Rows256x1<T> rows)
    {
        rows._a.Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows256x1<T> MultiplyAdd(Rows256x1<T> rows, T scale, Rows256x1<T> sum)
    {
        Vector256<T> s = Vector256.Create(scale);
        return new(Fused.MultiplyAdd(rows._a, s, sum._a));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows256x1<T> MultiplyAdd(Rows256x1<T> left, Rows256x1<T> right, Rows256x1<T> sum) =>
        new(Fused.MultiplyAdd(left._a, right._a, sum._a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Rows256x1<T> rows) =>
        Halves.Sum(rows._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows256x1<T> Subtract(Rows256x1<T> left, Rows256x1<T> right) =>
        new(left._a - right._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows256x1<T> Multiply(Rows256x1<T> rows, T scale)
    {
        Vector256<T> s = Vector256.Create(scale);
        return new(rows._a * s);
    }
}

/// <summary>
/// 8 doubles or 16 floats in two registers of 256 bits: with six columns, 12 of the 16 registers accumulate.
/// </summary>
internal readonly unsafe struct Rows256x2<T> : IShortRows<Rows256x2<T>, T>
    where T : unmanaged
{
    private readonly Vector256<T> _a;
    private readonly Vector256<T> _b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rows256x2(Vector256<T> a, Vector256<T> b)
    {
        _a = a;
        _b = b;
    }

    public static int Count => 2 * Vector256<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows256x2<T> Load(T* source) =>
        new(Vector256.Load(source), Vector256.Load(source + Vector256<T>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, Rows256x2<T> rows)
    {
        rows._a.Store(target);
        rows._b.Store(target + Vector256<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows256x2<T> MultiplyAdd(Rows256x2<T> rows, T scale, Rows256x2<T> sum)
    {
        Vector256<T> s = Vector256.Create(scale);
        return new(Fused.MultiplyAdd(rows._a, s, sum._a), Fused.MultiplyAdd(rows._b, s, sum._b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows256x2<T> MultiplyAdd(Rows256x2<T> left, Rows256x2<T> right, Rows256x2<T> sum) =>
        new(
            Fused.MultiplyAdd(left._a, right._a, sum._a),
            Fused.MultiplyAdd(left._b, right._b, sum._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Rows256x2<T> rows) =>
        Halves.Sum(rows._a + rows._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows256x2<T> Subtract(Rows256x2<T> left, Rows256x2<T> right) =>
        new(left._a - right._a, left._b - right._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows256x2<T> Multiply(Rows256x2<T> rows, T scale)
    {
        Vector256<T> s = Vector256.Create(scale);
        return new(rows._a * s, rows._b * s);
    }
}
