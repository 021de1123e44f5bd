using System.Globalization;

namespace TheseusSharp.Linear;

/// <summary>An order of elimination, by what it costs.</summary>
/// <param name="Kind">How the order was found.</param>
/// <param name="FactorNonZeros">How many numbers the factor has, those not counted that are zero by structure.</param>
/// <param name="Flops">How many multiplications and additions a factorization needs.</param>
public sealed record OrderingCandidate(OrderingKind Kind, long FactorNonZeros, double Flops);

/// <summary>Which order of elimination a factorization uses, and why. Immutable.</summary>
/// <param name="Chosen">What it costs.</param>
/// <param name="Rejected">What the other order would have cost; null if none was tried.</param>
/// <param name="IsAutomatic">Whether the order was chosen by what it costs, not asked for.</param>
/// <param name="LastCount">How many blocks were held back, to be eliminated after all others.</param>
public sealed record OrderingReport(
    OrderingCandidate Chosen, OrderingCandidate? Rejected, bool IsAutomatic, int LastCount)
{
    /// <summary>
    /// The report in words, such as "nested dissection: 0.98 Gflop (minimum degree: 1.35)". Numbers do not depend on
    /// the culture.
    /// </summary>
    public override string ToString()
    {
        (double scale, string unit) = Chosen.Flops >= 1e9 || Rejected?.Flops >= 1e9 ? (1e9, "Gflop") : (1e6, "Mflop");
        string text = $"{Name(Chosen.Kind)}: {Number(Chosen.Flops / scale)} {unit}";
        if (Rejected is not null)
            text += $" ({Name(Rejected.Kind)}: {Number(Rejected.Flops / scale)})";
        else if (IsAutomatic)
            text += $" ({Name(OrderingKind.NestedDissection)} not tried: little to gain)";
        return LastCount == 0 ? text : $"{text}, {LastCount.ToString(CultureInfo.InvariantCulture)} blocks last";
    }

    private static string Name(OrderingKind kind) => kind switch
    {
        OrderingKind.MinimumDegree => "minimum degree",
        OrderingKind.NestedDissection => "nested dissection",
        OrderingKind.Natural => "natural order",
        _ => "given order",
    };

    private static string Number(double value) =>
        value.ToString(value < 10 ? "F2" : "F1", CultureInfo.InvariantCulture);
}
