using System.Runtime.CompilerServices;

namespace TheseusSharp.Kernels;

/// <summary>Conversions between double and a lane type that the JIT reduces to nothing or one instruction.</summary>
internal static class Numbers
{
    public static T From<T>(double value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
            return Unsafe.BitCast<double, T>(value);
        return Unsafe.BitCast<float, T>((float)value);
    }

    public static double ToDouble<T>(T value)
        where T : unmanaged =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<T, double>(value) : Unsafe.BitCast<T, float>(value);

    /// <summary>Every number as a column of lanes, on the pinned heap.</summary>
    public static T[] Spread<T>(IReadOnlyList<double> numbers, int lanes)
        where T : unmanaged
    {
        T[] columns = GC.AllocateUninitializedArray<T>(Math.Max(1, numbers.Count) * lanes, pinned: true);
        for (int k = 0; k < numbers.Count; k++)
            columns.AsSpan(k * lanes, lanes).Fill(From<T>(numbers[k]));
        return columns;
    }
}
