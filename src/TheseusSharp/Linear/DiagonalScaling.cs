using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>The scaling of a positive definite matrix to a diagonal between 1 and 4, by powers of two.</summary>
internal static unsafe class DiagonalScaling
{
    /// <summary>(H + D)^(−½) on the diagonal, rounded to powers of two.</summary>
    /// <param name="diagonal">The diagonal of H; receives that of S.</param>
    /// <param name="damping">The diagonal of D, or empty for none.</param>
    /// <returns>Whether the diagonal is positive and finite: if not, what it received has no meaning.</returns>
    public static bool FromDiagonal(Span<double> diagonal, ReadOnlySpan<double> damping)
    {
        for (int k = 0; k < damping.Length; k++)
            diagonal[k] += damping[k];
        foreach (ref double entry in diagonal)
        {
            if (!(entry > 0 && entry < double.PositiveInfinity))
                return false;
            entry = PowerOfTwo.InverseRootOf(entry);
        }

        return true;
    }

    /// <summary>S·H·S in float.</summary>
    /// <param name="matrix">H.</param>
    /// <param name="scale">The diagonal of S.</param>
    /// <param name="scaled">Receives the numbers of all blocks, in the order of H's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(BlockMatrix matrix, double[] scale, float* scaled)
    {
        BlockStructure structure = matrix.Structure;
        ReadOnlySpan<int> starts = structure.ColumnStarts, rows = structure.Rows;
        ReadOnlySpan<int> sizes = structure.Sizes, offsets = structure.Offsets;
        fixed (double* values = matrix.Values, s = scale)
        {
            double* source = values;
            for (int j = 0; j < sizes.Length; j++)
                for (int k = starts[j]; k < starts[j + 1]; k++)
                {
                    double* left = s + offsets[rows[k]];
                    int height = sizes[rows[k]];
                    for (int column = 0; column < sizes[j]; column++, source += height, scaled += height)
                        ScaleColumn(source, left, s[offsets[j] + column], scaled, height);
                }
        }
    }

    /// <summary>‖x∘y‖∞; NaN if there is one in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LargestProduct(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        y = y[..x.Length];
        ref double left = ref MemoryMarshal.GetReference(x), right = ref MemoryMarshal.GetReference(y);
        Vector512<double> largest = default;
        int k = 0;
        for (; k <= x.Length - Vector512<double>.Count; k += Vector512<double>.Count)
            largest = Vector512.Max(
                largest,
                Vector512.Abs(Vector512.LoadUnsafe(ref left, (nuint)k) * Vector512.LoadUnsafe(ref right, (nuint)k)));
        double total = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
            total = Math.Max(total, largest[lane]);
        for (; k < x.Length; k++)
            total = Math.Max(total, Math.Abs(x[k] * y[k]));
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScaleColumn(double* source, double* left, double right, float* target, int length)
    {
        for (int row = 0; row < length; row++)
            target[row] = (float)(source[row] * left[row] * right);
    }
}

/// <summary>Powers of two near a number: products with them are exact.</summary>
internal static class PowerOfTwo
{
    private const int Bias = 1023;
    private const int MantissaBits = 52;

    /// <summary>The power of two such that x·s² is in [1, 4) (smaller for subnormal x).</summary>
    /// <param name="x">Positive and finite.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double InverseRootOf(double x) => Of(-((Exponent(x) - Bias) >> 1));

    /// <summary>
    /// The largest power of two that is not above x; for subnormal x the smallest normal one, 0 for 0.
    /// </summary>
    /// <param name="x">Not negative, and finite.</param>
    public static double Under(double x) => x == 0 ? 0 : Of(Math.Max(Exponent(x), 1) - Bias);

    private static int Exponent(double x) => (int)(BitConverter.DoubleToUInt64Bits(x) >> MantissaBits);

    private static double Of(int exponent) =>
        BitConverter.UInt64BitsToDouble((ulong)(exponent + Bias) << MantissaBits);
}
