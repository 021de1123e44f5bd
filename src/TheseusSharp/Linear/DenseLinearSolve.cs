namespace TheseusSharp.Linear;

/// <summary>The operation on dense matrices.</summary>
internal sealed class DenseLinearSolve(DenseBatch batch, bool isSymmetric)
    : LinearSolve(batch.Size, batch.Size * batch.Size, batch.BatchSize)
{
    private protected override ReadOnlySpan<FactorizationResult> CurrentResults => batch.Results;

    protected override void Dispose(bool isDisposing) => batch.Dispose();

    private protected override bool Factor(ReadOnlySpan<double> a) => batch.Factor(a);

    private protected override void Solve(ReadOnlySpan<double> b, Span<double> x, bool isTransposed)
    {
        if (isTransposed)
            batch.SolveTransposed(b, x);
        else
            batch.Solve(b, x);
    }

    private protected override void WriteGradient(
        ReadOnlySpan<double> lambda, ReadOnlySpan<double> x, Span<double> gradient)
    {
        for (int row = 0; row < x.Length; row++)
            for (int column = 0; column < x.Length; column++)
                gradient[(row * x.Length) + column] = isSymmetric
                    ? -0.5 * ((lambda[row] * x[column]) + (x[row] * lambda[column]))
                    : -lambda[row] * x[column];
    }
}
