using TheseusSharp.Kernels;

namespace TheseusSharp.Tests.Kernels;

/// <summary>The calls of a function with the number format as a type parameter.</summary>
internal static class GenericCalls
{
    public static void Evaluate<T>(this Function function, Argument<T>[] arguments, Memory<T> values)
        where T : unmanaged
    {
        if (arguments is Argument<double>[] doubles)
            function.Evaluate(doubles, As<T, double>(values).Span);
        else
            function.Evaluate((Argument<float>[])(object)arguments, As<T, float>(values).Span);
    }

    public static void Jacobian<T>(
        this Function function, Argument<T>[] arguments, Memory<T> values, Memory<T> jacobian)
        where T : unmanaged
    {
        if (arguments is Argument<double>[] doubles)
            function.Jacobian(doubles, As<T, double>(values).Span, As<T, double>(jacobian).Span);
        else
            function.Jacobian(
                (Argument<float>[])(object)arguments, As<T, float>(values).Span, As<T, float>(jacobian).Span);
    }

    public static void Gradient<T>(
        this Function function, Argument<T>[] arguments, Memory<T> cotangents, Memory<T>[] gradients)
        where T : unmanaged
    {
        if (arguments is Argument<double>[] doubles)
            function.Gradient(doubles, As<T, double>(cotangents), (Memory<double>[])(object)gradients);
        else
            function.Gradient(
                (Argument<float>[])(object)arguments, As<T, float>(cotangents), (Memory<float>[])(object)gradients);
    }

    private static Memory<TTo> As<TFrom, TTo>(Memory<TFrom> memory) => (Memory<TTo>)(object)memory;
}
