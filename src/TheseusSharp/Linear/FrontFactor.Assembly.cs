using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TheseusSharp.Linear;

/// <content>What goes into a front: blocks of the matrix, damping, update matrices of its children.</content>
internal sealed unsafe partial class FrontFactor<T>
{
    /// <summary>How many blocks of the matrix are asked for ahead of use.</summary>
    private const int PlacementsAhead = 12;

    /// <summary>How much of each: the rest follows by itself.</summary>
    private const int BytesAhead = 128;

    /// <summary>Fills a front's panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AssemblePanel(Front front, T* values, T* damping)
    {
        AssembleMatrix(front, values, damping);
        for (int k = front.Children.Start; k < front.Children.End; k++)
        {
            Front child = Child(k);
            Add(child, child.PivotRuns, Panel(front), front.Height);
        }
    }

    /// <summary>Fills a front's panel with what comes from the matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AssembleMatrix(Front front, T* values, T* damping)
    {
        T* panel = Panel(front);
        nint height = front.Height;
        NativeMemory.Clear(panel, (nuint)front.PanelLength * (nuint)sizeof(T));
        Placement[] placements = Symbolic.Tree.Placements;
        for (int k = front.Placements.Start; k < front.Placements.End; k++)
        {
            Prefetch(placements, k, values);
            Place(placements[k], values, panel, height);
        }

        for (int k = front.Transposed.Start; k < front.Transposed.End; k++)
        {
            Prefetch(placements, k, values);
            PlaceTransposed(placements[k], values, panel, height);
        }

        Damp(front, panel, damping);
    }

    /// <summary>Adds the children's update matrices to that of a front.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AssembleUpdate(Front front)
    {
        for (int k = front.Children.Start; k < front.Children.End; k++)
        {
            Front child = Child(k);
            Add(child, child.UpdateRuns, UpdateOrigin(front), front.UpdateHeight);
        }
    }

    /// <summary>The order of elimination jumps about in the matrix: no hardware foresees which block is next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(Placement[] placements, int k, T* values)
    {
        if (k + PlacementsAhead < placements.Length)
            CacheLines.Prefetch(values + placements[k + PlacementsAhead].Source, BytesAhead);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Place(in Placement placement, T* values, T* panel, nint height)
    {
        T* source = values + placement.Source, target = panel + placement.Target;
        for (int column = 0; column < placement.Columns; column++, source += placement.Rows, target += height)
            for (int row = 0; row < placement.Rows; row++)
                target[row] = source[row];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PlaceTransposed(in Placement placement, T* values, T* panel, nint height)
    {
        T* source = values + placement.Source, target = panel + placement.Target;
        for (int row = 0; row < placement.Rows; row++, source++, target += height)
            for (int column = 0; column < placement.Columns; column++)
                target[column] = source[column * placement.Rows];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Damp(Front front, T* panel, T* damping)
    {
        int[] order = Symbolic.ScalarOrder;
        T* least = Least(front);
        nint step = front.Height + 1;
        for (int pivot = 0; pivot < front.Pivots; pivot++, panel += step)
        {
            least[pivot] = T.Max(T.Zero, _pivotTolerance * *panel);
            if (damping != null)
                *panel += damping[order[front.FirstPivot + pivot]];
        }
    }

    /// <summary>
    /// Adds some columns of a child's update matrix, on and below the diagonal (and a little above it), where the runs
    /// say.
    /// </summary>
    /// <param name="child">The child.</param>
    /// <param name="columns">The runs of the columns; those of the rows are these and the rest.</param>
    /// <param name="target">Row and column 0 of the target, in the numbering of the parent's panel.</param>
    /// <param name="height">How far apart its columns are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(Front child, Section columns, T* target, nint height)
    {
        Run[] runs = Symbolic.Tree.ParentRuns;
        int end = child.UpdateRuns.End;
        T* source = UpdateOrigin(child);
        nint sourceHeight = child.UpdateHeight;
        for (int k = columns.Start; k < columns.End; k++)
            AddRun(runs, runs[k], 0, runs[k].Length, k + 1, end, source, sourceHeight, target, height);
    }

    /// <summary>The same for those columns that go to some columns of the target.</summary>
    private void AddTo(Front child, Section columns, T* target, nint height, int firstTarget, int endTarget)
    {
        Run[] runs = Symbolic.Tree.ParentRuns;
        int end = child.UpdateRuns.End;
        T* source = UpdateOrigin(child);
        for (int k = columns.Start; k < columns.End; k++)
        {
            Run run = runs[k];
            int skipped = Math.Max(0, firstTarget - run.Target);
            int length = Math.Min(run.Length, endTarget - run.Target) - skipped;
            if (length > 0)
                AddRun(runs, run, skipped, length, k + 1, end, source, child.UpdateHeight, target, height);
        }
    }

    /// <summary>Adds the columns of one run, after some that are skipped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRun(
        Run[] runs, Run run, int skipped, int length, int next, int end, T* source, nint sourceHeight,
        T* target, nint height)
    {
        int c = skipped, last = skipped + length;
        T* from = source + ((run.Source + c) * sourceHeight), to = target + ((run.Target + c) * height);
        for (; c <= last - 3; c += 3, from += 3 * sourceHeight, to += 3 * height)
        {
            VectorKernels.AddThree(
                from + run.Source + c, sourceHeight, to + run.Target + c, height, run.Length - c);
            for (int below = next; below < end; below++)
                VectorKernels.AddThree(
                    from + runs[below].Source, sourceHeight, to + runs[below].Target, height, runs[below].Length);
        }

        for (; c < last; c++, from += sourceHeight, to += height)
        {
            VectorKernels.Add(from + run.Source + c, to + run.Target + c, run.Length - c);
            for (int below = next; below < end; below++)
                VectorKernels.Add(from + runs[below].Source, to + runs[below].Target, runs[below].Length);
        }
    }

    public Front Child(int k) => _fronts[Symbolic.Tree.Children[k]];

    /// <summary>Where a front's update matrix would have row and column 0, in the numbering of its panel.</summary>
    private T* UpdateOrigin(Front front) =>
        _arena.Pointer + front.Update - ((nint)front.Pivots * front.UpdateHeight) - front.UpdateTop;
}
