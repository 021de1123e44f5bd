using System.Diagnostics;
using System.Globalization;
using TheseusSharp.Benchmarks.Reporting;

namespace TheseusSharp.Benchmarks.Measuring;

/// <summary>One of those that take turns, and its times in ms.</summary>
/// <param name="name">Its name.</param>
/// <param name="measure">Does it once; returns how long it took, in ms.</param>
internal sealed class Side(string name, Func<double> measure)
{
    private double[] _times = [];

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>The times of the rounds that count, ascending.</summary>
    public IReadOnlyList<double> Times => _times;

    /// <summary>The least of them; NaN if there are none.</summary>
    public double Minimum => _times.Length == 0 ? double.NaN : _times[0];

    /// <summary>Their median; NaN if there are none.</summary>
    public double Median => _times.Length == 0 ? double.NaN : _times[_times.Length / 2];

    /// <summary>A side that is timed from outside.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="action">What is timed.</param>
    /// <param name="warm">
    /// Whether it is done once untimed before: brings back to the caches what the other sides pushed out.
    /// </param>
    public static Side Of(string name, Action action, bool warm = true) => new(
        name, () =>
        {
            if (warm)
                action();
            long start = Stopwatch.GetTimestamp();
            action();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        });

    /// <summary>Why its times are worth nothing; null if they are worth something.</summary>
    public string? Objection { get; set; }

    /// <summary>Does it once; returns how long it took, in ms.</summary>
    public double Measure() => measure();

    /// <summary>This side's times divided by another's.</summary>
    public Ratio Over(Side other) => new(Minimum / other.Minimum, Median / other.Median, Objection ?? other.Objection);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Minimum:F2} / {Median:F2}");

    /// <summary>Takes the times of the rounds that count.</summary>
    public void Keep(IEnumerable<double> times) => _times = [.. times.Order()];
}

/// <summary>
/// Sides that take turns, round after round, so that whatever else the machine does falls on all of them alike.
/// </summary>
internal static class Turns
{
    /// <summary>A round in which a side took so many times its median is no round.</summary>
    private const double AbsurdSpread = 3;

    private const int QualifyingRounds = 3;

    /// <summary>Takes turns; drops rounds in which one side was disturbed, of all sides.</summary>
    /// <param name="context">Is told of rounds that were dropped.</param>
    /// <param name="what">What is measured, for that.</param>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="seconds">No round begins after this, the first three excepted.</param>
    /// <param name="sides">Those who take turns.</param>
    public static void Take(ReportContext context, string what, int rounds, double seconds, IReadOnlyList<Side> sides)
    {
        var times = new List<double[]>();
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < rounds; round++)
        {
            if (round >= 3 && Stopwatch.GetElapsedTime(start).TotalSeconds > seconds)
                break;
            times.Add([.. sides.Select(side => side.Measure())]);
        }

        if (sides.Count == 0)
            return;
        double[] medians = [.. Enumerable.Range(0, sides.Count)
            .Select(k => times.Select(row => row[k]).Order().ElementAt(times.Count / 2))];
        List<double[]> kept =
            [.. times.Where(row => Enumerable.Range(0, row.Length).All(k => row[k] <= AbsurdSpread * medians[k]))];
        if (kept.Count < times.Count)
            context.Discard(
                $"{what}: {times.Count - kept.Count} of {times.Count} rounds, one side took more than " +
                $"{AbsurdSpread} times its median");
        for (int k = 0; k < sides.Count; k++)
        {
            sides[k].Keep(kept.Select(row => row[k]));
            sides[k].Objection = 2 * kept.Count <= times.Count ? "most rounds were disturbed, or without a time" : null;
        }
    }

    /// <summary>
    /// Lets each try a few times, in turns, and keeps those that are not clearly slower than the fastest: the better
    /// settings of a side.
    /// </summary>
    /// <param name="context">A smoke test tries each once only.</param>
    /// <param name="sides">One or more settings of one side.</param>
    /// <param name="most">How many are kept at most.</param>
    /// <param name="slack">How much slower than the fastest one may be.</param>
    public static IReadOnlyList<Side> Qualify(
        ReportContext context, IReadOnlyList<Side> sides, int most, double slack = 1.3)
    {
        if (sides.Count <= 1)
            return sides;
        double[] best = [.. sides.Select(_ => double.PositiveInfinity)];
        for (int round = 0; round < context.Choose(1, QualifyingRounds, QualifyingRounds); round++)
            for (int k = 0; k < best.Length; k++)
                best[k] = Math.Min(best[k], sides[k].Measure());
        double fastest = best.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();
        if (double.IsNaN(fastest))
            return sides; // None has a steady time: the rows say so.
        return [.. sides.Zip(best).Where(one => one.Second <= slack * fastest).OrderBy(one => one.Second).Take(most)
            .Select(one => one.First)];
    }

    /// <summary>The one with the least minimum.</summary>
    public static Side Best(IEnumerable<Side> sides) => sides.MinBy(side => side.Minimum)!;
}
