using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>What one tile of the factor is made of. Distances are in numbers, lanes counted.</summary>
internal unsafe struct InterleavedTile<T>
    where T : unmanaged
{
    /// <summary>The products, and the end of their list.</summary>
    public InterleavedProduct* Products;
    public InterleavedProduct* ProductsEnd;

    /// <summary>The factor, moved down to the rows of the tile; and to the rows that belong to its columns.</summary>
    public T* Left;
    public T* Right;

    /// <summary>How far apart columns are in the row of the tile; and in the row of its columns.</summary>
    public nint LeftStride;
    public nint RightStride;

    /// <summary>
    /// One more product, of columns of the block itself that are left of the tile: the rows of the tile in its block,
    /// the rows of its columns in the diagonal block, and how many columns are left of it.
    /// </summary>
    public T* OwnLeft;
    public T* OwnRight;
    public int OwnDepth;

    /// <summary>What the matrix has there, and how far apart its rows and columns are.</summary>
    public T* Source;
    public nint SourceRow;
    public nint SourceColumn;

    /// <summary>The tile in the factor.</summary>
    public T* Target;

    /// <summary>The triangle on the diagonal in its columns, inverse on its own diagonal.</summary>
    public T* Triangle;
}

/// <summary>
/// The innermost kernel of the factorization: a tile of up to 6 rows and 3 columns, each number one vector, in
/// registers from its first product to its last.
/// </summary>
internal static unsafe class InterleavedTile<TLanes, T, TRows, TColumns>
    where TLanes : unmanaged, ILanes<TLanes, T>
    where T : unmanaged
    where TRows : struct, ILength
    where TColumns : struct, ILength
{
    /// <summary>Target ← (Source − Σ Left·Rightᵀ)·Triangle⁻ᵀ.</summary>
    /// <param name="tile">The tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Solve(in InterleavedTile<T> tile)
    {
        TLanes s00 = default, s01 = default, s02 = default;
        TLanes s10 = default, s11 = default, s12 = default;
        TLanes s20 = default, s21 = default, s22 = default;
        TLanes s30 = default, s31 = default, s32 = default;
        TLanes s40 = default, s41 = default, s42 = default;
        TLanes s50 = default, s51 = default, s52 = default;
        T* h = tile.Source;
        nint down = tile.SourceRow, right = tile.SourceColumn;
        Begin(h, right, out s00, out s01, out s02);
        if (TRows.Value > 1)
            Begin(h + down, right, out s10, out s11, out s12);
        if (TRows.Value > 2)
            Begin(h + (2 * down), right, out s20, out s21, out s22);
        if (TRows.Value > 3)
            Begin(h + (3 * down), right, out s30, out s31, out s32);
        if (TRows.Value > 4)
            Begin(h + (4 * down), right, out s40, out s41, out s42);
        if (TRows.Value > 5)
            Begin(h + (5 * down), right, out s50, out s51, out s52);
        InterleavedProduct* product = tile.Products, end = tile.ProductsEnd;
        nint lda = tile.LeftStride, ldb = tile.RightStride;
        for (; ; product++)
        {
            bool isOwn = product == end;
            T* a = isOwn ? tile.OwnLeft : tile.Left + ((nint)product->Left * TLanes.Count);
            T* b = isOwn ? tile.OwnRight : tile.Right + ((nint)product->Right * TLanes.Count);
            for (int depth = isOwn ? tile.OwnDepth : product->Depth; depth > 0; depth--, a += lda, b += ldb)
            {
                TLanes b0 = TLanes.Load(b), b1 = Second(b), b2 = Third(b);
                TLanes a0 = TLanes.Load(a);
                s00 = TLanes.SubtractProduct(s00, a0, b0);
                s01 = Second(s01, a0, b1);
                s02 = Third(s02, a0, b2);

                if (TRows.Value > 1)
                {
                    TLanes a1 = TLanes.Load(a + TLanes.Count);
                    s10 = TLanes.SubtractProduct(s10, a1, b0);
                    s11 = Second(s11, a1, b1);
                    s12 = Third(s12, a1, b2);
                }

                if (TRows.Value > 2)
                {
                    TLanes a2 = TLanes.Load(a + (2 * TLanes.Count));
                    s20 = TLanes.SubtractProduct(s20, a2, b0);
                    s21 = Second(s21, a2, b1);
                    s22 = Third(s22, a2, b2);
                }

                if (TRows.Value > 3)
                {
                    TLanes a3 = TLanes.Load(a + (3 * TLanes.Count));
                    s30 = TLanes.SubtractProduct(s30, a3, b0);
                    s31 = Second(s31, a3, b1);
                    s32 = Third(s32, a3, b2);
                }

                if (TRows.Value > 4)
                {
                    TLanes a4 = TLanes.Load(a + (4 * TLanes.Count));
                    s40 = TLanes.SubtractProduct(s40, a4, b0);
                    s41 = Second(s41, a4, b1);
                    s42 = Third(s42, a4, b2);
                }

                if (TRows.Value > 5)
                {
                    TLanes a5 = TLanes.Load(a + (5 * TLanes.Count));
                    s50 = TLanes.SubtractProduct(s50, a5, b0);
                    s51 = Second(s51, a5, b1);
                    s52 = Third(s52, a5, b2);
                }
            }

            if (isOwn)
                break;
        }

        T* x = tile.Target, l = tile.Triangle;
        Finish(x, lda, l, ldb, s00, s01, s02);
        if (TRows.Value > 1)
            Finish(x + TLanes.Count, lda, l, ldb, s10, s11, s12);
        if (TRows.Value > 2)
            Finish(x + (2 * TLanes.Count), lda, l, ldb, s20, s21, s22);
        if (TRows.Value > 3)
            Finish(x + (3 * TLanes.Count), lda, l, ldb, s30, s31, s32);
        if (TRows.Value > 4)
            Finish(x + (4 * TLanes.Count), lda, l, ldb, s40, s41, s42);
        if (TRows.Value > 5)
            Finish(x + (5 * TLanes.Count), lda, l, ldb, s50, s51, s52);
    }

    /// <summary>One row of what the matrix has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin(T* h, nint right, out TLanes s0, out TLanes s1, out TLanes s2)
    {
        s0 = TLanes.Load(h);
        s1 = TColumns.Value > 1 ? TLanes.Load(h + right) : default;
        s2 = TColumns.Value > 2 ? TLanes.Load(h + (2 * right)) : default;
    }

    /// <summary>One row of the tile: each column, once known, is subtracted from those to its right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(T* x, nint ldx, T* l, nint ldl, TLanes s0, TLanes s1, TLanes s2)
    {
        s0 = TLanes.Multiply(s0, TLanes.Load(l));
        TLanes.Store(x, s0);
        if (TColumns.Value == 1)
            return;
        s1 = TLanes.SubtractProduct(s1, s0, TLanes.Load(l + TLanes.Count));
        s1 = TLanes.Multiply(s1, TLanes.Load(l + ldl + TLanes.Count));
        TLanes.Store(x + ldx, s1);
        if (TColumns.Value == 2)
            return;
        s2 = TLanes.SubtractProduct(s2, s0, TLanes.Load(l + (2 * TLanes.Count)));
        s2 = TLanes.SubtractProduct(s2, s1, TLanes.Load(l + ldl + (2 * TLanes.Count)));
        s2 = TLanes.Multiply(s2, TLanes.Load(l + (2 * (ldl + TLanes.Count))));
        TLanes.Store(x + (2 * ldx), s2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Second(T* b) => TColumns.Value > 1 ? TLanes.Load(b + TLanes.Count) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Third(T* b) => TColumns.Value > 2 ? TLanes.Load(b + (2 * TLanes.Count)) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Second(TLanes sum, TLanes a, TLanes b) =>
        TColumns.Value > 1 ? TLanes.SubtractProduct(sum, a, b) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Third(TLanes sum, TLanes a, TLanes b) =>
        TColumns.Value > 2 ? TLanes.SubtractProduct(sum, a, b) : sum;
}
