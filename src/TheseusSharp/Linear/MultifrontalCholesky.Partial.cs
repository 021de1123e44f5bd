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
            _factor.AssemblePanel(Kept, values, addition);
            for (int f = 0; f < Symbolic.Tree.Fronts.Length - 1; f++)
            {
                Front front = Symbolic.Tree.Fronts[f];
                int failed = _factor.Factor(f, values, addition);
                if (failed >= 0)
                    return new(Symbolic.ScalarOrder[front.FirstPivot + failed]);
                if (front.IsPushed)
                    _factor.Add(front, front.PivotRuns, _factor.Panel(Kept), Kept.Height);
            }
        }

        _isFactored = true;
        return FactorizationResult.Success;
    }

    /// <summary>An entry on or below the diagonal of the last front's panel, in the order of elimination.</summary>
    internal double SchurEntry(int row, int column)
    {
        double entry = _factor.Panel(Kept)[row + ((nint)column * Kept.Height)];
        GC.KeepAlive(this);
        return entry;
    }

    /// <summary>Forward substitution up to the last front.</summary>
    /// <param name="b">The right-hand side.</param>
    /// <param name="z">
    /// Receives, in the order of elimination, the result; and for the last front, what is left of the right-hand side.
    /// </param>
    internal void SolveForwardButLast(ReadOnlySpan<double> b, Span<double> z)
    {
        int[] order = Symbolic.ScalarOrder;
        double* y = _factor.Vector;
        for (int k = 0; k < order.Length; k++)
            y[k] = b[order[k]];
        Front[] fronts = Symbolic.Tree.Fronts;
        for (int f = 0; f < fronts.Length - 1; f++)
        {
            _factor.SolveForward(f, y);
            if (fronts[f].IsPushed)
                _factor.AddSlot(f, y + Kept.FirstPivot);
        }

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
        double* y = _factor.Vector;
        z.CopyTo(new(y, order.Length));
        for (int f = fronts.Length - 2; f >= 0; f--)
            _factor.SolveBackward(f, y);
        for (int k = 0; k < order.Length; k++)
            x[order[k]] = y[k];
        GC.KeepAlive(this);
    }
}
