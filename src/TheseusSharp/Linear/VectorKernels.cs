using System.Numerics;
using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>Work on one column at a time: bound by memory, so any register width will do.</summary>
internal static unsafe class VectorKernels
{
    /// <summary>y ← y + x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(double* x, double* y, int length)
    {
        int k = 0;
        for (; k <= length - Vector<double>.Count; k += Vector<double>.Count)
            (Vector.Load(x + k) + Vector.Load(y + k)).Store(y + k);
        for (; k < length; k++)
            y[k] += x[k];
    }

    /// <summary>y ← y − scale·x.</summary>
    public static void Subtract(double* x, double scale, double* y, int length)
    {
        var negative = new Vector<double>(-scale);
        int k = 0;
        for (; k <= length - Vector<double>.Count; k += Vector<double>.Count)
            Vector.FusedMultiplyAdd(Vector.Load(x + k), negative, Vector.Load(y + k)).Store(y + k);
        for (; k < length; k++)
            y[k] = Math.FusedMultiplyAdd(-scale, x[k], y[k]);
    }

    /// <summary>x·y.</summary>
    public static double Dot(double* x, double* y, int length)
    {
        Vector<double> even = default, odd = default;
        int k = 0;
        for (; k <= length - (2 * Vector<double>.Count); k += 2 * Vector<double>.Count)
        {
            even = Vector.FusedMultiplyAdd(Vector.Load(x + k), Vector.Load(y + k), even);
            odd = Vector.FusedMultiplyAdd(
                Vector.Load(x + k + Vector<double>.Count), Vector.Load(y + k + Vector<double>.Count), odd);
        }

        double sum = Vector.Sum(even + odd);
        for (; k < length; k++)
            sum = Math.FusedMultiplyAdd(x[k], y[k], sum);
        return sum;
    }
}
