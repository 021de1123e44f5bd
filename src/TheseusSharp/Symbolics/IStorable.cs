namespace TheseusSharp.Symbolics;

/// <summary>A value stored as scalars: what a traced lambda takes and returns.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T">The scalar.</typeparam>
public interface IStorable<TSelf, T>
    where TSelf : IStorable<TSelf, T>
    where T : struct, IScalar<T>
{
    /// <summary>The kind of all values of the type, or null if it differs by value (a vector's length).</summary>
    static abstract ValueKind? FixedKind { get; }

    /// <summary>The kind of this value.</summary>
    ValueKind Kind => TSelf.FixedKind!;

    /// <summary>A value from its stored scalars, taken as they are.</summary>
    /// <param name="storage">As many scalars as the kind stores.</param>
    static abstract TSelf FromStorage(ReadOnlySpan<T> storage);

    /// <summary>Writes the stored scalars.</summary>
    /// <param name="storage">At least as long as the kind stores.</param>
    void CopyTo(Span<T> storage);
}
