using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>
/// 8 rows in four registers of 128 bits: with six columns, 24 of the 32 registers (ARM64) accumulate.
/// </summary>
internal readonly unsafe struct Rows8In128 : IEightRows<Rows8In128>
{
    private readonly Vector128<double> _a;
    private readonly Vector128<double> _b;
    private readonly Vector128<double> _c;
    private readonly Vector128<double> _d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rows8In128(Vector128<double> a, Vector128<double> b, Vector128<double> c, Vector128<double> d)
    {
        _a = a;
        _b = b;
        _c = c;
        _d = d;
    }

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8In128 Load(double* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 2), Vector128.Load(source + 4), Vector128.Load(source + 6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Rows8In128 rows)
    {
        rows._a.Store(target);
        rows._b.Store(target + 2);
        rows._c.Store(target + 4);
        rows._d.Store(target + 6);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8In128 MultiplyAdd(Rows8In128 rows, double scale, Rows8In128 sum)
    {
        Vector128<double> s = Vector128.Create(scale);
        return new(
            Vector128.FusedMultiplyAdd(rows._a, s, sum._a),
            Vector128.FusedMultiplyAdd(rows._b, s, sum._b),
            Vector128.FusedMultiplyAdd(rows._c, s, sum._c),
            Vector128.FusedMultiplyAdd(rows._d, s, sum._d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8In128 MultiplyAdd(Rows8In128 left, Rows8In128 right, Rows8In128 sum) =>
        new(
            Vector128.FusedMultiplyAdd(left._a, right._a, sum._a),
            Vector128.FusedMultiplyAdd(left._b, right._b, sum._b),
            Vector128.FusedMultiplyAdd(left._c, right._c, sum._c),
            Vector128.FusedMultiplyAdd(left._d, right._d, sum._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Rows8In128 rows)
    {
        Vector128<double> quarters = (rows._a + rows._c) + (rows._b + rows._d);
        return quarters[0] + quarters[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8In128 Subtract(Rows8In128 left, Rows8In128 right) =>
        new(left._a - right._a, left._b - right._b, left._c - right._c, left._d - right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8In128 Multiply(Rows8In128 rows, double scale)
    {
        Vector128<double> s = Vector128.Create(scale);
        return new(rows._a * s, rows._b * s, rows._c * s, rows._d * s);
    }
}
