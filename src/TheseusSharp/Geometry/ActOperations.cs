using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>The action on a point: x·p = R·p + t. With p fixed its tangent is R·(v + ω×p).</summary>
internal sealed class ActOperation<TGroup>()
    : GroupOperation(
        $"{GroupKind<TGroup>.Instance}.Act",
        [GroupKind<TGroup>.Instance, ValueKind.Vector(TGroup.PointLength)],
        ValueKind.Vector(TGroup.PointLength))
    where TGroup : struct, ILieGroup<TGroup, Scalar>
{
    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<Scalar> arguments, Span<Scalar> result) =>
        TGroup.ActRule(TGroup.FromStorage(arguments), arguments[TGroup.StorageLength..], result);

    /// <inheritdoc/>
    public override void Push(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> tangents, Span<Scalar> resultTangent)
    {
        var moved = new Scalar[TGroup.PointLength];
        TGroup.ActTangentRule(tangents[..TGroup.TangentLength], arguments[TGroup.StorageLength..], moved);
        for (int k = 0; k < moved.Length; k++)
            moved[k] += tangents[TGroup.TangentLength + k];
        TGroup.RotateRule(TGroup.FromStorage(arguments), moved, resultTangent);
    }

    /// <inheritdoc/>
    public override void Pull(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> cotangent, Span<Scalar> cotangents)
    {
        Span<Scalar> byPoint = cotangents[TGroup.TangentLength..];
        TGroup.RotateInverseRule(TGroup.FromStorage(arguments), cotangent, byPoint);
        TGroup.ActCotangentRule(arguments[TGroup.StorageLength..], byPoint, cotangents[..TGroup.TangentLength]);
    }

    /// <summary>
    /// (a∘b)·p = a·(b·p): two actions cost less than a product and an action, derivatives all the more.
    /// </summary>
    internal override Scalar[]? Fuse(in Fusion fusion) => ActFusion.Split<TGroup>(fusion, inverse: false);
}

/// <summary>The action of the inverse: x⁻¹·p = Rᵀ·(p − t). With p fixed its tangent is −(v + ω×(x⁻¹·p)).</summary>
internal sealed class ActInverseOperation<TGroup>()
    : GroupOperation(
        $"{GroupKind<TGroup>.Instance}.ActInverse",
        [GroupKind<TGroup>.Instance, ValueKind.Vector(TGroup.PointLength)],
        ValueKind.Vector(TGroup.PointLength))
    where TGroup : struct, ILieGroup<TGroup, Scalar>
{
    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<Scalar> arguments, Span<Scalar> result) =>
        TGroup.ActInverseRule(TGroup.FromStorage(arguments), arguments[TGroup.StorageLength..], result);

    /// <inheritdoc/>
    public override void Push(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> tangents, Span<Scalar> resultTangent)
    {
        var moved = new Scalar[TGroup.PointLength];
        TGroup.ActTangentRule(tangents[..TGroup.TangentLength], result, moved);
        TGroup.RotateInverseRule(TGroup.FromStorage(arguments), tangents[TGroup.TangentLength..], resultTangent);
        for (int k = 0; k < moved.Length; k++)
            resultTangent[k] -= moved[k];
    }

    /// <inheritdoc/>
    public override void Pull(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> cotangent, Span<Scalar> cotangents)
    {
        Span<Scalar> byGroup = cotangents[..TGroup.TangentLength];
        TGroup.ActCotangentRule(result, cotangent, byGroup);
        for (int k = 0; k < byGroup.Length; k++)
            byGroup[k] = -byGroup[k];
        TGroup.RotateRule(TGroup.FromStorage(arguments), cotangent, cotangents[TGroup.TangentLength..]);
    }

    /// <inheritdoc cref="ActOperation{TGroup}.Fuse"/>
    internal override Scalar[]? Fuse(in Fusion fusion) => ActFusion.Split<TGroup>(fusion, inverse: true);
}

/// <summary>What both actions do with a product that feeds nothing else.</summary>
internal static class ActFusion
{
    /// <summary>Replaces the action of a product by actions of its factors.</summary>
    public static Scalar[]? Split<TGroup>(in Fusion fusion, bool inverse)
        where TGroup : struct, ILieGroup<TGroup, Scalar>
    {
        if (fusion.Inner.Operation is not ProductOperation<TGroup> product)
            return null;
        ExpressionGraph graph = fusion.Graph;
        Scalar[] point = fusion.Outer.Operands[1..].Select(graph.At).ToArray();
        return product.ActByFactors(graph, fusion.Inner.Operands, point, inverse);
    }
}
