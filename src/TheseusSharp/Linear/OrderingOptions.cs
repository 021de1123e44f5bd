using System.Diagnostics.CodeAnalysis;

namespace TheseusSharp.Linear;

/// <summary>How the order of elimination is found.</summary>
public enum OrderingKind
{
    /// <summary>
    /// Minimum degree, or nested dissection where that needs fewer operations. Nested dissection is tried only where a
    /// factorization has so much work, by minimum degree, that the attempt pays. A matter of structure alone.
    /// </summary>
    Automatic,

    /// <summary>Approximate minimum degree: <see cref="Linear.MinimumDegree"/>.</summary>
    MinimumDegree,

    /// <summary>Nested dissection: <see cref="Linear.NestedDissection"/>.</summary>
    NestedDissection,

    /// <summary>The blocks as they are numbered.</summary>
    Natural,

    /// <summary>The order that <see cref="OrderingOptions.Order"/> gives.</summary>
    Given,
}

/// <summary>The order in which the blocks of a matrix are eliminated. Immutable.</summary>
public sealed record OrderingOptions
{
    /// <summary>Automatic, with no block held back.</summary>
    public static OrderingOptions Default { get; } = new();

    /// <summary>How the order is found.</summary>
    public OrderingKind Kind { get; init; }

    /// <summary>
    /// All blocks in the order in which to eliminate them, for <see cref="OrderingKind.Given"/>; an equivalent order,
    /// with the same fill, may be used instead. Empty for other kinds.
    /// </summary>
    public IReadOnlyList<int> Order { get; init; } = [];

    /// <summary>
    /// Blocks that are eliminated after all others, whatever the kind: those of a Schur complement, or of which
    /// marginals are wanted. They are ordered among themselves as the kind says, not as they are listed.
    /// </summary>
    public IReadOnlyList<int> Last { get; init; } = [];

    /// <summary>How many threads may search; 0 for one per core. The order is the same for any number.</summary>
    public int Threads { get; init; }

    /// <summary>Checks the options against a structure of so many blocks.</summary>
    internal void Check(int count)
    {
        CheckKind();
        if (Kind == OrderingKind.Given && Order.Count != count)
            Fail(nameof(Order), $"Expected an order of all {count} blocks, found {Order.Count}.");
        CheckBlocks(Order, count, nameof(Order));
        CheckBlocks(Last, count, nameof(Last));
    }

    private void CheckKind()
    {
        ArgumentNullException.ThrowIfNull(Order);
        ArgumentNullException.ThrowIfNull(Last);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        if (!Enum.IsDefined(Kind))
            throw new ArgumentOutOfRangeException(
                nameof(Kind), Kind, $"Expected one of {string.Join(", ", Enum.GetNames<OrderingKind>())}.");
        if (Kind != OrderingKind.Given && Order.Count > 0)
            Fail(
                nameof(Order),
                $"An order of {Order.Count} blocks is given, but the kind of ordering is {Kind}: set {nameof(Kind)} " +
                $"to {OrderingKind.Given} to use it.");
    }

    private static void CheckBlocks(IReadOnlyList<int> blocks, int count, string name)
    {
        if (blocks.Count == 0)
            return;
        bool[] isListed = new bool[count];
        foreach (int block in blocks)
        {
            if ((uint)block >= (uint)count)
                Fail(name, $"Block {block} is not among the {count} of the structure.");
            if (isListed[block])
                Fail(name, $"Block {block} is listed twice; list each block once.");
            isListed[block] = true;
        }
    }

    [DoesNotReturn]
    private static void Fail(string name, string message) => throw new ArgumentException(message, name);
}
