using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Peers;

namespace TheseusSharp.Benchmarks;

/// <summary>What was measured, and on what.</summary>
internal static class Machine
{
    /// <summary>A list, for a Markdown file.</summary>
    public static string Describe() => string.Join('\n', Lines().Select(line => "- " + line)) + "\n";

    private static IEnumerable<string> Lines()
    {
        yield return $"commit {Commit()}";
        yield return string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
        string width = Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : "128";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{Processor()}, {Environment.ProcessorCount} cores, vectors of {width} bits, {Memory.TotalGB:F0} GB memory");
        yield return $"{System()}, {RuntimeInformation.FrameworkDescription}";
        yield return NativeEnvironment.Describe();
        yield return Ceres();
        yield return $"load of the machine when this began (1, 5, 15 minutes): {Load()}";
    }

    private static string Commit()
    {
        string hash = Run("git", "-C", Repository.Root, "rev-parse", "--short=12", "HEAD");
        string changes = Run("git", "-C", Repository.Root, "status", "--porcelain", "--", "src", "benchmarks");
        return hash.Length == 0 ? "unknown"
            : hash + (changes.Length == 0 ? string.Empty : ", with uncommitted changes");
    }

    private static string Processor() => Value("/proc/cpuinfo", "model name") ?? "unknown processor";

    private static string System() =>
        $"{Value("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription}, kernel " +
        (File.Exists("/proc/sys/kernel/osrelease") ? File.ReadAllText("/proc/sys/kernel/osrelease").Trim() : "unknown");

    private static string Load() => File.Exists("/proc/loadavg")
        ? string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown";

    private static string Ceres()
    {
        string graph = Path.GetTempFileName();
        try
        {
            File.WriteAllText(
                graph, "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 0 0\nEDGE_SE2 0 1 1 0 0 1 0 0 1 0 1\n");
            using CeresPeer? peer = CeresPeer.Start(graph, new());
            if (peer is null)
                return "Ceres is not built (benchmarks/peers/build.sh)";
            CeresVersion version = peer.Version();
            return $"Ceres {version.Ceres}, {Path.GetFileName(version.Cholmod)}, {Path.GetFileName(version.Blas)} " +
                $"({version.Core}), {version.Compiler}";
        }
        finally
        {
            File.Delete(graph);
        }
    }

    private static string? Value(string file, string key, char separator = ':') => !File.Exists(file) ? null
        : File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))
            ?.Split(separator, 2)[^1].Trim();

    private static string Run(string program, params string[] arguments)
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            string text = process?.StandardOutput.ReadToEnd().Trim() ?? string.Empty;
            process?.WaitForExit();
            return text;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return string.Empty; // the program is not installed
        }
    }
}
