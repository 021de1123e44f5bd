namespace TheseusSharp.Linear;

/// <summary>What became of a factorization.</summary>
/// <param name="FailedRow">
/// −1 after success; otherwise the scalar row, in the order of the matrix, of the first pivot (in the order of
/// elimination) that was not a number or not above 1e-12 of its diagonal entry before damping. The factor is then
/// unusable.
/// </param>
public readonly record struct FactorizationResult(int FailedRow)
{
    /// <summary>A pivot this small, relative to its diagonal entry, is rounding error.</summary>
    internal const double PivotTolerance = 1e-12;

    /// <summary>Success.</summary>
    public static FactorizationResult Success => new(-1);

    /// <summary>Whether the factor can be used.</summary>
    public bool Succeeded => FailedRow < 0;
}
