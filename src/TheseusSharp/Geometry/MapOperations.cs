using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>Exp: tangent to group. Its derivative is the right Jacobian.</summary>
internal sealed class ExpOperation<TGroup>()
    : GroupOperation($"{GroupKind<TGroup>.Instance}.Exp", [ValueKind.Vector(TGroup.TangentLength)],
        GroupKind<TGroup>.Instance)
    where TGroup : struct, ILieGroup<TGroup, Scalar>
{
    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<Scalar> arguments, Span<Scalar> result) =>
        TGroup.ExpRule(arguments).CopyTo(result);

    /// <inheritdoc/>
    public override void Push(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> tangents, Span<Scalar> resultTangent) =>
        TGroup.RightJacobianRule(arguments).Multiply(tangents, resultTangent);

    /// <inheritdoc/>
    public override void Pull(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> cotangent, Span<Scalar> cotangents) =>
        TGroup.RightJacobianRule(arguments).MultiplyTransposed(cotangent, cotangents);
}

/// <summary>Log: group to tangent. Its derivative is the inverse right Jacobian.</summary>
internal sealed class LogOperation<TGroup>()
    : GroupOperation($"{GroupKind<TGroup>.Instance}.Log", [GroupKind<TGroup>.Instance],
        ValueKind.Vector(TGroup.TangentLength))
    where TGroup : struct, ILieGroup<TGroup, Scalar>
{
    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<Scalar> arguments, Span<Scalar> result) =>
        TGroup.LogRule(TGroup.FromStorage(arguments), result);

    /// <inheritdoc/>
    public override void Push(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> tangents, Span<Scalar> resultTangent) =>
        TGroup.LogJacobianRule(TGroup.FromStorage(arguments), result).Multiply(tangents, resultTangent);

    /// <inheritdoc/>
    public override void Pull(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> cotangent, Span<Scalar> cotangents) =>
        TGroup.LogCotangentRule(TGroup.FromStorage(arguments), result, cotangent, cotangents);
}

/// <summary>
/// Normalisation of an element that is on the group but for rounding: its derivative is the identity.
/// </summary>
internal sealed class NormalizeOperation<TGroup>()
    : GroupOperation($"{GroupKind<TGroup>.Instance}.Normalize", [GroupKind<TGroup>.Instance],
        GroupKind<TGroup>.Instance)
    where TGroup : struct, ILieGroup<TGroup, Scalar>
{
    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<Scalar> arguments, Span<Scalar> result) =>
        TGroup.NormalizeRule(TGroup.FromStorage(arguments)).CopyTo(result);

    /// <inheritdoc/>
    public override void Push(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> tangents, Span<Scalar> resultTangent) =>
        tangents.CopyTo(resultTangent);

    /// <inheritdoc/>
    public override void Pull(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> cotangent, Span<Scalar> cotangents) =>
        cotangent.CopyTo(cotangents);
}
