using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>What became of one element of a batch.</summary>
/// <param name="Element">The element.</param>
/// <param name="Status">How its solve ended.</param>
/// <param name="Message">The same in a sentence; for a singular system, which variables and why.</param>
/// <param name="InitialCost">The cost of the initial values.</param>
/// <param name="FinalCost">The cost of the best values seen, which are the ones returned.</param>
/// <param name="GradientNorm">The largest entry of the gradient at the values returned.</param>
/// <param name="History">The initial values' record, then one for each iteration.</param>
public sealed record ElementResult(
    int Element, SolveStatus Status, string Message, double InitialCost, double FinalCost, double GradientNorm,
    IReadOnlyList<IterationRecord> History)
{
    /// <summary>How many iterations were run, rejected steps included.</summary>
    public int Iterations => Math.Max(0, History.Count - 1);

    /// <summary>Whether the values are an answer: converged, or stopped with a lower, finite cost.</summary>
    public bool IsUsable => Status.IsConverged() || (Status.IsInterrupted() && FinalCost < InitialCost);
}

/// <summary>What a solve returns: values, and for every element of the batch what became of it.</summary>
/// <param name="Values">
/// The best values seen; constant variables as given. Where an element failed, the best before that.
/// </param>
/// <param name="Elements">One for each element of the batch.</param>
/// <param name="Summary">What ran, and where the time went.</param>
public sealed record SolveResult(Values Values, IReadOnlyList<ElementResult> Elements, SolveSummary Summary)
{
    /// <summary>The only, or first, element.</summary>
    public ElementResult First => Elements[0];

    /// <summary>Whether all elements are usable.</summary>
    public bool IsUsable => Elements.All(element => element.IsUsable);
}
