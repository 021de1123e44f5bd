using System.Globalization;
using System.Text;
using TheseusSharp.Kernels;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>What ran: sizes, ordering and fill, back-end and width, costs, times, termination. Immutable.</summary>
public sealed class SolveSummary
{
    private readonly IReadOnlyList<ElementResult> _elements;

    internal SolveSummary(
        SolvePlan plan, Optimizer optimizer, SolveOptions options, IReadOnlyList<ElementResult> elements,
        SolveTimes times)
    {
        _elements = elements;
        Problem = plan.Linearization.Problem;
        Optimizer = optimizer.Name;
        Threads = Math.Min(options.Threads == 0 ? Environment.ProcessorCount : options.Threads, elements.Count);
        Kernels = [.. plan.Linearization.Groups.Select(group => group.Linearize.Report)];
        Blocks = plan.Linearization.Structure.BlockCount;
        LinearSolver = plan.IsDense ? "dense Cholesky" : "multifrontal Cholesky";
        Ordering = plan.Symbolic is null ? "none (dense)" : "minimum degree";
        FactorNonZeros = plan.Symbolic?.FactorNonZeros ?? (long)Problem.TangentLength * (Problem.TangentLength + 1) / 2;
        FactorFlops = plan.Symbolic?.Flops ?? Math.Pow(Problem.TangentLength, 3) / 3;
        Fronts = plan.Symbolic?.FrontCount ?? 1;
        Times = times;
    }

    /// <summary>What was solved.</summary>
    public Problem Problem { get; }

    /// <summary>The optimiser.</summary>
    public string Optimizer { get; }

    /// <summary>How many threads worked.</summary>
    public int Threads { get; }

    /// <summary>The kernel of each group.</summary>
    public IReadOnlyList<KernelReport> Kernels { get; }

    /// <summary>What solved the linear systems.</summary>
    public string LinearSolver { get; }

    /// <summary>How they were ordered.</summary>
    public string Ordering { get; }

    /// <summary>How many blocks of H are stored, those on and below the diagonal.</summary>
    public int Blocks { get; }

    /// <summary>How many numbers the factor has.</summary>
    public long FactorNonZeros { get; }

    /// <summary>How many multiplications and additions a factorization takes.</summary>
    public double FactorFlops { get; }

    /// <summary>How many fronts the factor has.</summary>
    public int Fronts { get; }

    /// <summary>Where the time went.</summary>
    public SolveTimes Times { get; }

    /// <summary>One line: iterations, costs, termination.</summary>
    public string BriefReport()
    {
        ElementResult first = _elements[0];
        return _elements.Count == 1
            ? Invariant($"{Optimizer}: {first.Iterations} iterations, cost {first.InitialCost:0.000000e+00} → {first.FinalCost:0.000000e+00}. {first.Message}")
            : Invariant($"{Optimizer}: {_elements.Count} elements, {_elements.Count(e => e.Status.IsConverged())} converged, ") +
              Invariant($"{_elements.Count(e => !e.IsUsable)} unusable; cost {Sum(e => e.InitialCost):0.000000e+00} → {Sum(e => e.FinalCost):0.000000e+00}");
    }

    /// <summary>Everything, over several lines.</summary>
    public string FullReport()
    {
        var text = new StringBuilder();
        Line(text, "Optimiser", Optimizer);
        Line(text, "Variables", Invariant($"{Problem.OptimizedCount} optimised ({Problem.TangentLength} coordinates), {Problem.Variables.Count - Problem.OptimizedCount} constant"));
        Line(text, "Cost functions", Invariant($"{Problem.CostCount} in {Problem.Groups.Count} groups ({Problem.ResidualLength} residuals)"));
        for (int k = 0; k < Problem.Groups.Count; k++)
        {
            Line(text, string.Empty, Problem.Groups[k].ToString());
            Line(text, string.Empty, $"  kernel: {Kernels[k]}");
        }

        Line(text, "Linear solver", Invariant($"{LinearSolver}, ordering {Ordering}, {Fronts} fronts"));
        Line(text, "Fill", Invariant($"{Blocks} blocks in H, {FactorNonZeros} numbers in the factor, {FactorFlops / 1e6:F1} Mflop"));
        Line(text, "Threads", Invariant($"{Threads} over {_elements.Count} element(s) of the batch"));
        Results(text);
        TimeLines(text);
        text.Append(Termination());
        return text.ToString();
    }

    /// <inheritdoc cref="FullReport"/>
    public override string ToString() => FullReport();

    private void Results(StringBuilder text)
    {
        Line(text, "Cost initial", Invariant($"{Sum(element => element.InitialCost):0.000000000e+00}{NotCounted()}"));
        Line(text, "Cost final", Invariant($"{Sum(element => element.FinalCost):0.000000000e+00}{NotCounted()}"));
        Line(text, "Iterations", Invariant($"{_elements.Max(element => element.Iterations)} ") + Invariant(
            $"({_elements.Sum(element => element.History.Count(record => record.Iteration > 0 && !record.IsAccepted))} steps rejected)"));
    }

    /// <summary>Over the elements that have a cost; of a single element, whatever it is.</summary>
    private double Sum(Func<ElementResult, double> cost) => _elements.Count == 1 ? cost(_elements[0])
        : _elements.Where(element => double.IsFinite(element.InitialCost)).Sum(cost);

    private string NotCounted()
    {
        int count = _elements.Count(element => !double.IsFinite(element.InitialCost));
        return _elements.Count == 1 || count == 0 ? string.Empty : $" ({count} element(s) without a finite cost not counted)";
    }

    private void TimeLines(StringBuilder text)
    {
        (string Name, TimeSpan Time)[] parts =
        [
            ("kernels", Times.Kernels), ("setup", Times.Setup), ("linearize", Times.Linearize),
            ("factor", Times.Factor), ("solve", Times.Solve), ("retract", Times.Retract), ("evaluate", Times.Evaluate),
        ];
        Line(text, "Time", Invariant($"{Times.Total.TotalMilliseconds:F1} ms") + ": " + string.Join(
            ", ", parts.Select(part => Invariant($"{part.Name} {part.Time.TotalMilliseconds:F1}"))));
    }

    private string Termination()
    {
        if (_elements.Count == 1)
            return _elements[0].Message;
        IEnumerable<string> statuses = _elements.GroupBy(element => element.Status).OrderBy(group => group.Key)
            .Select(group => $"{group.Key} × {group.Count()}");
        ElementResult? failed = _elements.FirstOrDefault(element => !element.IsUsable);
        return string.Join(", ", statuses) +
            (failed is null ? "." : $". Element {failed.Element}: {failed.Message}");
    }

    private static void Line(StringBuilder text, string label, string content) =>
        text.Append(label.PadRight(16)).AppendLine(content);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
