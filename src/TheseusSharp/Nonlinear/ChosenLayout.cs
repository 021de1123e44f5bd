using System.Globalization;

namespace TheseusSharp.Nonlinear;

/// <summary>Where the elements of a batch lie, and why: a matter of structure, batch size and vector width.</summary>
/// <param name="Lanes">How many elements lie side by side; 1 if none do.</param>
/// <param name="Reason">Why, in a few words.</param>
internal readonly record struct ChosenLayout(int Lanes, string Reason)
{
    /// <summary>Beyond so many operations the factors of a pack leave the caches, and fronts fill vectors alone.</summary>
    private const double MostFlops = 60e6;

    /// <summary>Whether elements lie side by side.</summary>
    public bool IsInterleaved => Lanes > 1;

    /// <summary>Chooses.</summary>
    /// <exception cref="ArgumentException">What was asked for is not to be had.</exception>
    public static ChosenLayout Of(SolvePlan plan, SolveOptions options, int batch)
    {
        int lanes = plan.Linearization.Lanes;
        bool isPossible = lanes is 2 or 4 or 8 && plan.Linearization.Structure.Count > 0;
        bool isAlone = options.LinearSolver is LinearSolverKind.Dense or LinearSolverKind.ConjugateGradients;
        return options.Layout switch
        {
            BatchLayout.Separate => new(1, "as asked for"),
            BatchLayout.Interleaved when isAlone => throw new ArgumentException(
                "Elements were to lie interleaved, but " +
                $"{nameof(SolveOptions)}.{nameof(SolveOptions.LinearSolver)} is {options.LinearSolver}, which takes one " +
                "at a time: leave one of the two automatic.", nameof(options)),
            BatchLayout.Interleaved when isPossible => new(lanes, "as asked for"),
            BatchLayout.Interleaved => throw new ArgumentException(
                "Elements were to lie interleaved, but that needs compiled kernels and a variable to optimise: leave " +
                $"{nameof(SolveOptions)}.{nameof(SolveOptions.Layout)} automatic.", nameof(options)),
            _ when isAlone => new(1, "the solver asked for takes one at a time"),
            _ when batch == 1 => new(1, "one element"),
            _ when !isPossible => new(1, "no compiled kernels, or nothing to optimise"),
            _ => ByCost(plan, lanes, batch),
        };
    }

    /// <summary>How many packs a batch makes.</summary>
    public int Packs(int batch) => Packs(batch, Lanes);

    private static int Packs(int batch, int lanes) => (batch + lanes - 1) / lanes;

    /// <summary>
    /// By microseconds of an iteration, estimated from what was measured on pose graphs of 64 to 512 poses (8 lanes,
    /// 3.7 GHz): only their ratio matters.
    /// </summary>
    private static ChosenLayout ByCost(SolvePlan plan, int lanes, int batch)
    {
        double flops = plan.Flops, linearize = 0.002 * plan.Linearization.Structure.ValueCount;
        if (flops > MostFlops)
            return new(1, Text($"{flops / 1e6:F0} Mflop an element, the limit being {MostFlops / 1e6:F0}"));
        double interleaved = Packs(batch, lanes) * ((flops / 5e3) + (lanes * linearize));
        double separate = batch * (SeparateFactorization(flops) + linearize);
        return new(
            interleaved < separate ? lanes : 1,
            Text($"{batch} elements: estimated {interleaved:F0} us an iteration interleaved, {separate:F0} separate"));
    }

    /// <summary>In microseconds: the larger the fronts, the faster.</summary>
    private static double SeparateFactorization(double flops) =>
        1 + (Math.Min(flops, 0.15e6) / 6e3) + (Math.Clamp(flops - 0.15e6, 0, 5e6) / 17e3)
        + (Math.Max(flops - 5.15e6, 0) / 33e3);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
