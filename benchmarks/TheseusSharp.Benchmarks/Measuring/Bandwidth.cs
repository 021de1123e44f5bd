using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Benchmarks.Measuring;

/// <summary>What this machine can do at most, measured.</summary>
internal static unsafe class Bandwidth
{
    private const int Length = 1 << 24;

    /// <summary>
    /// GB/s of a = b + s·c over three arrays of 128 MiB, on one thread: 24 bytes a number, as the STREAM benchmark
    /// counts (what is fetched only to be overwritten is not counted). Best of several passes.
    /// </summary>
    /// <param name="passes">How many passes.</param>
    public static double Triad(int passes)
    {
        double[] a = new double[Length], b = new double[Length], c = new double[Length];
        b.AsSpan().Fill(1);
        c.AsSpan().Fill(2);
        double best = double.PositiveInfinity;
        for (int pass = 0; pass <= passes; pass++)
        {
            long start = Stopwatch.GetTimestamp();
            Triad(a, b, c);
            if (pass > 0)
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 24.0 * Length / best / 1e9;
    }

    private static void Triad(double[] a, double[] b, double[] c)
    {
        fixed (double* pa = a, pb = b, pc = c)
            for (int k = 0; k < Length; k += Vector512<double>.Count)
                Vector512.Store(Vector512.Load(pb + k) + (Vector512.Load(pc + k) * 3.0), pa + k);
    }
}
