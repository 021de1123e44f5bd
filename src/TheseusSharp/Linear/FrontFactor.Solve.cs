using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <content>The triangular solves, in the order of elimination; by several threads, to the same bits.</content>
internal sealed unsafe partial class FrontFactor<T>
{
    /// <summary>y ← L⁻¹·y.</summary>
    public void SolveForward(T* y)
    {
        if (_team is null)
            SolveForward(new Section(0, _fronts.Length), y);
        else
            _team.SolveForward(y);
    }

    /// <summary>y ← L⁻ᵀ·y.</summary>
    public void SolveBackward(T* y)
    {
        if (_team is null)
            SolveBackward(new Section(0, _fronts.Length), y);
        else
            _team.SolveBackward(y);
    }

    /// <summary>
    /// L·z = y for the pivots of one front, whose children are done. What they subtract from the rows below waits in
    /// its slot for the parent: so subtrees depend on nothing outside them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SolveForward(int f, T* y)
    {
        Front front = _fronts[f];
        T* z = Slot(f), pivots = y + front.FirstPivot;
        int height = front.Height, n = front.Pivots;
        for (int k = 0; k < n; k++)
            z[k] = pivots[k];
        for (int k = n; k < height; k++)
            z[k] = T.Zero;
        for (int k = front.Children.Start; k < front.Children.End; k++)
            AddSlot(Symbolic.Tree.Children[k], z);
        _kernels.SolveForward(Panel(front), n, height, z);
        for (int k = 0; k < n; k++)
            pivots[k] = z[k];
    }

    /// <summary>Adds what a front's pivots subtract from the rows below to its parent's rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddSlot(int f, T* parent)
    {
        Run[] runs = Symbolic.Tree.ParentRuns;
        T* z = Slot(f);
        for (int k = _fronts[f].PivotRuns.Start; k < _fronts[f].UpdateRuns.End; k++)
            VectorKernels.Add(z + runs[k].Source, parent + runs[k].Target, runs[k].Length);
    }

    /// <summary>Lᵀ·x = z: the pivots of one front, from the rows below, which are known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SolveBackward(int f, T* y)
    {
        Front front = _fronts[f];
        T* x = Slot(f), pivots = y + front.FirstPivot;
        int height = front.Height, n = front.Pivots;
        for (int k = 0; k < n; k++)
            x[k] = pivots[k];
        Run[] runs = Symbolic.Tree.RowRuns;
        for (int k = front.RowRuns.Start; k < front.RowRuns.End; k++)
            for (int row = 0; row < runs[k].Length; row++)
                x[runs[k].Source + row] = y[runs[k].Target + row];
        for (int k = n + front.Rows; k < height; k++)
            x[k] = T.Zero;
        _kernels.SolveBackward(Panel(front), n, height, x);
        for (int k = 0; k < n; k++)
            pivots[k] = x[k];
    }

    private void SolveForward(Section fronts, T* y)
    {
        for (int f = fronts.Start; f < fronts.End; f++)
            SolveForward(f, y);
    }

    private void SolveBackward(Section fronts, T* y)
    {
        for (int f = fronts.End - 1; f >= fronts.Start; f--)
            SolveBackward(f, y);
    }

    private T* Slot(int f) => _slots.Pointer + _slotStarts[f];
}
