namespace TheseusSharp.Linear;

/// <summary>The operation on block-sparse matrices.</summary>
internal sealed class SparseLinearSolve : LinearSolve
{
    private readonly BlockMatrix _matrix;
    private readonly MultifrontalCholesky[] _solvers;
    private readonly FactorizationResult[] _results;

    public SparseLinearSolve(BlockStructure structure, int batchSize)
        : base(structure.Dimension, structure.ValueCount, batchSize)
    {
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(structure);
        _matrix = new(structure);
        _solvers = new MultifrontalCholesky[batchSize];
        _results = new FactorizationResult[batchSize];
        for (int element = 0; element < batchSize; element++)
            _solvers[element] = new(symbolic);
    }

    private protected override ReadOnlySpan<FactorizationResult> CurrentResults => _results;

    protected override void Dispose(bool isDisposing)
    {
        foreach (MultifrontalCholesky solver in _solvers)
            solver.Dispose();
    }

    private protected override bool Factor(ReadOnlySpan<double> a)
    {
        bool isWhole = true;
        for (int element = 0; element < BatchSize; element++)
        {
            a.Slice(element * MatrixLength, MatrixLength).CopyTo(_matrix.Values);
            _results[element] = _solvers[element].Factor(_matrix);
            isWhole &= _results[element].Succeeded;
        }

        return isWhole;
    }

    private protected override void Solve(ReadOnlySpan<double> b, Span<double> x, bool isTransposed)
    {
        for (int element = 0; element < BatchSize; element++)
        {
            Span<double> solution = x.Slice(element * Dimension, Dimension);
            if (_results[element].Succeeded)
                _solvers[element].Solve(b.Slice(element * Dimension, Dimension), solution);
            else
                solution.Fill(double.NaN);
        }
    }

    private protected override void WriteGradient(
        ReadOnlySpan<double> lambda, ReadOnlySpan<double> x, Span<double> gradient)
    {
        BlockStructure structure = _matrix.Structure;
        ReadOnlySpan<int> sizes = structure.Sizes, offsets = structure.Offsets, starts = structure.ColumnStarts;
        for (int j = 0; j < structure.Count; j++)
            for (int k = starts[j]; k < starts[j + 1]; k++)
            {
                int i = structure.Rows[k];
                double scale = i == j ? -0.5 : -1;
                Span<double> block = gradient[structure.ValueStarts[k]..structure.ValueStarts[k + 1]];
                for (int c = 0, at = 0; c < sizes[j]; c++)
                    for (int r = 0; r < sizes[i]; r++, at++)
                        block[at] = scale * ((lambda[offsets[i] + r] * x[offsets[j] + c]) +
                            (x[offsets[i] + r] * lambda[offsets[j] + c]));
            }
    }
}
