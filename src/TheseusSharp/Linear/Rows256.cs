using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>8 rows in two registers of 256 bits: with six columns, 12 of the 16 registers accumulate.</summary>
internal readonly unsafe struct Rows8In256 : IEightRows<Rows8In256>
{
    private readonly Vector256<double> _a;
    private readonly Vector256<double> _b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Rows8In256(Vector256<double> a, Vector256<double> b)
    {
        _a = a;
        _b = b;
    }

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8In256 Load(double* source) =>
        new(Vector256.Load(source), Vector256.Load(source + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* target, Rows8In256 rows)
    {
        rows._a.Store(target);
        rows._b.Store(target + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8In256 MultiplyAdd(Rows8In256 rows, double scale, Rows8In256 sum)
    {
        Vector256<double> s = Vector256.Create(scale);
        return new(
            Vector256.FusedMultiplyAdd(rows._a, s, sum._a),
            Vector256.FusedMultiplyAdd(rows._b, s, sum._b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8In256 MultiplyAdd(Rows8In256 left, Rows8In256 right, Rows8In256 sum) =>
        new(
            Vector256.FusedMultiplyAdd(left._a, right._a, sum._a),
            Vector256.FusedMultiplyAdd(left._b, right._b, sum._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Rows8In256 rows)
    {
        Vector256<double> halves = rows._a + rows._b;
        Vector128<double> quarters = halves.GetLower() + halves.GetUpper();
        return quarters[0] + quarters[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8In256 Subtract(Rows8In256 left, Rows8In256 right) =>
        new(left._a - right._a, left._b - right._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rows8In256 Multiply(Rows8In256 rows, double scale)
    {
        Vector256<double> s = Vector256.Create(scale);
        return new(rows._a * s, rows._b * s);
    }
}
