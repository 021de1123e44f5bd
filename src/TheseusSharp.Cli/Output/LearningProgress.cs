using System.Globalization;
using Spectre.Console;
using TheseusSharp.Cli.Learning;

namespace TheseusSharp.Cli.Output;

/// <summary>Shows how learning goes: a bar on a terminal, lines elsewhere.</summary>
internal static class LearningProgress
{
    private const int EpochsPerLine = 10;

    /// <summary>Runs work, and shows what it reports.</summary>
    /// <param name="terminal">Where output goes.</param>
    /// <param name="epochs">How many there will be.</param>
    /// <param name="learn">Gets the callback for epochs.</param>
    /// <returns>What the work returns.</returns>
    public static double Show(Terminal terminal, int epochs, Func<Action<Epoch>, double> learn)
    {
        if (terminal.Console.Value is not { } console)
            return learn(epoch => WriteLine(terminal.Out, epoch, epochs));
        return console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn())
            .Start(bars =>
            {
                ProgressTask bar = bars.AddTask("learning", maxValue: epochs);
                return learn(epoch =>
                {
                    bar.Description = Describe(epoch);
                    bar.Value = epoch.Number;
                });
            });
    }

    private static void WriteLine(TextWriter text, Epoch epoch, int epochs)
    {
        if (epoch.Number == 1 || epoch.Number % EpochsPerLine == 0 || epoch.Number == epochs)
            text.WriteLine(Describe(epoch));
    }

    private static string Describe(Epoch epoch) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {epoch.Number,3}: loss {epoch.Loss:0.000e+00}, log radius {epoch.LogRadius:F3}");
}
