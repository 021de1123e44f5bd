using System.Numerics;

namespace TheseusSharp.Linear;

/// <summary>
/// The factor of a sparse matrix, front by front, and the memory that making it takes. The matrix comes as the numbers
/// of a <see cref="BlockMatrix"/>; vectors are in the order of elimination. Allocates only when constructed.
/// </summary>
/// <typeparam name="T">The numbers: double or float.</typeparam>
internal sealed unsafe partial class FrontFactor<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FrontKernels<T> _kernels;
    private readonly T _pivotTolerance;
    private readonly NativeBuffer<T> _factor;
    private readonly NativeBuffer<T> _arena;

    /// <summary>In the order of elimination: what each pivot must exceed, then the vector being solved for.</summary>
    private readonly NativeBuffer<T> _vectors;

    /// <summary>What each front sees of a vector: its pivots, then the rows below; and where that starts.</summary>
    private readonly NativeBuffer<T> _slots;
    private readonly long[] _slotStarts;
    private readonly NativeBuffer<T> _scratch = new(FrontKernels.ScratchLength);

    /// <summary>Those of <see cref="Symbolic"/>, unless the arena is planned for several threads.</summary>
    private readonly Front[] _fronts;

    /// <summary>The threads that factor; null for the caller's alone.</summary>
    private readonly Team? _team;

    /// <summary>Makes room for a factor.</summary>
    /// <param name="symbolic">What is known of the factor from the structure.</param>
    /// <param name="kernels">The dense kernels.</param>
    /// <param name="pivotTolerance">What fraction of its diagonal entry, before damping, a pivot must exceed.</param>
    /// <param name="parallel">How several threads divide the work; null for one.</param>
    public FrontFactor(
        SymbolicFactorization symbolic, FrontKernels<T> kernels, T pivotTolerance, ParallelPlan? parallel)
    {
        Symbolic = symbolic;
        _kernels = kernels;
        _pivotTolerance = pivotTolerance;
        _fronts = parallel?.Fronts ?? symbolic.Tree.Fronts;
        _team = parallel is null ? null : new(this, parallel);

        // Each front clears its panel, and writes its update matrix before it adds to it.
        _factor = new(symbolic.FactorLength, isCleared: false);
        _arena = new(parallel?.ArenaLength ?? symbolic.ArenaLength, isCleared: false);
        _vectors = new(2L * symbolic.Structure.Dimension);
        _slotStarts = new long[_fronts.Length + 1];
        for (int f = 0; f < _fronts.Length; f++)
            _slotStarts[f + 1] = _slotStarts[f] + _fronts[f].Height;
        _slots = new(_slotStarts[^1]);
    }

    /// <summary>What is known of the factor from the structure.</summary>
    public SymbolicFactorization Symbolic { get; }

    /// <summary>The fronts, with their places in the arena.</summary>
    public ReadOnlySpan<Front> Fronts => _fronts;

    /// <summary>The update matrices.</summary>
    public T* Arena => _arena.Pointer;

    /// <summary>Room for one vector in the order of elimination.</summary>
    public T* Vector => _vectors.Pointer + Symbolic.Structure.Dimension;

    /// <summary>Where a front's columns of the factor are.</summary>
    public T* Panel(Front front) => _factor.Pointer + front.Panel;

    /// <summary>Assembles and eliminates all fronts.</summary>
    /// <param name="values">The numbers of the matrix.</param>
    /// <param name="damping">What is added to its diagonal, in the order of the matrix; null for nothing.</param>
    /// <param name="y">
    /// A vector that becomes L⁻¹·y as <see cref="SolveForward(T*)"/> makes it, each front's part while its columns are
    /// in cache; null for none.
    /// </param>
    /// <returns>−1, or the pivot that failed, in the order of elimination.</returns>
    public int Factor(T* values, T* damping, T* y = null) =>
        _team is null
            ? FactorFronts(new(0, _fronts.Length), values, damping, y, _scratch.Pointer)
            : _team.Factor(values, damping, y);

    /// <summary>Assembles and eliminates one front.</summary>
    /// <returns>−1, or the pivot that failed.</returns>
    public int Factor(int f, T* values, T* damping) => Factor(f, values, damping, null, _scratch.Pointer);

    /// <summary>The largest inverse root of a pivot.</summary>
    public T LargestInverseRoot()
    {
        T largest = T.Zero;
        foreach (Front front in _fronts)
        {
            T* entry = Panel(front);
            for (int pivot = 0; pivot < front.Pivots; pivot++, entry += front.Height + 1)
                largest = T.Max(largest, *entry);
        }

        return largest;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factor.Dispose();
        _arena.Dispose();
        _vectors.Dispose();
        _slots.Dispose();
        _scratch.Dispose();
        _team?.Dispose();
    }

    /// <summary>What the front's pivots must exceed.</summary>
    private T* Least(Front front) => _vectors.Pointer + front.FirstPivot;

    /// <summary>Assembles and eliminates some fronts, one after the other.</summary>
    /// <returns>−1, or the pivot that failed, in the order of elimination.</returns>
    private int FactorFronts(Section fronts, T* values, T* damping, T* y, T* scratch)
    {
        for (int f = fronts.Start; f < fronts.End; f++)
        {
            int failed = Factor(f, values, damping, y, scratch);
            if (failed >= 0)
                return _fronts[f].FirstPivot + failed;
        }

        return -1;
    }

    private int Factor(int f, T* values, T* damping, T* y, T* scratch)
    {
        Front front = _fronts[f];
        AssemblePanel(front, values, damping);
        T* panel = Panel(front);
        int failed = _kernels.Eliminate(panel, front.Pivots, front.Height, Least(front), scratch);
        if (failed >= 0)
            return failed;
        if (y != null)
            SolveForward(f, y);
        if (front.Rows == 0)
            return failed;

        // The update matrix is written, then added to: it needs no zeroing.
        int top = front.UpdateTop, first = front.Pivots - top;
        T* update = UpdateOrigin(front) + ((nint)top * (front.UpdateHeight + 1));
        _kernels.Square(
            panel + top, front.Height, update, front.UpdateHeight, first, first + front.Rows, front.UpdateHeight,
            front.Pivots, scratch);
        AssembleUpdate(front);
        return failed;
    }
}
