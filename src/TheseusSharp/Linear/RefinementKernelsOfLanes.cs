using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>The kernels in registers of one width.</summary>
internal sealed unsafe class RefinementKernels<TLanes, TSingle> : RefinementKernels
    where TLanes : unmanaged, IDoubleLanes<TLanes>
    where TSingle : unmanaged, ISingleLanes<TSingle, TLanes>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Scale(in RefinementSystem system, float* scaled)
    {
        BlockStructure structure = system.Structure;
        FindScales(in system);
        fixed (int* starts = structure.ColumnStarts, rows = structure.Rows, sizes = structure.Sizes)
        fixed (int* offsets = structure.Offsets)
        {
            double* block = system.Values;
            for (int j = 0; j < structure.Count; j++)
            {
                double* right = system.Scales + Wide(offsets[j]);
                for (int k = starts[j]; k < starts[j + 1]; k++)
                {
                    nint length = Wide(sizes[rows[k]] * sizes[j]);
                    ScaleBlock(block, system.Scales + Wide(offsets[rows[k]]), sizes[rows[k]], right, sizes[j], scaled);
                    if (rows[k] == j && system.Damping != null)
                        ScaleDiagonal(block, system.Damping + Wide(offsets[j]), right, sizes[j], scaled);
                    block += length;
                    scaled += length;
                }
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Correct(
        in RefinementSystem system, float* correction, double* factors, double* mask, double* x, double* largest)
    {
        TLanes factor = TLanes.Load(factors), chosen = TLanes.Load(mask), top = default;
        for (nint k = 0, end = Wide(system.Structure.Dimension); k < end; k += TLanes.Count)
        {
            TLanes scale = TLanes.Load(system.Scales + k), old = TLanes.Load(x + k);
            TLanes step = TLanes.Multiply(TSingle.Widen(TSingle.Load(correction + k)), factor);
            TLanes sum = TLanes.Select(chosen, TLanes.Add(old, TLanes.Multiply(step, scale)), old);
            TLanes.Store(x + k, sum);
            top = TLanes.LargerSize(top, TLanes.Multiply(sum, TLanes.InverseOfPower(scale)));
        }

        TLanes.Store(largest, top);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Residual(
        in RefinementSystem system, double* right, double* x, double* residual, double* largest)
    {
        BlockStructure structure = system.Structure;
        Begin(in system, right, x, residual);
        TLanes top = default;
        fixed (int* starts = structure.ColumnStarts, rows = structure.Rows, sizes = structure.Sizes)
        fixed (int* offsets = structure.Offsets)
        {
            double* block = system.Values;
            for (int j = 0; j < structure.Count; j++)
            {
                double* own = x + Wide(offsets[j]), result = residual + Wide(offsets[j]);
                LaneProduct<TLanes>.Subtract(block, own, result, sizes[j]);
                block += Wide(sizes[j] * sizes[j]);
                for (int k = starts[j] + 1; k < starts[j + 1]; k++)
                {
                    int i = rows[k];
                    LaneProduct<TLanes>.SubtractBoth(
                        block, sizes[i], sizes[j], x + Wide(offsets[i]), residual + Wide(offsets[i]), own, result);
                    block += Wide(sizes[i] * sizes[j]);
                }

                // What follows changes rows further down only.
                for (nint k = Wide(offsets[j]), end = Wide(offsets[j + 1]); k < end; k += TLanes.Count)
                    top = TLanes.LargerSize(
                        top, TLanes.Multiply(TLanes.Load(residual + k), TLanes.Load(system.Scales + k)));
            }
        }

        TLanes.Store(largest, top);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Largest(in RefinementSystem system, double* v, double* largest)
    {
        TLanes top = default;
        for (nint k = 0, end = Wide(system.Structure.Dimension); k < end; k += TLanes.Count)
            top = TLanes.LargerSize(top, TLanes.Multiply(TLanes.Load(v + k), TLanes.Load(system.Scales + k)));
        TLanes.Store(largest, top);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Narrow(in RefinementSystem system, double* v, double* factors, float* target)
    {
        TLanes factor = TLanes.Load(factors);
        for (nint k = 0, end = Wide(system.Structure.Dimension); k < end; k += TLanes.Count)
        {
            TLanes scaled = TLanes.Multiply(TLanes.Load(v + k), TLanes.Load(system.Scales + k));
            TSingle.Store(target + k, TSingle.Narrow(TLanes.Multiply(scaled, factor)));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void LargestOnDiagonal(InterleavedPlan plan, float* factor, double* largest)
    {
        TLanes top = default;
        foreach (ref readonly InterleavedColumn column in plan.Columns.AsSpan(..plan.Structure.Count))
        {
            float* entry = factor + Wide(column.Diagonal);
            for (int k = 0; k < column.Size; k++, entry += Wide(column.Size + 1))
                top = TLanes.LargerSize(top, TSingle.Widen(TSingle.Load(entry)));
        }

        TLanes.Store(largest, top);
    }

    private static nint Wide(int length) => (nint)length * TLanes.Count;

    private static void FindScales(in RefinementSystem system)
    {
        BlockStructure structure = system.Structure;
        TLanes none = default;
        for (int j = 0; j < structure.Count; j++)
        {
            int size = structure.Sizes[j];
            nint row = Wide(structure.Offsets[j]);
            double* entry = system.Values + Wide(structure.ValueStarts[structure.ColumnStarts[j]]);
            for (int k = 0; k < size; k++, row += TLanes.Count, entry += Wide(size + 1))
            {
                TLanes added = system.Damping == null ? none : TLanes.Load(system.Damping + row);
                TLanes.Store(system.Scales + row, TLanes.InverseRoot(TLanes.Add(TLanes.Load(entry), added)));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScaleBlock(double* block, double* left, int rows, double* right, int columns, float* target)
    {
        nint height = Wide(rows);
        for (; columns > 0; columns--, right += TLanes.Count)
        {
            TLanes scale = TLanes.Load(right);
            for (nint k = 0; k < height; k += TLanes.Count, block += TLanes.Count, target += TLanes.Count)
            {
                TLanes both = TLanes.Multiply(scale, TLanes.Load(left + k));
                TSingle.Store(target, TSingle.Narrow(TLanes.Multiply(TLanes.Load(block), both)));
            }
        }
    }

    private static void ScaleDiagonal(double* block, double* damping, double* scales, int size, float* target)
    {
        nint step = Wide(size + 1);
        for (; size > 0; size--, block += step, target += step, scales += TLanes.Count, damping += TLanes.Count)
        {
            TLanes scale = TLanes.Load(scales), entry = TLanes.Add(TLanes.Load(block), TLanes.Load(damping));
            TSingle.Store(target, TSingle.Narrow(TLanes.Multiply(TLanes.Multiply(entry, scale), scale)));
        }
    }

    /// <summary>residual ← b − D·x.</summary>
    private static void Begin(in RefinementSystem system, double* right, double* x, double* residual)
    {
        nint end = Wide(system.Structure.Dimension);
        if (system.Damping == null)
            new ReadOnlySpan<double>(right, (int)end).CopyTo(new(residual, (int)end));
        else
            for (nint k = 0; k < end; k += TLanes.Count)
                TLanes.Store(
                    residual + k,
                    TLanes.SubtractProduct(
                        TLanes.Load(right + k), TLanes.Load(system.Damping + k), TLanes.Load(x + k)));
    }
}
