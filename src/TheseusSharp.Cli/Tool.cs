using System.CommandLine;
using System.CommandLine.Parsing;
using TheseusSharp.Cli.Commands;
using TheseusSharp.Cli.Output;
using TheseusSharp.Data;

namespace TheseusSharp.Cli;

/// <summary>The tool: from arguments to an exit code.</summary>
internal static class Tool
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The words behind the tool's name.</param>
    /// <param name="terminal">Where output goes.</param>
    /// <param name="cancellation">Stops a solve at its next iteration.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] arguments, Terminal terminal, CancellationToken cancellation)
    {
        ParseResult parsed = Root(terminal, cancellation).Parse(arguments);
        if (parsed.Errors.Count > 0)
            return Fail(terminal, UsageError(parsed), ExitCode.BadInput);
        try
        {
            return parsed.Invoke(new()
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (ToolException exception)
        {
            return Fail(terminal, exception.Message, exception.ExitCode);
        }
        catch (DataFormatException exception)
        {
            return Fail(terminal, exception.Message, ExitCode.BadInput);
        }
        catch (IOException exception)
        {
            // Files have messages of their own: this is the output itself, such as a disk that is full.
            return Fail(
                terminal, $"the output cannot be written: {exception.Message.TrimEnd('.')}.", ExitCode.BadInput);
        }
        catch (OperationCanceledException)
        {
            return Fail(terminal, "cancelled.", ExitCode.Cancelled);
        }
    }

    private static RootCommand Root(Terminal terminal, CancellationToken cancellation) =>
        new("Solves pose graphs: finds the poses that agree best with measurements between them.")
        {
            SolveCommand.Create(terminal, cancellation),
            GenerateCommand.Create(terminal, cancellation),
            DemoCommand.Create(terminal, cancellation),
        };

    /// <summary>All parse errors in one line, with where to read on.</summary>
    private static string UsageError(ParseResult parsed)
    {
        string path = "theseus";
        foreach (CommandResult command in Ancestors(parsed.CommandResult))
            path += " " + command.Command.Name;
        IEnumerable<string> messages = parsed.Errors.Select(error => error.Message.ReplaceLineEndings(" ")).Distinct();
        return $"{string.Join(' ', messages)} See '{path} --help'.";
    }

    /// <summary>The commands that were named, outermost first, without the tool itself.</summary>
    private static IEnumerable<CommandResult> Ancestors(CommandResult command) =>
        command.Parent is CommandResult parent ? Ancestors(parent).Append(command) : [];

    private static int Fail(Terminal terminal, string message, int exitCode)
    {
        terminal.Error.WriteLine($"error: {message}");
        return exitCode;
    }
}
