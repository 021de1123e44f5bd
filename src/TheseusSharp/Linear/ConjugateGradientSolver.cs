namespace TheseusSharp.Linear;

/// <summary>
/// Solves by conjugate gradients with the inverses of the diagonal blocks as preconditioner: for matrices whose factor
/// would not fit into memory, or where a rough solution is enough. Allocates only when constructed. Not for use by
/// several threads at once.
/// </summary>
/// <remarks>
/// A factor is the inverted diagonal blocks and a reference to the matrix: its numbers must not change until the last
/// solve. (M. Hestenes, E. Stiefel, "Methods of conjugate gradients for solving linear systems", 1952.)
/// </remarks>
public sealed class ConjugateGradientSolver : ILinearSolver
{
    private readonly ConjugateGradientOptions _options;
    private readonly BlockJacobi _preconditioner;
    private readonly double[] _damping;
    private readonly double[] _residual;
    private readonly double[] _preconditioned;
    private readonly double[] _direction;
    private readonly double[] _product;
    private readonly double[] _solution;
    private BlockMatrix? _matrix;
    private bool _isDamped;

    /// <summary>Makes room for a few vectors and the diagonal blocks.</summary>
    /// <param name="structure">The structure of the matrices.</param>
    /// <param name="options">When to stop.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public ConjugateGradientSolver(BlockStructure structure, ConjugateGradientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(structure);
        Structure = structure;
        _options = options ?? new();
        _options.Check();
        _preconditioner = new(structure);
        int n = structure.Dimension;
        (_damping, _residual, _preconditioned) = (new double[n], new double[n], new double[n]);
        (_direction, _product, _solution) = (new double[n], new double[n], new double[n]);
    }

    /// <inheritdoc/>
    public BlockStructure Structure { get; }

    /// <summary>What became of the last solve.</summary>
    public ConjugateGradientResult LastResult { get; private set; }

    /// <summary>Inverts the diagonal blocks of H + D, replacing the last ones, and keeps the matrix in view.</summary>
    /// <param name="matrix">H, of this structure; it must not change before the last solve.</param>
    /// <param name="damping">The diagonal of D (see <see cref="Damping"/>), or empty for none.</param>
    /// <returns>
    /// Success, or the row where a diagonal block is not positive definite, or an entry is not finite. The matrix may
    /// be indefinite all the same: then solving ends with <see cref="ConjugateGradientStatus.Indefinite"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The structure or the length of the damping does not fit.</exception>
    public FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default)
    {
        Require.Structure(matrix, Structure);
        _isDamped = damping.Length > 0;
        if (_isDamped)
            Require.Length(damping.Length, Structure.Dimension, nameof(damping));
        _matrix = null;
        damping.CopyTo(_damping);
        int failed = matrix.FirstRowNotFinite();
        failed = failed >= 0 ? failed : _preconditioner.Factor(matrix, damping);
        _matrix = failed >= 0 ? null : matrix;
        return new(failed);
    }

    /// <summary>
    /// Solves (H + D)·x = b with the last factor, starting from zero. Whatever the status, x has the smallest error in
    /// the norm of H + D among the directions tried; if that matrix is indefinite, it is a direction of descent.
    /// </summary>
    /// <param name="b">The right-hand side.</param>
    /// <param name="x">
    /// Receives the solution; may be <paramref name="b"/> itself. NaN if b is not finite.
    /// </param>
    /// <returns>Why it ended, and how exact the solution is.</returns>
    /// <exception cref="ArgumentException">A length is not the dimension.</exception>
    /// <exception cref="InvalidOperationException">There is no factor.</exception>
    public ConjugateGradientResult Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        Require.Length(b.Length, Structure.Dimension, nameof(b));
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        Require.Factored(_matrix is not null);
        b.CopyTo(_residual);
        _solution.AsSpan().Clear();
        LastResult = Iterate();
        if (LastResult is { Status: ConjugateGradientStatus.NotFinite, Iterations: 0 })
            _solution.AsSpan().Fill(double.NaN);
        _solution.CopyTo(x);
        return LastResult;
    }

    /// <inheritdoc/>
    void ILinearSolver.Solve(ReadOnlySpan<double> b, Span<double> x) => Solve(b, x);

    /// <summary>Not possible: there is no Cholesky factor.</summary>
    /// <param name="y">The right-hand side.</param>
    /// <param name="x">Would receive the solution.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void SolveTransposed(ReadOnlySpan<double> y, Span<double> x) => throw new NotSupportedException(
        "Conjugate gradients have no Cholesky factor to solve with: take MultifrontalCholesky or DenseCholesky.");

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing but managed memory.
    }

    private ConjugateGradientResult Iterate()
    {
        double start = Math.Sqrt(DenseVector.Dot(_residual, _residual)), norm = start, last = 1;
        if (start == 0)
            return new(ConjugateGradientStatus.Converged, 0, 0);
        for (int iteration = 0; ; iteration++)
        {
            double relative = norm / start;
            if (!double.IsFinite(relative))
                return new(ConjugateGradientStatus.NotFinite, iteration, relative);
            if (relative <= _options.RelativeTolerance)
                return new(ConjugateGradientStatus.Converged, iteration, relative);
            if (iteration == _options.IterationLimit)
                return new(ConjugateGradientStatus.IterationLimit, iteration, relative);
            double decrease = _preconditioner.Apply(_residual, _preconditioned);
            DenseVector.ScaleAndAdd(_direction, iteration == 0 ? 0 : decrease / last, _preconditioned);
            double curvature = Multiply();
            if (!(curvature > 0))
                return Indefinite(iteration, relative, curvature);
            norm = Math.Sqrt(DenseVector.Step(decrease / curvature, _direction, _product, _solution, _residual));
            last = decrease;
        }
    }

    /// <summary>The first direction is one of descent, even if the matrix has no minimum along it.</summary>
    private ConjugateGradientResult Indefinite(int iteration, double relative, double curvature)
    {
        if (double.IsNaN(curvature))
            return new(ConjugateGradientStatus.NotFinite, iteration, relative);
        if (iteration == 0)
            _direction.CopyTo(_solution, 0);
        return new(ConjugateGradientStatus.Indefinite, iteration, relative);
    }

    /// <summary>(H + D)·p.</summary>
    /// <returns>pᵀ·(H + D)·p.</returns>
    private double Multiply()
    {
        _matrix!.Multiply(_direction, _product);
        if (_isDamped)
            DenseVector.AddProduct(_damping, _direction, _product);
        return DenseVector.Dot(_direction, _product);
    }
}

/// <summary>When conjugate gradients stop.</summary>
public sealed record ConjugateGradientOptions
{
    /// <summary>Converged when ‖b − (H + D)·x‖ is this fraction of ‖b‖, at least 0.</summary>
    public double RelativeTolerance { get; init; } = 1e-8;

    /// <summary>How many products with the matrix a solve may take, at least 1.</summary>
    public int IterationLimit { get; init; } = 1000;

    internal void Check()
    {
        if (!(RelativeTolerance >= 0))
            throw new ArgumentOutOfRangeException(
                nameof(RelativeTolerance), RelativeTolerance, "The tolerance is a fraction, 0 or more.");
        ArgumentOutOfRangeException.ThrowIfLessThan(IterationLimit, 1);
    }
}

/// <summary>What became of a solve by conjugate gradients.</summary>
/// <param name="Status">Why it ended.</param>
/// <param name="Iterations">How many steps were taken.</param>
/// <param name="RelativeResidual">‖b − (H + D)·x‖ / ‖b‖, as the recurrence has it.</param>
public readonly record struct ConjugateGradientResult(
    ConjugateGradientStatus Status, int Iterations, double RelativeResidual);

/// <summary>Why conjugate gradients ended.</summary>
public enum ConjugateGradientStatus
{
    /// <summary>The residual is small enough.</summary>
    Converged,

    /// <summary>The limit of iterations was reached; the solution is the best so far.</summary>
    IterationLimit,

    /// <summary>
    /// A direction was met in which the matrix is not positive; the solution is that before it, or, if it was the
    /// first, the direction itself.
    /// </summary>
    Indefinite,

    /// <summary>A number overflowed, or the right-hand side is not finite.</summary>
    NotFinite,
}
