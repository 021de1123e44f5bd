namespace TheseusSharp.Linear;

/// <summary>
/// Sparse Cholesky factorization in float of S·(H + D)·S, where S = diag(H + D)^(−½), rounded to powers of two: that
/// bounds all numbers, whatever the units of H, and is exact. The factor costs half the memory and half the time of
/// <see cref="MultifrontalCholesky"/>'s, and solves to a few digits. Allocates only when constructed.
/// </summary>
internal sealed unsafe class SingleCholesky : IDisposable
{
    /// <summary>A pivot this small, relative to its diagonal entry, is rounding error.</summary>
    private const float PivotTolerance = 1f / (1 << 22);

    private readonly FrontFactor<float> _factor;

    /// <summary>The scaled H, then the scaled D.</summary>
    private readonly NativeBuffer<float> _scaled;
    private readonly double[] _scale;

    /// <summary>Makes room for a factor.</summary>
    /// <param name="symbolic">What is known of the factor from the structure.</param>
    /// <param name="kernels">The dense kernels.</param>
    /// <param name="parallel">How several threads divide the work; null for one.</param>
    public SingleCholesky(SymbolicFactorization symbolic, FrontKernels<float> kernels, ParallelPlan? parallel = null)
    {
        _factor = new(symbolic, kernels, PivotTolerance, parallel);
        _scaled = new((long)Structure.ValueCount + Structure.Dimension);
        _scale = new double[Structure.Dimension];
    }

    /// <summary>The structure of the matrices.</summary>
    public BlockStructure Structure => _factor.Symbolic.Structure;

    /// <summary>The diagonal of S, in the order of the matrix.</summary>
    public ReadOnlySpan<double> Scale => _scale;

    /// <summary>Factors, replacing the last factor.</summary>
    /// <param name="matrix">H.</param>
    /// <param name="damping">The diagonal of D, or empty for none.</param>
    /// <returns>
    /// Whether that succeeded. If not, the matrix may be positive definite all the same, to double's precision.
    /// </returns>
    public bool Factor(BlockMatrix matrix, ReadOnlySpan<double> damping)
    {
        matrix.CopyDiagonalTo(_scale);
        if (!DiagonalScaling.FromDiagonal(_scale, damping))
            return false;
        float* values = _scaled.Pointer, addition = values + Structure.ValueCount;
        DiagonalScaling.Apply(matrix, _scale, values);
        for (int k = 0; k < damping.Length; k++)
            addition[k] = (float)(damping[k] * _scale[k] * _scale[k]);
        int failed = _factor.Factor(values, damping.Length > 0 ? addition : null);
        GC.KeepAlive(this); // its finalizer would free the factor
        return failed < 0;
    }

    /// <summary>x ← about (H + D)⁻¹·b.</summary>
    /// <param name="b">The right-hand side; finite.</param>
    /// <param name="x">Receives the solution; may be <paramref name="b"/> itself.</param>
    public void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        double unit = PowerOfTwo.Under(LargestScaled(b));
        if (unit == 0)
        {
            x.Clear();
            return;
        }

        // In units of its largest entry's power of two, the right-hand side is in float's range.
        ReadOnlySpan<int> order = _factor.Symbolic.ScalarOrder;
        float* y = _factor.Vector;
        double inverse = 1 / unit;
        for (int k = 0; k < order.Length; k++)
            y[k] = (float)(b[order[k]] * _scale[order[k]] * inverse);
        _factor.SolveForward(y);
        _factor.SolveBackward(y);
        for (int k = 0; k < order.Length; k++)
            x[order[k]] = y[k] * _scale[order[k]] * unit;
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factor.Dispose();
        _scaled.Dispose();
    }

    private double LargestScaled(ReadOnlySpan<double> b)
    {
        double largest = 0;
        for (int k = 0; k < b.Length; k++)
            largest = Math.Max(largest, Math.Abs(b[k] * _scale[k]));
        return largest;
    }
}
