using System.Globalization;

namespace TheseusSharp.Benchmarks.Reporting;

/// <summary>What became of what was wanted.</summary>
internal enum Verdict
{
    /// <summary>Reached, by minima and by medians.</summary>
    Met,

    /// <summary>Not reached: by minima, by medians, or by both.</summary>
    Missed,

    /// <summary>Nothing was wanted.</summary>
    ForTheRecord,

    /// <summary>Measured, but the figure is worth nothing.</summary>
    Discarded,

    /// <summary>Not measured: a peer or data are not there, or there was no time.</summary>
    NotMeasured,
}

/// <summary>A figure: what was measured, what was wanted.</summary>
/// <param name="Name">
/// Which: the report's name, then the case, such as <c>factor torus3D</c>. Unique: the key of the baseline.
/// </param>
/// <param name="OfMinima">From minima of times.</param>
/// <param name="OfMedians">From medians of times; where there are none, the same.</param>
/// <param name="Wanted">What it must reach; null if nothing is wanted.</param>
/// <param name="AtMost">Whether it must not exceed that, rather than reach it.</param>
/// <param name="Reason">Why the figure is discarded, or not there.</param>
internal sealed record Row(
    string Name, double OfMinima, double OfMedians, double? Wanted, bool AtMost = false, string? Reason = null)
{
    /// <summary>What became of it: both figures must hold.</summary>
    public Verdict Verdict => Reason is not null ? double.IsNaN(OfMinima) ? Verdict.NotMeasured : Verdict.Discarded
        : Wanted is not { } wanted ? Verdict.ForTheRecord
        : Holds(OfMinima, wanted) && Holds(OfMedians, wanted) ? Verdict.Met : Verdict.Missed;

    /// <summary>A ratio of times that must be at least so much.</summary>
    public static Row AtLeast(string name, Ratio ratio, double? wanted) =>
        new(name, ratio.OfMinima, ratio.OfMedians, wanted, Reason: ratio.Objection);

    /// <summary>A ratio of times that must be at most so much.</summary>
    public static Row NoMoreThan(string name, Ratio ratio, double? wanted) =>
        new(name, ratio.OfMinima, ratio.OfMedians, wanted, AtMost: true, ratio.Objection);

    /// <summary>A figure that is not there.</summary>
    public static Row NotMeasured(string name, double? wanted, string reason, bool atMost = false) =>
        new(name, double.NaN, double.NaN, wanted, atMost, reason);

    /// <summary>The figures, in short.</summary>
    public string Measured => double.IsNaN(OfMinima) ? "-"
        : OfMinima == OfMedians ? Text(OfMinima) : $"{Text(OfMinima)}, {Text(OfMedians)}";

    /// <summary>What is wanted, in short.</summary>
    public string Goal => Wanted is { } wanted ? (AtMost ? "≤ " : "≥ ") + Text(wanted) : "-";

    /// <summary>The verdict, in words.</summary>
    public string Judgement => Verdict switch
    {
        Verdict.Met => "met",
        Verdict.Missed => "MISSED",
        Verdict.Discarded => $"discarded: {Reason}",
        Verdict.NotMeasured => $"not measured: {Reason}",
        _ => string.Empty,
    };

    private bool Holds(double measured, double wanted) => AtMost ? measured <= wanted : measured >= wanted;

    private static string Text(double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "F0" : "F2", CultureInfo.InvariantCulture);
}

/// <summary>One time divided by another.</summary>
/// <param name="OfMinima">By their minima.</param>
/// <param name="OfMedians">By their medians.</param>
/// <param name="Objection">Why it is worth nothing; null if it is worth something.</param>
internal readonly record struct Ratio(double OfMinima, double OfMedians, string? Objection = null)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{OfMinima:F2}, {OfMedians:F2}");
}
