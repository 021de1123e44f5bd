using TheseusSharp.Cli.Output;

namespace TheseusSharp.Cli.Tests;

/// <summary>What a command line gave, run in this process.</summary>
internal sealed record ToolRun(int ExitCode, string Out, string Error)
{
    /// <summary>Runs a command line with output that is no terminal.</summary>
    public static ToolRun Of(params string[] arguments) => Of(new StringWriter(), CancellationToken.None, arguments);

    /// <summary>Runs a command line that can be cancelled, into a writer.</summary>
    public static ToolRun Of(StringWriter output, CancellationToken cancellation, params string[] arguments)
    {
        var error = new StringWriter();
        int exitCode = Tool.Run(arguments, Terminal.Of(output, error), cancellation);
        return new(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Checks that a command line is refused with one line, before anything is printed.</summary>
    /// <returns>That line.</returns>
    public static string Refused(params string[] arguments)
    {
        ToolRun run = Of(arguments);
        Assert.True(run.ExitCode == 2, $"{run}");
        Assert.Empty(run.Out);
        return OneLine(run.Error);
    }

    /// <summary>Checks that a text is one line about an error.</summary>
    public static string OneLine(string error)
    {
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
        return error.TrimEnd();
    }
}
