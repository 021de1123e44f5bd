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
    private readonly Precision[] _precisions;
    private readonly Progress[] _progress;
    private readonly double[] _errors;

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
        _precisions = new Precision[lanes];
        _progress = new Progress[lanes];
        _errors = new double[lanes];
    }

    /// <summary>What a lane's systems are factored in.</summary>
    private enum Precision
    {
        /// <summary>Nothing: no one wants its solutions.</summary>
        None,

        /// <summary>Single precision, if that does.</summary>
        Single,

        /// <summary>Double precision, since single precision did not do.</summary>
        Double,
    }

    /// <summary>How far a lane's solution is.</summary>
    private enum Progress
    {
        /// <summary>As good as it gets.</summary>
        Done,

        /// <summary>To be corrected, then looked at again.</summary>
        Refining,

        /// <summary>To be corrected once more: the corrections before show that this is enough.</summary>
        Ending,

        /// <summary>To be computed in double precision.</summary>
        GivenUp,
    }

    /// <summary>How many matrices are factored at once.</summary>
    public int Lanes { get; }

    /// <summary>How many matrices were factored in single precision.</summary>
    public long Factorizations { get; private set; }

    /// <summary>How many of these were given up, to be factored in double precision.</summary>
    public long FallBacks { get; private set; }

    /// <summary>How many corrections were computed, over all lanes.</summary>
    internal long Corrections { get; private set; }

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

    /// <summary>The next systems in a lane are of another problem: nothing is known of them.</summary>
    public void Enter(int lane) => _precisions[lane] = Precision.Single;

    /// <summary>The same, single precision having been no good for the systems before.</summary>
    public void EnterInDouble(int lane) => _precisions[lane] = Precision.Double;

    /// <summary>No one wants solutions in a lane any more: they are zero, and cost no fall-back.</summary>
    public void Leave(int lane) => _precisions[lane] = Precision.None;

    /// <summary>Whether single precision was no good for a lane's last systems.</summary>
    public bool HasFallenBack(int lane) => _precisions[lane] == Precision.Double;

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
        for (int lane = 0; lane < Lanes; lane++)
            _progress[lane] = _precisions[lane] switch
            {
                Precision.None => Progress.Done,
                Precision.Single => Progress.Refining,
                _ => Progress.GivenUp,
            };
        right.CopyTo(new(Right, VectorLength));
        solution.Clear();
        failedRows.Fill(-1);
        if (_progress.AsSpan().Contains(Progress.Refining))
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
        if (_progress.AsSpan().Contains(Progress.GivenUp))
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
        Factorizations += _progress.AsSpan().Count(Progress.Refining);
        _refinement.Scale(in system, _matrix.Pointer);
        _refinement.Largest(in system, Right, RightSize);
        Normalize(RightSize);
        _refinement.Narrow(in system, Right, Down, Correction);
        Factor();
        Correct(in system, x);
        TestFactor(in system);
        _errors.AsSpan().Fill(1); // Of a solution that is zero.
        for (int step = 0; _progress.AsSpan().Contains(Progress.Refining); step++)
        {
            _refinement.Residual(in system, Right, x, Rest, RestSize);
            Judge(step);
            if (!_progress.AsSpan().ContainsAny(Progress.Refining, Progress.Ending))
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
            if (failed[lane] >= 0 && _progress[lane] == Progress.Refining)
                GiveUp(lane);
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
        for (int lane = 0; lane < Lanes; lane++)
        {
            bool isChosen = _progress[lane] is Progress.Refining or Progress.Ending;
            Mask[lane] = BitConverter.Int64BitsToDouble(isChosen ? -1 : 0);
            Corrections += isChosen ? 1 : 0;
            if (_progress[lane] == Progress.Ending)
                _progress[lane] = Progress.Done;
        }

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
                GiveUp(lane);
    }

    private bool IsSuspect(int lane) =>
        _progress[lane] == Progress.Refining
        && !(RestSize[lane] * RestSize[lane] * RefinementLimits.SuspectPivot <= 1);

    /// <summary>What a solve leaves of a right-hand side of random signs: see <see cref="RestSize"/>.</summary>
    private void SolveForSigns(in RefinementSystem system)
    {
        for (int k = 0; k < VectorLength; k++)
        {
            float sign = Sign((uint)(k / Lanes));
            Correction[k] = sign;
            Rest[k] = sign / Scales[k];
        }

        SolveCorrection();
        for (int k = 0; k < VectorLength; k++)
            Test[k] = Correction[k] * Scales[k];
        _refinement.Residual(in system, Rest, Test, Rest, RestSize);
    }

    /// <summary>±1 by the bits of a number, well mixed.</summary>
    private static float Sign(uint number)
    {
        number = (number ^ (number >> 16)) * 0x85EBCA6B;
        number = (number ^ (number >> 13)) * 0xC2B2AE35;
        return (number >> 31) == 0 ? 1 : -1;
    }

    /// <summary>Powers of two that take sizes to about 1, and back.</summary>
    private void Normalize(double* sizes)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            ulong exponent = BitConverter.DoubleToUInt64Bits(sizes[lane]) & DoubleBits.Exponent;
            Up[lane] = BitConverter.UInt64BitsToDouble(exponent);
            Down[lane] = BitConverter.UInt64BitsToDouble(DoubleBits.TwoBiases - Math.Min(exponent, DoubleBits.TwoBiases));
        }
    }

    /// <summary>Decides about each lane by what is left of its right-hand side.</summary>
    private void Judge(int step)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            if (_progress[lane] != Progress.Refining)
                continue;
            double size = SolutionSize[lane] + RightSize[lane], error = RestSize[lane] / size;
            double gain = error / _errors[lane];
            _errors[lane] = error;
            if (RestSize[lane] <= RefinementLimits.BackwardError * size)
                _progress[lane] = Progress.Done;
            else if (!(gain <= RefinementLimits.LeastGain) || step == RefinementLimits.MostSteps)
                GiveUp(lane);
            else if (error * gain <= RefinementLimits.CertainError)
                _progress[lane] = Progress.Ending;
        }
    }

    private void GiveUp(int lane)
    {
        _progress[lane] = Progress.GivenUp;
        _precisions[lane] = Precision.Double;
        FallBacks++;
    }

    private void SolveInDouble(
        ReadOnlySpan<double> hessians, ReadOnlySpan<double> damping, Span<double> solution, Span<int> failedRows)
    {
        Span<int> failed = stackalloc int[Lanes];
        var other = new Span<double>(Rest, VectorLength);
        _double.Value.FactorAndSolve(hessians, damping, new(Right, VectorLength), other, failed);
        for (int lane = 0; lane < Lanes; lane++)
        {
            if (_progress[lane] != Progress.GivenUp)
                continue;
            failedRows[lane] = failed[lane];
            for (int k = lane; k < VectorLength; k += Lanes)
                solution[k] = other[k];
        }
    }
}
