using System.Diagnostics;

namespace TheseusSharp.Nonlinear;

/// <summary>Where the time of a solve went. Parts of a batch on several threads add up to more than the total.</summary>
/// <param name="Total">From call to return.</param>
/// <param name="Kernels">Differentiating and compiling; once for a problem.</param>
/// <param name="Setup">Ordering and analysing the linear system; once for a problem.</param>
/// <param name="Linearize">Filling H and g.</param>
/// <param name="Factor">Factoring, and solving for steps while it does.</param>
/// <param name="Solve">What is left of solving for steps: their size, and what they predict.</param>
/// <param name="Retract">Moving variables along steps.</param>
/// <param name="Evaluate">The cost of trial values.</param>
public sealed record SolveTimes(
    TimeSpan Total, TimeSpan Kernels, TimeSpan Setup, TimeSpan Linearize, TimeSpan Factor, TimeSpan Solve,
    TimeSpan Retract, TimeSpan Evaluate);

/// <summary>Where the time goes, and how often single precision did not do.</summary>
internal sealed class SolveClock
{
    public long Linearize { get; private set; }

    public long Factor { get; private set; }

    public long Solve { get; private set; }

    public long Retract { get; private set; }

    public long Evaluate { get; private set; }

    /// <summary>How many matrices were factored in single precision.</summary>
    public long SingleFactorizations { get; private set; }

    /// <summary>How many of them had to be factored in double precision, too.</summary>
    public long FallBacks { get; private set; }

    public void AddLinearize(long start) => Linearize += Stopwatch.GetTimestamp() - start;

    public void AddFactor(long start) => Factor += Stopwatch.GetTimestamp() - start;

    public void AddSolve(long start) => Solve += Stopwatch.GetTimestamp() - start;

    public void AddRetract(long start) => Retract += Stopwatch.GetTimestamp() - start;

    public void AddEvaluate(long start) => Evaluate += Stopwatch.GetTimestamp() - start;

    public void AddSingle(long factorizations, long fallBacks)
    {
        SingleFactorizations += factorizations;
        FallBacks += fallBacks;
    }

    public void Reset()
    {
        (Linearize, Factor, Solve, Retract, Evaluate) = (0, 0, 0, 0, 0);
        (SingleFactorizations, FallBacks) = (0, 0);
    }

    public void Add(SolveClock other)
    {
        Linearize += other.Linearize;
        Factor += other.Factor;
        Solve += other.Solve;
        Retract += other.Retract;
        Evaluate += other.Evaluate;
        AddSingle(other.SingleFactorizations, other.FallBacks);
    }

    /// <summary>The times to report.</summary>
    /// <param name="plan">Its kernels and analysis count only if they were made for this solve.</param>
    /// <param name="prepared">How long it took to have the plan.</param>
    /// <param name="total">From call to return.</param>
    public SolveTimes Times(SolvePlan plan, TimeSpan prepared, TimeSpan total)
    {
        TimeSpan kernels = plan.Linearization.Time < prepared ? plan.Linearization.Time : TimeSpan.Zero;
        return new(
            total, kernels, prepared - kernels, Span(Linearize), Span(Factor), Span(Solve), Span(Retract),
            Span(Evaluate));
    }

    private static TimeSpan Span(long ticks) => Stopwatch.GetElapsedTime(0, ticks);
}
