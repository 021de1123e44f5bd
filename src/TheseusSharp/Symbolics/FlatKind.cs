namespace TheseusSharp.Symbolics;

/// <summary>A value whose tangent is its storage: vectors, rows, tables.</summary>
internal abstract class FlatKind(string name, int length) : ValueKind(name, length, length)
{
    /// <inheritdoc/>
    public override bool IsGroup => false;

    /// <inheritdoc/>
    public override void Lift(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> tangent, Span<Scalar> result) =>
        tangent.CopyTo(result);

    /// <inheritdoc/>
    public override void Project(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> cotangent, Span<Scalar> result) =>
        cotangent.CopyTo(result);

    /// <inheritdoc/>
    public override void Unlift(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> derivative, Span<Scalar> result) =>
        derivative.CopyTo(result);

    /// <inheritdoc/>
    public override void Unproject(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> cotangent, Span<Scalar> result) =>
        cotangent.CopyTo(result);

    /// <inheritdoc/>
    public override void Retract(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> tangent, Span<Scalar> result)
    {
        for (int k = 0; k < result.Length; k++)
            result[k] = storage[k] + tangent[k];
    }

    /// <inheritdoc/>
    public override void Normalize(ReadOnlySpan<Scalar> storage, Span<Scalar> result) => storage.CopyTo(result);
}
