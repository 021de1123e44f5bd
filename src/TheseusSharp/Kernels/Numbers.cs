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
}
