using System.Globalization;
using TheseusSharp.Linear;

namespace TheseusSharp.Nonlinear;

/// <summary>In what precision systems are factored, and why: a matter of structure, layout and vector width.</summary>
/// <param name="IsMixed">Whether factors are in single precision.</param>
/// <param name="Reason">Why, in a few words.</param>
internal readonly record struct ChosenPrecision(bool IsMixed, string Reason)
{
    /// <summary>The estimate has to be this much better: it may be wrong.</summary>
    private const double Margin = 0.9;

    /// <summary>What it is as an option.</summary>
    public LinearPrecision Precision => IsMixed ? LinearPrecision.Mixed : LinearPrecision.Double;

    /// <summary>Chooses.</summary>
    public static ChosenPrecision Of(SolvePlan plan, SolveOptions options, in ChosenLayout layout) =>
        options.Precision switch
        {
            LinearPrecision.Double => new(false, "as asked for"),
            _ when !layout.IsInterleaved && plan.Symbolic is null =>
                new(false, "only sparse Cholesky factors can be in single precision"),
            LinearPrecision.Mixed => new(true, "as asked for"),
            _ when layout.IsInterleaved => ByCost(plan.Interleaved, layout.Lanes),
            _ => plan.FasterPrecision,
        };

    /// <summary>By cycles to factor and solve one system.</summary>
    public static ChosenPrecision ByCost(SymbolicFactorization symbolic) => new(
        RefinedCholesky.Pays(symbolic),
        string.Create(
            CultureInfo.InvariantCulture,
            $"estimated {RefinementCost.OfDouble(symbolic) / 1e6:F1} million cycles to solve in double precision, " +
            $"{RefinementCost.OfRefined(symbolic) / 1e6:F1} in mixed"));

    /// <summary>
    /// By microseconds to solve the systems of a pack, estimated from what was measured on pose graphs of 64 to 512
    /// poses (8 lanes, 3.7 GHz): only their ratio matters. Refinement and rounding take as long as the factor is large.
    /// </summary>
    public static ChosenPrecision ByCost(InterleavedPlan plan, int lanes)
    {
        if (lanes < 8)
            return new(false, "registers of 512 bits only hold numbers enough for single precision to be faster");
        double flops = plan.Flops * lanes;
        double exact = 12 + (flops / 39e3), mixed = 35 + (flops / 80e3) + (4.7e-4 * plan.FactorLength * lanes);
        return new(
            mixed < Margin * exact,
            string.Create(
                CultureInfo.InvariantCulture,
                $"estimated {exact:F0} us to solve {lanes} systems in double precision, {mixed:F0} in mixed"));
    }
}
