namespace TheseusSharp.Linear;

/// <summary>
/// Factors symmetric positive definite matrices of one structure and solves with the last factor. Not for use by
/// several threads at once.
/// </summary>
public interface ILinearSolver : IDisposable
{
    /// <summary>The structure of the matrices.</summary>
    BlockStructure Structure { get; }

    /// <summary>Factors H + D, replacing the last factor.</summary>
    /// <param name="matrix">H, of this structure.</param>
    /// <param name="damping">The diagonal of D (see <see cref="Damping"/>), or empty for none.</param>
    /// <returns>Success, or the row where the matrix is not positive definite.</returns>
    /// <exception cref="ArgumentException">The structure or the length of the damping does not fit.</exception>
    FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default);

    /// <summary>
    /// <see cref="Factor"/> and, if that succeeds, <see cref="Solve"/>: the same bits, perhaps sooner.
    /// </summary>
    /// <param name="matrix">H, of this structure.</param>
    /// <param name="damping">The diagonal of D, or empty for none.</param>
    /// <param name="b">The right-hand side.</param>
    /// <param name="x">Receives the solution, if there is one; may be <paramref name="b"/> itself.</param>
    /// <returns>Success, or the row where the matrix is not positive definite.</returns>
    /// <exception cref="ArgumentException">The structure or a length does not fit.</exception>
    FactorizationResult FactorAndSolve(
        BlockMatrix matrix, ReadOnlySpan<double> damping, ReadOnlySpan<double> b, Span<double> x)
    {
        FactorizationResult result = Factor(matrix, damping);
        if (result.Succeeded)
            Solve(b, x);
        return result;
    }

    /// <summary>Solves (H + D)·x = b with the last factor.</summary>
    /// <param name="b">The right-hand side.</param>
    /// <param name="x">Receives the solution; may be <paramref name="b"/> itself.</param>
    /// <exception cref="ArgumentException">A length is not the dimension.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no factor: none was made yet, or the last one failed.
    /// </exception>
    void Solve(ReadOnlySpan<double> b, Span<double> x);

    /// <summary>
    /// Solves Lᵀ·x = y with the last Cholesky factor, L·Lᵀ = H + D: independent entries y of variance 1 become an x
    /// with covariance (H + D)⁻¹. The entries of y are in the solver's order of elimination.
    /// </summary>
    /// <param name="y">The right-hand side.</param>
    /// <param name="x">Receives the solution; may be <paramref name="y"/> itself.</param>
    /// <inheritdoc cref="Solve" path="/exception"/>
    void SolveTransposed(ReadOnlySpan<double> y, Span<double> x);
}
