using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <content>Many right-hand sides at once: each number of the factor, once read, serves a group of them.</content>
public sealed unsafe partial class MultifrontalCholesky
{
    /// <summary>How many right-hand sides go through the factor together: a tall tile.</summary>
    private const int LargestGroup = 32;

    /// <summary>Fewer than these are faster one by one.</summary>
    private const int SmallestGroup = 3;

    private readonly PanelKernels _panelKernels = PanelKernels.Default;
    private GroupMemory? _group;

    /// <summary>
    /// Solves (H + D)·X = B with the last factor. The first call with more than two right-hand sides allocates.
    /// </summary>
    /// <param name="b">The right-hand sides, one after another.</param>
    /// <param name="x">Receives the solutions likewise; may be <paramref name="b"/> itself.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="ArgumentException">A length is not the dimension times the count.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no factor: none was made yet, or the last one failed.
    /// </exception>
    public void Solve(ReadOnlySpan<double> b, Span<double> x, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Require.Length(b.Length, checked(count * Structure.Dimension), nameof(b));
        Require.Length(x.Length, b.Length, nameof(x));
        Require.Factored(_isFactored);
        int n = Structure.Dimension, done = 0;
        for (int group; (group = Math.Min(LargestGroup, count - done)) >= SmallestGroup; done += group)
            SolveGroup(b.Slice(done * n, group * n), x.Slice(done * n, group * n), group);
        for (; done < count; done++)
            Solve(b.Slice(done * n, n), x.Slice(done * n, n));
    }

    private void SolveGroup(ReadOnlySpan<double> b, Span<double> x, int count)
    {
        _group ??= new(Symbolic);
        int lanes = FrontKernels.Padded(count), n = Structure.Dimension;
        double* y = _group.Solution.Pointer;
        int[] order = Symbolic.ScalarOrder;
        for (int k = 0; k < n; k++)
            for (int lane = 0; lane < lanes; lane++)
                y[((nint)k * lanes) + lane] = lane < count ? b[(lane * n) + order[k]] : 0;
        Front[] fronts = Symbolic.Tree.Fronts;
        foreach (Front front in fronts)
            SolveForward(front, y, lanes);
        for (int f = fronts.Length - 1; f >= 0; f--)
            SolveBackward(fronts[f], y, lanes);
        for (int k = 0; k < n; k++)
            for (int lane = 0; lane < count; lane++)
                x[(lane * n) + order[k]] = y[((nint)k * lanes) + lane];
        GC.KeepAlive(this);
    }

    /// <summary>L·Z = Y: the pivots of one front, and what they subtract from the rows below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolveForward(Front front, double* y, int lanes)
    {
        double* z = _group!.Column.Pointer, pivots = y + ((nint)front.FirstPivot * lanes);
        int n = front.Pivots;
        Copy(pivots, z, n * lanes);
        _panelKernels.SolveForward(_factor.Panel(front), n, n + front.Rows, front.Height, z, lanes);
        Copy(z, pivots, n * lanes);
        Run[] runs = Symbolic.Tree.RowRuns;
        for (int k = front.RowRuns.Start; k < front.RowRuns.End; k++)
            VectorKernels.Add(
                z + ((nint)runs[k].Source * lanes), y + ((nint)runs[k].Target * lanes), runs[k].Length * lanes);
    }

    /// <summary>Lᵀ·X = Z: the pivots of one front, from the rows below, which are known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolveBackward(Front front, double* y, int lanes)
    {
        double* x = _group!.Column.Pointer, pivots = y + ((nint)front.FirstPivot * lanes);
        int n = front.Pivots;
        Copy(pivots, x, n * lanes);
        Run[] runs = Symbolic.Tree.RowRuns;
        for (int k = front.RowRuns.Start; k < front.RowRuns.End; k++)
            Copy(
                y + ((nint)runs[k].Target * lanes), x + ((nint)runs[k].Source * lanes), runs[k].Length * lanes);
        _panelKernels.SolveBackward(_factor.Panel(front), n, n + front.Rows, front.Height, x, lanes);
        Copy(x, pivots, n * lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(double* source, double* target, int length) =>
        new ReadOnlySpan<double>(source, length).CopyTo(new(target, length));

    /// <summary>A group of right-hand sides in the order of elimination, and what one front sees of them.</summary>
    private sealed class GroupMemory(SymbolicFactorization symbolic) : IDisposable
    {
        public NativeBuffer Solution { get; } = new((long)symbolic.Structure.Dimension * LargestGroup);

        public NativeBuffer Column { get; } = new((long)symbolic.LargestHeight * LargestGroup);

        public void Dispose()
        {
            Solution.Dispose();
            Column.Dispose();
        }
    }
}
