namespace TheseusSharp.Symbolics;

/// <summary>
/// What a typed value is made of: how many stored numbers, how many tangent coordinates, and how derivatives pass
/// between the two. A vector has equal tangent and storage; a group has its own.
/// </summary>
/// <remarks>Implementations are stateless and compared by reference: one instance per kind.</remarks>
public abstract class ValueKind
{
    /// <summary>Describes a kind.</summary>
    /// <param name="name">The name shown to people.</param>
    /// <param name="storageLength">How many numbers are stored.</param>
    /// <param name="tangentLength">How many tangent coordinates there are.</param>
    protected ValueKind(string name, int storageLength, int tangentLength)
    {
        Name = name;
        StorageLength = storageLength;
        TangentLength = tangentLength;
    }

    /// <summary>The name shown to people, such as <c>SE3</c>.</summary>
    public string Name { get; }

    /// <summary>How many numbers are stored.</summary>
    public int StorageLength { get; }

    /// <summary>How many tangent coordinates there are.</summary>
    public int TangentLength { get; }

    /// <summary>Whether values are elements of a group with a storage of its own.</summary>
    public virtual bool IsGroup => true;

    /// <summary>The derivative of the storage along a right tangent: d storage(x∘Exp(tδ))/dt at 0.</summary>
    /// <param name="storage">The value x.</param>
    /// <param name="tangent">δ, <see cref="TangentLength"/> long.</param>
    /// <param name="result">Receives <see cref="StorageLength"/> numbers.</param>
    public abstract void Lift(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> tangent, Span<Scalar> result);

    /// <summary>The transpose of <see cref="Lift"/>: a gradient by storage becomes one by tangent.</summary>
    /// <param name="storage">The value x.</param>
    /// <param name="cotangent">The gradient by storage.</param>
    /// <param name="result">Receives the gradient by tangent.</param>
    public abstract void Project(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> cotangent, Span<Scalar> result);

    /// <summary>The tangent of a value built from stored numbers: the left inverse of <see cref="Lift"/>.</summary>
    /// <param name="storage">The value x.</param>
    /// <param name="derivative">How the stored numbers change.</param>
    /// <param name="result">Receives the tangent.</param>
    public abstract void Unlift(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> derivative, Span<Scalar> result);

    /// <summary>The transpose of <see cref="Unlift"/>.</summary>
    /// <param name="storage">The value x.</param>
    /// <param name="cotangent">The gradient by tangent.</param>
    /// <param name="result">Receives the least-norm gradient by storage.</param>
    public abstract void Unproject(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> cotangent, Span<Scalar> result);

    /// <summary>x∘Exp(δ), normalised.</summary>
    /// <param name="storage">The value x.</param>
    /// <param name="tangent">δ, <see cref="TangentLength"/> long.</param>
    /// <param name="result">Receives the storage of the result.</param>
    public abstract void Retract(ReadOnlySpan<Scalar> storage, ReadOnlySpan<Scalar> tangent, Span<Scalar> result);

    /// <summary>The value nearest to a storage that has drifted off the manifold.</summary>
    /// <param name="storage">The storage.</param>
    /// <param name="result">Receives the storage of the result.</param>
    public abstract void Normalize(ReadOnlySpan<Scalar> storage, Span<Scalar> result);

    /// <summary>A plain vector of a given length.</summary>
    /// <param name="length">At least 1.</param>
    public static ValueKind Vector(int length) => VectorKind.Of(length);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Plain vectors: tangent and storage are one.</summary>
internal sealed class VectorKind : FlatKind
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<int, VectorKind> s_kinds = new();

    private VectorKind(int length)
        : base(length == 1 ? "Scalar" : $"Vector({length})", length)
    {
    }

    /// <summary>The one kind of this length.</summary>
    public static VectorKind Of(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return s_kinds.GetOrAdd(length, static n => new VectorKind(n));
    }
}
