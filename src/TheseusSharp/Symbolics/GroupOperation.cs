namespace TheseusSharp.Symbolics;

/// <summary>
/// A typed operation on group elements and vectors: compose, Log, act and their like. The graph keeps it whole, so that
/// derivatives pass through it by its own tangent rule and not through its storage.
/// </summary>
/// <remarks>
/// <para>
/// Arguments and tangents arrive flat: the storages (or tangents) of all parameters one after another, in the order of
/// <see cref="Parameters"/>. Rules must compute on the scalars they are given and keep no state; instances are compared
/// by reference, so keep one instance per meaning.
/// </para>
/// <para>
/// All tangents are right tangents: x∘Exp(δ). The rules follow from Solà, Deray, Atchuthan, "A micro Lie theory for
/// state estimation in robotics", 2018.
/// </para>
/// </remarks>
public abstract class GroupOperation
{
    /// <summary>Describes an operation.</summary>
    /// <param name="name">The name shown to people.</param>
    /// <param name="parameters">The kinds of the parameters.</param>
    /// <param name="result">The kind of the result.</param>
    protected GroupOperation(string name, IReadOnlyList<ValueKind> parameters, ValueKind result)
    {
        Name = name;
        Parameters = parameters;
        Result = result;
    }

    /// <summary>The name shown to people.</summary>
    public string Name { get; }

    /// <summary>The kinds of the parameters.</summary>
    public IReadOnlyList<ValueKind> Parameters { get; }

    /// <summary>The kind of the result.</summary>
    public ValueKind Result { get; }

    /// <summary>Runs the formula: the lowering of the operation to scalar arithmetic.</summary>
    /// <param name="arguments">The storages of the arguments.</param>
    /// <param name="result">Receives the storage of the result.</param>
    public abstract void Evaluate(ReadOnlySpan<Scalar> arguments, Span<Scalar> result);

    /// <summary>The tangent of the result from those of the arguments (forward).</summary>
    /// <param name="arguments">The storages of the arguments.</param>
    /// <param name="result">The storage of the result.</param>
    /// <param name="tangents">The tangents of the arguments.</param>
    /// <param name="resultTangent">Receives the tangent of the result.</param>
    public abstract void Push(
        ReadOnlySpan<Scalar> arguments,
        ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> tangents,
        Span<Scalar> resultTangent);

    /// <summary>The gradients by the arguments' tangents from that by the result's (reverse): the transpose of
    /// <see cref="Push"/>.</summary>
    /// <param name="arguments">The storages of the arguments.</param>
    /// <param name="result">The storage of the result.</param>
    /// <param name="cotangent">The gradient by the result's tangent.</param>
    /// <param name="cotangents">Receives the gradients by the arguments' tangents.</param>
    public abstract void Pull(
        ReadOnlySpan<Scalar> arguments,
        ReadOnlySpan<Scalar> result,
        ReadOnlySpan<Scalar> cotangent,
        Span<Scalar> cotangents);

    /// <summary>
    /// Offers to absorb the operation that produces one argument and has no other use. Null, the default, declines.
    /// </summary>
    /// <param name="fusion">The two calls, and the means to record their replacement.</param>
    /// <returns>The components of the replacement, or null.</returns>
    internal virtual Scalar[]? Fuse(in Fusion fusion) => null;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
