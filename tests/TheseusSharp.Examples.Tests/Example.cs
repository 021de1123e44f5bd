using System.Diagnostics;

namespace TheseusSharp.Examples.Tests;

/// <summary>A file-based program, built once and run in processes of its own.</summary>
internal sealed class Example
{
    private const int TimeoutMilliseconds = 300_000;

    private static readonly string s_root = FindRoot();

    private readonly string _file;

    private Example(string file) => _file = file;

    /// <summary>Builds an example, in the folder that <c>dotnet run</c> also uses.</summary>
    /// <param name="name">The name of its file, without the ending.</param>
    public static Example Build(string name)
    {
        string file = Path.Combine("examples", name + ".cs");
        ExampleRun build = Dotnet("build", file);
        Assert.True(build.ExitCode == 0, build.ToString());
        return new(file);
    }

    /// <summary>Runs it.</summary>
    /// <param name="arguments">What it is given.</param>
    public ExampleRun Run(params string[] arguments) => Dotnet(["run", "--no-build", _file, "--", .. arguments]);

    private static ExampleRun Dotnet(params string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, arguments)
        {
            WorkingDirectory = s_root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A compiler server that outlives the build would keep the streams open, and the test waiting.
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeoutMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet {string.Join(' ', arguments)} did not end within {TimeoutMilliseconds} ms.");
        }

        return new(process.ExitCode, output.Result, error.Result);
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "TheseusSharp.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException(
            $"{AppContext.BaseDirectory} is in no clone of the repository: there is no TheseusSharp.slnx above it.");
    }
}

/// <summary>What a process gave.</summary>
internal sealed record ExampleRun(int ExitCode, string Out, string Error);
