namespace TheseusSharp.Cli;

/// <summary>Ends a command with one line for the person who gave it.</summary>
/// <param name="message">That line: what is wrong, with its name, and the remedy.</param>
/// <param name="exitCode">What the process returns.</param>
internal sealed class ToolException(string message, int exitCode = ExitCode.BadInput) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
