using System.Diagnostics;

namespace TheseusSharp.Benchmarks.Measuring;

/// <summary>
/// Times several actions in turn, round after round, so that whatever else the machine does falls on all of them alike.
/// </summary>
internal static class Interleaved
{
    /// <summary>The minimum and median time of each action, in nanoseconds.</summary>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="actions">What is timed.</param>
    public static Timing[] Run(int rounds, params Action[] actions)
    {
        foreach (Action action in actions)
            for (int warmUp = 0; warmUp < 3; warmUp++)
                action();
        var times = actions.Select(_ => new double[rounds]).ToArray();
        for (int round = 0; round < rounds; round++)
            for (int k = 0; k < actions.Length; k++)
            {
                // Untimed first: brings back to the caches what the other actions pushed out.
                actions[k]();
                long start = Stopwatch.GetTimestamp();
                actions[k]();
                times[k][round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            }

        return times.Select(Timing.Of).ToArray();
    }
}

/// <summary>A minimum and a median, in nanoseconds.</summary>
internal readonly record struct Timing(double Minimum, double Median)
{
    public static Timing Of(double[] times)
    {
        Array.Sort(times);
        return new(times[0], times[times.Length / 2]);
    }

    public Timing Per(int count) => new(Minimum / count, Median / count);

    public override string ToString() => $"{Minimum,8:F1} min {Median,8:F1} median";
}
