using System.Diagnostics;
using System.Globalization;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Data;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>A hundred thousand poses.</summary>
internal sealed class LargeReport : IReport
{
    private const double MostGB = 16;

    public string Name => "large";

    public string Description =>
        """
        100 000 poses in space with 250 000 edges (lanes over a field, closures with the lanes before), solved by
        Levenberg-Marquardt with its defaults in a process of its own: the most memory it had.
        """;

    public IReadOnlyList<Row> Run(ReportContext context)
    {
        (int poses, int edges) = context.Choose((1000, 2500), (100_000, 250_000), (100_000, 250_000));
        string name = $"large {poses} poses, {edges} edges: peak, GB";
        (LargeAnswer? answer, string? failure) = Child.Run<LargeAnswer>(
            "large", poses.ToString(CultureInfo.InvariantCulture), edges.ToString(CultureInfo.InvariantCulture));
        if (answer is null)
        {
            context.Say($"FAILED: {failure}");
            return [Row.NotMeasured(name, MostGB, failure!, atMost: true)];
        }

        Table table = context.NewTable(
            string.Empty, "poses, edges", "status", "iterations", "s", "s an iteration", "initial cost", "final cost",
            "Gflop", "fill", "peak, GB");
        table.Add(
            $"{poses}, {edges}", answer.Status, answer.Iterations.ToString(CultureInfo.InvariantCulture),
            N(answer.Seconds, "F1"), N(answer.Seconds / Math.Max(1, answer.Iterations), "F2"),
            N(answer.InitialCost, "E4"), N(answer.FinalCost, "E4"), N(answer.Flops / 1e9, "F1"),
            N(answer.NonZeros, "N0"), N(answer.PeakGB, "F2"));
        string? objection = answer.IsUsable ? null : $"not solved: {answer.Status}";
        return [new(name, answer.PeakGB, answer.PeakGB, MostGB, AtMost: true, objection)];
    }

    /// <summary>The task of a child: POSES EDGES.</summary>
    public static void RunInChild(string[] arguments)
    {
        PoseGraph graph = WideWorld.Generate(
            int.Parse(arguments[0], CultureInfo.InvariantCulture),
            int.Parse(arguments[1], CultureInfo.InvariantCulture));
        long start = Stopwatch.GetTimestamp();
        var problem = PoseGraphProblem.Create(graph);
        SolveResult result = new LevenbergMarquardt().Solve(
            problem.Problem, problem.CreateValues(graph.Poses), new() { Threads = 2 });
        ElementResult element = result.First;
        Child.Answer(new LargeAnswer(
            element.Status.ToString(), element.IsUsable, element.Iterations,
            Stopwatch.GetElapsedTime(start).TotalSeconds, element.InitialCost, element.FinalCost,
            result.Summary.FactorFlops, result.Summary.FactorNonZeros, Memory.PeakGB));
    }

    private static string N(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed record LargeAnswer(
        string Status, bool IsUsable, int Iterations, double Seconds, double InitialCost, double FinalCost,
        double Flops, long NonZeros, double PeakGB);
}
