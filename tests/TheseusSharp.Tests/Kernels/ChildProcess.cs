using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Runs TheseusSharp.KernelProbe, which is built beside the tests.</summary>
internal static class ChildProcess
{
    private const int TimeoutMilliseconds = 60000;

    private static readonly string s_probe = Path.Combine(AppContext.BaseDirectory, "TheseusSharp.KernelProbe.dll");

    /// <summary>Runs the probe and checks that it found nothing wrong.</summary>
    /// <returns>What it printed, by key.</returns>
    public static Dictionary<string, string> Run(
        ITestOutputHelper log, bool dynamicCode, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Host()) { RedirectStandardOutput = true, RedirectStandardError = true };
        string settings = dynamicCode ? Path.ChangeExtension(s_probe, ".runtimeconfig.json") : WithoutDynamicCode();
        foreach (string argument in (string[])["exec", "--runtimeconfig", settings, s_probe])
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        try
        {
            return Run(log, start);
        }
        finally
        {
            if (!dynamicCode)
                File.Delete(settings);
        }
    }

    private static Dictionary<string, string> Run(ITestOutputHelper log, ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> text = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeoutMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The probe did not end within {TimeoutMilliseconds} ms.");
        }

        string[] lines = [.. text.Result.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        foreach (string line in lines.Where(line => !line.StartsWith("checksum", StringComparison.Ordinal)))
            log.WriteLine(line);
        Assert.True(process.ExitCode == 0, $"Exit code {process.ExitCode}. {text.Result}{errors.Result}");
        return lines.Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    /// <summary>The host of the runtime that runs this test.</summary>
    private static string Host()
    {
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
    }

    /// <summary>The probe's settings, as of an app that may not generate code.</summary>
    private static string WithoutDynamicCode()
    {
        JsonNode settings = JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(s_probe, ".runtimeconfig.json")))!;
        JsonNode options = settings["runtimeOptions"]!;
        options["configProperties"] ??= new JsonObject();
        options["configProperties"]!["System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported"] = false;
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.runtimeconfig.json");
        File.WriteAllText(file, settings.ToJsonString());
        return file;
    }
}
