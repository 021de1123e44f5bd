namespace TheseusSharp.Linear;

/// <summary>The kernels for some number of lanes.</summary>
internal static class InterleavedKernels
{
    /// <summary>The kernels for some number of lanes. All compute the same bits in a lane.</summary>
    /// <param name="lanes">2, 4 or 8.</param>
    /// <param name="tileRows">
    /// The most rows of a tile, 1 to 6; by default, as many as the registers of this machine hold. Changes no bits.
    /// </param>
    public static InterleavedKernels<double> For(int lanes, int? tileRows = null) => lanes switch
    {
        2 => new InterleavedKernels<Lanes2, double>(tileRows),
        4 => new InterleavedKernels<Lanes4, double>(tileRows),
        8 => new InterleavedKernels<Lanes8, double>(tileRows),
        _ => throw new ArgumentOutOfRangeException(nameof(lanes), lanes, "Expected 2, 4 or 8 lanes."),
    };

    /// <summary>The kernels in single precision: as many lanes take half the memory.</summary>
    /// <param name="lanes">2, 4 or 8.</param>
    public static InterleavedKernels<float> ForSingle(int lanes) => lanes switch
    {
        2 => new InterleavedKernels<SingleLanes2, float>(null),
        4 => new InterleavedKernels<SingleLanes4, float>(null),
        8 => new InterleavedKernels<SingleLanes8, float>(null),
        _ => throw new ArgumentOutOfRangeException(nameof(lanes), lanes, "Expected 2, 4 or 8 lanes."),
    };
}

/// <summary>The numeric work on matrices of one plan, for some number of lanes.</summary>
/// <typeparam name="T">The number: double or float.</typeparam>
internal abstract unsafe class InterleavedKernels<T>
    where T : unmanaged
{
    /// <summary>Factors one matrix in each lane, and solves forward if there are right-hand sides.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="memory">The matrices, and where their factors go.</param>
    public abstract void Factor(InterleavedPlan plan, in InterleavedMemory<T> memory);

    /// <summary>y ← L⁻¹·right.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="factor">The factors.</param>
    /// <param name="right">The right-hand sides, in the order of the matrix.</param>
    /// <param name="y">Receives the result, in the order of elimination.</param>
    public abstract void SolveForward(InterleavedPlan plan, T* factor, T* right, T* y);

    /// <summary>solution ← L⁻ᵀ·y.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="factor">The factors.</param>
    /// <param name="y">The right-hand sides, in the order of elimination; overwritten.</param>
    /// <param name="solution">Receives the result, in the order of the matrix.</param>
    public abstract void SolveBackward(InterleavedPlan plan, T* factor, T* y, T* solution);
}

/// <summary>What a factorization reads and writes, lanes side by side.</summary>
internal readonly unsafe struct InterleavedMemory<T>
    where T : unmanaged
{
    /// <summary>The matrices.</summary>
    public required T* Values { get; init; }

    /// <summary>What is added to their diagonals, in the order of the matrix; null for nothing.</summary>
    public required T* Damping { get; init; }

    /// <summary>Receives the factors.</summary>
    public required T* Factor { get; init; }

    /// <summary>Zero in each lane.</summary>
    public required T* Zeros { get; init; }

    /// <summary>Negative in each lane; receives the rows where lanes failed.</summary>
    public required T* Failed { get; init; }

    /// <summary>
    /// Right-hand sides, in the order of the matrix, to solve with as rows are finished; null for none.
    /// </summary>
    public required T* Right { get; init; }

    /// <summary>Receives L⁻¹·right, in the order of elimination.</summary>
    public required T* Vector { get; init; }
}
