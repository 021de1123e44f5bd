namespace TheseusSharp.Linear;

/// <summary>
/// LU factorization with partial pivoting of a batch of dense square matrices of one size. A matrix of n rows fails at
/// the first pivot uₖₖ that is not finite or not above n·2⁻⁵²·(|L|·|U|)ₖₖ: rounding leaves as much of a singular
/// matrix, however its rows and columns are scaled. The result gives the matrix's column k as the failed row.
/// </summary>
public sealed unsafe class DenseLu : DenseBatch
{
    private readonly LuKernels _kernels = LuKernels.Default;
    private readonly NativeBuffer _factors;
    private readonly NativeBuffer _scratch;
    private readonly int[] _exchanges;
    private readonly int _leading;

    /// <summary>Makes room for the factors.</summary>
    /// <param name="size">How many rows a matrix has.</param>
    /// <param name="batchSize">How many matrices there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="OverflowException">The matrices have 2³¹ numbers or more.</exception>
    public DenseLu(int size, int batchSize = 1)
        : base(size, batchSize)
    {
        _leading = LuKernels.Leading(size);
        _factors = new((long)batchSize * size * _leading);
        _scratch = new(LuKernels.ScratchLength(size));
        _exchanges = new int[checked(batchSize * size)];
    }

    /// <inheritdoc/>
    protected override void Dispose(bool isDisposing)
    {
        _factors.Dispose();
        _scratch.Dispose();
    }

    /// <inheritdoc/>
    private protected override int Factor(int element, ReadOnlySpan<double> matrix)
    {
        double* factor = FactorOf(element);
        for (int row = 0; row < Size; row++)
        {
            var target = new Span<double>(factor + ((nint)row * _leading), _leading);
            matrix.Slice(row * Size, Size).CopyTo(target);
            target[Size..].Clear();
        }

        fixed (int* exchanges = Exchanges(element))
            _kernels.Factor(factor, Size, exchanges, _scratch.Pointer);
        return _kernels.FirstDoubtfulPivot(factor, Size);
    }

    /// <inheritdoc/>
    private protected override void Solve(int element, Span<double> x, bool isTransposed)
    {
        ReadOnlySpan<int> exchanges = Exchanges(element);
        fixed (double* vector = x)
            if (isTransposed)
            {
                _kernels.SolveTransposed(FactorOf(element), Size, vector);
                for (int row = Size - 1; row >= 0; row--)
                    (x[row], x[exchanges[row]]) = (x[exchanges[row]], x[row]);
            }
            else
            {
                for (int row = 0; row < Size; row++)
                    (x[row], x[exchanges[row]]) = (x[exchanges[row]], x[row]);
                _kernels.Solve(FactorOf(element), Size, vector);
            }
    }

    private double* FactorOf(int element) => _factors.Pointer + ((nint)element * Size * _leading);

    private Span<int> Exchanges(int element) => _exchanges.AsSpan(element * Size, Size);
}
