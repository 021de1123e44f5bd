using System.Diagnostics;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>
/// Minimises ½ Σ ρ(‖w·r‖²) over the optimised variables of a problem, for every element of a batch on its own.
/// </summary>
/// <remarks>
/// <para>
/// Numerical trouble is a status of the element it befell, never an exception, and never touches its neighbours. An
/// element of a batch gets the same bits as if it were solved alone in the same <see cref="BatchLayout"/>, with any
/// number of threads. Automatic layouts depend on the size of the batch; between layouts results differ by rounding.
/// </para>
/// <para>Immutable and safe for use by several threads; so are problems.</para>
/// </remarks>
public abstract class Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>The name shown to people.</summary>
    public abstract string Name { get; }

    /// <summary>Solves.</summary>
    /// <param name="problem">
    /// The problem. Its first solve compiles kernels and orders the system; later ones reuse both.
    /// </param>
    /// <param name="initial">A value for every variable; not changed.</param>
    /// <param name="options">How to run; by default <see cref="SolveOptions.Default"/>.</param>
    /// <param name="cancellation">
    /// Stops at the next iteration: elements not done are <see cref="SolveStatus.Cancelled"/>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A variable has no value, or one that is off its manifold; an option is out of range.
    /// </exception>
    public SolveResult Solve(
        Problem problem, Values initial, SolveOptions? options = null, CancellationToken cancellation = default) =>
        Solve(problem, initial, options, null, cancellation);

    /// <summary>Solves, and records the steps of each element on its tape.</summary>
    internal SolveResult Solve(
        Problem problem, Values initial, SolveOptions? options, SolveTape[]? tapes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(initial);
        options ??= SolveOptions.Default;
        options.Check();
        Check();
        long start = Stopwatch.GetTimestamp();
        SolvePlan plan = SolvePlan.Of(problem, options.LinearSolver, options.Ordering);
        var run = new BatchRun(plan, this, options, tapes, initial, cancellation);
        TimeSpan prepared = Stopwatch.GetElapsedTime(start);
        ElementResult[] elements = run.Solve();
        TimeSpan total = Stopwatch.GetElapsedTime(start);
        return new(run.Values, elements, new(plan, this, run, elements, run.Clock.Times(plan, prepared, total)));
    }

    /// <summary>Throws if an option is out of range.</summary>
    private protected virtual void Check()
    {
    }

    /// <summary>How one element's steps are damped and judged.</summary>
    internal abstract StepControl NewControl();
}
