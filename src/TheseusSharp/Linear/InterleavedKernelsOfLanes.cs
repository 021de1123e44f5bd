using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>Walks through the plan, and chooses the kernel of each piece.</summary>
internal sealed unsafe class InterleavedKernels<TLanes, T> : InterleavedKernels<T>
    where TLanes : unmanaged, ILanes<TLanes, T>
    where T : unmanaged
{
    private readonly int _tileRows;

    public InterleavedKernels(int? tileRows)
    {
        _tileRows = tileRows ?? (TLanes.HasManyRegisters ? 6 : 3);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Factor(InterleavedPlan plan, in InterleavedMemory<T> memory)
    {
        fixed (InterleavedColumn* columns = plan.Columns)
        fixed (InterleavedProduct* products = plan.Products)
        fixed (InterleavedBlock* blocks = plan.Blocks)
        fixed (InterleavedRun* runs = plan.Runs)
        {
            var elimination = new InterleavedElimination<TLanes, T>(in memory, columns, products, _tileRows);
            var substitution = new InterleavedSubstitution<TLanes, T>(memory.Factor, runs, memory.Vector, memory.Right);
            for (InterleavedBlock* block = blocks, end = blocks + plan.Blocks.Length - 1; block < end; block++)
            {
                elimination.Finish(block);
                if (block->Row == block->Column && memory.Right != null)
                    substitution.Forward(columns + block->Row);
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SolveForward(InterleavedPlan plan, T* factor, T* right, T* y)
    {
        fixed (InterleavedColumn* columns = plan.Columns)
        fixed (InterleavedRun* runs = plan.Runs)
        {
            var substitution = new InterleavedSubstitution<TLanes, T>(factor, runs, y, right);
            for (int row = 0; row < plan.Structure.Count; row++)
                substitution.Forward(columns + row);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SolveBackward(InterleavedPlan plan, T* factor, T* y, T* solution)
    {
        fixed (InterleavedColumn* columns = plan.Columns)
        fixed (InterleavedRun* runs = plan.Runs)
        {
            var substitution = new InterleavedSubstitution<TLanes, T>(factor, runs, y, solution);
            for (int row = plan.Structure.Count - 1; row >= 0; row--)
                substitution.Backward(columns + row);
        }
    }
}
