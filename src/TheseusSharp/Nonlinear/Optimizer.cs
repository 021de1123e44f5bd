using System.Diagnostics;
using System.Runtime.ExceptionServices;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>
/// Minimises ½ Σ ρ(‖w·r‖²) over the optimised variables of a problem, for every element of a batch on its own.
/// </summary>
/// <remarks>
/// <para>
/// Numerical trouble is a status of the element it befell, never an exception, and never touches its neighbours. An
/// element of a batch gets the same bits as if it were solved alone, with any number of threads.
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
        SolvePlan plan = SolvePlan.Of(problem, options.LinearSolver);
        var run = new BatchRun(plan, this, options, tapes, cancellation);
        TimeSpan prepared = Stopwatch.GetElapsedTime(start);
        ElementResult[] elements = run.Solve(initial, out Values values);
        TimeSpan total = Stopwatch.GetElapsedTime(start);
        return new(values, elements, new(plan, this, options, elements, run.Clock.Times(plan, prepared, total)));
    }

    /// <summary>Throws if an option is out of range.</summary>
    private protected virtual void Check()
    {
    }

    /// <summary>How one element's steps are damped and judged.</summary>
    internal abstract StepControl NewControl();

    /// <summary>Runs the elements of a batch, on one thread or several.</summary>
    private sealed class BatchRun(
        SolvePlan plan, Optimizer optimizer, SolveOptions options, SolveTape[]? tapes, CancellationToken cancellation)
    {
        private readonly Lock _lock = new();

        public SolveClock Clock { get; } = new();

        public ElementResult[] Solve(Values initial, out Values values)
        {
            var solved = initial.Clone();
            var results = new ElementResult[initial.BatchSize];
            var errors = new ArgumentException?[results.Length];
            int threads = options.ThreadsFor(results.Length);
            SolveOptions shared = threads > 1 && options.OnIteration is { } callback
                ? options with { OnIteration = record => OneAtATime(callback, record) } : options;
            int next = -1;
            void Work()
            {
                using var workspace = new SolverWorkspace(plan);
                for (int element; (element = Interlocked.Increment(ref next)) < results.Length;)
                    try
                    {
                        results[element] = SolveElement(workspace, initial, solved, shared, element);
                    }
                    catch (ArgumentException exception)
                    {
                        errors[element] = exception; // The first element's is told, whichever thread met one first.
                    }

                lock (_lock)
                    Clock.Add(workspace.Clock);
            }

            Concurrently.OnThreads(threads, Work);
            if (Array.Find(errors, error => error is not null) is { } first)
                ExceptionDispatchInfo.Throw(first);
            values = solved;
            return results;
        }

        private ElementResult SolveElement(
            SolverWorkspace workspace, Values initial, Values solved, SolveOptions shared, int element)
        {
            workspace.Current.Load(initial, element);
            ManifoldCheck.Apply(workspace, element);
            ElementResult result =
                new ElementSolve(workspace, optimizer.NewControl(), shared, element, tapes?[element]).Run(cancellation);
            lock (_lock)
                workspace.Current.Store(solved, element);
            return result;
        }

        private void OneAtATime(Action<IterationRecord> callback, IterationRecord record)
        {
            lock (_lock)
                callback(record);
        }
    }
}
