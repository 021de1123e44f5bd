using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>
/// The formulas of a Lie group, each written once and generic over the scalar: the same text computes numbers, is
/// traced into kernels, and is checked in double-double.
/// </summary>
/// <remarks>
/// <para>
/// Conventions: perturbation on the right, x∘Exp(δ); tangent order translation first, then rotation. Storage and
/// tangent are spans of exactly <see cref="StorageLength"/> and <see cref="TangentLength"/> scalars. Rules compute and
/// never record; people use the operators and methods of the types, which do.
/// </para>
/// <para>
/// To add a group, implement this interface in one file and inherit the law suite in one line of a test. NaN passes
/// through every rule. Rules read their inputs before they write, except where spans alias, which is not allowed.
/// </para>
/// </remarks>
/// <typeparam name="TSelf">The group.</typeparam>
/// <typeparam name="T">The scalar.</typeparam>
public interface ILieGroup<TSelf, T> : IStorable<TSelf, T>
    where TSelf : struct, ILieGroup<TSelf, T>
    where T : struct, IScalar<T>
{
    /// <summary>How many scalars are stored.</summary>
    static abstract int StorageLength { get; }

    /// <summary>The dimension of the tangent space.</summary>
    static abstract int TangentLength { get; }

    /// <summary>The dimension of the points that the group acts on.</summary>
    static abstract int PointLength { get; }

    /// <summary>The typed operations that a trace records; null if plain arithmetic is recorded instead.</summary>
    static abstract LieOperations? Operations { get; }

    /// <summary>The neutral element.</summary>
    static abstract TSelf Identity { get; }

    /// <summary>The product a∘b.</summary>
    static abstract TSelf ComposeRule(TSelf a, TSelf b);

    /// <summary>The inverse.</summary>
    static abstract TSelf InverseRule(TSelf a);

    /// <summary>a⁻¹∘b.</summary>
    static virtual TSelf BetweenRule(TSelf a, TSelf b) => TSelf.ComposeRule(TSelf.InverseRule(a), b);

    /// <summary>The element nearest to a storage that has drifted off the group.</summary>
    static abstract TSelf NormalizeRule(TSelf a);

    /// <summary>The exponential map.</summary>
    static abstract TSelf ExpRule(ReadOnlySpan<T> tangent);

    /// <summary>The logarithm: the inverse of Exp with the smallest rotation angle, in [−π, π].</summary>
    static abstract void LogRule(TSelf x, Span<T> tangent);

    /// <summary>Ad(x)·δ, where x∘Exp(δ) = Exp(Ad(x)·δ)∘x.</summary>
    static abstract void AdjointRule(TSelf x, ReadOnlySpan<T> tangent, Span<T> result);

    /// <summary>Ad(x⁻¹)·δ.</summary>
    static abstract void AdjointInverseRule(TSelf x, ReadOnlySpan<T> tangent, Span<T> result);

    /// <summary>Ad(x⁻¹)ᵀ·g: how a gradient passes an element on its way left in a product.</summary>
    static abstract void CoadjointInverseRule(TSelf x, ReadOnlySpan<T> cotangent, Span<T> result);

    /// <summary>The action on a point.</summary>
    static abstract void ActRule(TSelf x, ReadOnlySpan<T> point, Span<T> result);

    /// <summary>The action of the inverse on a point.</summary>
    static abstract void ActInverseRule(TSelf x, ReadOnlySpan<T> point, Span<T> result);

    /// <summary>The action without translation.</summary>
    static abstract void RotateRule(TSelf x, ReadOnlySpan<T> vector, Span<T> result);

    /// <summary>The inverse action without translation.</summary>
    static abstract void RotateInverseRule(TSelf x, ReadOnlySpan<T> vector, Span<T> result);

    /// <summary>How the identity moves a point along a tangent: v + ω×p.</summary>
    static abstract void ActTangentRule(ReadOnlySpan<T> tangent, ReadOnlySpan<T> point, Span<T> result);

    /// <summary>The transpose of <see cref="ActTangentRule"/> by the tangent: (u, p×u).</summary>
    static abstract void ActCotangentRule(ReadOnlySpan<T> point, ReadOnlySpan<T> cotangent, Span<T> result);

    /// <summary>The right Jacobian of Exp: Exp(ξ+dξ) ≈ Exp(ξ)∘Exp(Jr(ξ)·dξ).</summary>
    static abstract Matrix<T> RightJacobianRule(ReadOnlySpan<T> tangent);

    /// <summary>
    /// The inverse of the right Jacobian; singular where the rotation angle is a multiple of 2π, zero excepted.
    /// </summary>
    static abstract Matrix<T> RightJacobianInverseRule(ReadOnlySpan<T> tangent);

    /// <summary>The inverse right Jacobian at ξ = Log(x), reusing what x knows.</summary>
    /// <param name="x">The element.</param>
    /// <param name="tangent">Its logarithm.</param>
    static abstract Matrix<T> LogJacobianRule(TSelf x, ReadOnlySpan<T> tangent);

    /// <summary>
    /// The transpose of <see cref="LogJacobianRule"/> times a gradient; overridden where structure saves work.
    /// </summary>
    static virtual void LogCotangentRule(TSelf x, ReadOnlySpan<T> tangent, ReadOnlySpan<T> cotangent, Span<T> result) =>
        TSelf.LogJacobianRule(x, tangent).MultiplyTransposed(cotangent, result);

    /// <summary>The element of the Lie algebra that a tangent stands for, as a matrix.</summary>
    static abstract Matrix<T> HatRule(ReadOnlySpan<T> tangent);

    /// <summary>The tangent of an element of the Lie algebra.</summary>
    static abstract void VeeRule(Matrix<T> algebra, Span<T> tangent);

    /// <summary>The element as a homogeneous matrix.</summary>
    static abstract Matrix<T> MatrixRule(TSelf x);

    /// <summary>The derivative of the storage along a tangent.</summary>
    static abstract void LiftRule(TSelf x, ReadOnlySpan<T> tangent, Span<T> result);

    /// <summary>The transpose of <see cref="LiftRule"/>.</summary>
    static abstract void ProjectRule(TSelf x, ReadOnlySpan<T> cotangent, Span<T> result);

    /// <summary>The tangent of a change of storage: the left inverse of <see cref="LiftRule"/>.</summary>
    static abstract void UnliftRule(TSelf x, ReadOnlySpan<T> derivative, Span<T> result);

    /// <summary>The transpose of <see cref="UnliftRule"/>: the least-norm gradient by storage.</summary>
    static abstract void UnprojectRule(TSelf x, ReadOnlySpan<T> cotangent, Span<T> result);
}
