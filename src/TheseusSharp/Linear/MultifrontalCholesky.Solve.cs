using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

public sealed unsafe partial class MultifrontalCholesky
{
    /// <inheritdoc/>
    public void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        Load(b, x);
        Require.Factored(_isFactored);
        _factor.SolveForward(_factor.Vector);
        SolveBackward(x);
    }

    /// <inheritdoc/>
    public void SolveTransposed(ReadOnlySpan<double> y, Span<double> x)
    {
        Require.Length(y.Length, Structure.Dimension, nameof(y));
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        Require.Factored(_isFactored);
        y.CopyTo(new(_factor.Vector, y.Length));
        SolveBackward(x);
    }

    /// <summary>Brings b into the order of elimination.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Load(ReadOnlySpan<double> b, Span<double> x)
    {
        Require.Length(b.Length, Structure.Dimension, nameof(b));
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        ReadOnlySpan<int> order = Symbolic.ScalarOrder;
        double* y = _factor.Vector;
        for (int k = 0; k < order.Length; k++)
            y[k] = b[order[k]];
    }

    /// <summary>Backward substitution, and back into the order of the matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolveBackward(Span<double> x)
    {
        ReadOnlySpan<int> order = Symbolic.ScalarOrder;
        double* y = _factor.Vector;
        _factor.SolveBackward(y);
        for (int k = 0; k < order.Length; k++)
            x[order[k]] = y[k];
        GC.KeepAlive(this); // its finalizer would free what y points to
    }
}
