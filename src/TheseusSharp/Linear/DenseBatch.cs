namespace TheseusSharp.Linear;

/// <summary>
/// Factors a batch of dense square matrices of one size, each on its own: one that cannot be factored has a result that
/// says so and harms no other. Allocates only when constructed. Not for use by several threads at once.
/// </summary>
public abstract class DenseBatch : IDisposable
{
    private readonly FactorizationResult[] _results;
    private bool _isFactored;

    private protected DenseBatch(int size, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfNegative(batchSize);
        Size = size;
        _results = new FactorizationResult[batchSize];
        _ = checked(batchSize * size * size);
    }

    /// <summary>How many rows, and columns, a matrix has.</summary>
    public int Size { get; }

    /// <summary>How many matrices there are.</summary>
    public int BatchSize => _results.Length;

    /// <summary>What became of each matrix in the last factorization.</summary>
    /// <exception cref="InvalidOperationException">There was none.</exception>
    public ReadOnlySpan<FactorizationResult> Results
    {
        get
        {
            Require.Factored(_isFactored);
            return _results;
        }
    }

    /// <summary>Factors, replacing the last factors.</summary>
    /// <param name="matrices">The matrices, [batch][row][column].</param>
    /// <returns>Whether all have been factored; see <see cref="Results"/> for each.</returns>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    public bool Factor(ReadOnlySpan<double> matrices)
    {
        int length = Size * Size;
        Require.Length(matrices.Length, BatchSize * length, nameof(matrices));
        bool isWhole = true;
        for (int element = 0; element < BatchSize; element++)
        {
            int failed = Factor(element, matrices.Slice(element * length, length));
            _results[element] = new(failed);
            isWhole &= failed < 0;
        }

        _isFactored = true;
        return isWhole;
    }

    /// <summary>Solves A·x = b with the last factors.</summary>
    /// <param name="b">The right-hand sides, [batch][row].</param>
    /// <param name="x">
    /// Receives the solutions; NaN where the matrix could not be factored. May be <paramref name="b"/> itself.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="InvalidOperationException">There are no factors.</exception>
    public void Solve(ReadOnlySpan<double> b, Span<double> x) => Solve(b, x, isTransposed: false);

    /// <summary>Solves Aᵀ·x = b with the last factors.</summary>
    /// <inheritdoc cref="Solve(ReadOnlySpan{double}, Span{double})"/>
    public void SolveTransposed(ReadOnlySpan<double> b, Span<double> x) => Solve(b, x, isTransposed: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the factors.</summary>
    /// <param name="isDisposing">Whether this is no finalizer.</param>
    protected abstract void Dispose(bool isDisposing);

    /// <summary>Factors one matrix.</summary>
    /// <returns>−1, or the row that failed.</returns>
    private protected abstract int Factor(int element, ReadOnlySpan<double> matrix);

    /// <summary>Solves with the factor of one matrix, in place.</summary>
    private protected abstract void Solve(int element, Span<double> x, bool isTransposed);

    private void Solve(ReadOnlySpan<double> b, Span<double> x, bool isTransposed)
    {
        Require.Length(b.Length, BatchSize * Size, nameof(b));
        Require.Length(x.Length, b.Length, nameof(x));
        Require.Factored(_isFactored);
        b.CopyTo(x);
        for (int element = 0; element < BatchSize; element++)
        {
            Span<double> solution = x.Slice(element * Size, Size);
            if (_results[element].Succeeded)
                Solve(element, solution, isTransposed);
            else
                solution.Fill(double.NaN);
        }

        GC.KeepAlive(this); // its finalizer would free the factors
    }
}
