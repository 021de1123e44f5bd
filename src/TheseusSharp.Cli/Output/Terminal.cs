using Spectre.Console;

namespace TheseusSharp.Cli.Output;

/// <summary>Where a command writes to.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors, a line each.</param>
/// <param name="Console">What draws in place; null where output is no terminal.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, Lazy<IAnsiConsole?> Console)
{
    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess() => new(System.Console.Out, System.Console.Error, new(OpenConsole));

    /// <summary>Writers that are no terminal.</summary>
    public static Terminal Of(TextWriter output, TextWriter error) => new(output, error, new((IAnsiConsole?)null));

    /// <summary>Shows the cursor of this process' terminal again, which a table that is cut short has hidden.</summary>
    public static void ShowCursor()
    {
        if (!System.Console.IsOutputRedirected)
            System.Console.Out.Write("\e[?25h");
    }

    private static IAnsiConsole? OpenConsole()
    {
        if (System.Console.IsOutputRedirected)
            return null;
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(System.Console.Out) });
        return console.Profile.Capabilities.Ansi ? console : null;
    }
}
