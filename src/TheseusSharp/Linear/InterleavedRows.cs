using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// A few rows of the factor, and what they are multiplied with in a solve. Distances are in numbers, lanes counted.
/// </summary>
internal unsafe struct InterleavedRows<T>
    where T : unmanaged
{
    /// <summary>The columns of the row left of its diagonal block, and the end of their list.</summary>
    public InterleavedRun* Runs;
    public InterleavedRun* RunsEnd;

    /// <summary>The rows, at the first column, and how far apart their columns are.</summary>
    public T* Factor;
    public nint Stride;

    /// <summary>How many rows of the diagonal block are above.</summary>
    public int Above;

    /// <summary>The triangle on the diagonal in these rows, inverse on its own diagonal.</summary>
    public T* Triangle;

    /// <summary>The vector, in the order of elimination; and where the diagonal block has it.</summary>
    public T* Vector;
    public T* Own;

    /// <summary>These rows of the right-hand side, or of the solution.</summary>
    public T* Outside;
}

/// <summary>The triangular solves, for up to 6 rows of the factor.</summary>
internal static unsafe class InterleavedRows<TLanes, T, TRows>
    where TLanes : unmanaged, ILanes<TLanes, T>
    where T : unmanaged
    where TRows : struct, ILength
{
    /// <summary>Own ← L⁻¹·(Outside − Σ Factor·Vector).</summary>
    /// <param name="rows">The rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(in InterleavedRows<T> rows)
    {
        T* right = rows.Outside;
        TLanes s0 = Load(right, 0), s1 = LoadIf(right, 1), s2 = LoadIf(right, 2);
        TLanes s3 = LoadIf(right, 3), s4 = LoadIf(right, 4), s5 = LoadIf(right, 5);
        InterleavedRun* run = rows.Runs, end = rows.RunsEnd;
        nint stride = rows.Stride;
        T* l = rows.Factor;
        for (; ; run++)
        {
            bool isOwn = run == end;
            T* y = isOwn ? rows.Own : rows.Vector + ((nint)run->Position * TLanes.Count);
            for (int k = isOwn ? rows.Above : run->Length; k > 0; k--, y += TLanes.Count, l += stride)
            {
                TLanes x = TLanes.Load(y);
                s0 = TLanes.SubtractProduct(s0, Load(l, 0), x);
                if (TRows.Value > 1)
                    s1 = TLanes.SubtractProduct(s1, Load(l, 1), x);
                if (TRows.Value > 2)
                    s2 = TLanes.SubtractProduct(s2, Load(l, 2), x);
                if (TRows.Value > 3)
                    s3 = TLanes.SubtractProduct(s3, Load(l, 3), x);
                if (TRows.Value > 4)
                    s4 = TLanes.SubtractProduct(s4, Load(l, 4), x);
                if (TRows.Value > 5)
                    s5 = TLanes.SubtractProduct(s5, Load(l, 5), x);
            }

            if (isOwn)
                break;
        }

        // The triangle is what follows in memory.
        T* result = rows.Own + (rows.Above * TLanes.Count);
        TLanes zero = default, x0 = Finish(s0, l, stride, result, 0);
        if (TRows.Value == 1)
            return;
        TLanes x1 = Finish(Left(s1, l, stride, 1, x0, zero, zero, zero, zero), l, stride, result, 1);
        if (TRows.Value == 2)
            return;
        TLanes x2 = Finish(Left(s2, l, stride, 2, x0, x1, zero, zero, zero), l, stride, result, 2);
        if (TRows.Value == 3)
            return;
        TLanes x3 = Finish(Left(s3, l, stride, 3, x0, x1, x2, zero, zero), l, stride, result, 3);
        if (TRows.Value == 4)
            return;
        TLanes x4 = Finish(Left(s4, l, stride, 4, x0, x1, x2, x3, zero), l, stride, result, 4);
        if (TRows.Value == 5)
            return;
        Finish(Left(s5, l, stride, 5, x0, x1, x2, x3, x4), l, stride, result, 5);
    }

    /// <summary>
    /// Outside ← L⁻ᵀ·Own, and what that subtracts from what is above in the diagonal block and from the vector.
    /// </summary>
    /// <param name="rows">The rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(in InterleavedRows<T> rows)
    {
        nint stride = rows.Stride;
        T* own = rows.Own + (rows.Above * TLanes.Count), result = rows.Outside;
        T* l = rows.Triangle;
        TLanes x0, x1 = default, x2 = default, x3 = default, x4 = default, x5 = default;
        if (TRows.Value > 5)
            x5 = Finish(Below(own, l, stride, 5, x1, x2, x3, x4, x5), l, stride, result, 5);
        if (TRows.Value > 4)
            x4 = Finish(Below(own, l, stride, 4, x1, x2, x3, x4, x5), l, stride, result, 4);
        if (TRows.Value > 3)
            x3 = Finish(Below(own, l, stride, 3, x1, x2, x3, x4, x5), l, stride, result, 3);
        if (TRows.Value > 2)
            x2 = Finish(Below(own, l, stride, 2, x1, x2, x3, x4, x5), l, stride, result, 2);
        if (TRows.Value > 1)
            x1 = Finish(Below(own, l, stride, 1, x1, x2, x3, x4, x5), l, stride, result, 1);
        x0 = Finish(Below(own, l, stride, 0, x1, x2, x3, x4, x5), l, stride, result, 0);
        Subtract(in rows, x0, x1, x2, x3, x4, x5);
    }

    /// <summary>Subtracts what is left of the diagonal in one row of the triangle times what is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Left(
        TLanes sum, T* l, nint stride, int row, TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4)
    {
        sum = TLanes.SubtractProduct(sum, Load(l, row), x0);
        if (row > 1)
            sum = TLanes.SubtractProduct(sum, Load(l + stride, row), x1);
        if (row > 2)
            sum = TLanes.SubtractProduct(sum, Load(l + (2 * stride), row), x2);
        if (row > 3)
            sum = TLanes.SubtractProduct(sum, Load(l + (3 * stride), row), x3);
        return row > 4 ? TLanes.SubtractProduct(sum, Load(l + (4 * stride), row), x4) : sum;
    }

    /// <summary>Likewise what is below the diagonal in one column, from the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Below(
        T* own, T* l, nint stride, int row, TLanes x1, TLanes x2, TLanes x3, TLanes x4, TLanes x5)
    {
        TLanes sum = Load(own, row);
        l += row * stride;
        if (TRows.Value > 5 && row < 5)
            sum = TLanes.SubtractProduct(sum, Load(l, 5), x5);
        if (TRows.Value > 4 && row < 4)
            sum = TLanes.SubtractProduct(sum, Load(l, 4), x4);
        if (TRows.Value > 3 && row < 3)
            sum = TLanes.SubtractProduct(sum, Load(l, 3), x3);
        if (TRows.Value > 2 && row < 2)
            sum = TLanes.SubtractProduct(sum, Load(l, 2), x2);
        return TRows.Value > 1 && row < 1 ? TLanes.SubtractProduct(sum, Load(l, 1), x1) : sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Subtract(
        in InterleavedRows<T> rows, TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4, TLanes x5)
    {
        InterleavedRun* run = rows.Runs, end = rows.RunsEnd;
        nint stride = rows.Stride;
        T* l = rows.Factor;
        for (; ; run++)
        {
            bool isOwn = run == end;
            T* y = isOwn ? rows.Own : rows.Vector + ((nint)run->Position * TLanes.Count);
            for (int k = isOwn ? rows.Above : run->Length; k > 0; k--, y += TLanes.Count, l += stride)
            {
                TLanes sum = TLanes.SubtractProduct(TLanes.Load(y), Load(l, 0), x0);
                if (TRows.Value > 1)
                    sum = TLanes.SubtractProduct(sum, Load(l, 1), x1);
                if (TRows.Value > 2)
                    sum = TLanes.SubtractProduct(sum, Load(l, 2), x2);
                if (TRows.Value > 3)
                    sum = TLanes.SubtractProduct(sum, Load(l, 3), x3);
                if (TRows.Value > 4)
                    sum = TLanes.SubtractProduct(sum, Load(l, 4), x4);
                if (TRows.Value > 5)
                    sum = TLanes.SubtractProduct(sum, Load(l, 5), x5);
                TLanes.Store(y, sum);
            }

            if (isOwn)
                return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Load(T* column, int row) => TLanes.Load(column + (row * TLanes.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes LoadIf(T* right, int row) => TRows.Value > row ? Load(right, row) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Finish(TLanes rest, T* l, nint stride, T* result, int row)
    {
        TLanes x = TLanes.Multiply(rest, Load(l + (row * stride), row));
        TLanes.Store(result + (row * TLanes.Count), x);
        return x;
    }
}
