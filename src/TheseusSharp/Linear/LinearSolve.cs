namespace TheseusSharp.Linear;

/// <summary>
/// The solution of a linear system as a differentiable operation, (A, b) ↦ x = A⁻¹·b, for a batch of systems of one
/// shape. Numbers go in and come out as plain memory, elements of the batch one after another. The backward pass uses
/// the factors of the forward pass. Allocates only when constructed; not for use by several threads at once.
/// </summary>
/// <remarks>
/// With x̄ the gradient of a loss by x, λ = A⁻ᵀ·x̄: the gradient by b is λ, that by A is −λ·xᵀ. What follows for the
/// numbers that hold A depends on how they hold it, see <see cref="General"/>, <see cref="Symmetric"/>, <see
/// cref="Sparse"/>. An element that cannot be factored has a result that says so, NaN for x, and gradients of zero: it
/// harms no other.
/// </remarks>
public abstract class LinearSolve : IDisposable
{
    private readonly double[] _x;
    private readonly double[] _lambda;
    private bool _isSolved;

    private protected LinearSolve(int dimension, int matrixLength, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        Dimension = dimension;
        MatrixLength = matrixLength;
        BatchSize = batchSize;
        _ = checked(batchSize * matrixLength);
        _x = new double[checked(batchSize * dimension)];
        _lambda = new double[_x.Length];
    }

    /// <summary>How many unknowns a system has.</summary>
    public int Dimension { get; }

    /// <summary>How many numbers hold one matrix.</summary>
    public int MatrixLength { get; }

    /// <summary>How many systems there are.</summary>
    public int BatchSize { get; }

    /// <summary>What became of each matrix in the last forward pass.</summary>
    /// <exception cref="InvalidOperationException">There was none.</exception>
    public ReadOnlySpan<FactorizationResult> Results
    {
        get
        {
            Require.Factored(_isSolved);
            return CurrentResults;
        }
    }

    private protected abstract ReadOnlySpan<FactorizationResult> CurrentResults { get; }

    /// <summary>
    /// Dense matrices of any kind, by LU factorization. A is [row][column]; its gradient is −λ·xᵀ.
    /// </summary>
    /// <param name="dimension">How many unknowns a system has.</param>
    /// <param name="batchSize">How many systems there are, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public static LinearSolve General(int dimension, int batchSize = 1) =>
        new DenseLinearSolve(new DenseLu(dimension, batchSize), isSymmetric: false);

    /// <summary>
    /// Dense symmetric positive definite matrices, by Cholesky factorization. A is [row][column], and only its lower
    /// triangle is read; its gradient is the symmetric −½·(λ·xᵀ + x·λᵀ): right for every change of A that keeps it
    /// symmetric, changes of both triangles being added up.
    /// </summary>
    /// <inheritdoc cref="General"/>
    public static LinearSolve Symmetric(int dimension, int batchSize = 1) =>
        new DenseLinearSolve(new DenseCholeskyBatch(dimension, batchSize), isSymmetric: true);

    /// <summary>
    /// Sparse symmetric positive definite matrices, by sparse Cholesky factorization. A is the values of a <see
    /// cref="BlockMatrix"/>. A block below the diagonal stands for its transpose above as well, so that its gradient is
    /// −(λᵢ·xⱼᵀ + xᵢ·λⱼᵀ); that of a diagonal block is the symmetric −½·(λⱼ·xⱼᵀ + xⱼ·λⱼᵀ): right for every change
    /// that keeps the diagonal blocks symmetric.
    /// </summary>
    /// <param name="structure">The structure of the matrices.</param>
    /// <param name="batchSize">How many systems there are, at least 1; each has memory for a factor.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no systems.</exception>
    public static LinearSolve Sparse(BlockStructure structure, int batchSize = 1)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return new SparseLinearSolve(structure, batchSize);
    }

    /// <summary>The forward pass.</summary>
    /// <param name="a">The matrices: for each element, <see cref="MatrixLength"/> numbers.</param>
    /// <param name="b">The right-hand sides: for each element, <see cref="Dimension"/> numbers.</param>
    /// <param name="x">Receives the solutions; may be <paramref name="b"/> itself.</param>
    /// <returns>Whether all systems have been solved; see <see cref="Results"/> for each.</returns>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public bool Forward(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> x)
    {
        Require.Length(a.Length, BatchSize * MatrixLength, nameof(a));
        Require.Length(b.Length, _x.Length, nameof(b));
        Require.Length(x.Length, _x.Length, nameof(x));
        bool isWhole = Factor(a);
        Solve(b, _x, isTransposed: false);
        _x.CopyTo(x);
        _isSolved = true;
        return isWhole;
    }

    /// <summary>The backward pass of the last forward pass.</summary>
    /// <param name="xGradient">The gradient by the solutions.</param>
    /// <param name="aGradient">Receives the gradient by the matrices; empty if it is not wanted.</param>
    /// <param name="bGradient">Receives the gradient by the right-hand sides; empty if it is not wanted.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="InvalidOperationException">There was no forward pass.</exception>
    public void Backward(ReadOnlySpan<double> xGradient, Span<double> aGradient, Span<double> bGradient)
    {
        Require.Length(xGradient.Length, _x.Length, nameof(xGradient));
        if (aGradient.Length > 0)
            Require.Length(aGradient.Length, BatchSize * MatrixLength, nameof(aGradient));
        if (bGradient.Length > 0)
            Require.Length(bGradient.Length, _x.Length, nameof(bGradient));
        Require.Factored(_isSolved);
        Solve(xGradient, _lambda, isTransposed: true);
        for (int element = 0; element < BatchSize; element++)
        {
            Span<double> lambda = _lambda.AsSpan(element * Dimension, Dimension);
            Span<double> gradient =
                aGradient.Length > 0 ? aGradient.Slice(element * MatrixLength, MatrixLength) : default;
            if (!CurrentResults[element].Succeeded)
            {
                lambda.Clear();
                gradient.Clear();
            }
            else if (gradient.Length > 0)
            {
                WriteGradient(lambda, _x.AsSpan(element * Dimension, Dimension), gradient);
            }
        }

        if (bGradient.Length > 0)
            _lambda.CopyTo(bGradient);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the factors.</summary>
    /// <param name="isDisposing">Whether this is no finalizer.</param>
    protected abstract void Dispose(bool isDisposing);

    /// <summary>Factors all elements.</summary>
    private protected abstract bool Factor(ReadOnlySpan<double> a);

    /// <summary>Solves with the factors of all elements; NaN for those that have none.</summary>
    private protected abstract void Solve(ReadOnlySpan<double> b, Span<double> x, bool isTransposed);

    /// <summary>The gradient by the matrix of one element.</summary>
    private protected abstract void WriteGradient(
        ReadOnlySpan<double> lambda, ReadOnlySpan<double> x, Span<double> gradient);
}
