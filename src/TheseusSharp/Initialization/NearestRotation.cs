using TheseusSharp.Linear;

namespace TheseusSharp.Initialization;

/// <summary>
/// The rotation R nearest to a matrix M in the Frobenius norm: the one that maximises tr(RᵀM). Where several are
/// nearest (M of rank 1 or 0, or reflections with equal singular values), one of them.
/// </summary>
internal static class NearestRotation
{
    /// <summary>
    /// In space: tr(RᵀM) is a quadratic form of R's quaternion, so the eigenvector of its largest eigenvalue is the
    /// answer, whatever the rank of M or the sign of its determinant (P. Davenport 1968; B. Horn, "Closed-form solution
    /// of absolute orientation using unit quaternions", J. Opt. Soc. Am. A 4, 1987).
    /// </summary>
    /// <param name="m">3×3, row by row.</param>
    /// <param name="quaternion">Receives x, y, z, w; w ≥ 0.</param>
    public static void InSpace(ReadOnlySpan<double> m, Span<double> quaternion)
    {
        double trace = m[0] + m[4] + m[8];
        double x = m[7] - m[5], y = m[2] - m[6], z = m[3] - m[1];
        double xy = m[1] + m[3], xz = m[2] + m[6], yz = m[5] + m[7];
        Span<double> form =
        [
            m[0] - m[4] - m[8], xy, xz, x,
            xy, m[4] - m[0] - m[8], yz, y,
            xz, yz, m[8] - m[0] - m[4], z,
            x, y, z, trace,
        ];
        Span<double> vectors = stackalloc double[16];
        SymmetricEigen.Diagonalize(4, form, vectors);
        int largest = 3; // of equals, the last: the identity for a matrix of zeros
        for (int k = 0; k < 3; k++)
            if (form[5 * k] > form[5 * largest])
                largest = k;
        double sign = Math.CopySign(1, vectors[(4 * largest) + 3]);
        for (int k = 0; k < 4; k++)
            quaternion[k] = sign * vectors[(4 * largest) + k];
    }

    /// <summary>In the plane: tr(RᵀM) is the product of (cos, sin) with (m₀₀ + m₁₁, m₁₀ − m₀₁).</summary>
    /// <param name="m">2×2, row by row.</param>
    /// <param name="direction">Receives the cosine and the sine.</param>
    public static void InPlane(ReadOnlySpan<double> m, Span<double> direction)
    {
        double cosine = m[0] + m[3], sine = m[2] - m[1], norm = double.Hypot(cosine, sine);
        (direction[0], direction[1]) = norm > 0 ? (cosine / norm, sine / norm) : (1, 0);
    }
}
