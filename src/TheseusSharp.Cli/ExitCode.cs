namespace TheseusSharp.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    /// <summary>A usable result: converged, or stopped with a lower finite cost.</summary>
    public const int Usable = 0;

    /// <summary>The solver failed.</summary>
    public const int Failed = 1;

    /// <summary>Bad input or usage.</summary>
    public const int BadInput = 2;

    /// <summary>Cancelled by Ctrl-C, as shells number it.</summary>
    public const int Cancelled = 130;
}
