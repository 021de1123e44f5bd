using System.Diagnostics;
using Spectre.Console;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Cli.Output;

/// <summary>A table that grows in place.</summary>
internal sealed class LiveIterations(IAnsiConsole console) : IterationTable
{
    /// <summary>Drawing takes longer than an iteration of a small graph: not every one is drawn.</summary>
    private static readonly TimeSpan s_betweenFrames = TimeSpan.FromMilliseconds(50);

    public override SolveResult Show(Func<Action<IterationRecord>?, SolveResult> work)
    {
        Table table = new Table().Border(TableBorder.None);
        foreach (string column in Padded(Columns))
            table.AddColumn(new TableColumn(new Text(column)).NoWrap().Padding(0, 0));
        SolveResult result = console.Live(table)
            .Overflow(VerticalOverflow.Crop)
            .Cropping(VerticalOverflowCropping.Top)
            .Start(live => work(Frames(table, live)));
        console.WriteLine();
        return result;
    }

    private static Action<IterationRecord> Frames(Table table, LiveDisplayContext live)
    {
        long drawn = 0;
        return record =>
        {
            Color color = record.IsAccepted ? Color.Default : Color.Yellow;
            table.AddRow(Padded(Cells(record)).Select(cell => new Text(cell, color)));
            if (Stopwatch.GetElapsedTime(drawn) < s_betweenFrames)
                return;
            live.Refresh();
            drawn = Stopwatch.GetTimestamp();
        };
    }
}
