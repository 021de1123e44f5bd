using System.Collections.Concurrent;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>The typed operations of one Lie group, as a trace records them.</summary>
public abstract class LieOperations
{
    private protected LieOperations()
    {
    }

    /// <summary>The kind of the group's elements.</summary>
    public abstract ValueKind Kind { get; }

    /// <summary>The exponential map.</summary>
    public abstract GroupOperation Exp { get; }

    /// <summary>The logarithm.</summary>
    public abstract GroupOperation Log { get; }

    /// <summary>The action on a point.</summary>
    public abstract GroupOperation Act { get; }

    /// <summary>The action of the inverse on a point.</summary>
    public abstract GroupOperation ActInverse { get; }

    /// <summary>The projection of a drifted storage onto the group.</summary>
    public abstract GroupOperation Normalize { get; }

    /// <summary>The product a∘b.</summary>
    public GroupOperation Compose => Product([false, false]);

    /// <summary>The inverse a⁻¹.</summary>
    public GroupOperation Inverse => Product([true]);

    /// <summary>The product a⁻¹∘b.</summary>
    public GroupOperation Between => Product([true, false]);

    /// <summary>A product of factors, some inverted.</summary>
    /// <param name="inverted">For each factor, whether its inverse enters.</param>
    public abstract GroupOperation Product(ReadOnlySpan<bool> inverted);
}

/// <summary>The typed operations of a Lie group: its rules, bound to symbolic scalars.</summary>
/// <typeparam name="TGroup">The group over symbolic scalars.</typeparam>
internal sealed class LieOperations<TGroup> : LieOperations
    where TGroup : struct, ILieGroup<TGroup, Scalar>
{
    private readonly ConcurrentDictionary<string, ProductOperation<TGroup>> _products = new();

    private LieOperations()
    {
    }

    /// <summary>The one instance.</summary>
    public static LieOperations<TGroup> Instance { get; } = new();

    /// <inheritdoc/>
    public override ValueKind Kind => GroupKind<TGroup>.Instance;

    /// <inheritdoc/>
    public override GroupOperation Exp { get; } = new ExpOperation<TGroup>();

    /// <inheritdoc/>
    public override GroupOperation Log { get; } = new LogOperation<TGroup>();

    /// <inheritdoc/>
    public override GroupOperation Act { get; } = new ActOperation<TGroup>();

    /// <inheritdoc/>
    public override GroupOperation ActInverse { get; } = new ActInverseOperation<TGroup>();

    /// <inheritdoc/>
    public override GroupOperation Normalize { get; } = new NormalizeOperation<TGroup>();

    /// <inheritdoc/>
    public override GroupOperation Product(ReadOnlySpan<bool> inverted)
    {
        Span<char> key = stackalloc char[inverted.Length];
        for (int k = 0; k < key.Length; k++)
            key[k] = inverted[k] ? '-' : '+';
        return _products.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out ProductOperation<TGroup>? known)
            ? known
            : _products.GetOrAdd(key.ToString(), static signs => new ProductOperation<TGroup>(signs));
    }
}
