namespace TheseusSharp.Linear;

/// <summary>What a <see cref="RefinedCholesky"/> did in which precision.</summary>
/// <param name="SingleFactorizations">How many factorizations in float succeeded.</param>
/// <param name="DoubleFactorizations">
/// How many were made in double, whether they succeeded or not: after a fall-back, or for
/// <see cref="RefinedCholesky.SolveTransposed"/>.
/// </param>
/// <param name="FallBacks">How often float did not do.</param>
/// <param name="Reason">Why it did not, the last time; if it ever did not, all is done in double from then on.</param>
/// <param name="RefinedSolves">How many solves the factor in float served.</param>
/// <param name="Steps">How many solves with that factor they took, and those that were given up.</param>
public readonly record struct RefinementReport(
    long SingleFactorizations, long DoubleFactorizations, long FallBacks, RefinementFallBack Reason,
    long RefinedSolves, long Steps);

/// <summary>Why float did not do.</summary>
public enum RefinementFallBack
{
    /// <summary>It did.</summary>
    None,

    /// <summary>A pivot was not a number, or not above float's rounding error.</summary>
    Factorization,

    /// <summary>Refinement did not reach its tolerance in a few steps.</summary>
    Refinement,
}
