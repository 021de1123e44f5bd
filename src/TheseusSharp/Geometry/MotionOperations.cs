using System.Collections.Concurrent;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>The rotation of a rigid motion: the last part of its storage and of its tangent.</summary>
internal sealed class RotationPart : GroupOperation
{
    private static readonly ConcurrentDictionary<ValueKind, RotationPart> s_parts = new();

    private RotationPart(ValueKind motion, ValueKind rotation)
        : base($"{motion}.Rotation", [motion], rotation)
    {
    }

    private int StorageOffset => Parameters[0].StorageLength - Result.StorageLength;

    private int TangentOffset => Parameters[0].TangentLength - Result.TangentLength;

    /// <summary>The one instance for a kind of motion.</summary>
    public static RotationPart Of(ValueKind motion, ValueKind rotation) =>
        s_parts.GetOrAdd(motion, static (m, r) => new RotationPart(m, r), rotation);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<Scalar> arguments, Span<Scalar> result) =>
        arguments[StorageOffset..].CopyTo(result);

    /// <inheritdoc/>
    public override void Push(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> tangents, Span<Scalar> resultTangent) =>
        tangents[TangentOffset..].CopyTo(resultTangent);

    /// <inheritdoc/>
    public override void Pull(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> cotangent, Span<Scalar> cotangents)
    {
        cotangents.Clear();
        cotangent.CopyTo(cotangents[TangentOffset..]);
    }
}

/// <summary>A rigid motion of a translation t and a rotation R: its tangent is [Rᵀ·dt, ω].</summary>
internal sealed class MotionJoin : GroupOperation
{
    private static readonly ConcurrentDictionary<ValueKind, MotionJoin> s_joins = new();
    private readonly LieOperations _rotation;

    private MotionJoin(ValueKind motion, ValueKind rotation, LieOperations operations)
        : base($"{motion}.From", [ValueKind.Vector(motion.StorageLength - rotation.StorageLength), rotation], motion) =>
        _rotation = operations;

    private int Dimension => Parameters[0].StorageLength;

    /// <summary>The one instance for a kind of motion.</summary>
    public static MotionJoin Of(ValueKind motion, ValueKind rotation, LieOperations operations) =>
        s_joins.GetOrAdd(motion, static (m, a) => new MotionJoin(m, a.rotation, a.operations), (rotation, operations));

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<Scalar> arguments, Span<Scalar> result) => arguments.CopyTo(result);

    /// <inheritdoc/>
    public override void Push(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> tangents, Span<Scalar> resultTangent)
    {
        _rotation.ActInverse.Evaluate([.. arguments[Dimension..], .. tangents[..Dimension]],
            resultTangent[..Dimension]);
        tangents[Dimension..].CopyTo(resultTangent[Dimension..]);
    }

    /// <inheritdoc/>
    public override void Pull(
        ReadOnlySpan<Scalar> arguments, ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> cotangent, Span<Scalar> cotangents)
    {
        _rotation.Act.Evaluate([.. arguments[Dimension..], .. cotangent[..Dimension]], cotangents[..Dimension]);
        cotangent[Dimension..].CopyTo(cotangents[Dimension..]);
    }
}
