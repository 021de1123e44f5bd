namespace TheseusSharp.Linear;

/// <summary>
/// Sparse Cholesky factorization in mixed precision: factors in float, which halves the work and the memory, and
/// refines solutions in double, by conjugate gradients with the float factor as preconditioner (N. Higham, S. Pranesh,
/// "Exploiting lower precision arithmetic in solving symmetric positive definite linear systems and least squares
/// problems", SIAM J. Sci. Comput. 43, 2021). What float cannot factor, or not well enough, is factored in double. Not
/// for use by several threads at once.
/// </summary>
/// <remarks>
/// <para>
/// With S = diag(H + D)^(−½), rounded to powers of two, a solution is good when
/// ‖S·(b − (H + D)·x)‖∞ ≤ 1e-11·(‖S⁻¹·x‖∞ + ‖S·b‖∞). As ‖S·(H + D)·S‖∞ is at least 1, and about 10 for pose graphs, the
/// backward error is then below 1e-11, and about 1e-12 for those.
/// </para>
/// <para>
/// A factor is that and a reference to the matrix: its numbers must not change until the last solve, which may have to
/// factor it again in double. After a fall-back, all further matrices are factored in double until
/// <see cref="Reset"/>; memory for that is taken at the first. Apart from that, allocates only when constructed.
/// </para>
/// </remarks>
public sealed partial class RefinedCholesky : ILinearSolver
{
    private readonly int _threads;
    private readonly SingleCholesky _single;
    private MultifrontalCholesky? _double;

    private readonly double[] _damping;
    private readonly double[] _solution;
    private readonly double[] _residual;
    private readonly double[] _preconditioned;
    private readonly double[] _direction;
    private readonly double[] _product;

    /// <summary>What was factored; null if nothing was, or not successfully.</summary>
    private BlockMatrix? _matrix;
    private bool _isDamped;

    /// <summary>Whether the factor in float may be that of a singular matrix, and was not tested yet.</summary>
    private bool _isSuspect;

    /// <summary>Whether the factor in double is that of the matrix: then it is used.</summary>
    private bool _isDouble;
    private bool _isDisposed;
    private RefinementReport _report;

    /// <summary>Analyses a structure and makes room for its factor in float.</summary>
    /// <param name="structure">The structure.</param>
    public RefinedCholesky(BlockStructure structure)
        : this(SymbolicFactorization.Analyze(structure))
    {
    }

    /// <summary>Makes room for a factor in float.</summary>
    /// <param name="symbolic">What is known of the factor from the structure.</param>
    /// <param name="threads">
    /// How many threads factor a matrix, if that pays, as for <see cref="MultifrontalCholesky"/>. Solutions are the
    /// same to the last bit.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public RefinedCholesky(SymbolicFactorization symbolic, int threads = 1)
    {
        ParallelPlan? parallel = ParallelPlan.IfItPays(symbolic, threads);
        Symbolic = symbolic;
        _threads = threads;
        _single = new(symbolic, FrontKernels.DefaultSingle, parallel);
        int n = Structure.Dimension;
        (_damping, _solution, _residual) = (new double[n], new double[n], new double[n]);
        (_preconditioned, _direction, _product) = (new double[n], new double[n], new double[n]);
    }

    /// <summary>What is known of the factor from the structure.</summary>
    public SymbolicFactorization Symbolic { get; }

    /// <inheritdoc/>
    public BlockStructure Structure => Symbolic.Structure;

    /// <summary>What was done in which precision since construction, or the last <see cref="Reset"/>.</summary>
    public RefinementReport Report => _report;

    /// <summary>
    /// Whether a factorization in float and a refined solve are estimated to take clearly less time than both in
    /// double, by one thread. Only the structure is looked at.
    /// </summary>
    /// <param name="symbolic">What is known of the factor from the structure.</param>
    public static bool Pays(SymbolicFactorization symbolic)
    {
        ArgumentNullException.ThrowIfNull(symbolic);
        return RefinementCost.Favours(symbolic);
    }

    /// <summary>Factors H + D, replacing the last factor, and keeps the matrix in view.</summary>
    /// <param name="matrix">H, of this structure; it must not change before the last solve.</param>
    /// <param name="damping">The diagonal of D (see <see cref="Damping"/>), or empty for none.</param>
    /// <returns>
    /// Success, or the row that <see cref="MultifrontalCholesky"/> reports: what fails in float is tried in double.
    /// </returns>
    /// <exception cref="ArgumentException">The structure or the length of the damping does not fit.</exception>
    public FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default) =>
        Factor(matrix, damping, []);

    /// <summary>
    /// Solves (H + D)·x = b with the last factor. Factors in double if refinement does not get there.
    /// </summary>
    /// <param name="b">The right-hand side.</param>
    /// <param name="x">
    /// Receives the solution; may be <paramref name="b"/> itself. NaN if b is not finite, or without success.
    /// </param>
    /// <returns>
    /// Success; or the row where the matrix is not positive definite, which only the factorization in double showed:
    /// there is no factor then.
    /// </returns>
    /// <exception cref="ArgumentException">A length is not the dimension.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no factor: none was made yet, or the last one failed.
    /// </exception>
    public FactorizationResult Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        Check(b.Length, x.Length);
        return SolveOrFallBack(b, x, isBegun: false);
    }

    /// <inheritdoc/>
    /// <remarks>Other than the two one after the other, it tells if only the solve finds that it fails.</remarks>
    public FactorizationResult FactorAndSolve(
        BlockMatrix matrix, ReadOnlySpan<double> damping, ReadOnlySpan<double> b, Span<double> x)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Require.Length(b.Length, Structure.Dimension, nameof(b));
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        FactorizationResult result = Factor(matrix, damping, b);
        return result.Succeeded ? SolveOrFallBack(b, x, isBegun: true) : result;
    }

    /// <inheritdoc/>
    void ILinearSolver.Solve(ReadOnlySpan<double> b, Span<double> x) => Solve(b, x);

    /// <summary>
    /// Solves Lᵀ·x = y with the Cholesky factor in double, L·Lᵀ = H + D, which is made if it is not there: refinement
    /// has no counterpart here. Entries of y are in the order of elimination.
    /// </summary>
    /// <param name="y">The right-hand side.</param>
    /// <param name="x">
    /// Receives the solution; may be <paramref name="y"/> itself. NaN without success.
    /// </param>
    /// <returns>Success, or the row where the matrix is not positive definite: there is no factor then.</returns>
    /// <inheritdoc cref="Solve" path="/exception"/>
    public FactorizationResult SolveTransposed(ReadOnlySpan<double> y, Span<double> x)
    {
        Check(y.Length, x.Length);
        FactorizationResult result = _isDouble ? FactorizationResult.Success : FactorInDouble();
        if (result.Succeeded)
            _double!.SolveTransposed(y, x);
        else
            x.Fill(double.NaN);
        return result;
    }

    /// <inheritdoc/>
    void ILinearSolver.SolveTransposed(ReadOnlySpan<double> y, Span<double> x) => SolveTransposed(y, x);

    /// <summary>Forgets all fall-backs, and the factor: float is tried again, as if newly made.</summary>
    public void Reset()
    {
        _report = default;
        _matrix = null;
        _isDouble = false;
    }

    /// <summary>Begins anew, or goes on where another one had fallen back.</summary>
    internal void Resume(bool hasFallenBack)
    {
        Reset();
        if (hasFallenBack)
            _report = _report with { Reason = RefinementFallBack.Refinement };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _single.Dispose();
        _double?.Dispose();
    }

    private void Check(int right, int left)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Require.Length(right, Structure.Dimension, "b");
        Require.Length(left, Structure.Dimension, "x");
        Require.Factored(_matrix is not null);
    }

    /// <summary>Factors; in float with the first half of a solve, if there is a right-hand side.</summary>
    private FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping, ReadOnlySpan<double> b)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Require.Structure(matrix, Structure);
        if (damping.Length > 0)
            Require.Length(damping.Length, Structure.Dimension, nameof(damping));
        _isDamped = damping.Length > 0;
        damping.CopyTo(_damping);
        _matrix = matrix;
        _isDouble = false;
        if (_report.Reason != RefinementFallBack.None)
            return FactorInDouble();
        if (!_single.Factor(matrix, damping, b))
            return FallBack(RefinementFallBack.Factorization);
        _isSuspect = _single.IsSuspect;
        _report = _report with { SingleFactorizations = _report.SingleFactorizations + 1 };
        return FactorizationResult.Success;
    }

    /// <summary>Solves with the factor that there is, or another if it does not do.</summary>
    private FactorizationResult SolveOrFallBack(ReadOnlySpan<double> b, Span<double> x, bool isBegun)
    {
        FactorizationResult result = FactorizationResult.Success;
        bool isFinite = DenseVector.IsFinite(b);
        if (isFinite && !_isDouble)
        {
            if (Refine(b, isBegun))
            {
                _solution.CopyTo(x);
                return result;
            }

            result = FallBack(RefinementFallBack.Refinement);
        }

        if (isFinite && result.Succeeded)
            _double!.Solve(b, x);
        else
            x.Fill(double.NaN);
        return result;
    }

    private FactorizationResult FallBack(RefinementFallBack reason)
    {
        _report = _report with { FallBacks = _report.FallBacks + 1, Reason = reason };
        return FactorInDouble();
    }

    private FactorizationResult FactorInDouble()
    {
        _double ??= new(Symbolic, _threads);
        _report = _report with { DoubleFactorizations = _report.DoubleFactorizations + 1 };
        FactorizationResult result = _double.Factor(_matrix!, _isDamped ? _damping : default);
        _isDouble = result.Succeeded;
        if (!_isDouble)
            _matrix = null;
        return result;
    }
}
