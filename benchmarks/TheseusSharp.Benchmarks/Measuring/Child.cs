using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TheseusSharp.Benchmarks.Measuring;

/// <summary>
/// This program again, in a process of its own: with nothing compiled yet, and memory that is its own alone. It prints
/// one line of JSON, its answer.
/// </summary>
internal static class Child
{
    /// <summary>The word of the command line that the arguments of a child follow.</summary>
    public const string Word = "--child";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Runs a child.</summary>
    /// <param name="arguments">Its task and arguments.</param>
    /// <returns>Its answer, or how it ended without one.</returns>
    public static (T? Answer, string? Failure) Run<T>(params string[] arguments)
        where T : class
    {
        string program = Environment.ProcessPath!;
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(Child).Assembly.Location] : [];
        ProcessStartInfo start = new(program, [.. host, Word, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException($"{program} could not be started.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string? answer = null;
        while (process.StandardOutput.ReadLine() is { } line)
            if (line.StartsWith('{'))
                answer = line;
        process.WaitForExit();
        return process.ExitCode == 0 && answer is not null
            ? (JsonSerializer.Deserialize<T>(answer, Json), null)
            : (null, Reason(errors.Result, process.ExitCode));
    }

    /// <summary>Prints the answer of a child.</summary>
    public static void Answer<T>(T answer) => Console.WriteLine(JsonSerializer.Serialize(answer, Json));

    private static string Reason(string errors, int exitCode)
    {
        string? first = errors.Split('\n').FirstOrDefault(line => line.Trim().Length > 0)?.Trim();
        return $"exit code {exitCode}" + (first is null ? string.Empty : ", " + first[..Math.Min(first.Length, 120)]);
    }
}
