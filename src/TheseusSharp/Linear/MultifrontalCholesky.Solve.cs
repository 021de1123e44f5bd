namespace TheseusSharp.Linear;

public sealed unsafe partial class MultifrontalCholesky
{
    /// <inheritdoc/>
    public void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        Require.Length(b.Length, Structure.Dimension, nameof(b));
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        Require.Factored(_isFactored);
        ReadOnlySpan<int> order = Symbolic.ScalarOrder;
        Front[] fronts = Symbolic.Fronts;
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

    /// <summary>L·z = y: the pivots of one front, and what they subtract from the rows below.</summary>
    private void SolveForward(Front front, double* y)
    {
        double* panel = Panel(front), z = _column.Pointer, pivots = y + front.FirstPivot;
        int height = front.Height, below = front.PaddedPivots;
        new Span<double>(z, height).Clear();
        new ReadOnlySpan<double>(pivots, front.Pivots).CopyTo(new(z, front.Pivots));
        for (int j = 0; j < front.Pivots; j++, panel += height)
        {
            z[j] *= panel[j];
            VectorKernels.Subtract(panel + j + 1, z[j], z + j + 1, height - j - 1);
        }

        new ReadOnlySpan<double>(z, front.Pivots).CopyTo(new(pivots, front.Pivots));
        foreach (ref readonly Run run in front.RowRuns.AsSpan())
            VectorKernels.Add(z + below + run.Source, y + run.Target, run.Length);
    }

    /// <summary>Lᵀ·x = z: the pivots of one front, from the rows below, which are known.</summary>
    private void SolveBackward(Front front, double* y)
    {
        double* x = _column.Pointer, pivots = y + front.FirstPivot;
        int height = front.Height, below = front.PaddedPivots;
        new Span<double>(x, height).Clear();
        new ReadOnlySpan<double>(pivots, front.Pivots).CopyTo(new(x, front.Pivots));
        foreach (ref readonly Run run in front.RowRuns.AsSpan())
            new ReadOnlySpan<double>(y + run.Target, run.Length).CopyTo(new(x + below + run.Source, run.Length));
        double* column = Panel(front) + ((nint)(front.Pivots - 1) * height);
        for (int j = front.Pivots - 1; j >= 0; j--, column -= height)
            x[j] = (x[j] - VectorKernels.Dot(column + j + 1, x + j + 1, height - j - 1)) * column[j];
        new ReadOnlySpan<double>(x, front.Pivots).CopyTo(new(pivots, front.Pivots));
    }
}
