namespace TheseusSharp.Linear;

/// <summary>
/// Solves systems side by side, one in each lane, with a factor in single precision: half the memory, twice the numbers
/// in a register. Each solution is refined in double precision (J. Wilkinson, "Rounding Errors in Algebraic Processes",
/// 1963) until its backward error is that of double precision; where that fails, the system is solved in double
/// precision. Allocates only when constructed and at the first fall-back; one thread at a time.
/// </summary>
/// <remarks>
/// Whatever is decided in a lane, its own numbers decide, and it stops changing when it is done: its bits depend on its
/// systems since <see cref="Enter"/> and the plan alone.
/// </remarks>
internal sealed unsafe class RefinedInterleavedCholesky : IDisposable
{
    private readonly InterleavedPlan _plan;
    private readonly InterleavedKernels<float> _kernels;
    private readonly RefinementKernels _refinement;
    private readonly NativeBuffer<float> _factor;

    /// <summary>The scaled matrices.</summary>
    private readonly NativeBuffer<float> _matrix;

    /// <summary>The scale, the right-hand side, what is left of it, and a test of the factor.</summary>
    private readonly NativeBuffer _vectors;

    /// <summary>A number for each lane: see the properties.</summary>
    private readonly NativeBuffer _perLane;
    private readonly Lazy<InterleavedCholesky> _double;
    private readonly RefinementProgress _progress;

    /// <summary>Makes room for factors.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="lanes">How many matrices: 2, 4 or 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no kernels for as many lanes.</exception>
    public RefinedInterleavedCholesky(InterleavedPlan plan, int lanes)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _kernels = InterleavedKernels.ForSingle(lanes);
        _refinement = RefinementKernels.For(lanes);
        Lanes = lanes;
        _factor = new(plan.FactorLength * lanes);
        _matrix = new((long)plan.Structure.ValueCount * lanes);
        _vectors = new(5L * VectorLength);
        _perLane = new(7 * lanes);
        _double = new(() => new(plan, lanes));
        _progress = new(lanes);
    }

    /// <summary>How many matrices are factored at once.</summary>
    public int Lanes { get; }

    /// <inheritdoc cref="RefinementProgress.Factorizations"/>
    public long Factorizations => _progress.Factorizations;

    /// <inheritdoc cref="RefinementProgress.FallBacks"/>
    public long FallBacks => _progress.FallBacks;

    /// <inheritdoc cref="RefinementProgress.Corrections"/>
    internal long Corrections => _progress.Corrections;

    private int VectorLength => checked(_plan.Structure.Dimension * Lanes);

    private double* Scales => _vectors.Pointer;

    private double* Right => Scales + VectorLength;

    private double* Rest => Right + VectorLength;

    private double* Test => Rest + VectorLength;

    /// <summary>A vector in single precision in the order of elimination, and one in the order of the matrix.</summary>
    private float* Eliminated => (float*)(Test + VectorLength);

    private float* Correction => Eliminated + VectorLength;

    /// <summary>What vectors are multiplied with to fit single precision, and to undo that.</summary>
    private double* Down => _perLane.Pointer;

    private double* Up => Down + Lanes;

    /// <summary>All bits set in lanes that are refined.</summary>
    private double* Mask => Up + Lanes;

    /// <summary>Largest sizes of entries of the scaled right-hand side, solution, and what is left.</summary>
    private double* RightSize => Mask + Lanes;

    private double* SolutionSize => RightSize + Lanes;

    private double* RestSize => SolutionSize + Lanes;

    /// <summary>Zeros, and where the factorization failed.</summary>
    private float* Zeros => (float*)(RestSize + Lanes);

    private float* Failed => Zeros + Lanes;

    /// <inheritdoc cref="RefinementProgress.Enter"/>
    public void Enter(int lane) => _progress.Enter(lane);

    /// <inheritdoc cref="RefinementProgress.EnterInDouble"/>
    public void EnterInDouble(int lane) => _progress.EnterInDouble(lane);

    /// <summary>No one wants solutions in a lane any more: they are zero, and cost no fall-back.</summary>
    public void Leave(int lane) => _progress.Leave(lane);

    /// <inheritdoc cref="RefinementProgress.HasFallenBack"/>
    public bool HasFallenBack(int lane) => _progress.HasFallenBack(lane);

    /// <summary>Solves (H + D)·x = b in each lane that was entered.</summary>
    /// <param name="hessians">H: entry e of <see cref="BlockMatrix.Values"/> of lane l at [e·lanes + l].</param>
    /// <param name="damping">The diagonal of D; or empty for none.</param>
    /// <param name="right">b.</param>
    /// <param name="solution">Receives x; may be <paramref name="right"/> itself.</param>
    /// <param name="failedRows">Receives −1 or a row for each lane: that of double precision.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void FactorAndSolve(
        ReadOnlySpan<double> hessians, ReadOnlySpan<double> damping, ReadOnlySpan<double> right,
        Span<double> solution, Span<int> failedRows)
    {
        Require.Length(hessians.Length, checked(_plan.Structure.ValueCount * Lanes), nameof(hessians));
        if (damping.Length > 0)
            Require.Length(damping.Length, VectorLength, nameof(damping));
        Require.Length(right.Length, VectorLength, nameof(right));
        Require.Length(solution.Length, VectorLength, nameof(solution));
        Require.Length(failedRows.Length, Lanes, nameof(failedRows));
        _progress.Begin();
        right.CopyTo(new(Right, VectorLength));
        solution.Clear();
        failedRows.Fill(-1);
        if (_progress.IsAnyRefining)
            fixed (double* values = hessians, addition = damping, x = solution)
                SolveInSingle(
                    new()
                    {
                        Structure = _plan.Structure,
                        Values = values,
                        Damping = addition,
                        Scales = Scales,
                    },
                    x);
        if (_progress.IsAnyGivenUp)
            SolveInDouble(hessians, damping, solution, failedRows);
        GC.KeepAlive(this); // its finalizer would free what is pointed to
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factor.Dispose();
        _matrix.Dispose();
        _vectors.Dispose();
        _perLane.Dispose();
        if (_double.IsValueCreated)
            _double.Value.Dispose();
    }

    private void SolveInSingle(in RefinementSystem system, double* x)
    {
        _refinement.Scale(in system, _matrix.Pointer);
        _refinement.Largest(in system, Right, RightSize);
        Normalize(RightSize);
        _refinement.Narrow(in system, Right, Down, Correction);
        Factor();
        Correct(in system, x);
        TestFactor(in system);
        for (int step = 0; _progress.IsAnyRefining; step++)
        {
            _refinement.Residual(in system, Right, x, Rest, RestSize);
            _progress.Judge(step, SolutionSize, RightSize, RestSize);
            if (!_progress.IsAnyToCorrect)
                return;
            Normalize(RestSize);
            _refinement.Narrow(in system, Rest, Down, Correction);
            SolveCorrection();
            Correct(in system, x);
        }
    }

    /// <summary>Factors, and solves for the first correction.</summary>
    private void Factor()
    {
        float* factor = _factor.Pointer;
        var failed = new Span<float>(Failed, Lanes);
        failed.Fill(-1);
        _kernels.Factor(
            _plan,
            new()
            {
                Values = _matrix.Pointer,
                Damping = null,
                Factor = factor,
                Zeros = Zeros,
                Failed = Failed,
                Right = Correction,
                Vector = Eliminated,
            });
        for (int lane = 0; lane < Lanes; lane++)
            if (failed[lane] >= 0 && _progress.IsRefining(lane))
                _progress.GiveUp(lane);
        _kernels.SolveBackward(_plan, factor, Eliminated, Correction);
    }

    private void SolveCorrection()
    {
        float* factor = _factor.Pointer;
        _kernels.SolveForward(_plan, factor, Correction, Eliminated);
        _kernels.SolveBackward(_plan, factor, Eliminated, Correction);
    }

    private void Correct(in RefinementSystem system, double* x)
    {
        _progress.WriteMask(Mask);
        _refinement.Correct(in system, Correction, Up, Mask, x, SolutionSize);
    }

    /// <summary>
    /// A singular matrix may have pivots that are positive by rounding error, and a right-hand side that does not tell.
    /// So where pivots are small, a right-hand side that tells is tried.
    /// </summary>
    private void TestFactor(in RefinementSystem system)
    {
        _refinement.LargestOnDiagonal(_plan, _factor.Pointer, RestSize);
        Span<bool> isSuspect = stackalloc bool[Lanes];
        for (int lane = 0; lane < Lanes; lane++)
            isSuspect[lane] = IsSuspect(lane);
        if (!isSuspect.Contains(true))
            return;
        SolveForSigns(in system);
        for (int lane = 0; lane < Lanes; lane++)
            if (isSuspect[lane] && !(RestSize[lane] <= RefinementLimits.LargestRest))
                _progress.GiveUp(lane);
    }

    private bool IsSuspect(int lane) =>
        _progress.IsRefining(lane)
        && !(RestSize[lane] * RestSize[lane] * RefinementLimits.SuspectPivot <= 1);

    /// <summary>What a solve leaves of a right-hand side of random signs: see <see cref="RestSize"/>.</summary>
    private void SolveForSigns(in RefinementSystem system)
    {
        for (int k = 0; k < VectorLength; k++)
        {
            float sign = RandomSign.Of((uint)(k / Lanes));
            Correction[k] = sign;
            Rest[k] = sign / Scales[k];
        }

        SolveCorrection();
        for (int k = 0; k < VectorLength; k++)
            Test[k] = Correction[k] * Scales[k];
        _refinement.Residual(in system, Rest, Test, Rest, RestSize);
    }

    /// <summary>Powers of two that take sizes to about 1, and back.</summary>
    private void Normalize(double* sizes)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            ulong exponent = BitConverter.DoubleToUInt64Bits(sizes[lane]) & DoubleBits.Exponent;
            Up[lane] = BitConverter.UInt64BitsToDouble(exponent);
            Down[lane] =
                BitConverter.UInt64BitsToDouble(DoubleBits.TwoBiases - Math.Min(exponent, DoubleBits.TwoBiases));
        }
    }

    private void SolveInDouble(
        ReadOnlySpan<double> hessians, ReadOnlySpan<double> damping, Span<double> solution, Span<int> failedRows)
    {
        Span<int> failed = stackalloc int[Lanes];
        var other = new Span<double>(Rest, VectorLength);
        _double.Value.FactorAndSolve(hessians, damping, new(Right, VectorLength), other, failed);
        for (int lane = 0; lane < Lanes; lane++)
        {
            if (!_progress.IsGivenUp(lane))
                continue;
            failedRows[lane] = failed[lane];
            for (int k = lane; k < VectorLength; k += Lanes)
                solution[k] = other[k];
        }
    }
}
