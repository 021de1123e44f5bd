namespace TheseusSharp.Linear;

/// <summary>
/// Sparse Cholesky factorization in float of S·(H + D)·S, where S = diag(H + D)^(−½), rounded to powers of two: that
/// bounds all numbers, whatever the units of H, and is exact. The factor costs half the memory and half the time of
/// <see cref="MultifrontalCholesky"/>'s, and solves to a few digits. Allocates only when constructed.
/// </summary>
internal sealed unsafe class SingleCholesky : IDisposable
{
    /// <summary>
    /// A pivot this small, relative to its diagonal entry, may be rounding error: in float, singular matrices have
    /// pivots up to about 1e-5, of either sign.
    /// </summary>
    private const float PivotTolerance = 1f / (1 << 15);

    /// <summary>
    /// Pivots below this may still be rounding error, where entries of a null vector differ much. What is larger,
    /// double would hardly find either: its tolerance is about ten thousand rounding errors.
    /// </summary>
    private const float SuspectPivot = 1f / (1 << 9);

    private readonly FrontFactor<float> _factor;

    /// <summary>The scaled H, then the scaled D.</summary>
    private readonly NativeBuffer<float> _scaled;
    private readonly double[] _scale;

    /// <summary>What the right-hand side that is solved for was divided by.</summary>
    private double _unit;
    private readonly double[] _inverseScale;

    /// <summary>The diagonal of S in the order of elimination.</summary>
    private readonly double[] _scaleInOrder;

    /// <summary>Makes room for a factor.</summary>
    /// <param name="symbolic">What is known of the factor from the structure.</param>
    /// <param name="kernels">The dense kernels.</param>
    /// <param name="parallel">How several threads divide the work; null for one.</param>
    public SingleCholesky(SymbolicFactorization symbolic, FrontKernels<float> kernels, ParallelPlan? parallel = null)
    {
        _factor = new(symbolic, kernels, PivotTolerance, parallel);
        _scaled = new((long)Structure.ValueCount + Structure.Dimension);
        int n = Structure.Dimension;
        (_scale, _inverseScale, _scaleInOrder) = (new double[n], new double[n], new double[n]);
    }

    /// <summary>The structure of the matrices.</summary>
    public BlockStructure Structure => _factor.Symbolic.Structure;

    /// <summary>Factors, replacing the last factor.</summary>
    /// <param name="matrix">H.</param>
    /// <param name="damping">The diagonal of D, or empty for none.</param>
    /// <param name="b">
    /// A right-hand side for <see cref="FinishSolve"/>, whose forward half then finds the factor in cache; or empty.
    /// </param>
    /// <returns>
    /// Whether that succeeded. If not, the matrix may be positive definite all the same, to double's precision.
    /// </returns>
    public bool Factor(BlockMatrix matrix, ReadOnlySpan<double> damping, ReadOnlySpan<double> b = default)
    {
        matrix.CopyDiagonalTo(_scale);
        if (!DiagonalScaling.FromDiagonal(_scale, damping))
            return false;
        KeepInOrder();
        float* values = _scaled.Pointer, addition = values + Structure.ValueCount;
        DiagonalScaling.Apply(matrix, _scale, values);
        for (int k = 0; k < damping.Length; k++)
            addition[k] = (float)(damping[k] * _scale[k] * _scale[k]);
        if (b.Length > 0)
            Load(b, NormOfResidual(b));
        int failed = _factor.Factor(
            values, damping.Length > 0 ? addition : null, b.Length > 0 ? _factor.Vector : null);
        float largest = failed < 0 ? _factor.LargestInverseRoot() : 0;
        IsSuspect = !(largest * largest * SuspectPivot <= 1);
        GC.KeepAlive(this); // its finalizer would free the factor
        return failed < 0;
    }

    /// <summary>Whether a pivot of the last factor is so small that it may be rounding error.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>
    /// Makes a right-hand side with S·b = ±1, at random. One that a singular matrix has answers to does not tell that
    /// it is singular; this does.
    /// </summary>
    public void WriteSigns(Span<double> b)
    {
        for (int k = 0; k < b.Length; k++)
            b[k] = RandomSign.Of((uint)k) * _inverseScale[k];
    }

    /// <summary>‖S·r‖∞; NaN if there is one in it.</summary>
    public double NormOfResidual(ReadOnlySpan<double> r) => DiagonalScaling.LargestProduct(_scale, r);

    /// <summary>‖S⁻¹·x‖∞; NaN if there is one in it.</summary>
    public double NormOfSolution(ReadOnlySpan<double> x) => DiagonalScaling.LargestProduct(_inverseScale, x);

    /// <summary>x ← about (H + D)⁻¹·b.</summary>
    /// <param name="b">The right-hand side; finite.</param>
    /// <param name="x">Receives the solution; may be <paramref name="b"/> itself.</param>
    /// <param name="norm">‖S·b‖∞.</param>
    public void Solve(ReadOnlySpan<double> b, Span<double> x, double norm)
    {
        Load(b, norm);
        _factor.SolveForward(_factor.Vector);
        FinishSolve(x);
    }

    /// <summary>The rest of a solve that began with the factorization.</summary>
    /// <param name="x">Receives the solution.</param>
    public void FinishSolve(Span<double> x)
    {
        ReadOnlySpan<int> order = _factor.Symbolic.ScalarOrder;
        ReadOnlySpan<double> scale = _scaleInOrder;
        float* y = _factor.Vector;
        _factor.SolveBackward(y);
        for (int k = 0; k < order.Length; k++)
            x[order[k]] = y[k] * scale[k] * _unit;
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factor.Dispose();
        _scaled.Dispose();
    }

    /// <summary>
    /// Brings a right-hand side into the order of elimination; in units of its largest entry's power of two it is in
    /// float's range.
    /// </summary>
    private void Load(ReadOnlySpan<double> b, double norm)
    {
        ReadOnlySpan<int> order = _factor.Symbolic.ScalarOrder;
        ReadOnlySpan<double> scale = _scaleInOrder;
        float* y = _factor.Vector;
        _unit = PowerOfTwo.Under(norm);
        double inverse = _unit == 0 ? 0 : 1 / _unit;
        for (int k = 0; k < order.Length; k++)
            y[k] = (float)(b[order[k]] * scale[k] * inverse);
    }

    private void KeepInOrder()
    {
        ReadOnlySpan<int> order = _factor.Symbolic.ScalarOrder;
        for (int k = 0; k < order.Length; k++)
        {
            _scaleInOrder[k] = _scale[order[k]];
            _inverseScale[k] = 1 / _scale[k];
        }
    }
}
