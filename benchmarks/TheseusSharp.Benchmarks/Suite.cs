using System.Diagnostics;
using System.Globalization;
using System.Text;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Benchmarks.Reports;

namespace TheseusSharp.Benchmarks;

/// <summary>All reports, one after the other, and the file of results.</summary>
internal static class Suite
{
    /// <summary>The reports, in the order of the file.</summary>
    public static IReadOnlyList<IReport> Reports { get; } =
    [
        new FactorReport(), new BatchReport(), new IterationReport(), new WholeReport(), new PrecisionReport(),
        new LearningReport(threads: 2), new SweepReport(), new LargeReport(), new LimitsReport(),
    ];

    /// <summary>Runs them.</summary>
    /// <param name="effort">How long they may take.</param>
    /// <param name="writesBaseline">Whether the ratios become the baseline.</param>
    /// <param name="file">Where the results go.</param>
    public static int Run(Effort effort, bool writesBaseline, string file)
    {
        long start = Stopwatch.GetTimestamp();
        string machine = Machine.Describe();
        Console.WriteLine(machine);
        var sections = new StringBuilder();
        var rows = new List<Row>();
        var discarded = new List<string>();
        foreach (IReport report in Reports)
        {
            (ReportContext context, IReadOnlyList<Row> found) = Run(report, effort);
            rows.AddRange(found);
            discarded.AddRange(context.Discarded);
            sections.AppendLine($"## {report.Name}").AppendLine().AppendLine(report.Description).AppendLine()
                .AppendLine(context.ToMarkdown().TrimEnd()).AppendLine();
        }

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        string text = Head(machine, effort, took) + Verdicts(rows) + Lists(rows, discarded) + sections;
        File.WriteAllText(file, text.TrimEnd() + "\n");
        Console.WriteLine($"\nwritten to {file} after {took.TotalMinutes:F1} minutes");
        if (writesBaseline)
            Baseline.Write(rows);
        return 0;
    }

    /// <summary>Runs one report, its name and description before it.</summary>
    public static (ReportContext Context, IReadOnlyList<Row> Rows) Run(
        IReport report, Effort effort, string? only = null)
    {
        Console.WriteLine($"== {report.Name}");
        Console.WriteLine(report.Description);
        var context = new ReportContext(Console.Out, effort, only);
        if (effort == Effort.Smoke)
            Console.WriteLine("  (one round each, to see that it runs: figures and verdicts mean nothing)");
        IReadOnlyList<Row> rows = report.Run(context);
        Console.WriteLine();
        return (context, rows);
    }

    private static string Head(string machine, Effort effort, TimeSpan took) =>
        "# Results\n\nWritten by `dotnet run -c Release --project benchmarks/TheseusSharp.Benchmarks -- suite" +
        (effort == Effort.Full ? " --full" : string.Empty) +
        string.Create(CultureInfo.InvariantCulture, $"` in {took.TotalMinutes:F1} minutes. Ratios: above 1, ours is ") +
        "faster. Two figures are those of minima and of medians; both must reach what is wanted.\n\n" + machine + "\n";

    private static string Verdicts(List<Row> rows)
    {
        var text = new StringBuilder("## What is wanted\n\n| | measured | wanted | |\n|---|---:|---:|---|\n");
        foreach (Row row in rows.Where(row => row.Wanted is not null))
            text.AppendLine($"| {row.Name} | {row.Measured} | {row.Goal} | {row.Judgement} |");
        return text.AppendLine().ToString();
    }

    private static string Lists(List<Row> rows, List<string> discarded)
    {
        string List(IEnumerable<string> lines) =>
            string.Join('\n', lines.DefaultIfEmpty("none").Select(line => "- " + line)) + "\n\n";
        return "## Missed\n\n" +
            List(rows.Where(row => row.Verdict == Verdict.Missed)
                .Select(row => $"{row.Name}: {row.Measured}, wanted {row.Goal}")) +
            "## Not measured\n\n" +
            List(rows.Where(row => row.Verdict == Verdict.NotMeasured).Select(row => $"{row.Name}: {row.Reason}")) +
            "## Discarded\n\n" +
            List(rows.Where(row => row.Verdict == Verdict.Discarded)
                .Select(row => $"{row.Name}: {row.Measured}, {row.Reason}").Concat(discarded));
    }
}
