using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>8 floats (4 doubles) in two registers of 128 bits.</summary>
internal readonly unsafe struct Rows128x2<T> : IShortRows<Rows128x2<T>, T>
    where T : unmanaged
{
    private readonly Vector128<T> _a;
    private readonly Vector128<T> _b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rows128x2(Vector128<T> a, Vector128<T> b)
    {
        _a = a;
        _b = b;
    }

    public static int Count => 2 * Vector128<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows128x2<T> Load(T* source) =>
        new(Vector128.Load(source), Vector128.Load(source + Vector128<T>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, Rows128x2<T> rows)
    {
        rows._a.Store(target);
        rows._b.Store(target + Vector128<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows128x2<T> MultiplyAdd(Rows128x2<T> rows, T scale, Rows128x2<T> sum)
    {
        Vector128<T> s = Vector128.Create(scale);
        return new(Fused.MultiplyAdd(rows._a, s, sum._a), Fused.MultiplyAdd(rows._b, s, sum._b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows128x2<T> MultiplyAdd(Rows128x2<T> left, Rows128x2<T> right, Rows128x2<T> sum) =>
        new(
            Fused.MultiplyAdd(left._a, right._a, sum._a),
            Fused.MultiplyAdd(left._b, right._b, sum._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Rows128x2<T> rows) =>
        Halves.Sum(rows._a + rows._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows128x2<T> Subtract(Rows128x2<T> left, Rows128x2<T> right) =>
        new(left._a - right._a, left._b - right._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows128x2<T> Multiply(Rows128x2<T> rows, T scale)
    {
        Vector128<T> s = Vector128.Create(scale);
        return new(rows._a * s, rows._b * s);
    }
}

/// <summary>
/// 8 doubles or 16 floats in four registers of 128 bits: with six columns, 24 of the 32 registers (ARM64) accumulate.
/// </summary>
internal readonly unsafe struct Rows128x4<T> : IShortRows<Rows128x4<T>, T>
    where T : unmanaged
{
    private readonly Vector128<T> _a;
    private readonly Vector128<T> _b;
    private readonly Vector128<T> _c;
    private readonly Vector128<T> _d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rows128x4(Vector128<T> a, Vector128<T> b, Vector128<T> c, Vector128<T> d)
    {
        _a = a;
        _b = b;
        _c = c;
        _d = d;
    }

    public static int Count => 4 * Vector128<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows128x4<T> Load(T* source) =>
        new(
            Vector128.Load(source),
            Vector128.Load(source + Vector128<T>.Count),
            Vector128.Load(source + (2 * Vector128<T>.Count)),
            Vector128.Load(source + (3 * Vector128<T>.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, Rows128x4<T> rows)
    {
        rows._a.Store(target);
        rows._b.Store(target + Vector128<T>.Count);
        rows._c.Store(target + (2 * Vector128<T>.Count));
        rows._d.Store(target + (3 * Vector128<T>.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows128x4<T> MultiplyAdd(Rows128x4<T> rows, T scale, Rows128x4<T> sum)
    {
        Vector128<T> s = Vector128.Create(scale);
        return new(
            Fused.MultiplyAdd(rows._a, s, sum._a),
            Fused.MultiplyAdd(rows._b, s, sum._b),
            Fused.MultiplyAdd(rows._c, s, sum._c),
            Fused.MultiplyAdd(rows._d, s, sum._d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows128x4<T> MultiplyAdd(Rows128x4<T> left, Rows128x4<T> right, Rows128x4<T> sum) =>
        new(
            Fused.MultiplyAdd(left._a, right._a, sum._a),
            Fused.MultiplyAdd(left._b, right._b, sum._b),
            Fused.MultiplyAdd(left._c, right._c, sum._c),
            Fused.MultiplyAdd(left._d, right._d, sum._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Rows128x4<T> rows) =>
        Halves.Sum((rows._a + rows._c) + (rows._b + rows._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows128x4<T> Subtract(Rows128x4<T> left, Rows128x4<T> right) =>
        new(left._a - right._a, left._b - right._b, left._c - right._c, left._d - right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows128x4<T> Multiply(Rows128x4<T> rows, T scale)
    {
        Vector128<T> s = Vector128.Create(scale);
        return new(rows._a * s, rows._b * s, rows._c * s, rows._d * s);
    }
}
