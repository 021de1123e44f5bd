using System.Globalization;
using TheseusSharp.Adjoints;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Benchmarks.Reporting;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>What backward modes cost in memory, by the number of iterations.</summary>
internal sealed class MemoryReport : IReport
{
    private const int Rounds = 7;

    private static readonly int[] s_iterations = [5, 10, 20, 40];

    private static readonly (string Name, Backward Mode)[] s_modes =
    [
        ("implicit, Gauss-Newton", Backward.Implicit(HessianKind.GaussNewton)),
        ("implicit, exact", Backward.Implicit(HessianKind.Exact)),
        ("direct loss", Backward.DirectLoss()),
        ("truncated(5)", Backward.Truncated(5)),
        ("unroll", Backward.Unroll()),
        ("unroll, checkpoint every 5", Backward.Unroll(5)),
    ];

    public string Name => "memory";

    public string Description =>
        """
        Memory of a forward and a backward pass over the synthetic cube, Levenberg-Marquardt damped so much that
        every iteration gains, gradients by the radius of Welsch's loss; one element, one thread, double. KiB held
        between the passes (solution, report with a record of every iteration, tape), and in parentheses those that
        the backward pass allocates, mostly a thread's workspace; medians. Last: by how many copies of all poses the
        held memory grows with each iteration; implicit modes show what the report takes.
        """;

    public IReadOnlyList<Row> Run(ReportContext context)
    {
        int poses = context.Choose(64, 256, 256);
        var run = new MemoryRun(poses);
        context.Say(string.Create(
            CultureInfo.InvariantCulture, $"{poses} poses: one copy of all is {run.Copy / 1024.0:F1} KiB."));
        Table table = context.NewTable(
            string.Empty, ["mode", .. s_iterations.Select(count => $"{count} iterations"), "copies per iteration"]);
        foreach ((string name, Backward mode) in s_modes)
            Measure(run, name, mode, table);
        return [];
    }

    private static void Measure(MemoryRun run, string name, Backward mode, Table table)
    {
        string[] cells = new string[s_iterations.Length];
        long[] held = new long[cells.Length];
        for (int k = 0; k < held.Length; k++)
        {
            (held[k], long backward) = run.Measure(mode, s_iterations[k], Rounds);
            cells[k] = string.Create(
                CultureInfo.InvariantCulture, $"{held[k] / 1024.0:F1} ({backward / 1024.0:F1})");
        }

        double perIteration = (held[^1] - held[0]) / (double)(s_iterations[^1] - s_iterations[0]);
        table.Add([name, .. cells, (perIteration / run.Copy).ToString("F3", CultureInfo.InvariantCulture)]);
    }
}
