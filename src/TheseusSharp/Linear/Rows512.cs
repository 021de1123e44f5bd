using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>8 doubles or 16 floats in one register of 512 bits.</summary>
internal readonly unsafe struct Rows512x1<T> : IShortRows<Rows512x1<T>, T>
    where T : unmanaged
{
    private readonly Vector512<T> _a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rows512x1(Vector512<T> a)
    {
        _a = a;
    }

    public static int Count => Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x1<T> Load(T* source) =>
        new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, Rows512x1<T> rows)
    {
        rows._a.Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x1<T> MultiplyAdd(Rows512x1<T> rows, T scale, Rows512x1<T> sum)
    {
        Vector512<T> s = Vector512.Create(scale);
        return new(Fused.MultiplyAdd(rows._a, s, sum._a));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x1<T> MultiplyAdd(Rows512x1<T> left, Rows512x1<T> right, Rows512x1<T> sum) =>
        new(Fused.MultiplyAdd(left._a, right._a, sum._a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Rows512x1<T> rows) =>
        Halves.Sum(rows._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x1<T> Subtract(Rows512x1<T> left, Rows512x1<T> right) =>
        new(left._a - right._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x1<T> Multiply(Rows512x1<T> rows, T scale)
    {
        Vector512<T> s = Vector512.Create(scale);
        return new(rows._a * s);
    }
}

/// <summary>16 doubles or 32 floats in two registers of 512 bits.</summary>
internal readonly unsafe struct Rows512x2<T> : IRows<Rows512x2<T>, T>
    where T : unmanaged
{
    private readonly Vector512<T> _a;
    private readonly Vector512<T> _b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rows512x2(Vector512<T> a, Vector512<T> b)
    {
        _a = a;
        _b = b;
    }

    public static int Count => 2 * Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x2<T> Load(T* source) =>
        new(Vector512.Load(source), Vector512.Load(source + Vector512<T>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, Rows512x2<T> rows)
    {
        rows._a.Store(target);
        rows._b.Store(target + Vector512<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x2<T> MultiplyAdd(Rows512x2<T> rows, T scale, Rows512x2<T> sum)
    {
        Vector512<T> s = Vector512.Create(scale);
        return new(Fused.MultiplyAdd(rows._a, s, sum._a), Fused.MultiplyAdd(rows._b, s, sum._b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x2<T> Subtract(Rows512x2<T> left, Rows512x2<T> right) =>
        new(left._a - right._a, left._b - right._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x2<T> Multiply(Rows512x2<T> rows, T scale)
    {
        Vector512<T> s = Vector512.Create(scale);
        return new(rows._a * s, rows._b * s);
    }
}

/// <summary>
/// 32 doubles or 64 floats in four registers of 512 bits: with six columns, 24 of the 32 registers accumulate.
/// </summary>
internal readonly unsafe struct Rows512x4<T> : IRows<Rows512x4<T>, T>
    where T : unmanaged
{
    private readonly Vector512<T> _a;
    private readonly Vector512<T> _b;
    private readonly Vector512<T> _c;
    private readonly Vector512<T> _d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rows512x4(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d)
    {
        _a = a;
        _b = b;
        _c = c;
        _d = d;
    }

    public static int Count => 4 * Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x4<T> Load(T* source) =>
        new(
            Vector512.Load(source),
            Vector512.Load(source + Vector512<T>.Count),
            Vector512.Load(source + (2 * Vector512<T>.Count)),
            Vector512.Load(source + (3 * Vector512<T>.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, Rows512x4<T> rows)
    {
        rows._a.Store(target);
        rows._b.Store(target + Vector512<T>.Count);
        rows._c.Store(target + (2 * Vector512<T>.Count));
        rows._d.Store(target + (3 * Vector512<T>.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x4<T> MultiplyAdd(Rows512x4<T> rows, T scale, Rows512x4<T> sum)
    {
        Vector512<T> s = Vector512.Create(scale);
        return new(
            Fused.MultiplyAdd(rows._a, s, sum._a),
            Fused.MultiplyAdd(rows._b, s, sum._b),
            Fused.MultiplyAdd(rows._c, s, sum._c),
            Fused.MultiplyAdd(rows._d, s, sum._d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x4<T> Subtract(Rows512x4<T> left, Rows512x4<T> right) =>
        new(left._a - right._a, left._b - right._b, left._c - right._c, left._d - right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows512x4<T> Multiply(Rows512x4<T> rows, T scale)
    {
        Vector512<T> s = Vector512.Create(scale);
        return new(rows._a * s, rows._b * s, rows._c * s, rows._d * s);
    }
}
