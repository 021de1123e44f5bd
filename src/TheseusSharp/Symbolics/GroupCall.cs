using System.Collections.Concurrent;

namespace TheseusSharp.Symbolics;

/// <summary>
/// A typed operation applied to operands: a call node for each group parameter, a scalar node for each number.
/// </summary>
internal sealed class GroupCall(GroupOperation operation, int[] operands) : IEquatable<GroupCall>
{
    /// <summary>The operation.</summary>
    public GroupOperation Operation { get; } = operation;

    /// <summary>Node indices.</summary>
    public int[] Operands { get; } = operands;

    /// <inheritdoc/>
    public bool Equals(GroupCall? other) =>
        other is not null && ReferenceEquals(Operation,
            other.Operation) && Operands.AsSpan().SequenceEqual(other.Operands);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GroupCall);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Operation);
        foreach (int operand in Operands)
            hash.Add(operand);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Operation}({string.Join(", ", Operands.Select(o => $"#{o}"))})";
}

/// <summary>A group-valued argument of the traced lambda.</summary>
internal sealed class GroupInput : GroupOperation
{
    private static readonly ConcurrentDictionary<(ValueKind, int), GroupInput> s_inputs = new();

    private GroupInput(ValueKind kind, int slot)
        : base($"input[{slot}] of {kind}", [], kind) => Slot = slot;

    /// <summary>Where the storage begins among the scalar inputs.</summary>
    public int Slot { get; }

    /// <summary>The one input of this kind at this place.</summary>
    public static GroupInput Of(ValueKind kind, int slot) =>
        s_inputs.GetOrAdd((kind, slot), static key => new GroupInput(key.Item1, key.Item2));

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<Scalar> arguments, Span<Scalar> result) => throw NoRule();

    /// <inheritdoc/>
    public override void Push(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> tangents, Span<Scalar> resultTangent) =>
        throw NoRule();

    /// <inheritdoc/>
    public override void Pull(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> cotangent, Span<Scalar> cotangents) =>
        throw NoRule();

    private static InvalidOperationException NoRule() =>
        new("An input is a leaf: graph passes must handle it before asking for its rules.");
}

/// <summary>A group element built from scalars, such as an <c>SE3</c> from a literal measurement.</summary>
internal sealed class Pack : GroupOperation
{
    private static readonly ConcurrentDictionary<ValueKind, Pack> s_packs = new();

    private Pack(ValueKind kind)
        : base($"Pack {kind}", [ValueKind.Vector(kind.StorageLength)], kind)
    {
    }

    /// <summary>The one pack of a kind.</summary>
    public static Pack Of(ValueKind kind) => s_packs.GetOrAdd(kind, static k => new Pack(k));

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<Scalar> arguments, Span<Scalar> result) => arguments.CopyTo(result);

    /// <inheritdoc/>
    public override void Push(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> tangents, Span<Scalar> resultTangent) =>
        Result.Unlift(result, tangents, resultTangent);

    /// <inheritdoc/>
    public override void Pull(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> cotangent, Span<Scalar> cotangents) =>
        Result.Unproject(result, cotangent, cotangents);
}
