using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <content>Adding many cost functions at once, from columns.</content>
public sealed partial class Objective
{
    /// <summary>Adds as many cost functions as the columns have elements.</summary>
    /// <param name="x1">The first argument of each.</param>
    /// <param name="residual">
    /// r, as a scalar, a vector or a point of its arguments; runs once, here. Numbers that it captures become data.
    /// </param>
    /// <param name="weight">w; by default 1.</param>
    /// <param name="loss">ρ; by default none, ρ(x) = x.</param>
    /// <param name="name">A name, unique in the objective; by default one is made up.</param>
    /// <returns>What was added, as one.</returns>
    /// <exception cref="ArgumentException">
    /// A name is taken, lengths do not fit, or the residual is a group element.
    /// </exception>
    public CostFunction AddColumns<T1, TResult>(
        Column<T1> x1,
        Func<T1, TResult> residual,
        CostWeight? weight = null, RobustLoss? loss = null, string? name = null)
        where T1 : IStorable<T1, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(residual);
        var trace = new CostTracer();
        TResult result = residual(trace.Argument(x1));
        return Commit(trace, result, weight, loss, name, isSingle: false);
    }

    /// <inheritdoc cref="AddColumns{T1, TResult}"/>
    public CostFunction AddColumns<T1, T2, TResult>(
        Column<T1> x1, Column<T2> x2,
        Func<T1, T2, TResult> residual,
        CostWeight? weight = null, RobustLoss? loss = null, string? name = null)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where TResult : IStorable<TResult, Scalar>
    {
        ArgumentNullException.ThrowIfNull(residual);
        var trace = new CostTracer();
        TResult result = residual(trace.Argument(x1), trace.Argument(x2));
        return Commit(trace, result, weight, loss, name, isSingle: false);
    }

    /// <inheritdoc cref="AddColumns{T1, TResult}"/>
    public CostFunction AddColumns<T1, T2, T3, TResult>(
        Column<T1> x1, Column<T2> x2, Column<T3> x3,
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
        return Commit(trace, result, weight, loss, name, isSingle: false);
    }

    /// <inheritdoc cref="AddColumns{T1, TResult}"/>
    public CostFunction AddColumns<T1, T2, T3, T4, TResult>(
        Column<T1> x1, Column<T2> x2, Column<T3> x3, Column<T4> x4,
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
        return Commit(trace, result, weight, loss, name, isSingle: false);
    }

    /// <inheritdoc cref="AddColumns{T1, TResult}"/>
    public CostFunction AddColumns<T1, T2, T3, T4, T5, TResult>(
        Column<T1> x1, Column<T2> x2, Column<T3> x3, Column<T4> x4, Column<T5> x5,
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
        return Commit(trace, result, weight, loss, name, isSingle: false);
    }

    /// <inheritdoc cref="AddColumns{T1, TResult}"/>
    public CostFunction AddColumns<T1, T2, T3, T4, T5, T6, TResult>(
        Column<T1> x1, Column<T2> x2, Column<T3> x3, Column<T4> x4, Column<T5> x5, Column<T6> x6,
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
        return Commit(trace, result, weight, loss, name, isSingle: false);
    }

    /// <inheritdoc cref="AddColumns{T1, TResult}"/>
    public CostFunction AddColumns<T1, T2, T3, T4, T5, T6, T7, TResult>(
        Column<T1> x1, Column<T2> x2, Column<T3> x3, Column<T4> x4,
        Column<T5> x5, Column<T6> x6, Column<T7> x7,
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
        return Commit(trace, result, weight, loss, name, isSingle: false);
    }

    /// <inheritdoc cref="AddColumns{T1, TResult}"/>
    public CostFunction AddColumns<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        Column<T1> x1, Column<T2> x2, Column<T3> x3, Column<T4> x4,
        Column<T5> x5, Column<T6> x6, Column<T7> x7, Column<T8> x8,
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
        return Commit(trace, result, weight, loss, name, isSingle: false);
    }
}
