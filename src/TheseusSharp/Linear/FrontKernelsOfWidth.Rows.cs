using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <content>
/// Steps of the work on some rows, for threads that share a front. Every number is computed by the same operations as
/// in one piece.
/// </content>
internal sealed unsafe partial class FrontKernels<T, TShort, TMiddle, TTall>
{
    /// <inheritdoc/>
    public override int EliminateDiagonal(
        T* panel, int first, int end, int ld, T* least, T* scratch) =>
        Eliminate(panel, first, end, ld, Math.Min(FrontKernels.Padded(end), ld), least, scratch);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Substitute(T* panel, int first, int end, int ld, int top, int bottom, T* scratch)
    {
        if (end - first <= FrontKernels.NarrowColumns)
        {
            SubstituteNarrow(panel, first, end, ld, top, bottom);
            return;
        }

        int middle = FrontKernels.Middle(first, end);
        Substitute(panel, first, middle, ld, top, bottom, scratch);
        DowndateRows(panel, first, middle, end, ld, top, bottom, scratch);
        Substitute(panel, middle, end, ld, top, bottom, scratch);
    }

    /// <inheritdoc/>
    public override void DowndateRows(
        T* panel, int first, int middle, int end, int ld, int top, int bottom, T* scratch) =>
        Downdate(
            panel + ((nint)first * ld), ld, panel, ld, middle, LastNeeded(middle, end, bottom), ld, top, bottom,
            middle - first, isFresh: false, scratch);

    /// <inheritdoc/>
    public override void SquareRows(
        T* a, nint lda, T* c, nint ldc, int first, int end, int rows, int top, int bottom, int depth,
        T* scratch) =>
        Downdate(
            a, lda, c, ldc, first, LastNeeded(first, end, bottom), rows, top, bottom, depth, isFresh: true, scratch);

    /// <summary>Columns further right are above the diagonal in all rows; tiles stay as wide as they are.</summary>
    private static int LastNeeded(int first, int end, int bottom) =>
        (int)Math.Min(end, first + ((long)Math.Max(bottom - first + Width - 1, 0) / Width * Width));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubstituteNarrow(T* panel, int first, int end, int ld, int top, int bottom)
    {
        T* triangle = stackalloc T[Width * Width];
        T* left = panel + ((nint)first * ld);
        for (int column = first; column < end; column += Width)
        {
            int width = Math.Min(Width, end - column);
            T* target = panel + ((nint)column * ld);
            Triangle.Load(target + column, ld, width, triangle);
            UpdateAndSolve(
                left + top, left + column, target + top, ld, bottom - top, column - first, width, triangle);
        }
    }
}
