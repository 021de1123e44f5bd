namespace TheseusSharp.Cholmod;

/// <summary>How CHOLMOD orders the rows.</summary>
public enum CholmodOrdering
{
    /// <summary>Approximate minimum degree, and METIS where that gives much fill: CHOLMOD's own default.</summary>
    Automatic,

    /// <summary>Approximate minimum degree.</summary>
    MinimumDegree,

    /// <summary>Nested dissection by METIS.</summary>
    NestedDissection,

    /// <summary>As the rows come.</summary>
    Natural,
}
