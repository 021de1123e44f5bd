namespace TheseusSharp.Data;

/// <summary>What of a measurement's information matrix counts.</summary>
public enum InformationMode
{
    /// <summary>All of it; it must be positive semidefinite.</summary>
    Full,

    /// <summary>Its diagonal; correlations are dropped.</summary>
    Diagonal,

    /// <summary>All of it, negative eigenvalues set to zero: the nearest positive semidefinite matrix.</summary>
    Clamp,
}
