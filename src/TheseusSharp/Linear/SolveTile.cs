using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>Six columns of a factor times or into one vector: reads each number of the factor once.</summary>
internal static unsafe class SolveTile<TRows, T>
    where TRows : unmanaged, IShortRows<TRows, T>
    where T : unmanaged
{
    /// <summary>How many columns a tile has.</summary>
    public const int Columns = 6;

    /// <summary>z ← z + L·x.</summary>
    /// <param name="l">L.</param>
    /// <param name="ld">How far apart its columns are.</param>
    /// <param name="width">How many columns L has, 1 to 6; for more, entries of x are zeros.</param>
    /// <param name="rows">How many rows, a multiple of 8.</param>
    /// <param name="x">x, six entries.</param>
    /// <param name="z">z.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProduct(T* l, nint ld, int width, int rows, T* x, T* z)
    {
        // Columns that are not there are the first one again, times zero.
        T* l1 = l + (width > 1 ? ld : 0), l2 = l + (width > 2 ? 2 * ld : 0), l3 = l + (width > 3 ? 3 * ld : 0);
        T* l4 = l + (width > 4 ? 4 * ld : 0), l5 = l + (width > 5 ? 5 * ld : 0);
        T x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3], x4 = x[4], x5 = x[5];
        for (nint row = 0; row < rows; row += TRows.Count)
        {
            TRows sum = TRows.MultiplyAdd(TRows.Load(l + row), x0, TRows.Load(z + row));
            sum = TRows.MultiplyAdd(TRows.Load(l1 + row), x1, sum);
            sum = TRows.MultiplyAdd(TRows.Load(l2 + row), x2, sum);
            sum = TRows.MultiplyAdd(TRows.Load(l3 + row), x3, sum);
            sum = TRows.MultiplyAdd(TRows.Load(l4 + row), x4, sum);
            sum = TRows.MultiplyAdd(TRows.Load(l5 + row), x5, sum);
            TRows.Store(z + row, sum);
        }
    }

    /// <summary>x ← Lᵀ·z, parameters as above; entries of x beyond the width have no meaning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransposedProduct(T* l, nint ld, int width, int rows, T* x, T* z)
    {
        T* l1 = l + (width > 1 ? ld : 0), l2 = l + (width > 2 ? 2 * ld : 0), l3 = l + (width > 3 ? 3 * ld : 0);
        T* l4 = l + (width > 4 ? 4 * ld : 0), l5 = l + (width > 5 ? 5 * ld : 0);
        TRows sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default;
        for (nint row = 0; row < rows; row += TRows.Count)
        {
            TRows factor = TRows.Load(z + row);
            sum0 = TRows.MultiplyAdd(TRows.Load(l + row), factor, sum0);
            sum1 = TRows.MultiplyAdd(TRows.Load(l1 + row), factor, sum1);
            sum2 = TRows.MultiplyAdd(TRows.Load(l2 + row), factor, sum2);
            sum3 = TRows.MultiplyAdd(TRows.Load(l3 + row), factor, sum3);
            sum4 = TRows.MultiplyAdd(TRows.Load(l4 + row), factor, sum4);
            sum5 = TRows.MultiplyAdd(TRows.Load(l5 + row), factor, sum5);
        }

        x[0] = TRows.Sum(sum0);
        x[1] = TRows.Sum(sum1);
        x[2] = TRows.Sum(sum2);
        x[3] = TRows.Sum(sum3);
        x[4] = TRows.Sum(sum4);
        x[5] = TRows.Sum(sum5);
    }
}
