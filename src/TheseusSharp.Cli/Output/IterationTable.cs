using System.Globalization;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Cli.Output;

/// <summary>Shows iterations while they run.</summary>
internal abstract class IterationTable
{
    private static readonly int[] s_widths = [4, 14, 9, 9, 9, 8, 9, 9, 9];

    /// <summary>The columns.</summary>
    protected static IReadOnlyList<string> Columns { get; } =
        ["iter", "cost", "change", "|g|", "|step|", "gain", "damping", "step", "ms"];

    /// <summary>The table that fits where output goes.</summary>
    /// <param name="terminal">Where output goes.</param>
    /// <param name="isQuiet">Whether nothing is to be shown.</param>
    public static IterationTable Of(Terminal terminal, bool isQuiet) =>
        isQuiet ? new Silent()
        : terminal.Console.Value is { } console && console.Profile.Width >= s_widths.Sum() ? new LiveIterations(console)
        : new Lines(terminal.Out);

    /// <summary>Runs work, and shows what it reports.</summary>
    /// <param name="work">Gets the callback for iterations; null if nobody looks.</param>
    public abstract SolveResult Show(Func<Action<IterationRecord>?, SolveResult> work);

    /// <summary>The cells of a row.</summary>
    protected static IReadOnlyList<string> Cells(in IterationRecord record)
    {
        bool isStep = record.Iteration > 0;
        return
        [
            record.Iteration.ToString(CultureInfo.InvariantCulture),
            Text(record.Cost, "0.000000e+00"),
            isStep ? Text(record.CostChange, "0.0e+00") : "",
            Text(record.GradientNorm, "0.0e+00"),
            isStep ? Text(record.StepNorm, "0.0e+00") : "",
            isStep ? Gain(record.GainRatio) : "",
            Text(record.Damping, "0.0e+00"),
            isStep ? Outcome(record) : "",
            Text(record.Elapsed.TotalMilliseconds, "F1"),
        ];
    }

    /// <summary>Cells at their columns' widths.</summary>
    protected static IEnumerable<string> Padded(IReadOnlyList<string> cells) =>
        cells.Select((cell, k) => cell.PadLeft(s_widths[k]));

    /// <summary>A step of exactly zero was never computed: the system was singular.</summary>
    private static string Outcome(in IterationRecord record) =>
        record.IsAccepted ? "taken" : record.StepNorm == 0 ? "none" : "rejected";

    /// <summary>NaN is the gain of a step that was never computed.</summary>
    private static string Gain(double ratio) =>
        double.IsNaN(ratio) ? "" : Text(ratio, Math.Abs(ratio) < 1000 ? "F2" : "0e+00");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed class Silent : IterationTable
    {
        public override SolveResult Show(Func<Action<IterationRecord>?, SolveResult> work) => work(null);
    }

    /// <summary>A line for each iteration.</summary>
    private sealed class Lines(TextWriter output) : IterationTable
    {
        public override SolveResult Show(Func<Action<IterationRecord>?, SolveResult> work)
        {
            Write(Columns);
            SolveResult result = work(record => Write(Cells(record)));
            output.WriteLine();
            return result;
        }

        private void Write(IReadOnlyList<string> cells) =>
            output.WriteLine(string.Concat(Padded(cells)));
    }
}
