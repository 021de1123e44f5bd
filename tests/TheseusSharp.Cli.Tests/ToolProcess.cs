using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TheseusSharp.Cli.Tests;

/// <summary>The tool in a process of its own.</summary>
internal static class ToolProcess
{
    private const int TimeoutMilliseconds = 120_000;

    private static readonly string s_tool = Path.Combine(AppContext.BaseDirectory, "theseus.dll");

    /// <summary>Runs a command line.</summary>
    public static ToolRun Run(params string[] arguments) => Run(onLine: null, arguments);

    /// <summary>Runs a command line, and looks at its lines as they come.</summary>
    public static ToolRun Run(Action<Process, string>? onLine, params string[] arguments)
    {
        using Process process = Process.Start(StartInfo(arguments))!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = Task.Run(() =>
        {
            var text = new StringWriter();
            while (process.StandardOutput.ReadLine() is { } line)
            {
                text.WriteLine(line);
                onLine?.Invoke(process, line);
            }

            return text.ToString();
        });
        if (!process.WaitForExit(TimeoutMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The tool did not end within {TimeoutMilliseconds} ms.");
        }

        return new(process.ExitCode, output.Result, error.Result);
    }

    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        // A shell that started the tests in the background may have made them, and their children, deaf to Ctrl-C.
        string[] words = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", Host()] : [Host()];
        var start = new ProcessStartInfo(words[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string word in (string[])[.. words[1..], "exec", s_tool, .. arguments])
            start.ArgumentList.Add(word);
        return start;
    }

    /// <summary>The host of the runtime that runs this test.</summary>
    private static string Host()
    {
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
    }
}
