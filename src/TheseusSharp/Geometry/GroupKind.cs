using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>The kind of a Lie group's elements in a trace.</summary>
/// <typeparam name="TGroup">The group over symbolic scalars.</typeparam>
internal sealed class GroupKind<TGroup> : ValueKind, IMatrixKind
    where TGroup : struct, ILieGroup<TGroup, Scalar>
{
    private GroupKind()
        : base(NameOf(typeof(TGroup)), TGroup.StorageLength, TGroup.TangentLength)
    {
    }

    /// <summary>The one instance.</summary>
    public static GroupKind<TGroup> Instance { get; } = new();

    /// <inheritdoc/>
    public override void Lift(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> tangent, Span<Scalar> result) =>
        TGroup.LiftRule(TGroup.FromStorage(storage), tangent, result);

    /// <inheritdoc/>
    public override void Project(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> cotangent, Span<Scalar> result) =>
        TGroup.ProjectRule(TGroup.FromStorage(storage), cotangent, result);

    /// <inheritdoc/>
    public override void Unlift(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> derivative, Span<Scalar> result) =>
        TGroup.UnliftRule(TGroup.FromStorage(storage), derivative, result);

    /// <inheritdoc/>
    public override void Unproject(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> cotangent, Span<Scalar> result) =>
        TGroup.UnprojectRule(TGroup.FromStorage(storage), cotangent, result);

    /// <inheritdoc/>
    public override void Retract(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> tangent, Span<Scalar> result) =>
        LieGroup<TGroup, Scalar>.Retract(TGroup.FromStorage(storage), new(tangent.ToArray())).CopyTo(result);

    /// <inheritdoc/>
    public override void Normalize(ReadOnlySpan<Scalar> storage, Span<Scalar> result) =>
        LieGroup<TGroup, Scalar>.Normalize(TGroup.FromStorage(storage)).CopyTo(result);

    /// <inheritdoc/>
    public Scalar[] MatrixGradient(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> gradient)
    {
        TGroup x = TGroup.NormalizeRule(TGroup.FromStorage(storage));
        return MatrixGradients<TGroup, Scalar>.Lift(x, new(gradient.ToArray())).Entries.ToArray();
    }

    private static string NameOf(Type type) => type.Name.Split('`')[0];
}
