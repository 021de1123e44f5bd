namespace TheseusSharp.Linear;

/// <summary>The diagonals that damped methods add to H.</summary>
public static class Damping
{
    /// <summary>λ everywhere: the trust region is a ball.</summary>
    /// <param name="lambda">λ.</param>
    /// <param name="damping">Receives the diagonal.</param>
    public static void Spherical(double lambda, Span<double> damping) => damping.Fill(lambda);

    /// <summary>λ·clamp(H's diagonal): the trust region follows the scale of each variable.</summary>
    /// <param name="matrix">H.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="minimum">
    /// Diagonal entries below this count as this, so that unobserved variables are damped, too.
    /// </param>
    /// <param name="maximum">Diagonal entries above this count as this.</param>
    /// <param name="damping">Receives the diagonal.</param>
    /// <exception cref="ArgumentException">The length is not the dimension, or minimum exceeds maximum.</exception>
    public static void Ellipsoidal(
        BlockMatrix matrix, double lambda, double minimum, double maximum, Span<double> damping)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        matrix.CopyDiagonalTo(damping);
        Ellipsoidal(lambda, minimum, maximum, damping);
    }

    /// <summary>λ·clamp(diagonal), in place.</summary>
    internal static void Ellipsoidal(double lambda, double minimum, double maximum, Span<double> diagonal)
    {
        foreach (ref double entry in diagonal)
            entry = lambda * Math.Clamp(entry, minimum, maximum);
    }
}
