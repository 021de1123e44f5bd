using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// C ← C − A·B for a B that is stored by columns (a <see cref="Tile{TRows, T}"/> reads it by rows): six columns at
/// most, on a few rows of A and C. All operands are column-major.
/// </summary>
internal static unsafe class RightTile<TRows, T>
    where TRows : unmanaged, IRows<TRows, T>
    where T : unmanaged
{
    /// <summary>The widest tile.</summary>
    public const int Columns = 6;

    /// <summary>C ← C − A·B, or C ← −A·B.</summary>
    /// <param name="a">A: the rows, <paramref name="depth"/> columns.</param>
    /// <param name="b">B, <paramref name="depth"/> rows.</param>
    /// <param name="c">C.</param>
    /// <param name="lda">How far apart columns of A are.</param>
    /// <param name="ldb">How far apart columns of B are.</param>
    /// <param name="ldc">How far apart columns of C are.</param>
    /// <param name="depth">How many columns A has.</param>
    /// <param name="width">How many columns B and C have, 1 to 6.</param>
    /// <param name="isFresh">Whether what C holds is taken for zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Update(
        T* a, T* b, T* c, nint lda, nint ldb, nint ldc, int depth, int width, bool isFresh)
    {
        // Columns that are not there are the first one again; what they give is not stored.
        T* b1 = b + (width > 1 ? ldb : 0), b2 = b + (width > 2 ? 2 * ldb : 0), b3 = b + (width > 3 ? 3 * ldb : 0);
        T* b4 = b + (width > 4 ? 4 * ldb : 0), b5 = b + (width > 5 ? 5 * ldb : 0);
        TRows sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default;
        for (nint k = 0; k < depth; k++, a += lda)
        {
            TRows rows = TRows.Load(a);
            sum0 = TRows.MultiplyAdd(rows, b[k], sum0);
            sum1 = TRows.MultiplyAdd(rows, b1[k], sum1);
            sum2 = TRows.MultiplyAdd(rows, b2[k], sum2);
            sum3 = TRows.MultiplyAdd(rows, b3[k], sum3);
            sum4 = TRows.MultiplyAdd(rows, b4[k], sum4);
            sum5 = TRows.MultiplyAdd(rows, b5[k], sum5);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce(T* c, TRows sum, bool isFresh) =>
        TRows.Store(c, TRows.Subtract(isFresh ? default : TRows.Load(c), sum));
}
