using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <content>Tracing lambdas of one to eight arguments.</content>
public sealed partial class Function
{
    /// <summary>Traces a lambda; kernels are compiled when a part is first asked for.</summary>
    /// <param name="lambda">Takes and returns scalars, vectors, points, group elements, rows; is run once.</param>
    /// <param name="shapes">The shapes of those arguments whose type does not tell, in order.</param>
    /// <param name="options">Width and back-end; automatic by default.</param>
    /// <exception cref="ArgumentException">
    /// Shapes do not fit the arguments, or the result varies by row without being rows.
    /// </exception>
    public static Function Compile<T1, TResult>(
        Func<T1, TResult> lambda, ReadOnlySpan<Shape> shapes = default, CompilerOptions? options = null)
        where T1 : IStorable<T1, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(lambda);
        var trace = new FunctionTrace(shapes);
        return new(trace.Returns(lambda(trace.Argument<T1>())), options);
    }

    /// <inheritdoc cref="Compile{T1, TResult}"/>
    public static Function Compile<T1, T2, TResult>(
        Func<T1, T2, TResult> lambda, ReadOnlySpan<Shape> shapes = default, CompilerOptions? options = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(lambda);
        var trace = new FunctionTrace(shapes);
        return new(
            trace.Returns(lambda(trace.Argument<T1>(), trace.Argument<T2>())),
            options);
    }

    /// <inheritdoc cref="Compile{T1, TResult}"/>
    public static Function Compile<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> lambda, ReadOnlySpan<Shape> shapes = default, CompilerOptions? options = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(lambda);
        var trace = new FunctionTrace(shapes);
        return new(
            trace.Returns(lambda(trace.Argument<T1>(), trace.Argument<T2>(), trace.Argument<T3>())),
            options);
    }

    /// <inheritdoc cref="Compile{T1, TResult}"/>
    public static Function Compile<T1, T2, T3, T4, TResult>(
        Func<T1, T2, T3, T4, TResult> lambda, ReadOnlySpan<Shape> shapes = default, CompilerOptions? options = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where T4 : IStorable<T4, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(lambda);
        var trace = new FunctionTrace(shapes);
        return new(
            trace.Returns(lambda(
                trace.Argument<T1>(), trace.Argument<T2>(), trace.Argument<T3>(), trace.Argument<T4>())),
            options);
    }

    /// <inheritdoc cref="Compile{T1, TResult}"/>
    public static Function Compile<T1, T2, T3, T4, T5, TResult>(
        Func<T1, T2, T3, T4, T5, TResult> lambda, ReadOnlySpan<Shape> shapes = default, CompilerOptions? options = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where T4 : IStorable<T4, Scalar>
        where T5 : IStorable<T5, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(lambda);
        var trace = new FunctionTrace(shapes);
        return new(
            trace.Returns(lambda(
                trace.Argument<T1>(),
                trace.Argument<T2>(),
                trace.Argument<T3>(),
                trace.Argument<T4>(),
                trace.Argument<T5>())),
            options);
    }

    /// <inheritdoc cref="Compile{T1, TResult}"/>
    public static Function Compile<T1, T2, T3, T4, T5, T6, TResult>(
        Func<T1, T2, T3, T4, T5, T6, TResult> lambda, ReadOnlySpan<Shape> shapes = default,
        CompilerOptions? options = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where T4 : IStorable<T4, Scalar>
        where T5 : IStorable<T5, Scalar>
        where T6 : IStorable<T6, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(lambda);
        var trace = new FunctionTrace(shapes);
        return new(
            trace.Returns(lambda(
                trace.Argument<T1>(),
                trace.Argument<T2>(),
                trace.Argument<T3>(),
                trace.Argument<T4>(),
                trace.Argument<T5>(),
                trace.Argument<T6>())),
            options);
    }

    /// <inheritdoc cref="Compile{T1, TResult}"/>
    public static Function Compile<T1, T2, T3, T4, T5, T6, T7, TResult>(
        Func<T1, T2, T3, T4, T5, T6, T7, TResult> lambda, ReadOnlySpan<Shape> shapes = default,
        CompilerOptions? options = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where T4 : IStorable<T4, Scalar>
        where T5 : IStorable<T5, Scalar>
        where T6 : IStorable<T6, Scalar>
        where T7 : IStorable<T7, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(lambda);
        var trace = new FunctionTrace(shapes);
        return new(
            trace.Returns(lambda(
                trace.Argument<T1>(),
                trace.Argument<T2>(),
                trace.Argument<T3>(),
                trace.Argument<T4>(),
                trace.Argument<T5>(),
                trace.Argument<T6>(),
                trace.Argument<T7>())),
            options);
    }

    /// <inheritdoc cref="Compile{T1, TResult}"/>
    public static Function Compile<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        Func<T1, T2, T3, T4, T5, T6, T7, T8, TResult> lambda, ReadOnlySpan<Shape> shapes = default,
        CompilerOptions? options = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where T4 : IStorable<T4, Scalar>
        where T5 : IStorable<T5, Scalar>
        where T6 : IStorable<T6, Scalar>
        where T7 : IStorable<T7, Scalar>
        where T8 : IStorable<T8, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(lambda);
        var trace = new FunctionTrace(shapes);
        return new(
            trace.Returns(lambda(
                trace.Argument<T1>(),
                trace.Argument<T2>(),
                trace.Argument<T3>(),
                trace.Argument<T4>(),
                trace.Argument<T5>(),
                trace.Argument<T6>(),
                trace.Argument<T7>(),
                trace.Argument<T8>())),
            options);
    }
}
