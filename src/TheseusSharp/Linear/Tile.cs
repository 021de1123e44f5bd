using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// The two innermost kernels of the factorization, on a tile of a few rows and up to six columns of a column-major
/// matrix. Six, because blocks of size 6 then leave no remainder, and those of size 3 half a tile (<see
/// cref="NarrowTile{TRows, T}"/>). Tiles of 4 or 5 columns compute six and store fewer: the operands must be readable
/// (not meaningful) six wide.
/// </summary>
internal static unsafe class Tile<TRows, T>
    where TRows : unmanaged, IRows<TRows, T>
    where T : unmanaged
{
    /// <summary>The widest tile.</summary>
    public const int Columns = 6;

    /// <summary>C ← C − A·Bᵀ, or C ← −A·Bᵀ.</summary>
    /// <param name="a">A: the rows, <paramref name="depth"/> columns.</param>
    /// <param name="b">B: one row for each column of C, <paramref name="depth"/> columns.</param>
    /// <param name="c">C.</param>
    /// <param name="lda">How far apart columns of A are.</param>
    /// <param name="ldb">How far apart columns of B are.</param>
    /// <param name="ldc">How far apart columns of C are.</param>
    /// <param name="depth">How many columns A and B have.</param>
    /// <param name="width">How many columns of C are stored, 1 to 6.</param>
    /// <param name="isFresh">Whether what C holds is taken for zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Update(
        T* a, T* b, T* c, nint lda, nint ldb, nint ldc, int depth, int width, bool isFresh)
    {
        TRows sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default;
        for (; depth > 0; depth--)
        {
            TRows rows = TRows.Load(a);
            sum0 = TRows.MultiplyAdd(rows, b[0], sum0);
            sum1 = TRows.MultiplyAdd(rows, b[1], sum1);
            sum2 = TRows.MultiplyAdd(rows, b[2], sum2);
            sum3 = TRows.MultiplyAdd(rows, b[3], sum3);
            sum4 = TRows.MultiplyAdd(rows, b[4], sum4);
            sum5 = TRows.MultiplyAdd(rows, b[5], sum5);
            a += lda;
            b += ldb;
        }

        Reduce(c, sum0, isFresh);
        if (width > 1)
            Reduce(c + ldc, sum1, isFresh);
        if (width > 2)
            Reduce(c + (2 * ldc), sum2, isFresh);
        if (width > 3)
            Reduce(c + (3 * ldc), sum3, isFresh);
        if (width > 4)
            Reduce(c + (4 * ldc), sum4, isFresh);
        if (width > 5)
            Reduce(c + (5 * ldc), sum5, isFresh);
    }

    /// <summary>C ← (C − A·Bᵀ)·L⁻ᵀ, the update and the triangular solve in the same registers.</summary>
    /// <param name="a">A: the rows, <paramref name="depth"/> columns.</param>
    /// <param name="b">B: one row for each column of C, <paramref name="depth"/> columns.</param>
    /// <param name="c">C.</param>
    /// <param name="ld">How far apart columns of A, B and C are.</param>
    /// <param name="depth">How many columns A and B have.</param>
    /// <param name="width">How many columns of C are stored, 1 to 6.</param>
    /// <param name="l">L, 6 by 6 by rows, with the inverse of its diagonal.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void UpdateAndSolve(T* a, T* b, T* c, nint ld, int depth, int width, T* l)
    {
        TRows sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default;
        for (; depth > 0; depth--)
        {
            TRows rows = TRows.Load(a);
            sum0 = TRows.MultiplyAdd(rows, b[0], sum0);
            sum1 = TRows.MultiplyAdd(rows, b[1], sum1);
            sum2 = TRows.MultiplyAdd(rows, b[2], sum2);
            sum3 = TRows.MultiplyAdd(rows, b[3], sum3);
            sum4 = TRows.MultiplyAdd(rows, b[4], sum4);
            sum5 = TRows.MultiplyAdd(rows, b[5], sum5);
            a += ld;
            b += ld;
        }

        // Each column, once known, goes into the sums of those to its right.
        TRows x = Finish(c, sum0, l[0]);
        if (width == 1)
            return;
        sum1 = TRows.MultiplyAdd(x, l[6], sum1);
        sum2 = TRows.MultiplyAdd(x, l[12], sum2);
        sum3 = TRows.MultiplyAdd(x, l[18], sum3);
        sum4 = TRows.MultiplyAdd(x, l[24], sum4);
        sum5 = TRows.MultiplyAdd(x, l[30], sum5);
        x = Finish(c + ld, sum1, l[7]);
        if (width == 2)
            return;
        sum2 = TRows.MultiplyAdd(x, l[13], sum2);
        sum3 = TRows.MultiplyAdd(x, l[19], sum3);
        sum4 = TRows.MultiplyAdd(x, l[25], sum4);
        sum5 = TRows.MultiplyAdd(x, l[31], sum5);
        x = Finish(c + (2 * ld), sum2, l[14]);
        if (width == 3)
            return;
        sum3 = TRows.MultiplyAdd(x, l[20], sum3);
        sum4 = TRows.MultiplyAdd(x, l[26], sum4);
        sum5 = TRows.MultiplyAdd(x, l[32], sum5);
        x = Finish(c + (3 * ld), sum3, l[21]);
        if (width == 4)
            return;
        sum4 = TRows.MultiplyAdd(x, l[27], sum4);
        sum5 = TRows.MultiplyAdd(x, l[33], sum5);
        x = Finish(c + (4 * ld), sum4, l[28]);
        if (width == 5)
            return;
        sum5 = TRows.MultiplyAdd(x, l[34], sum5);
        Finish(c + (5 * ld), sum5, l[35]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce(T* c, TRows sum, bool isFresh) =>
        TRows.Store(c, TRows.Subtract(isFresh ? default : TRows.Load(c), sum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRows Finish(T* c, TRows sum, T inverse)
    {
        TRows x = TRows.Multiply(TRows.Subtract(TRows.Load(c), sum), inverse);
        TRows.Store(c, x);
        return x;
    }
}
