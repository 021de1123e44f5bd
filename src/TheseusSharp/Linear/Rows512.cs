using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>8 rows in one register of 512 bits.</summary>
internal readonly unsafe struct Rows8 : IEightRows<Rows8>
{
    private readonly Vector512<double> _a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rows8(Vector512<double> a)
    {
        _a = a;
    }

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8 Load(double* source) =>
        new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Rows8 rows)
    {
        rows._a.Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8 MultiplyAdd(Rows8 rows, double scale, Rows8 sum)
    {
        Vector512<double> s = Vector512.Create(scale);
        return new(
            Vector512.FusedMultiplyAdd(rows._a, s, sum._a));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8 MultiplyAdd(Rows8 left, Rows8 right, Rows8 sum) =>
        new(Vector512.FusedMultiplyAdd(left._a, right._a, sum._a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Rows8 rows)
    {
        Vector256<double> halves = rows._a.GetLower() + rows._a.GetUpper();
        Vector128<double> quarters = halves.GetLower() + halves.GetUpper();
        return quarters[0] + quarters[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8 Subtract(Rows8 left, Rows8 right) =>
        new(left._a - right._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8 Multiply(Rows8 rows, double scale)
    {
        Vector512<double> s = Vector512.Create(scale);
        return new(rows._a * s);
    }
}

/// <summary>16 rows in two registers of 512 bits.</summary>
internal readonly unsafe struct Rows16 : IRows<Rows16>
{
    private readonly Vector512<double> _a;
    private readonly Vector512<double> _b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rows16(Vector512<double> a, Vector512<double> b)
    {
        _a = a;
        _b = b;
    }

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows16 Load(double* source) =>
        new(Vector512.Load(source), Vector512.Load(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Rows16 rows)
    {
        rows._a.Store(target);
        rows._b.Store(target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows16 MultiplyAdd(Rows16 rows, double scale, Rows16 sum)
    {
        Vector512<double> s = Vector512.Create(scale);
        return new(
            Vector512.FusedMultiplyAdd(rows._a, s, sum._a),
            Vector512.FusedMultiplyAdd(rows._b, s, sum._b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows16 Subtract(Rows16 left, Rows16 right) =>
        new(left._a - right._a, left._b - right._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows16 Multiply(Rows16 rows, double scale)
    {
        Vector512<double> s = Vector512.Create(scale);
        return new(rows._a * s, rows._b * s);
    }
}

/// <summary>32 rows in four registers of 512 bits: with six columns, 24 of the 32 registers accumulate.</summary>
internal readonly unsafe struct Rows32 : IRows<Rows32>
{
    private readonly Vector512<double> _a;
    private readonly Vector512<double> _b;
    private readonly Vector512<double> _c;
    private readonly Vector512<double> _d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rows32(Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d)
    {
        _a = a;
        _b = b;
        _c = c;
        _d = d;
    }

    public static int Count => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows32 Load(double* source) =>
        new(
            Vector512.Load(source), Vector512.Load(source + 8),
            Vector512.Load(source + 16), Vector512.Load(source + 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Rows32 rows)
    {
        rows._a.Store(target);
        rows._b.Store(target + 8);
        rows._c.Store(target + 16);
        rows._d.Store(target + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows32 MultiplyAdd(Rows32 rows, double scale, Rows32 sum)
    {
        Vector512<double> s = Vector512.Create(scale);
        return new(
            Vector512.FusedMultiplyAdd(rows._a, s, sum._a),
            Vector512.FusedMultiplyAdd(rows._b, s, sum._b),
            Vector512.FusedMultiplyAdd(rows._c, s, sum._c),
            Vector512.FusedMultiplyAdd(rows._d, s, sum._d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows32 Subtract(Rows32 left, Rows32 right) =>
        new(left._a - right._a, left._b - right._b, left._c - right._c, left._d - right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows32 Multiply(Rows32 rows, double scale)
    {
        Vector512<double> s = Vector512.Create(scale);
        return new(rows._a * s, rows._b * s, rows._c * s, rows._d * s);
    }
}
