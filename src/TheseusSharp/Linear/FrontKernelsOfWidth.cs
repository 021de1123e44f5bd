using System.Numerics;
using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>The dense work with row tiles of three heights; the shortest has 8 rows.</summary>
internal sealed unsafe partial class FrontKernels<T, TShort, TMiddle, TTall> : FrontKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TShort : unmanaged, IShortRows<TShort, T>
    where TMiddle : unmanaged, IRows<TMiddle, T>
    where TTall : unmanaged, IRows<TTall, T>
{
    private const int Width = Tile<TShort, T>.Columns;

    /// <summary>
    /// Up to this many numbers, operands are used where they are: packing costs more than cache misses.
    /// </summary>
    private const int UnpackedNumbers = 16 * 1024;

    /// <inheritdoc/>
    public override int Eliminate(T* panel, int columns, int ld, T* least, T* scratch) =>
        Eliminate(panel, 0, columns, ld, ld, least, scratch);

    /// <inheritdoc/>
    public override void Square(
        T* a, nint lda, T* c, nint ldc, int first, int end, int rows, int depth, T* scratch) =>
        Downdate(a, lda, c, ldc, first, end, rows, 0, rows, depth, isFresh: true, scratch);

    /// <summary>
    /// Halves the columns, so that most of the work is updates of large depth. Rows from <paramref name="bottom"/> on
    /// are left as they are.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Eliminate(
        T* panel, int first, int end, int ld, int bottom, T* least, T* scratch)
    {
        if (end - first <= FrontKernels.NarrowColumns)
            return EliminateNarrow(panel, first, end, ld, bottom, least);
        int middle = FrontKernels.Middle(first, end);
        int failed = Eliminate(panel, first, middle, ld, bottom, least, scratch);
        if (failed >= 0)
            return failed;
        Downdate(
            panel + ((nint)first * ld), ld, panel, ld, middle, end, ld, 0, bottom, middle - first, isFresh: false,
            scratch);
        return Eliminate(panel, middle, end, ld, bottom, least, scratch);
    }

    /// <summary>
    /// C ← C − A·Aᵀ, or C ← −A·Aᵀ, on some rows of some columns, from about the diagonal down. How it is computed, and
    /// so each bit, depends on how many rows there are, not on which of them are computed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Downdate(
        T* a, nint lda, T* c, nint ldc, int first, int end, int rows, int top, int bottom, int depth,
        bool isFresh, T* scratch)
    {
        if ((long)(rows - first) * depth > UnpackedNumbers && depth >= Width)
        {
            BlockedDowndate<T, TShort, TTall>.Run(a, lda, c, ldc, first, end, top, bottom, depth, isFresh, scratch);
            return;
        }

        for (int column = first; column < end; column += Width)
        {
            int start = Math.Max(top, column & -FrontKernels.Padding);
            int width = Math.Min(Width, end - column);
            Update(a + start, a + column, c + start + (column * ldc), lda, ldc, bottom - start, depth, width, isFresh);
        }
    }

    /// <summary>C ← C − A·Bᵀ, or C ← −A·Bᵀ, on all rows of one tile's columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(
        T* a, T* b, T* c, nint lda, nint ldc, int rows, int depth, int width, bool isFresh)
    {
        if (width <= NarrowTile<TShort, T>.Columns)
        {
            for (; rows >= TMiddle.Count; rows -= TMiddle.Count, a += TMiddle.Count, c += TMiddle.Count)
                NarrowTile<TMiddle, T>.Update(a, b, c, lda, lda, ldc, depth, width, isFresh);
            for (; rows > 0; rows -= TShort.Count, a += TShort.Count, c += TShort.Count)
                NarrowTile<TShort, T>.Update(a, b, c, lda, lda, ldc, depth, width, isFresh);
            return;
        }

        for (; rows >= TTall.Count; rows -= TTall.Count, a += TTall.Count, c += TTall.Count)
            Tile<TTall, T>.Update(a, b, c, lda, lda, ldc, depth, width, isFresh);
        for (; rows >= TMiddle.Count; rows -= TMiddle.Count, a += TMiddle.Count, c += TMiddle.Count)
            Tile<TMiddle, T>.Update(a, b, c, lda, lda, ldc, depth, width, isFresh);
        for (; rows > 0; rows -= TShort.Count, a += TShort.Count, c += TShort.Count)
            Tile<TShort, T>.Update(a, b, c, lda, lda, ldc, depth, width, isFresh);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int EliminateNarrow(T* panel, int first, int end, int ld, int rows, T* least)
    {
        T* triangle = stackalloc T[Width * Width];
        T* left = panel + ((nint)first * ld);
        for (int column = first; column < end; column += Width)
        {
            int width = Math.Min(Width, end - column), depth = column - first;
            int top = column & -FrontKernels.Padding, bottom = FrontKernels.Padded(column + width);
            T* b = left + column, target = panel + ((nint)column * ld);

            // The rows beside the triangle are updated first, then all of them are solved for, the triangle itself as
            // well (that is harmless), and the triangle is put back.
            if (depth > 0)
                Update(left + top, b, target + top, ld, ld, bottom - top, depth, width, isFresh: false);
            int failed = Triangle.Factor(target + column, ld, width, least + column, triangle);
            if (failed >= 0)
                return column + failed;
            UpdateAndSolve(left + top, b, target + top, ld, bottom - top, 0, width, triangle);
            Triangle.Store(triangle, width, target + column, ld, column - top);
            UpdateAndSolve(left + bottom, b, target + bottom, ld, rows - bottom, depth, width, triangle);
        }

        return -1;
    }

    /// <summary>C ← (C − A·Bᵀ)·L⁻ᵀ on all rows of one tile's columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UpdateAndSolve(
        T* a, T* b, T* c, nint ld, int rows, int depth, int width, T* l)
    {
        if (width <= NarrowTile<TShort, T>.Columns)
        {
            for (; rows >= TMiddle.Count; rows -= TMiddle.Count, a += TMiddle.Count, c += TMiddle.Count)
                NarrowTile<TMiddle, T>.UpdateAndSolve(a, b, c, ld, depth, width, l);
            for (; rows > 0; rows -= TShort.Count, a += TShort.Count, c += TShort.Count)
                NarrowTile<TShort, T>.UpdateAndSolve(a, b, c, ld, depth, width, l);
            return;
        }

        for (; rows >= TTall.Count; rows -= TTall.Count, a += TTall.Count, c += TTall.Count)
            Tile<TTall, T>.UpdateAndSolve(a, b, c, ld, depth, width, l);
        for (; rows >= TMiddle.Count; rows -= TMiddle.Count, a += TMiddle.Count, c += TMiddle.Count)
            Tile<TMiddle, T>.UpdateAndSolve(a, b, c, ld, depth, width, l);
        for (; rows > 0; rows -= TShort.Count, a += TShort.Count, c += TShort.Count)
            Tile<TShort, T>.UpdateAndSolve(a, b, c, ld, depth, width, l);
    }
}
