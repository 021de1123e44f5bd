using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>A tile on the diagonal: up to 3 pivots.</summary>
internal static unsafe class InterleavedPivot<TLanes, T, TColumns>
    where TLanes : unmanaged, ILanes<TLanes, T>
    where T : unmanaged
    where TColumns : struct, ILength
{
    /// <summary>Target ← the Cholesky factor of Source + damping − Σ Left·Leftᵀ, inverse on its diagonal.</summary>
    /// <remarks>
    /// First a unit triangle and its diagonal, as in <see cref="Triangle.Factor"/>: no square root is on the way from
    /// one pivot to the next.
    /// </remarks>
    /// <param name="tile">The tile.</param>
    /// <param name="damping">What is added to the diagonal.</param>
    /// <param name="dampingStride">How far apart that is: the number of lanes, or 0.</param>
    /// <param name="row">The first row, in the order of the matrix.</param>
    /// <param name="failed">Where each lane failed, if it did.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Factor(in InterleavedTile<T> tile, T* damping, nint dampingStride, int row, T* failed)
    {
        T* h = tile.Source, target = tile.Target;
        nint down = tile.SourceRow, step = down + tile.SourceColumn, lda = tile.LeftStride;
        TLanes entry0 = TLanes.Load(h), entry1 = default, entry2 = default;
        TLanes s00 = TLanes.Add(entry0, TLanes.Load(damping)), s10 = default, s11 = default;
        TLanes s20 = default, s21 = default, s22 = default;
        if (TColumns.Value > 1)
        {
            s10 = TLanes.Load(h + down);
            entry1 = TLanes.Load(h + step);
            s11 = TLanes.Add(entry1, TLanes.Load(damping + dampingStride));
        }

        if (TColumns.Value > 2)
        {
            s20 = TLanes.Load(h + (2 * down));
            s21 = TLanes.Load(h + step + down);
            entry2 = TLanes.Load(h + (2 * step));
            s22 = TLanes.Add(entry2, TLanes.Load(damping + (2 * dampingStride)));
        }

        InterleavedProduct* product = tile.Products, end = tile.ProductsEnd;
        for (; ; product++)
        {
            bool isOwn = product == end;
            T* a = isOwn ? tile.OwnLeft : tile.Left + ((nint)product->Left * TLanes.Count);
            for (int depth = isOwn ? tile.OwnDepth : product->Depth; depth > 0; depth--, a += lda)
            {
                TLanes a0 = TLanes.Load(a);
                s00 = TLanes.SubtractProduct(s00, a0, a0);
                if (TColumns.Value > 1)
                {
                    TLanes a1 = TLanes.Load(a + TLanes.Count);
                    s10 = TLanes.SubtractProduct(s10, a1, a0);
                    s11 = TLanes.SubtractProduct(s11, a1, a1);
                    if (TColumns.Value > 2)
                    {
                        TLanes a2 = TLanes.Load(a + (2 * TLanes.Count));
                        s20 = TLanes.SubtractProduct(s20, a2, a0);
                        s21 = TLanes.SubtractProduct(s21, a2, a1);
                        s22 = TLanes.SubtractProduct(s22, a2, a2);
                    }
                }
            }

            if (isOwn)
                break;
        }

        TLanes state = TLanes.Judge(TLanes.Load(failed), s00, entry0, row), inverse0 = TLanes.Reciprocal(s00);
        TLanes scale0 = TLanes.SquareRoot(inverse0);
        TLanes.Store(target, scale0);
        if (TColumns.Value > 1)
        {
            TLanes unit10 = TLanes.Multiply(s10, inverse0);
            s11 = TLanes.SubtractProduct(s11, s10, unit10);
            state = TLanes.Judge(state, s11, entry1, row + 1);
            TLanes inverse1 = TLanes.Reciprocal(s11), scale1 = TLanes.SquareRoot(inverse1);
            TLanes.Store(target + TLanes.Count, TLanes.Multiply(s10, scale0));
            TLanes.Store(target + lda + TLanes.Count, scale1);
            if (TColumns.Value > 2)
            {
                s21 = TLanes.SubtractProduct(s21, s20, unit10);
                s22 = TLanes.SubtractProduct(s22, s20, TLanes.Multiply(s20, inverse0));
                s22 = TLanes.SubtractProduct(s22, s21, TLanes.Multiply(s21, inverse1));
                state = TLanes.Judge(state, s22, entry2, row + 2);
                TLanes.Store(target + (2 * TLanes.Count), TLanes.Multiply(s20, scale0));
                TLanes.Store(target + lda + (2 * TLanes.Count), TLanes.Multiply(s21, scale1));
                TLanes.Store(
                    target + (2 * (lda + TLanes.Count)), TLanes.SquareRoot(TLanes.Reciprocal(s22)));
            }
        }

        TLanes.Store(failed, state);
    }
}
