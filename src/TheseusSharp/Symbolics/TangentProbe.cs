using System.Collections.Concurrent;

namespace TheseusSharp.Symbolics;

/// <summary>
/// Zero in value, the identity in derivative: makes the tangent of a group element an output to differentiate.
/// </summary>
internal sealed class TangentProbe : GroupOperation
{
    private static readonly ConcurrentDictionary<ValueKind, TangentProbe> s_probes = new();

    private TangentProbe(ValueKind kind)
        : base($"Tangent of {kind}", [kind], ValueKind.Vector(kind.TangentLength))
    {
    }

    /// <summary>The one probe of a kind.</summary>
    public static TangentProbe Of(ValueKind kind) => s_probes.GetOrAdd(kind, static k => new TangentProbe(k));

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<Scalar> arguments, Span<Scalar> result) => result.Clear();

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
