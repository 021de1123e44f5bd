using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>A kind whose values have a matrix.</summary>
internal interface IMatrixKind
{
    /// <summary>A gradient by tangent as the least-norm gradient by the entries of the matrix, row after row.</summary>
    /// <param name="storage">The value; normalised if it is off the group.</param>
    /// <param name="gradient">The gradient by its tangent.</param>
    Scalar[] MatrixGradient(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> gradient);
}

/// <summary>
/// Gradients by the entries of a group element's matrix. The matrix moves as M·hat(δ), and the matrices hat(eₖ) are
/// orthogonal to one another, of squared norm 1 for a translation and 2 for a rotation: so both directions are sums
/// over k.
/// </summary>
/// <remarks>
/// After appendix D of Pineda et al., "Theseus: A Library for Differentiable Nonlinear Optimization", 2022.
/// </remarks>
internal static class MatrixGradients<TGroup, T>
    where TGroup : struct, ILieGroup<TGroup, T>
    where T : struct, IScalar<T>
{
    /// <summary>Gₖ = ⟨G, M·hat(eₖ)⟩.</summary>
    public static Vector<T> Project(TGroup x, Matrix<T> gradient)
    {
        Matrix<T> matrix = TGroup.MatrixRule(x);
        if (gradient.Rows != matrix.Rows || gradient.Columns != matrix.Columns)
            throw new ArgumentException(
                $"Expected a gradient by a {matrix.Rows}×{matrix.Columns} matrix, " +
                $"found {gradient.Rows}×{gradient.Columns}.",
                nameof(gradient));
        var result = new T[TGroup.TangentLength];
        for (int k = 0; k < result.Length; k++)
            result[k] = Inner(gradient, matrix * Generator(k));
        return new(result);
    }

    /// <summary>Σ gₖ·M·hat(eₖ)/‖hat(eₖ)‖².</summary>
    public static Matrix<T> Lift(TGroup x, Vector<T> gradient)
    {
        LieGroup<TGroup, T>.CheckTangent(gradient);
        var scaled = new T[TGroup.TangentLength];
        for (int k = 0; k < scaled.Length; k++)
        {
            Matrix<T> generator = Generator(k);
            scaled[k] = gradient[k] / Inner(generator, generator);
        }

        return TGroup.MatrixRule(x) * TGroup.HatRule(scaled);
    }

    private static Matrix<T> Generator(int k)
    {
        var unit = new T[TGroup.TangentLength];
        unit[k] = 1;
        return TGroup.HatRule(unit);
    }

    private static T Inner(Matrix<T> a, Matrix<T> b)
    {
        T sum = 0;
        for (int k = 0; k < a.Entries.Length; k++)
            sum += a.Entries[k] * b.Entries[k];
        return sum;
    }
}
