namespace TheseusSharp.Linear;

/// <summary>
/// Cholesky factorization of a batch of dense symmetric positive definite matrices of one size, of which only the lower
/// triangles are read. A matrix fails at the first pivot that is not a number or not above 1e-12 of its diagonal entry.
/// </summary>
public sealed unsafe class DenseCholeskyBatch : DenseBatch
{
    private readonly NativeBuffer _factors;
    private readonly DensePanel _panel;

    /// <summary>Makes room for the factors.</summary>
    /// <param name="size">How many rows a matrix has.</param>
    /// <param name="batchSize">How many matrices there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="OverflowException">The matrices have 2³¹ numbers or more.</exception>
    public DenseCholeskyBatch(int size, int batchSize = 1)
        : base(size, batchSize)
    {
        _panel = new(size);
        _factors = new(_panel.Length * batchSize);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool isDisposing)
    {
        _factors.Dispose();
        _panel.Dispose();
    }

    /// <inheritdoc/>
    private protected override int Factor(int element, ReadOnlySpan<double> matrix)
    {
        double* factor = FactorOf(element);
        _panel.Clear(factor);
        for (int row = 0; row < Size; row++)
            for (int column = 0; column <= row; column++)
                factor[row + ((nint)column * _panel.Height)] = matrix[(row * Size) + column];
        return _panel.Factor(factor, damping: default);
    }

    /// <inheritdoc/>
    private protected override void Solve(int element, Span<double> x, bool isTransposed)
    {
        _panel.SolveForward(FactorOf(element), x);
        _panel.SolveBackward(FactorOf(element), x);
    }

    private double* FactorOf(int element) => _factors.Pointer + (element * _panel.Length);
}
