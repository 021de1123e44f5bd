using System.Globalization;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Data;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>Some Gauss–Newton iterations of ours on a pose graph, from its poses.</summary>
internal sealed class OurIterations
{
    private readonly PoseGraphProblem _problem;
    private readonly Values _initial;
    private readonly SolveOptions _options;
    private SolveResult? _last;

    public OurIterations(PoseGraph graph, int threads, int iterations, LinearPrecision precision)
    {
        _problem = PoseGraphProblem.Create(graph, new() { Information = InformationMode.Diagonal });
        _initial = _problem.CreateValues(graph.Poses);
        _options = new()
        {
            MaxIterations = iterations,
            Stopping = StoppingCriteria.None,
            Threads = threads,
            Precision = precision,
        };
        Side = new(
            $"TheseusSharp, {threads} thr., {precision.ToString().ToLowerInvariant()}" +
            (precision == LinearPrecision.Automatic ? " precision" : string.Empty), Run);
        Side.Measure(); // compiles, orders
    }

    /// <summary>Its times: of each run the median of the steady iterations, in ms.</summary>
    public Side Side { get; }

    /// <summary>Whether factors in single precision were of use in the last run.</summary>
    public bool IsMixed => _last!.Summary.SingleFactorizations > _last.Summary.FallBacks;

    /// <summary>What we say ourselves.</summary>
    public double InitialCost => _last!.First.InitialCost;

    /// <summary>The poses after the last run.</summary>
    public double[] FinalPoses() => _problem.GraphWith(_last!.Values).Poses.ToArray();

    /// <summary>Where the time of the last run went, by iteration.</summary>
    public string Split()
    {
        SolveTimes times = _last!.Summary.Times;
        string Per(TimeSpan time) =>
            (time.TotalMilliseconds / _options.MaxIterations).ToString("F2", CultureInfo.InvariantCulture);
        return $"linearize {Per(times.Linearize)}, factor {Per(times.Factor)}, solve {Per(times.Solve)}, " +
            $"retract {Per(times.Retract)}, evaluate {Per(times.Evaluate)}; {_last.Summary.Ordering}; " +
            $"{_last.Summary.SingleFactorizations} factorizations in single precision, " +
            $"{_last.Summary.FallBacks} of no use";
    }

    private double Run()
    {
        _last = new GaussNewton().Solve(_problem.Problem, _initial, _options);
        IReadOnlyList<IterationRecord> history = _last.First.History;
        double[] times = [.. Enumerable
            .Range(IterationReport.FirstSteady, history.Count - IterationReport.FirstSteady)
            .Select(k => (history[k].Elapsed - history[k - 1].Elapsed).TotalMilliseconds).Order()];
        return times[times.Length / 2];
    }
}
