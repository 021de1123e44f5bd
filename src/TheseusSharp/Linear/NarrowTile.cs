using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// The kernels of <see cref="Tile{TRows, T}"/> for what is left after tiles of six columns: three columns at most. The
/// operands must be readable (not meaningful) three wide.
/// </summary>
internal static unsafe class NarrowTile<TRows, T>
    where TRows : unmanaged, IRows<TRows, T>
    where T : unmanaged
{
    /// <summary>The widest narrow tile.</summary>
    public const int Columns = 3;

    /// <summary>C ← C − A·Bᵀ, or C ← −A·Bᵀ: parameters as for a wide tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Update(
        T* a, T* b, T* c, nint lda, nint ldb, nint ldc, int depth, int width, bool isFresh)
    {
        TRows sum0 = default, sum1 = default, sum2 = default;
        for (; depth > 0; depth--)
        {
            TRows rows = TRows.Load(a);
            sum0 = TRows.MultiplyAdd(rows, b[0], sum0);
            sum1 = TRows.MultiplyAdd(rows, b[1], sum1);
            sum2 = TRows.MultiplyAdd(rows, b[2], sum2);
            a += lda;
            b += ldb;
        }

        Reduce(c, sum0, isFresh);
        if (width > 1)
            Reduce(c + ldc, sum1, isFresh);
        if (width > 2)
            Reduce(c + (2 * ldc), sum2, isFresh);
    }

    /// <summary>C ← (C − A·Bᵀ)·L⁻ᵀ: parameters as for a wide tile; L is 6 by 6, too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void UpdateAndSolve(T* a, T* b, T* c, nint ld, int depth, int width, T* l)
    {
        TRows sum0 = default, sum1 = default, sum2 = default;
        for (; depth > 0; depth--)
        {
            TRows rows = TRows.Load(a);
            sum0 = TRows.MultiplyAdd(rows, b[0], sum0);
            sum1 = TRows.MultiplyAdd(rows, b[1], sum1);
            sum2 = TRows.MultiplyAdd(rows, b[2], sum2);
            a += ld;
            b += ld;
        }

        TRows x = Finish(c, sum0, l[0]);
        if (width == 1)
            return;
        sum1 = TRows.MultiplyAdd(x, l[6], sum1);
        sum2 = TRows.MultiplyAdd(x, l[12], sum2);
        x = Finish(c + ld, sum1, l[7]);
        if (width == 2)
            return;
        sum2 = TRows.MultiplyAdd(x, l[13], sum2);
        Finish(c + (2 * ld), sum2, l[14]);
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
