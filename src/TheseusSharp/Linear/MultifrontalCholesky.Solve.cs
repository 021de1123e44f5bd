using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

public sealed unsafe partial class MultifrontalCholesky
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        Require.Length(b.Length, Structure.Dimension, nameof(b));
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        Require.Factored(_isFactored);
        ReadOnlySpan<int> order = Symbolic.ScalarOrder;
        Front[] fronts = Symbolic.Tree.Fronts;
        double* y = _vectors.Pointer + order.Length;
        for (int k = 0; k < order.Length; k++)
            y[k] = b[order[k]];
        foreach (Front front in fronts)
            SolveForward(front, y);
        for (int f = fronts.Length - 1; f >= 0; f--)
            SolveBackward(fronts[f], y);
        for (int k = 0; k < order.Length; k++)
            x[order[k]] = y[k];
        GC.KeepAlive(this); // its finalizer would free what y points to
    }

    /// <inheritdoc/>
    public void SolveTransposed(ReadOnlySpan<double> y, Span<double> x)
    {
        Require.Length(y.Length, Structure.Dimension, nameof(y));
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        Require.Factored(_isFactored);
        ReadOnlySpan<int> order = Symbolic.ScalarOrder;
        Front[] fronts = Symbolic.Tree.Fronts;
        double* solution = _vectors.Pointer + order.Length;
        y.CopyTo(new(solution, order.Length));
        for (int f = fronts.Length - 1; f >= 0; f--)
            SolveBackward(fronts[f], solution);
        for (int k = 0; k < order.Length; k++)
            x[order[k]] = solution[k];
        GC.KeepAlive(this);
    }

    /// <summary>L·z = y: the pivots of one front, and what they subtract from the rows below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolveForward(Front front, double* y)
    {
        double* z = _column.Pointer, pivots = y + front.FirstPivot;
        int height = front.Height, n = front.Pivots;
        for (int k = 0; k < n; k++)
            z[k] = pivots[k];
        for (int k = n; k < height; k++)
            z[k] = 0;
        _kernels.SolveForward(Panel(front), n, height, z);
        for (int k = 0; k < n; k++)
            pivots[k] = z[k];
        Run[] runs = Symbolic.Tree.RowRuns;
        for (int k = front.RowRuns.Start; k < front.RowRuns.End; k++)
            VectorKernels.Add(z + runs[k].Source, y + runs[k].Target, runs[k].Length);
    }

    /// <summary>Lᵀ·x = z: the pivots of one front, from the rows below, which are known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolveBackward(Front front, double* y)
    {
        double* x = _column.Pointer, pivots = y + front.FirstPivot;
        int height = front.Height, n = front.Pivots;
        for (int k = 0; k < n; k++)
            x[k] = pivots[k];
        Run[] runs = Symbolic.Tree.RowRuns;
        for (int k = front.RowRuns.Start; k < front.RowRuns.End; k++)
            for (int row = 0; row < runs[k].Length; row++)
                x[runs[k].Source + row] = y[runs[k].Target + row];
        for (int k = n + front.Rows; k < height; k++)
            x[k] = 0;
        _kernels.SolveBackward(Panel(front), n, height, x);
        for (int k = 0; k < n; k++)
            pivots[k] = x[k];
    }
}
