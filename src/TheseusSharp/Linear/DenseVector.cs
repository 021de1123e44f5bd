using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>
/// Operations on long vectors, in lanes of eight whatever the width of the registers, so that all give the same bits.
/// All vectors are as long as the first.
/// </summary>
internal static class DenseVector
{
    private static int Lanes => Vector512<double>.Count;

    /// <summary>xᵀ·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        y = y[..x.Length];
        Vector512<double> sum = default;
        int k = 0;
        for (; k <= x.Length - Lanes; k += Lanes)
            sum = Vector512.FusedMultiplyAdd(Load(x, k), Load(y, k), sum);
        double total = Sum(sum);
        for (; k < x.Length; k++)
            total = Math.FusedMultiplyAdd(x[k], y[k], total);
        return total;
    }

    /// <summary>Whether no entry is infinite or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsFinite(ReadOnlySpan<double> x)
    {
        Vector512<double> sum = default;
        int k = 0;
        for (; k <= x.Length - Lanes; k += Lanes)
            sum += Load(x, k) * 0.0; // zero as long as all are finite
        double total = Sum(sum);
        for (; k < x.Length; k++)
            total += x[k] * 0.0;
        return total == 0;
    }

    /// <summary>x ← scale·x + y, x not being read if the scale is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaleAndAdd(Span<double> x, double scale, ReadOnlySpan<double> y)
    {
        y = y[..x.Length];
        if (scale == 0)
        {
            y.CopyTo(x);
            return;
        }

        var factor = Vector512.Create(scale);
        int k = 0;
        for (; k <= x.Length - Lanes; k += Lanes)
            Store(Vector512.FusedMultiplyAdd(Load(x, k), factor, Load(y, k)), x, k);
        for (; k < x.Length; k++)
            x[k] = Math.FusedMultiplyAdd(x[k], scale, y[k]);
    }

    /// <summary>z ← z + x∘y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProduct(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z)
    {
        y = y[..x.Length];
        z = z[..x.Length];
        int k = 0;
        for (; k <= x.Length - Lanes; k += Lanes)
            Store(Vector512.FusedMultiplyAdd(Load(x, k), Load(y, k), Load(z, k)), z, k);
        for (; k < x.Length; k++)
            z[k] = Math.FusedMultiplyAdd(x[k], y[k], z[k]);
    }

    /// <summary>x ← x + length·p, r ← r − length·q.</summary>
    /// <returns>rᵀ·r.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Step(
        double length, ReadOnlySpan<double> p, ReadOnlySpan<double> q, Span<double> x, Span<double> r)
    {
        q = q[..p.Length];
        x = x[..p.Length];
        r = r[..p.Length];
        Vector512<double> factor = Vector512.Create(length), sum = default;
        int k = 0;
        for (; k <= p.Length - Lanes; k += Lanes)
        {
            Store(Vector512.FusedMultiplyAdd(Load(p, k), factor, Load(x, k)), x, k);
            Vector512<double> rest = Vector512.FusedMultiplyAdd(Load(q, k), -factor, Load(r, k));
            Store(rest, r, k);
            sum = Vector512.FusedMultiplyAdd(rest, rest, sum);
        }

        double total = Sum(sum);
        for (; k < p.Length; k++)
        {
            x[k] = Math.FusedMultiplyAdd(p[k], length, x[k]);
            r[k] = Math.FusedMultiplyAdd(q[k], -length, r[k]);
            total = Math.FusedMultiplyAdd(r[k], r[k], total);
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ReadOnlySpan<double> x, int k) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)k);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<double> vector, Span<double> x, int k) =>
        vector.StoreUnsafe(ref MemoryMarshal.GetReference(x), (nuint)k);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(Vector512<double> sum)
    {
        Vector256<double> halves = sum.GetLower() + sum.GetUpper();
        Vector128<double> quarters = halves.GetLower() + halves.GetUpper();
        return quarters[0] + quarters[1];
    }
}
