using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TheseusSharp.Kernels;

/// <summary>
/// Between rows (an element's numbers side by side) and tiles (a number's lanes side by side), four by four.
/// </summary>
internal static unsafe class Transposition
{
    /// <summary>Whether there are shuffles for it; else callers copy number by number.</summary>
    public static bool IsFast<T>()
        where T : unmanaged => typeof(T) == typeof(double) ? Avx.IsSupported : Sse.IsSupported;

    /// <summary>Reads four numbers from each of four places and writes them as four columns of four.</summary>
    /// <param name="row0">The first place.</param>
    /// <param name="row1">The second.</param>
    /// <param name="row2">The third.</param>
    /// <param name="row3">The fourth.</param>
    /// <param name="target">Where the first column goes.</param>
    /// <param name="pitch">How far apart columns are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourByFour<T>(T* row0, T* row1, T* row2, T* row3, T* target, nint pitch)
        where T : unmanaged => FourByFour(
            row0, row1, row2, row3, target, target + pitch, target + (2 * pitch), target + (3 * pitch));

    /// <inheritdoc cref="FourByFour{T}(T*, T*, T*, T*, T*, nint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourByFour<T>(T* row0, T* row1, T* row2, T* row3, T* to0, T* to1, T* to2, T* to3)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
            Doubles(
                (double*)row0, (double*)row1, (double*)row2, (double*)row3,
                (double*)to0, (double*)to1, (double*)to2, (double*)to3);
        else
            Singles(
                (float*)row0, (float*)row1, (float*)row2, (float*)row3,
                (float*)to0, (float*)to1, (float*)to2, (float*)to3);
    }

    /// <summary>Reads three numbers from each of four places and writes them as three columns of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourByThree(double* row0, double* row1, double* row2, double* row3, double* target, nint pitch)
    {
        Vector256<double> a = Three(row0), b = Three(row1), c = Three(row2), d = Three(row3);
        Vector256<double> ab = Avx.UnpackLow(a, b), cd = Avx.UnpackLow(c, d);
        Avx.Permute2x128(ab, cd, 0x20).Store(target);
        Avx.Permute2x128(Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d), 0x20).Store(target + pitch);
        Avx.Permute2x128(ab, cd, 0x31).Store(target + (2 * pitch));
    }

    /// <summary>Reads two columns of two and writes them as two numbers at each of two places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TwoByTwo(double* column0, double* column1, double* to0, double* to1)
    {
        Vector128<double> a = Vector128.Load(column0), b = Vector128.Load(column1);
        Sse2.UnpackLow(a, b).Store(to0);
        Sse2.UnpackHigh(a, b).Store(to1);
    }

    /// <summary>Three numbers and a zero, without reading a fourth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Three(double* from) =>
        Vector256.Create(Vector128.Load(from), Vector128.CreateScalar(from[2]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Doubles(
        double* row0, double* row1, double* row2, double* row3, double* to0, double* to1, double* to2, double* to3)
    {
        Vector256<double> a = Vector256.Load(row0), b = Vector256.Load(row1), c = Vector256.Load(row2),
            d = Vector256.Load(row3);
        Vector256<double> ab = Avx.UnpackLow(a, b), abHigh = Avx.UnpackHigh(a, b);
        Vector256<double> cd = Avx.UnpackLow(c, d), cdHigh = Avx.UnpackHigh(c, d);
        Avx.Permute2x128(ab, cd, 0x20).Store(to0);
        Avx.Permute2x128(abHigh, cdHigh, 0x20).Store(to1);
        Avx.Permute2x128(ab, cd, 0x31).Store(to2);
        Avx.Permute2x128(abHigh, cdHigh, 0x31).Store(to3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Singles(
        float* row0, float* row1, float* row2, float* row3, float* to0, float* to1, float* to2, float* to3)
    {
        Vector128<float> a = Vector128.Load(row0), b = Vector128.Load(row1), c = Vector128.Load(row2),
            d = Vector128.Load(row3);
        Vector128<float> ab = Sse.UnpackLow(a, b), abHigh = Sse.UnpackHigh(a, b);
        Vector128<float> cd = Sse.UnpackLow(c, d), cdHigh = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(ab, cd).Store(to0);
        Sse.MoveHighToLow(cd, ab).Store(to1);
        Sse.MoveLowToHigh(abHigh, cdHigh).Store(to2);
        Sse.MoveHighToLow(cdHigh, abHigh).Store(to3);
    }
}
