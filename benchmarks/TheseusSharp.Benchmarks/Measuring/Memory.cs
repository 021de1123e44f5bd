using System.Globalization;

namespace TheseusSharp.Benchmarks.Measuring;

/// <summary>The memory of this machine and process, from /proc; NaN elsewhere than on Linux.</summary>
internal static class Memory
{
    private const double KiBPerGB = 1e9 / 1024;

    /// <summary>The most memory that this process had at a time, in GB.</summary>
    public static double PeakGB => Read("/proc/self/status", "VmHWM:");

    /// <summary>The memory of the machine, in GB.</summary>
    public static double TotalGB => Read("/proc/meminfo", "MemTotal:");

    /// <summary>What is free, or can be freed, in GB.</summary>
    public static double AvailableGB => Read("/proc/meminfo", "MemAvailable:");

    private static double Read(string file, string key)
    {
        if (!File.Exists(file))
            return double.NaN;
        string? line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line is null ? double.NaN
            : double.Parse(
                line[key.Length..].Replace("kB", string.Empty).Trim(), CultureInfo.InvariantCulture) / KiBPerGB;
    }
}
