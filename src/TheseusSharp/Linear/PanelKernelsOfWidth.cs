using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>The work on panels with row tiles of three heights; the shortest has 8 rows.</summary>
internal sealed unsafe class PanelKernels<TShort, TMiddle, TTall> : PanelKernels
    where TShort : unmanaged, IShortRows<TShort, double>
    where TMiddle : unmanaged, IRows<TMiddle, double>
    where TTall : unmanaged, IRows<TTall, double>
{
    private const int Width = RightTile<TShort, double>.Columns;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SolveForward(double* panel, int columns, int rows, nint ld, double* z, int count)
    {
        for (int column = 0; column < columns; column += Width)
        {
            int width = Math.Min(Width, columns - column);
            double* target = z + ((nint)column * count);
            Update(z, panel + column, ld, target, count, column, width, isFresh: false);
            SolveTriangle(panel + (column * (ld + 1)), ld, target, count, width);
        }

        for (int row = columns; row < rows; row += Width)
            Update(
                z, panel + row, ld, z + ((nint)row * count), count, columns, Math.Min(Width, rows - row),
                isFresh: true);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SolveBackward(double* panel, int columns, int rows, nint ld, double* x, int count)
    {
        for (int column = (columns - 1) / Width * Width; column >= 0; column -= Width)
        {
            int width = Math.Min(Width, columns - column), below = column + width;
            double* target = x + ((nint)column * count), diagonal = panel + (column * (ld + 1));
            UpdateRight(
                x + ((nint)below * count), count, diagonal + width, ld, target, count, count, rows - below, width,
                isFresh: false);
            SolveTriangleRight(diagonal, ld, target, count, count, width);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Invert(double* panel, int columns, int rows, int ld, double* inverse)
    {
        for (int column = (columns - 1) / Width * Width; column >= 0; column -= Width)
        {
            int width = Math.Min(Width, columns - column), below = column + width;
            int top = below & -Padding, depth = rows - below;
            double* diagonal = panel + (column * ((nint)ld + 1)), target = inverse + ((nint)column * ld);

            // The vectors start a little above: what they make of those rows is replaced later, or by the mirror image.
            double* known = inverse + ((nint)below * ld);
            int height = FrontKernels.Padded(rows) - top;
            UpdateRight(known + top, ld, diagonal + width, ld, target + top, ld, height, depth, width, isFresh: true);
            SolveTriangleRight(diagonal, ld, target + top, ld, height, width);
            Mirror(target + below, known + column, ld, depth, width);
            InvertTriangle(diagonal, known + column, target + column, ld, depth, width);
        }
    }

    /// <summary>The block on the diagonal: (L⁻ᵀ − Σ·L′)·L⁻¹, Σ and L′ beside and below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InvertTriangle(double* l, double* beside, double* target, nint ld, int depth, int width)
    {
        double* block = stackalloc double[Width * Padding], inverse = stackalloc double[Width * Width];
        RightTile<TShort, double>.Update(beside, l + width, block, ld, ld, Padding, depth, width, isFresh: true);
        for (int column = 0; column < width; column++)
            for (int row = column; row < width; row++)
            {
                double sum = row == column ? 1 : 0;
                for (int k = column; k < row; k++)
                    sum -= l[row + (k * ld)] * inverse[k + (column * Width)];
                inverse[row + (column * Width)] = sum * l[row * (ld + 1)];
                block[column + (row * Padding)] += sum * l[row * (ld + 1)];
            }

        SolveTriangleRight(l, ld, block, Padding, Padding, width);
        for (int column = 0; column < width; column++)
            for (int row = 0; row < width; row++)
                target[row + (column * ld)] =
                    0.5 * (block[row + (column * Padding)] + block[column + (row * Padding)]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mirror(double* source, double* target, nint ld, int length, int width)
    {
        for (nint k = 0; k < length; k++, target += ld)
            for (int column = 0; column < width; column++)
                target[column] = source[k + (column * ld)];
    }

    /// <summary>
    /// C ← C − A·Bᵀ, or C ← −A·Bᵀ, for all right-hand sides: A is the first rows, B a few of the panel.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(
        double* a, double* b, nint ldb, double* c, int count, int depth, int width, bool isFresh)
    {
        int done = 0;
        for (; count - done >= TTall.Count; done += TTall.Count)
            Tile<TTall, double>.Update(a + done, b, c + done, count, ldb, count, depth, width, isFresh);
        for (; count - done >= TMiddle.Count; done += TMiddle.Count)
            Tile<TMiddle, double>.Update(a + done, b, c + done, count, ldb, count, depth, width, isFresh);
        for (; done < count; done += TShort.Count)
            Tile<TShort, double>.Update(a + done, b, c + done, count, ldb, count, depth, width, isFresh);
    }

    /// <summary>C ← C − A·B, or C ← −A·B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UpdateRight(
        double* a, nint lda, double* b, nint ldb, double* c, nint ldc, int count, int depth, int width, bool isFresh)
    {
        int done = 0;
        for (; count - done >= TTall.Count; done += TTall.Count)
            RightTile<TTall, double>.Update(a + done, b, c + done, lda, ldb, ldc, depth, width, isFresh);
        for (; count - done >= TMiddle.Count; done += TMiddle.Count)
            RightTile<TMiddle, double>.Update(a + done, b, c + done, lda, ldb, ldc, depth, width, isFresh);
        for (; done < count; done += TShort.Count)
            RightTile<TShort, double>.Update(a + done, b, c + done, lda, ldb, ldc, depth, width, isFresh);
    }

    /// <summary>C ← C·L⁻ᵀ for the triangle on the diagonal of one tile, whose diagonal is inverted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SolveTriangle(double* l, nint ld, double* c, int count, int width)
    {
        for (int row = 0; row < count; row += TShort.Count)
            for (int j = 0; j < width; j++)
            {
                TShort x = TShort.Load(c + row + ((nint)j * count));
                for (int k = 0; k < j; k++)
                    x = TShort.MultiplyAdd(TShort.Load(c + row + ((nint)k * count)), -l[j + (k * ld)], x);
                TShort.Store(c + row + ((nint)j * count), TShort.Multiply(x, l[j * (ld + 1)]));
            }
    }

    /// <summary>C ← C·L⁻¹ likewise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SolveTriangleRight(double* l, nint ld, double* c, nint ldc, int count, int width)
    {
        for (int row = 0; row < count; row += TShort.Count)
            for (int j = width - 1; j >= 0; j--)
            {
                TShort x = TShort.Load(c + row + (j * ldc));
                for (int k = j + 1; k < width; k++)
                    x = TShort.MultiplyAdd(TShort.Load(c + row + (k * ldc)), -l[k + (j * ld)], x);
                TShort.Store(c + row + (j * ldc), TShort.Multiply(x, l[j * (ld + 1)]));
            }
    }
}
