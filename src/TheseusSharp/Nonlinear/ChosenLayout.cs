using System.Globalization;

namespace TheseusSharp.Nonlinear;

/// <summary>Where the elements of a batch lie, and why: a matter of structure, batch size and vector width.</summary>
/// <param name="Lanes">How many elements lie side by side; 1 if none do.</param>
/// <param name="Reason">Why, in a few words.</param>
internal readonly record struct ChosenLayout(int Lanes, string Reason)
{
    /// <summary>An interleaved factorization does so many flops in the time of one done separately, at best.</summary>
    private const double SeparateOverhead = 20e3;

    /// <summary>Whether elements lie side by side.</summary>
    public bool IsInterleaved => Lanes > 1;

    /// <summary>Chooses.</summary>
    /// <exception cref="ArgumentException">What was asked for is not to be had.</exception>
    public static ChosenLayout Of(SolvePlan plan, SolveOptions options, int batch)
    {
        int lanes = plan.Linearization.Lanes;
        bool isPossible = lanes is 2 or 4 or 8 && plan.Linearization.Structure.Count > 0;
        return options.Layout switch
        {
            BatchLayout.Separate => new(1, "as asked for"),
            BatchLayout.Interleaved when isPossible => new(lanes, "as asked for"),
            BatchLayout.Interleaved => throw new ArgumentException(
                "Elements were to lie interleaved, but that needs compiled kernels and a variable to optimise: leave " +
                $"{nameof(SolveOptions)}.{nameof(SolveOptions.Layout)} automatic.", nameof(options)),
            _ when !isPossible => new(1, "no compiled kernels"),
            _ => ByCost(plan, lanes, batch),
        };
    }

    /// <summary>How many packs a batch makes.</summary>
    public int Packs(int batch) => (batch + Lanes - 1) / Lanes;

    /// <summary>Memory for one thread.</summary>
    public LaneWorkspace NewWorkspace(SolvePlan plan) =>
        IsInterleaved ? new PackWorkspace(plan) : new SolverWorkspace(plan);

    private static ChosenLayout ByCost(SolvePlan plan, int lanes, int batch)
    {
        if (batch == 1)
            return new(1, "one element");
        return new(lanes, string.Create(CultureInfo.InvariantCulture, $"{batch} elements"));
    }
}
