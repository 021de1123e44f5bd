using System.Globalization;
using System.Text;

namespace TheseusSharp.Nonlinear;

/// <summary>A summary in words; numbers do not depend on the culture.</summary>
internal sealed class SummaryText(SolveSummary summary)
{
    private readonly IReadOnlyList<ElementResult> _elements = summary.Elements;
    private readonly StringBuilder _text = new();

    public string Brief()
    {
        ElementResult first = _elements[0];
        if (_elements.Count == 1)
            return Text($"{summary.Optimizer}: {first.Iterations} iterations, cost {first.InitialCost:0.000000e+00} ") +
                Text($"→ {first.FinalCost:0.000000e+00}. {first.Message}");
        int converged = _elements.Count(element => element.Status.IsConverged());
        int unusable = _elements.Count(element => !element.IsUsable);
        return Text($"{summary.Optimizer}: {_elements.Count} elements, {converged} converged, {unusable} unusable; ") +
            Text($"cost {Sum(e => e.InitialCost):0.000000e+00} → {Sum(e => e.FinalCost):0.000000e+00}");
    }

    public string Full()
    {
        Line("Optimiser", summary.Optimizer);
        Sizes();
        Line("Linear solver", Text($"{summary.LinearSolver} ({summary.LinearSolverReason}), ordering ") +
            Text($"{summary.Ordering}, {summary.Fronts} fronts"));
        Line("Precision", Precision());
        Line("Fill", Text($"{summary.Blocks} blocks in H, {summary.FactorNonZeros} numbers in the factor, ") +
            Text($"{summary.FactorFlops / 1e6:F1} Mflop"));
        Line("Layout", Text($"{(summary.Lanes > 1 ? $"interleaved, {summary.Lanes} lanes" : "separate")} ") +
            Text($"({summary.LayoutReason})"));
        Line("Threads", Text($"{summary.Threads} over {_elements.Count} element(s) of the batch"));
        Costs();
        Times();
        return _text.Append(Termination()).ToString();
    }

    private string Precision() => summary.Precision == LinearPrecision.Double
        ? $"double ({summary.PrecisionReason})"
        : $"mixed ({summary.PrecisionReason}): {summary.SingleFactorizations} factorizations in single, of which " +
            $"{summary.FallBacks} fell back to double";

    private void Sizes()
    {
        Modelling.Problem problem = summary.Problem;
        Line("Variables", Text($"{problem.OptimizedCount} optimised ({problem.TangentLength} coordinates), ") +
            Text($"{problem.Variables.Count - problem.OptimizedCount} constant"));
        Line("Cost functions", Text($"{problem.CostCount} in {problem.Groups.Count} groups ") +
            Text($"({problem.ResidualLength} residuals)"));
        for (int k = 0; k < problem.Groups.Count; k++)
        {
            Line(string.Empty, problem.Groups[k].ToString());
            Line(string.Empty, $"  kernel: {summary.Kernels[k]}");
        }
    }

    private void Costs()
    {
        Line("Cost initial", Text($"{Sum(element => element.InitialCost):0.000000000e+00}{NotCounted()}"));
        Line("Cost final", Text($"{Sum(element => element.FinalCost):0.000000000e+00}{NotCounted()}"));
        int rejected = _elements.Sum(element => element.History.Count(record => !record.IsAccepted));
        Line("Iterations", Text($"{_elements.Max(element => element.Iterations)} ({rejected} steps rejected)"));
    }

    private void Times()
    {
        SolveTimes times = summary.Times;
        (string Name, TimeSpan Time)[] parts =
        [
            ("kernels", times.Kernels), ("setup", times.Setup), ("linearize", times.Linearize),
            ("factor", times.Factor), ("solve", times.Solve), ("retract", times.Retract), ("evaluate", times.Evaluate),
        ];
        Line("Time", Text($"{times.Total.TotalMilliseconds:F1} ms: ") + string.Join(
            ", ", parts.Select(part => Text($"{part.Name} {part.Time.TotalMilliseconds:F1}"))));
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

    /// <summary>Over the elements that have a cost; of a single element, whatever it is.</summary>
    private double Sum(Func<ElementResult, double> cost) => _elements.Count == 1 ? cost(_elements[0])
        : _elements.Where(element => double.IsFinite(element.InitialCost)).Sum(cost);

    private string NotCounted()
    {
        int count = _elements.Count(element => !double.IsFinite(element.InitialCost));
        return _elements.Count == 1 || count == 0 ? string.Empty
            : $" ({count} element(s) without a finite cost not counted)";
    }

    private void Line(string label, string content) => _text.Append(label.PadRight(16)).AppendLine(content);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
