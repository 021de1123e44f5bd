using System.Globalization;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>Comparison with the oracle, entry by entry; NaN is never near.</summary>
internal static class Near
{
    /// <summary>The ways to differentiate, between which the default chooses.</summary>
    public static readonly DifferentiationMode[] Ways = [DifferentiationMode.Forward, DifferentiationMode.Reverse];

    /// <summary>Fails unless every number is as near to the oracle's as its scale allows.</summary>
    /// <param name="what">What is compared.</param>
    /// <param name="expected">The oracle's numbers.</param>
    /// <param name="actual">The numbers under test.</param>
    /// <param name="scales">The scale of each.</param>
    /// <param name="tolerance">The error allowed, as a part of the scale.</param>
    public static void Check(
        string what, ReadOnlySpan<DoubleDouble> expected, ReadOnlySpan<DoubleDouble> actual,
        ReadOnlySpan<double> scales, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            double error = (double)DoubleDouble.Abs(actual[k] - expected[k]) / scales[k];
            if (!(error <= tolerance))
                Assert.Fail(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what}, entry {k}: expected {expected[k]}, found {actual[k]}. Off by {error:e1} of the scale " +
                    $"{scales[k]:g3}; {tolerance:e1} is allowed."));
        }
    }

    /// <summary>The same for doubles.</summary>
    public static void Check(
        string what, ReadOnlySpan<DoubleDouble> expected, double[] actual, ReadOnlySpan<double> scales,
        double tolerance) =>
        Check(what, expected, Exact.Of(actual), scales, tolerance);

    /// <summary>The same for a piece of what a kernel gave.</summary>
    public static void Check(
        string what, ReadOnlySpan<DoubleDouble> expected, ReadOnlySpan<double> actual, ReadOnlySpan<double> scales,
        double tolerance) => Check(what, expected, actual.ToArray(), scales, tolerance);
}
