using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <content>Adding one cost function of one to eight variables.</content>
public sealed partial class Objective
{
    /// <summary>Adds a cost function.</summary>
    /// <param name="x1">Its first variable.</param>
    /// <param name="residual">
    /// r, as a scalar, a vector or a point of its arguments; runs once, here. Numbers that it captures become data.
    /// </param>
    /// <param name="weight">w; by default 1.</param>
    /// <param name="loss">ρ; by default none, ρ(x) = x.</param>
    /// <param name="name">A name, unique in the objective; by default one is made up.</param>
    /// <returns>What was added, to be found or removed.</returns>
    /// <exception cref="ArgumentException">
    /// A name is taken, lengths do not fit, or the residual is a group element.
    /// </exception>
    public CostFunction Add<T1, TResult>(
        Variable<T1> x1,
        Func<T1, TResult> residual,
        CostWeight? weight = null, RobustLoss? loss = null, string? name = null)
        where T1 : IStorable<T1, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(residual);
        var trace = new CostTracer();
        TResult result = residual(trace.Argument(x1));
        return Commit(trace, result, weight, loss, name, isSingle: true);
    }

    /// <inheritdoc cref="Add{T1, TResult}"/>
    public CostFunction Add<T1, T2, TResult>(
        Variable<T1> x1, Variable<T2> x2,
        Func<T1, T2, TResult> residual,
        CostWeight? weight = null, RobustLoss? loss = null, string? name = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(residual);
        var trace = new CostTracer();
        TResult result = residual(trace.Argument(x1), trace.Argument(x2));
        return Commit(trace, result, weight, loss, name, isSingle: true);
    }

    /// <inheritdoc cref="Add{T1, TResult}"/>
    public CostFunction Add<T1, T2, T3, TResult>(
        Variable<T1> x1, Variable<T2> x2, Variable<T3> x3,
        Func<T1, T2, T3, TResult> residual,
        CostWeight? weight = null, RobustLoss? loss = null, string? name = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(residual);
        var trace = new CostTracer();
        TResult result = residual(trace.Argument(x1), trace.Argument(x2), trace.Argument(x3));
        return Commit(trace, result, weight, loss, name, isSingle: true);
    }

    /// <inheritdoc cref="Add{T1, TResult}"/>
    public CostFunction Add<T1, T2, T3, T4, TResult>(
        Variable<T1> x1, Variable<T2> x2, Variable<T3> x3, Variable<T4> x4,
        Func<T1, T2, T3, T4, TResult> residual,
        CostWeight? weight = null, RobustLoss? loss = null, string? name = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where T4 : IStorable<T4, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(residual);
        var trace = new CostTracer();
        TResult result = residual(
            trace.Argument(x1), trace.Argument(x2), trace.Argument(x3), trace.Argument(x4));
        return Commit(trace, result, weight, loss, name, isSingle: true);
    }

    /// <inheritdoc cref="Add{T1, TResult}"/>
    public CostFunction Add<T1, T2, T3, T4, T5, TResult>(
        Variable<T1> x1, Variable<T2> x2, Variable<T3> x3, Variable<T4> x4, Variable<T5> x5,
        Func<T1, T2, T3, T4, T5, TResult> residual,
        CostWeight? weight = null, RobustLoss? loss = null, string? name = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where T4 : IStorable<T4, Scalar>
        where T5 : IStorable<T5, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(residual);
        var trace = new CostTracer();
        TResult result = residual(
            trace.Argument(x1), trace.Argument(x2), trace.Argument(x3), trace.Argument(x4),
            trace.Argument(x5));
        return Commit(trace, result, weight, loss, name, isSingle: true);
    }

    /// <inheritdoc cref="Add{T1, TResult}"/>
    public CostFunction Add<T1, T2, T3, T4, T5, T6, TResult>(
        Variable<T1> x1, Variable<T2> x2, Variable<T3> x3, Variable<T4> x4, Variable<T5> x5, Variable<T6> x6,
        Func<T1, T2, T3, T4, T5, T6, TResult> residual,
        CostWeight? weight = null, RobustLoss? loss = null, string? name = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where T4 : IStorable<T4, Scalar>
        where T5 : IStorable<T5, Scalar>
        where T6 : IStorable<T6, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(residual);
        var trace = new CostTracer();
        TResult result = residual(
            trace.Argument(x1), trace.Argument(x2), trace.Argument(x3), trace.Argument(x4),
            trace.Argument(x5), trace.Argument(x6));
        return Commit(trace, result, weight, loss, name, isSingle: true);
    }

    /// <inheritdoc cref="Add{T1, TResult}"/>
    public CostFunction Add<T1, T2, T3, T4, T5, T6, T7, TResult>(
        Variable<T1> x1, Variable<T2> x2, Variable<T3> x3, Variable<T4> x4,
        Variable<T5> x5, Variable<T6> x6, Variable<T7> x7,
        Func<T1, T2, T3, T4, T5, T6, T7, TResult> residual,
        CostWeight? weight = null, RobustLoss? loss = null, string? name = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where T4 : IStorable<T4, Scalar>
        where T5 : IStorable<T5, Scalar>
        where T6 : IStorable<T6, Scalar>
        where T7 : IStorable<T7, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(residual);
        var trace = new CostTracer();
        TResult result = residual(
            trace.Argument(x1), trace.Argument(x2), trace.Argument(x3), trace.Argument(x4),
            trace.Argument(x5), trace.Argument(x6), trace.Argument(x7));
        return Commit(trace, result, weight, loss, name, isSingle: true);
    }

    /// <inheritdoc cref="Add{T1, TResult}"/>
    public CostFunction Add<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        Variable<T1> x1, Variable<T2> x2, Variable<T3> x3, Variable<T4> x4,
        Variable<T5> x5, Variable<T6> x6, Variable<T7> x7, Variable<T8> x8,
        Func<T1, T2, T3, T4, T5, T6, T7, T8, TResult> residual,
        CostWeight? weight = null, RobustLoss? loss = null, string? name = null)
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
        ArgumentNullException.ThrowIfNull(residual);
        var trace = new CostTracer();
        TResult result = residual(
            trace.Argument(x1), trace.Argument(x2), trace.Argument(x3), trace.Argument(x4),
            trace.Argument(x5), trace.Argument(x6), trace.Argument(x7), trace.Argument(x8));
        return Commit(trace, result, weight, loss, name, isSingle: true);
    }
}
