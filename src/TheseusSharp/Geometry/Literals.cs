using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>Numbers as literals of any scalar, so that a computed value can be captured by a traced lambda.</summary>
internal static class Literals
{
    /// <summary>The same value over another scalar.</summary>
    public static TTarget Convert<TSource, TTarget, T>(TSource value)
        where TSource : IStorable<TSource, Float64>
        where TTarget : IStorable<TTarget, T>
        where T : struct, IScalar<T>
    {
        var numbers = new Float64[value.Kind.StorageLength];
        value.CopyTo(numbers);
        return TTarget.FromStorage(Array.ConvertAll(numbers, number => (T)number.Value));
    }
}
