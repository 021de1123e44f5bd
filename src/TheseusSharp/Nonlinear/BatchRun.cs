using System.Runtime.ExceptionServices;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>Runs the elements of a batch, on one thread or several; each takes the next one when it has room.</summary>
internal sealed class BatchRun
{
    private readonly SolvePlan _plan;
    private readonly Optimizer _optimizer;
    private readonly SolveOptions _options;
    private readonly SolveTape[]? _tapes;
    private readonly CancellationToken _cancellation;
    private readonly Lock _lock = new();
    private readonly ResolvedValues _initial;
    private readonly ResolvedValues _solved;
    private readonly ElementResult[] _results;
    private readonly ArgumentException?[] _errors;
    private int _next = -1;

    public BatchRun(
        SolvePlan plan, Optimizer optimizer, SolveOptions options, SolveTape[]? tapes, Values initial,
        CancellationToken cancellation)
    {
        _plan = plan;
        _optimizer = optimizer;
        _tapes = tapes;
        _cancellation = cancellation;
        Problem problem = plan.Linearization.Problem;
        _initial = initial.Resolve(problem.Variables);
        Values = initial.Clone();
        Values.Unshare(problem.Variables.Take(problem.OptimizedCount));
        _solved = Values.Resolve(problem.Variables);
        _results = new ElementResult[initial.BatchSize];
        _errors = new ArgumentException?[initial.BatchSize];
        Layout = ChosenLayout.Of(plan, options, initial.BatchSize);
        Precision = ChosenPrecision.Of(plan, options, Layout);
        Threads = options.ThreadsFor(Layout.Packs(initial.BatchSize));
        ThreadsTogether = initial.BatchSize == 1 && !Layout.IsInterleaved
            ? plan.ThreadsTogether(options.ThreadsFor(int.MaxValue)) : 1;
        _options = Threads > 1 && options.OnIteration is { } callback
            ? options with { OnIteration = record => OneAtATime(callback, record) } : options;
    }

    public SolveClock Clock { get; } = new();

    /// <summary>The initial values, replaced by solutions as the run goes.</summary>
    public Values Values { get; }

    /// <summary>Where the elements lie.</summary>
    public ChosenLayout Layout { get; }

    /// <summary>In what precision their systems are factored.</summary>
    public ChosenPrecision Precision { get; }

    /// <summary>How many threads run them.</summary>
    public int Threads { get; }

    /// <summary>How many threads work on a single element together.</summary>
    public int ThreadsTogether { get; }

    public ElementResult[] Solve()
    {
        Concurrently.OnThreads(Threads, Work);
        if (Array.Find(_errors, error => error is not null) is { } first)
            ExceptionDispatchInfo.Throw(first);
        return _results;
    }

    private void Work()
    {
        LaneWorkspace workspace = _plan.Workspaces.Rent(Layout.IsInterleaved, ThreadsTogether, Precision.Precision);
        var check = new ManifoldCheck(_plan.Linearization);
        new LaneSolve(
            workspace, _options.StepSize, lane => Next(workspace, check, lane),
            (solve, lane) => Store(workspace, solve, lane)).Run();
        lock (_lock)
            Clock.Add(workspace.Clock);
        _plan.Workspaces.Return(workspace); // If a callback threw, the collector sees to its memory.
    }

    /// <summary>Loads the next element whose values can be used.</summary>
    private ElementSolve? Next(LaneWorkspace workspace, ManifoldCheck check, int lane)
    {
        for (int element; (element = Interlocked.Increment(ref _next)) < _results.Length;)
            try
            {
                workspace.Staging.Load(_initial, element);
                check.Apply(workspace.Staging, element);
                workspace.Load(lane);
                return new(
                    workspace, lane, _optimizer.NewControl(), _options, element, _tapes?[element], _cancellation);
            }
            catch (ArgumentException exception)
            {
                _errors[element] = exception; // The first element's is told, whichever thread met one first.
            }

        return null;
    }

    private void Store(LaneWorkspace workspace, ElementSolve solve, int lane)
    {
        _results[solve.Element] = solve.Result!;
        workspace.CurrentOf(lane).Store(_solved, solve.Element);
    }

    private void OneAtATime(Action<IterationRecord> callback, IterationRecord record)
    {
        lock (_lock)
            callback(record);
    }
}
