namespace TheseusSharp.Linear;

/// <content>
/// Factorization that stops before the last front: its panel is then the Schur complement of its pivots. Fronts are
/// those of <see cref="PartialFronts"/>.
/// </content>
public sealed unsafe partial class MultifrontalCholesky
{
    private Front Kept => Symbolic.Tree.Fronts[^1];

    /// <summary>Eliminates all fronts but the last, which receives what they push.</summary>
    internal FactorizationResult FactorButLast(BlockMatrix matrix, ReadOnlySpan<double> damping)
    {
        Require.Structure(matrix, Structure);
        if (damping.Length > 0)
            Require.Length(damping.Length, Structure.Dimension, nameof(damping));
        _isFactored = false;
        fixed (double* values = matrix.Values, addition = damping)
        {
            AssemblePanel(Kept, values, addition);
            foreach (Front front in Symbolic.Tree.Fronts.AsSpan()[..^1])
            {
                int failed = Factor(front, values, addition, _scratch.Pointer);
                if (failed >= 0)
                    return new(Symbolic.ScalarOrder[front.FirstPivot + failed]);
                if (front.IsPushed)
                    Add(front, front.PivotRuns, Panel(Kept), Kept.Height);
            }
        }

        _isFactored = true;
        return FactorizationResult.Success;
    }

    /// <summary>An entry on or below the diagonal of the last front's panel, in the order of elimination.</summary>
    internal double SchurEntry(int row, int column) => Panel(Kept)[row + ((nint)column * Kept.Height)];

    /// <summary>Forward substitution up to the last front.</summary>
    /// <param name="b">The right-hand side.</param>
    /// <param name="z">
    /// Receives, in the order of elimination, the result; and for the last front, what is left of the right-hand side.
    /// </param>
    internal void SolveForwardButLast(ReadOnlySpan<double> b, Span<double> z)
    {
        int[] order = Symbolic.ScalarOrder;
        double* y = _vectors.Pointer + order.Length;
        for (int k = 0; k < order.Length; k++)
            y[k] = b[order[k]];
        foreach (Front front in Symbolic.Tree.Fronts.AsSpan()[..^1])
            SolveForward(front, y);
        new ReadOnlySpan<double>(y, order.Length).CopyTo(z);
        GC.KeepAlive(this); // its finalizer would free what y points to
    }

    /// <summary>Backward substitution from the last front.</summary>
    /// <param name="z">
    /// What forward substitution gave, with the solution in the place of what was left for the last front.
    /// </param>
    /// <param name="x">Receives the solution.</param>
    internal void SolveBackwardButLast(ReadOnlySpan<double> z, Span<double> x)
    {
        int[] order = Symbolic.ScalarOrder;
        Front[] fronts = Symbolic.Tree.Fronts;
        double* y = _vectors.Pointer + order.Length;
        z.CopyTo(new(y, order.Length));
        for (int f = fronts.Length - 2; f >= 0; f--)
            SolveBackward(fronts[f], y);
        for (int k = 0; k < order.Length; k++)
            x[order[k]] = y[k];
        GC.KeepAlive(this);
    }
}
