using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Kernels;

namespace TheseusSharp.KernelProbe;

/// <summary>Runs functions on every back-end of this process and compares.</summary>
internal sealed class Probe(TextWriter output)
{
    private const int Count = 137;

    public int Failures { get; private set; }

    /// <summary>What the automatic options chose.</summary>
    public void Describe()
    {
        KernelReport report = SampleFunctions.Make("between").Report(FunctionPart.Value);
        output.WriteLine($"width: {(int)report.Width}");
        output.WriteLine($"backend: {report.Backend}");
        output.WriteLine($"dynamic code: {RuntimeFeature.IsDynamicCodeSupported}");
        try
        {
            SampleFunctions.Make("between", new(Backend: KernelBackend.Compiled)).Report(FunctionPart.Value);
            output.WriteLine("forced compiled: runs");
        }
        catch (NotSupportedException exception)
        {
            output.WriteLine($"forced compiled: {exception.Message}");
        }
    }

    /// <summary>The automatic back-end gives the interpreter's bits.</summary>
    public void Compare<T>(string name, params FunctionPart[] parts)
        where T : unmanaged
    {
        Function automatic = SampleFunctions.Make(name);
        Function interpreted = SampleFunctions.Make(name, new(Backend: KernelBackend.Interpreter));
        var random = new Random(11);
        T[][] arguments = [.. automatic.ArgumentLengths.Select(length => Numbers<T>(length * Count, random))];
        T[] cotangents = Numbers<T>(Count * automatic.JacobianRows, random);
        foreach (FunctionPart part in parts)
        {
            ulong expected = Checksum(Run(interpreted, part, arguments, cotangents));
            ulong found = Checksum(Run(automatic, part, arguments, cotangents));
            output.WriteLine($"checksum {name} {typeof(T).Name} {part}: {found:x16}");
            if (expected != found)
                Fail($"{name} {typeof(T).Name} {part}: the interpreter's checksum is {expected:x16}");
        }
    }

    /// <summary>Elementary functions of moderate arguments, to a few units in the last place.</summary>
    public void CheckAgainstMath()
    {
        CheckAgainstMath<double>(4e-15);
        CheckAgainstMath<float>(2e-6);
    }

    private void CheckAgainstMath<T>(double tolerance)
        where T : unmanaged
    {
        T[] x = Numbers<T>(4 * Count, new Random(12));
        Function function = SampleFunctions.Make("elementary");
        T[] found = Run(function, FunctionPart.Value, [x], [])[0];
        for (int k = 0; k < Count; k++)
        {
            double a = ToDouble(x[4 * k]), b = ToDouble(x[(4 * k) + 1]);
            double c = ToDouble(x[(4 * k) + 2]), d = ToDouble(x[(4 * k) + 3]);
            double positive = (d * d) + 0.1;
            double[] expected =
            [
                Math.Sin(a), Math.Cos(3 * b), Math.Tan(a + b), Math.Asin(0.4 * c), Math.Acos(0.5 * b), Math.Atan(7 * c),
                Math.Atan2(a, b), Math.Exp(5 * d), Math.Log(positive), Math.Pow(positive, c), Math.Sqrt(positive),
            ];
            for (int i = 0; i < expected.Length; i++)
            {
                double allowed = tolerance * Condition(i, a + b, expected[i]);
                Check(ToDouble(found[(expected.Length * k) + i]), expected[i], allowed, i);
            }
        }
    }

    /// <summary>How much the rounding of an argument such as a + b or 5·d weighs.</summary>
    private static double Condition(int function, double sum, double expected) => function switch
    {
        2 => 1 + (Math.Abs(sum) * (1 + (expected * expected))),
        _ => 10 * (1 + Math.Abs(expected)),
    };

    private void Check(double found, double expected, double tolerance, int function)
    {
        if (!(Math.Abs(found - expected) <= tolerance))
            Fail(string.Create(
                CultureInfo.InvariantCulture, $"elementary function {function}: {found:R}, expected {expected:R}"));
    }

    private void Fail(string what)
    {
        Failures++;
        output.WriteLine($"wrong: {what}");
    }

    private static T[][] Run<T>(Function function, FunctionPart part, T[][] arguments, T[] cotangents)
        where T : unmanaged
    {
        Argument<T>[] given = [.. arguments.Select(argument => (Argument<T>)argument)];
        var values = new T[Count * function.ResultLength];
        var jacobian = new T[Count * function.JacobianRows * function.JacobianColumns];
        T[][] gradients =
            [.. arguments.Select((_, k) => new T[Count * function.WithRespectTo(k).JacobianColumns])];
        switch (part)
        {
            case FunctionPart.Value:
                function.Evaluate<T>(given, values);
                return [values];
            case FunctionPart.Jacobian:
                function.Jacobian<T>(given, values, jacobian);
                return [values, jacobian];
            default:
                function.Gradient<T>(given, cotangents, [.. gradients.Select(gradient => gradient.AsMemory())]);
                return gradients;
        }
    }

    /// <summary>FNV-1a over all bits.</summary>
    private static ulong Checksum<T>(T[][] arrays)
        where T : unmanaged
    {
        ulong hash = 14695981039346656037;
        foreach (T[] array in arrays)
            foreach (byte part in MemoryMarshal.AsBytes(array.AsSpan()))
                hash = (hash ^ part) * 1099511628211;
        return hash;
    }

    private static T[] Numbers<T>(int length, Random random)
        where T : unmanaged
    {
        var numbers = new T[length];
        for (int k = 0; k < length; k++)
        {
            double number = (4 * random.NextDouble()) - 2;
            numbers[k] = typeof(T) == typeof(double)
                ? Unsafe.BitCast<double, T>(number)
                : Unsafe.BitCast<float, T>((float)number);
        }

        return numbers;
    }

    private static double ToDouble<T>(T number)
        where T : unmanaged =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<T, double>(number) : Unsafe.BitCast<T, float>(number);
}
