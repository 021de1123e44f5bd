namespace TheseusSharp.Linear;

/// <summary>
/// When a solution with a factor in single precision, refined in double, is good, and when it is given up. The system
/// is scaled to a diagonal near 1.
/// </summary>
internal static class RefinementLimits
{
    /// <summary>A pivot this small, relative to its diagonal entry, tells nothing in single precision.</summary>
    public const float PivotTolerance = 1e-6f;

    /// <summary>
    /// Good enough: ‖b − Ax‖ / (‖x‖ + ‖b‖), maximum norms. Solutions by double precision alone have 1e-16 to 1e-15; the
    /// steps of a solve go the same way with either.
    /// </summary>
    public const double BackwardError = 1e-12;

    /// <summary>An error that is expected to be so small is not looked at: rounding errors will be larger.</summary>
    public const double CertainError = 1e-16;

    /// <summary>How often a solution is corrected at most; well-conditioned systems want two.</summary>
    public const int MostSteps = 6;

    /// <summary>A correction must shrink the backward error to this share of it, or refinement is given up.</summary>
    public const double LeastGain = 0.25;

    /// <summary>Pivots below this, the diagonal being about 1, may be rounding error of singular matrices.</summary>
    public const double SuspectPivot = 1e-2;

    /// <summary>
    /// What may be left of a right-hand side of random signs after one solve. Of singular and nearly singular matrices
    /// much is left, for pivots that are nothing but rounding error answer it.
    /// </summary>
    public const double LargestRest = 1e-3;
}
