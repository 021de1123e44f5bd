using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>Products of blocks with vectors, lanes side by side: block rows in pieces that fit the registers.</summary>
internal static unsafe class LaneProduct<TLanes>
    where TLanes : unmanaged, ILanes<TLanes, double>
{
    /// <summary>y ← y − B·x for a square block.</summary>
    public static void Subtract(double* block, double* x, double* y, int size)
    {
        for (int column = 0; column < size; column++, x += TLanes.Count)
        {
            TLanes factor = TLanes.Load(x);
            for (int row = 0; row < size; row++, block += TLanes.Count)
            {
                double* target = y + (row * TLanes.Count);
                TLanes.Store(target, TLanes.SubtractProduct(TLanes.Load(target), TLanes.Load(block), factor));
            }
        }
    }

    /// <summary>y ← y − B·x, other ← other − Bᵀ·up.</summary>
    /// <param name="block">B.</param>
    /// <param name="rows">How many rows it has.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="up">As many numbers as rows.</param>
    /// <param name="y">As many.</param>
    /// <param name="x">As many numbers as columns.</param>
    /// <param name="other">As many.</param>
    public static void SubtractBoth(
        double* block, int rows, int columns, double* up, double* y, double* x, double* other)
    {
        nint stride = rows * TLanes.Count;
        for (int row = 0, piece; row < rows; row += piece)
        {
            piece = Math.Min(InterleavedCut.Piece(rows, InterleavedCut.SolveRows), rows - row);
            nint first = row * TLanes.Count;
            switch (piece)
            {
                case 1: Rows<One>(block + first, stride, columns, up + first, y + first, x, other); break;
                case 2: Rows<Two>(block + first, stride, columns, up + first, y + first, x, other); break;
                case 3: Rows<Three>(block + first, stride, columns, up + first, y + first, x, other); break;
                case 4: Rows<Four>(block + first, stride, columns, up + first, y + first, x, other); break;
                case 5: Rows<Five>(block + first, stride, columns, up + first, y + first, x, other); break;
                default: Rows<Six>(block + first, stride, columns, up + first, y + first, x, other); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows<TRows>(
        double* block, nint stride, int columns, double* up, double* y, double* x, double* other)
        where TRows : struct, ILength
    {
        TLanes y0 = Load<TRows>(y, 0), y1 = Load<TRows>(y, 1), y2 = Load<TRows>(y, 2);
        TLanes y3 = Load<TRows>(y, 3), y4 = Load<TRows>(y, 4), y5 = Load<TRows>(y, 5);
        for (; columns > 0; columns--, block += stride, x += TLanes.Count, other += TLanes.Count)
        {
            TLanes factor = TLanes.Load(x), sum = TLanes.Load(other);
            Both<TRows>(block, up, 0, factor, ref y0, ref sum);
            Both<TRows>(block, up, 1, factor, ref y1, ref sum);
            Both<TRows>(block, up, 2, factor, ref y2, ref sum);
            Both<TRows>(block, up, 3, factor, ref y3, ref sum);
            Both<TRows>(block, up, 4, factor, ref y4, ref sum);
            Both<TRows>(block, up, 5, factor, ref y5, ref sum);
            TLanes.Store(other, sum);
        }

        Store<TRows>(y, 0, y0);
        Store<TRows>(y, 1, y1);
        Store<TRows>(y, 2, y2);
        Store<TRows>(y, 3, y3);
        Store<TRows>(y, 4, y4);
        Store<TRows>(y, 5, y5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Both<TRows>(
        double* block, double* up, int row, TLanes factor, ref TLanes y, ref TLanes sum)
        where TRows : struct, ILength
    {
        if (TRows.Value <= row)
            return;
        TLanes entry = TLanes.Load(block + (row * TLanes.Count));
        y = TLanes.SubtractProduct(y, entry, factor);
        sum = TLanes.SubtractProduct(sum, entry, TLanes.Load(up + (row * TLanes.Count)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Load<TRows>(double* source, int row)
        where TRows : struct, ILength => TRows.Value > row ? TLanes.Load(source + (row * TLanes.Count)) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TRows>(double* target, int row, TLanes lanes)
        where TRows : struct, ILength
    {
        if (TRows.Value > row)
            TLanes.Store(target + (row * TLanes.Count), lanes);
    }
}
