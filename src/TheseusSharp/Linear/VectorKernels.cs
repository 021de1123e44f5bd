using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>Sums and copies of a few numbers.</summary>
internal static unsafe class VectorKernels
{
    /// <summary>xᵀ·y, summed in order.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
            sum += x[k] * y[k];
        return sum;
    }

    /// <summary>xᵀ·diag(w)·x, summed in order.</summary>
    public static double WeightedSquares(ReadOnlySpan<double> weights, ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
            sum += weights[k] * x[k] * x[k];
        return sum;
    }

    /// <summary>x ← s·x.</summary>
    public static void Scale(double scale, Span<double> x)
    {
        if (scale != 1)
            foreach (ref double entry in x)
                entry *= scale;
    }

    /// <summary>y ← −x.</summary>
    public static void Negate(ReadOnlySpan<double> x, Span<double> y)
    {
        for (int k = 0; k < x.Length; k++)
            y[k] = -x[k];
    }

    /// <summary>y ← y + x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<T>(T* x, T* y, int length)
        where T : unmanaged, INumberBase<T>
    {
        int k = 0;
        if (Vector256.IsHardwareAccelerated)
            for (; k <= length - Vector256<T>.Count; k += Vector256<T>.Count)
                (Vector256.Load(x + k) + Vector256.Load(y + k)).Store(y + k);
        for (; k <= length - Vector128<T>.Count; k += Vector128<T>.Count)
            (Vector128.Load(x + k) + Vector128.Load(y + k)).Store(y + k);
        for (; k < length; k++)
            y[k] += x[k];
    }

    /// <summary>Three columns at once: Y ← Y + X.</summary>
    /// <param name="x">X.</param>
    /// <param name="ldx">How far apart its columns are.</param>
    /// <param name="y">Y.</param>
    /// <param name="ldy">How far apart its columns are.</param>
    /// <param name="length">How long the columns are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddThree<T>(T* x, nint ldx, T* y, nint ldy, int length)
        where T : unmanaged, INumberBase<T>
    {
        T* x1 = x + ldx, x2 = x1 + ldx, y1 = y + ldy, y2 = y1 + ldy;
        int k = 0;
        if (Vector256.IsHardwareAccelerated)
            for (; k <= length - Vector256<T>.Count; k += Vector256<T>.Count)
            {
                (Vector256.Load(x + k) + Vector256.Load(y + k)).Store(y + k);
                (Vector256.Load(x1 + k) + Vector256.Load(y1 + k)).Store(y1 + k);
                (Vector256.Load(x2 + k) + Vector256.Load(y2 + k)).Store(y2 + k);
            }

        for (; k <= length - Vector128<T>.Count; k += Vector128<T>.Count)
        {
            (Vector128.Load(x + k) + Vector128.Load(y + k)).Store(y + k);
            (Vector128.Load(x1 + k) + Vector128.Load(y1 + k)).Store(y1 + k);
            (Vector128.Load(x2 + k) + Vector128.Load(y2 + k)).Store(y2 + k);
        }

        for (; k < length; k++)
        {
            y[k] += x[k];
            y1[k] += x1[k];
            y2[k] += x2[k];
        }
    }
}
