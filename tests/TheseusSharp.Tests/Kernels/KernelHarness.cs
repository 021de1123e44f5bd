using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Kernels;

/// <summary>A theory that is skipped, visibly, where the machine lacks vectors of a width.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WidthTheoryAttribute : TheoryAttribute
{
    public WidthTheoryAttribute(SimdWidth width)
    {
        if (!IsAvailable(width))
            Skip = $"This machine has no {(int)width}-bit vectors in hardware.";
    }

    public static bool IsAvailable(SimdWidth width) => width switch
    {
        SimdWidth.Bits512 => Vector512.IsHardwareAccelerated,
        SimdWidth.Bits256 => Vector256.IsHardwareAccelerated,
        _ => true,
    };
}

/// <summary>Numbers that a part of a function gave: several arrays, each with as many numbers an element.</summary>
internal sealed record PartResult<T>(IReadOnlyList<T[]> Arrays, int Count)
    where T : unmanaged
{
    /// <summary>All numbers of an element, as bits; every NaN is one.</summary>
    public ulong[] BitsOf(int element)
    {
        var bits = new List<ulong>();
        foreach (T[] array in Arrays)
        {
            int length = array.Length / Count;
            foreach (T number in array.AsSpan(element * length, length))
                bits.Add(Bits.Of(number));
        }

        return [.. bits];
    }
}

/// <summary>Numbers as bits.</summary>
internal static class Bits
{
    public static ulong Of<T>(T number)
        where T : unmanaged
    {
        double value = Widen(number);
        if (double.IsNaN(value))
            return ulong.MaxValue;
        return typeof(T) == typeof(double)
            ? Unsafe.BitCast<double, ulong>(value)
            : Unsafe.BitCast<float, uint>((float)value);
    }

    public static double Widen<T>(T number)
        where T : unmanaged =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<T, double>(number) : Unsafe.BitCast<T, float>(number);

    public static T Narrow<T>(double value)
        where T : unmanaged =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<double, T>(value) : Unsafe.BitCast<float, T>((float)value);
}

/// <summary>Runs functions in either number format.</summary>
internal static class KernelHarness
{
    /// <summary>Runs a part over elements that are all told one by one.</summary>
    public static PartResult<T> Run<T>(Function function, FunctionPart part, T[][] arguments, int count, T[] cotangents)
        where T : unmanaged
    {
        Argument<T>[] given = [.. arguments.Select(argument => (Argument<T>)argument)];
        T[] values = new T[count * function.ResultLength];
        switch (part)
        {
            case FunctionPart.Value:
                function.Evaluate<T>(given, values);
                return new([values], count);
            case FunctionPart.Jacobian:
                T[] jacobian = new T[count * function.JacobianRows * function.JacobianColumns];
                function.Jacobian<T>(given, values, jacobian);
                return new([values, jacobian], count);
            default:
                T[][] gradients = [.. function.Trace.Parameters.Select(p => new T[count * p.Kind.TangentLength])];
                function.Gradient<T>(given, cotangents, [.. gradients.Select(gradient => gradient.AsMemory())]);
                return new(gradients, count);
        }
    }

    /// <summary>Random elements for every parameter.</summary>
    public static T[][] RandomArguments<T>(Function function, int count, Random random)
        where T : unmanaged =>
        [.. function.ArgumentLengths.Select(length => RandomNumbers<T>(length * count, random))];

    /// <summary>Numbers in [−2, 2].</summary>
    public static T[] RandomNumbers<T>(int length, Random random)
        where T : unmanaged
    {
        var numbers = new T[length];
        for (int k = 0; k < length; k++)
            numbers[k] = Bits.Narrow<T>((4 * random.NextDouble()) - 2);
        return numbers;
    }

    /// <summary>Puts NaN, infinities, zeros and huge numbers in about one number of sixty.</summary>
    public static void Sprinkle<T>(T[] numbers, Random random)
        where T : unmanaged
    {
        double[] odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, 1e30, -1e-30, 1];
        for (int k = 0; k < numbers.Length; k++)
            if (random.Next(60) == 0)
                numbers[k] = Bits.Narrow<T>(odd[random.Next(odd.Length)]);
    }

    /// <summary>The elements of some places, in that order.</summary>
    public static T[] Pick<T>(T[] numbers, int count, ReadOnlySpan<int> places)
    {
        int length = numbers.Length / count;
        var picked = new T[places.Length * length];
        for (int k = 0; k < places.Length; k++)
            numbers.AsSpan(places[k] * length, length).CopyTo(picked.AsSpan(k * length));
        return picked;
    }
}
