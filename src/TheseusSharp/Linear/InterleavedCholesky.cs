using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>
/// Cholesky factorization of a few matrices of one structure at once: each number is one vector, with a lane for each
/// matrix. Allocates only when constructed; one thread at a time.
/// </summary>
/// <remarks>
/// A lane is computed by the same operations in the same order wherever it is, whatever the others hold, and however
/// many there are: its bits depend on its matrix and the plan alone.
/// </remarks>
internal sealed unsafe class InterleavedCholesky : IDisposable
{
    private readonly InterleavedPlan _plan;
    private readonly InterleavedKernels<double> _kernels;
    private readonly NativeBuffer _factor;

    /// <summary>Zero in each lane, where each lane failed, and a vector in the order of elimination.</summary>
    private readonly NativeBuffer _vectors;

    /// <summary>Makes room for factors.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="lanes">How many matrices: 2, 4 or 8; best as many as one register holds.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no kernels for as many lanes.</exception>
    public InterleavedCholesky(InterleavedPlan plan, int lanes)
        : this(plan, InterleavedKernels.For(lanes), lanes)
    {
    }

    /// <summary>With kernels of choice.</summary>
    internal InterleavedCholesky(InterleavedPlan plan, InterleavedKernels<double> kernels, int lanes)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _kernels = kernels;
        Lanes = lanes;
        _factor = new(plan.FactorLength * lanes);
        _vectors = new((plan.Structure.Dimension + 2L) * lanes);
    }

    /// <summary>How many matrices are factored at once.</summary>
    public int Lanes { get; }

    private double* Zeros => _vectors.Pointer;

    private double* Failed => _vectors.Pointer + Lanes;

    private double* Vector => _vectors.Pointer + (2 * Lanes);

    /// <summary>Factors H + D in each lane, replacing the last factors.</summary>
    /// <param name="hessians">
    /// H: entry e of <see cref="BlockMatrix.Values"/> of lane l at [e·lanes + l]. Numbers that are not finite harm
    /// their lane only.
    /// </param>
    /// <param name="damping">The diagonal of D, [row·lanes + lane]; or empty for none.</param>
    /// <param name="failedRows">
    /// Receives, for each lane, −1, or the row where it failed: see <see cref="FactorizationResult.FailedRow"/>.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Factor(ReadOnlySpan<double> hessians, ReadOnlySpan<double> damping, Span<int> failedRows)
    {
        RequireMatrices(hessians, damping, failedRows);
        Factor(hessians, damping, null, failedRows);
        GC.KeepAlive(this); // its finalizer would free what is pointed to
    }

    /// <summary>
    /// <see cref="Factor(ReadOnlySpan{double}, ReadOnlySpan{double}, Span{int})"/>, then <see cref="Solve"/>: the same
    /// bits sooner, because rows of the factor are used while they are in a near cache.
    /// </summary>
    /// <param name="hessians">H.</param>
    /// <param name="damping">The diagonal of D; or empty for none.</param>
    /// <param name="right">b.</param>
    /// <param name="solution">Receives x; may be <paramref name="right"/> itself.</param>
    /// <param name="failedRows">Receives −1 or a row for each lane.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void FactorAndSolve(
        ReadOnlySpan<double> hessians, ReadOnlySpan<double> damping, ReadOnlySpan<double> right,
        Span<double> solution, Span<int> failedRows)
    {
        RequireMatrices(hessians, damping, failedRows);
        RequireLanes(right.Length, _plan.Structure.Dimension, nameof(right));
        RequireLanes(solution.Length, _plan.Structure.Dimension, nameof(solution));
        fixed (double* b = right, x = solution)
        {
            Factor(hessians, damping, b, failedRows);
            _kernels.SolveBackward(_plan, _factor.Pointer, Vector, x);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Solves (H + D)·x = b in each lane. What lanes that failed receive has no meaning.</summary>
    /// <param name="right">b, [row·lanes + lane].</param>
    /// <param name="solution">Receives x likewise; may be <paramref name="right"/> itself.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Solve(ReadOnlySpan<double> right, Span<double> solution)
    {
        RequireLanes(right.Length, _plan.Structure.Dimension, nameof(right));
        RequireLanes(solution.Length, _plan.Structure.Dimension, nameof(solution));
        fixed (double* b = right, x = solution)
        {
            _kernels.SolveForward(_plan, _factor.Pointer, b, Vector);
            _kernels.SolveBackward(_plan, _factor.Pointer, Vector, x);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Solves Lᵀ·x = y in each lane: see <see cref="ILinearSolver.SolveTransposed"/>.</summary>
    /// <param name="right">y, [row·lanes + lane], rows in the order of elimination.</param>
    /// <param name="solution">Receives x, rows in the order of the matrix; may be <paramref name="right"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void SolveTransposed(ReadOnlySpan<double> right, Span<double> solution)
    {
        RequireLanes(right.Length, _plan.Structure.Dimension, nameof(right));
        RequireLanes(solution.Length, _plan.Structure.Dimension, nameof(solution));
        right.CopyTo(new(Vector, right.Length));
        fixed (double* x = solution)
            _kernels.SolveBackward(_plan, _factor.Pointer, Vector, x);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factor.Dispose();
        _vectors.Dispose();
    }

    private void Factor(
        ReadOnlySpan<double> hessians, ReadOnlySpan<double> damping, double* right, Span<int> failedRows)
    {
        var failed = new Span<double>(Failed, Lanes);
        failed.Fill(-1);
        fixed (double* values = hessians, addition = damping)
            _kernels.Factor(
                _plan,
                new()
                {
                    Values = values,
                    Damping = addition,
                    Factor = _factor.Pointer,
                    Zeros = Zeros,
                    Failed = Failed,
                    Right = right,
                    Vector = Vector,
                });
        for (int lane = 0; lane < Lanes; lane++)
            failedRows[lane] = (int)failed[lane];
    }

    private void RequireMatrices(
        ReadOnlySpan<double> hessians, ReadOnlySpan<double> damping, Span<int> failedRows)
    {
        RequireLanes(hessians.Length, _plan.Structure.ValueCount, nameof(hessians));
        if (damping.Length > 0)
            RequireLanes(damping.Length, _plan.Structure.Dimension, nameof(damping));
        Require.Length(failedRows.Length, Lanes, nameof(failedRows));
    }

    private void RequireLanes(int found, int each, string name)
    {
        if (found != (long)each * Lanes)
            throw new ArgumentException(
                $"Expected {each} numbers in each of {Lanes} lanes, {(long)each * Lanes} in all; found {found}.", name);
    }
}
