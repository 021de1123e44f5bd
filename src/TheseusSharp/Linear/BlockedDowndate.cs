using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// C ← C − A·Aᵀ, or C ← −A·Aᵀ, on and below the diagonal, for an A that the caches do not hold: columns of A
/// in chunks, a block of its rows as right operands packed for the second-level cache, one row tile as left operand
/// packed for the first (K. Goto, R. van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34,
/// 2008).
/// </summary>
internal static unsafe class BlockedDowndate<T, TShort, TTall>
    where T : unmanaged
    where TShort : unmanaged, IRows<TShort, T>
    where TTall : unmanaged, IRows<TTall, T>
{
    private const int Width = Tile<TShort, T>.Columns;

    /// <summary>
    /// Columns <paramref name="first"/> to <paramref name="end"/> of C, all rows from about the diagonal down.
    /// </summary>
    /// <param name="a">A.</param>
    /// <param name="lda">How far apart columns of A are.</param>
    /// <param name="c">C.</param>
    /// <param name="ldc">How far apart columns of C are.</param>
    /// <param name="first">The first column.</param>
    /// <param name="end">The column after the last.</param>
    /// <param name="top">The first row that is computed, a multiple of 8.</param>
    /// <param name="bottom">The row after the last, likewise.</param>
    /// <param name="depth">How many columns A has.</param>
    /// <param name="isFresh">Whether what C holds is taken for zeros.</param>
    /// <param name="scratch">Room for what is packed.</param>
    public static void Run(
        T* a, nint lda, T* c, nint ldc, int first, int end, int top, int bottom, int depth, bool isFresh,
        T* scratch)
    {
        // Chunks of about equal depth; which ones depends on the shape only, as the bits do.
        int chunks = (depth + FrontKernels.ChunkDepth - 1) / FrontKernels.ChunkDepth;
        int chunk = (depth + chunks - 1) / chunks;
        for (int done = 0; done < depth; done += chunk)
            for (int column = first; column < end; column += FrontKernels.BlockColumns)
                RunBlock(
                    a + (done * lda), lda, c, ldc, column, Math.Min(column + FrontKernels.BlockColumns, end), top,
                    bottom, Math.Min(chunk, depth - done), isFresh && done == 0, scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunBlock(
        T* a, nint lda, T* c, nint ldc, int first, int end, int top, int bottom, int depth, bool isFresh,
        T* scratch)
    {
        T* right = scratch, left = scratch + (FrontKernels.BlockColumns * FrontKernels.ChunkDepth);
        for (int column = first; column < end; column += Width)
            Pack(a + column, lda, right + ((nint)(column - first) * depth), Width, depth);
        int row = Math.Max(top, first & -FrontKernels.Padding);
        for (; row + TTall.Count <= bottom; row += TTall.Count)
        {
            Pack(a + row, lda, left, TTall.Count, depth);
            RunRows(left, right, c, ldc, row, first, end, depth, isFresh);
        }

        // What is left is less than a tall tile.
        for (; row < bottom; row += TShort.Count)
            for (int column = first; column < Math.Min(end, row + TShort.Count); column += Width)
                Tile<TShort, T>.Update(
                    a + row, right + ((nint)(column - first) * depth), c + row + (column * ldc),
                    lda, Width, ldc, depth, Math.Min(Width, end - column), isFresh);
    }

    /// <summary>One tall row tile: whole where it is below the diagonal, in short tiles where it crosses it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunRows(
        T* left, T* right, T* c, nint ldc, int row, int first, int end, int depth, bool isFresh)
    {
        for (int column = first; column < Math.Min(end, row + TTall.Count); column += Width)
        {
            T* b = right + ((nint)(column - first) * depth), target = c + row + (column * ldc);
            int width = Math.Min(Width, end - column), skipped = (column & -FrontKernels.Padding) - row;
            if (skipped <= 0)
            {
                Prefetch(target, ldc, width);
                Tile<TTall, T>.Update(left, b, target, TTall.Count, Width, ldc, depth, width, isFresh);
            }
            else
            {
                for (; skipped < TTall.Count; skipped += TShort.Count)
                    Tile<TShort, T>.Update(
                        left + skipped, b, target + skipped, TTall.Count, Width, ldc, depth, width, isFresh);
            }
        }
    }

    /// <summary>A tile of C comes from a far cache, or from memory, while its products are summed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(T* c, nint ldc, int width)
    {
        for (int column = 0; column < width; column++, c += ldc)
            CacheLines.Prefetch(c, TTall.Count * sizeof(T));
    }

    /// <summary>Copies a few rows of all columns so that they touch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(T* source, nint ld, T* target, int rows, int depth)
    {
        for (; depth > 0; depth--, source += ld, target += rows)
            for (int row = 0; row < rows; row++)
                target[row] = source[row];
    }
}
