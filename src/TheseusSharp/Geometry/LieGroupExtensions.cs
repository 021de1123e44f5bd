using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>
/// What every element of every Lie group can do. Computes on numbers; records a typed node on symbolic scalars.
/// </summary>
public static class LieGroupExtensions
{
    /// <summary>x⁻¹.</summary>
    public static TGroup Inverse<TGroup, T>(this ILieGroup<TGroup, T> x)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => LieGroup<TGroup, T>.Inverse((TGroup)x);

    /// <summary>x∘y, also written <c>x * y</c>.</summary>
    public static TGroup Compose<TGroup, T>(this ILieGroup<TGroup, T> x, TGroup y)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => LieGroup<TGroup, T>.Compose((TGroup)x, y);

    /// <summary>x⁻¹∘y.</summary>
    public static TGroup Between<TGroup, T>(this ILieGroup<TGroup, T> x, TGroup y)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => LieGroup<TGroup, T>.Between((TGroup)x, y);

    /// <summary>The logarithm: the tangent δ with Exp(δ) = x and rotation angle in [−π, π].</summary>
    public static Vector<T> Log<TGroup, T>(this ILieGroup<TGroup, T> x)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => LieGroup<TGroup, T>.Log((TGroup)x);

    /// <summary>x∘Exp(δ), normalised.</summary>
    /// <param name="x">The element.</param>
    /// <param name="tangent">δ.</param>
    /// <exception cref="ArgumentException">The tangent has the wrong length.</exception>
    public static TGroup Retract<TGroup, T>(this ILieGroup<TGroup, T> x, Vector<T> tangent)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => LieGroup<TGroup, T>.Retract((TGroup)x, tangent);

    /// <summary>Log(x⁻¹∘y): the tangent δ at x with x∘Exp(δ) = y.</summary>
    public static Vector<T> Local<TGroup, T>(this ILieGroup<TGroup, T> x, TGroup y)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => LieGroup<TGroup, T>.Local((TGroup)x, y);

    /// <summary>The element of the group nearest to a storage that has drifted; a zero rotation gives NaN.</summary>
    public static TGroup Normalize<TGroup, T>(this ILieGroup<TGroup, T> x)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => LieGroup<TGroup, T>.Normalize((TGroup)x);

    /// <summary>The adjoint matrix, with x∘Exp(δ) = Exp(Ad(x)·δ)∘x.</summary>
    public static Matrix<T> Adjoint<TGroup, T>(this ILieGroup<TGroup, T> x)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => LieGroup<TGroup, T>.Adjoint((TGroup)x);

    /// <summary>The element as a homogeneous matrix.</summary>
    public static Matrix<T> ToMatrix<TGroup, T>(this ILieGroup<TGroup, T> x)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => TGroup.MatrixRule((TGroup)x);

    /// <summary>The stored scalars.</summary>
    public static T[] ToStorage<TGroup, T>(this ILieGroup<TGroup, T> x)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => LieGroup<TGroup, T>.Storage((TGroup)x);

    /// <summary>
    /// A gradient by tangent as the least-norm gradient by storage (by quaternion, for rotations in 3D).
    /// </summary>
    /// <param name="x">The element.</param>
    /// <param name="gradient">The gradient by the right tangent at x.</param>
    public static Vector<T> StorageGradient<TGroup, T>(this ILieGroup<TGroup, T> x, Vector<T> gradient)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => LieGroup<TGroup, T>.StorageGradient((TGroup)x, gradient);

    /// <summary>A gradient by storage as the gradient by the right tangent at x.</summary>
    /// <param name="x">The element.</param>
    /// <param name="storageGradient">The gradient by each stored number.</param>
    public static Vector<T> TangentGradient<TGroup, T>(this ILieGroup<TGroup, T> x, Vector<T> storageGradient)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => LieGroup<TGroup, T>.TangentGradient((TGroup)x, storageGradient);

    /// <summary>
    /// A gradient by tangent as a gradient by the homogeneous matrix: of all matrices G with ⟨G, d(matrix)⟩ = g·δ for
    /// every δ, the one of least norm (its bottom row is zero).
    /// </summary>
    /// <remarks>
    /// With R the rotation and v, ω the parts of g: ½R·[ω]× for the rotation in 3D (½ω·R·J with J = [[0,−1],[1,0]] in
    /// 2D), R·v for the translation. Frameworks that differentiate by matrix entries agree after projection to the
    /// tangent.
    /// </remarks>
    /// <param name="x">The element.</param>
    /// <param name="gradient">The gradient by the right tangent at x.</param>
    public static Matrix<T> MatrixGradient<TGroup, T>(this ILieGroup<TGroup, T> x, Vector<T> gradient)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => MatrixGradients<TGroup, T>.Lift((TGroup)x, gradient);

    /// <summary>A gradient by the homogeneous matrix as the gradient by the right tangent at x.</summary>
    /// <param name="x">The element.</param>
    /// <param name="matrixGradient">The gradient by each entry of the matrix.</param>
    public static Vector<T> TangentGradient<TGroup, T>(this ILieGroup<TGroup, T> x, Matrix<T> matrixGradient)
        where TGroup : struct, ILieGroup<TGroup, T>
        where T : struct, IScalar<T> => MatrixGradients<TGroup, T>.Project((TGroup)x, matrixGradient);
}
