namespace TheseusSharp.Nonlinear;

/// <summary>In what precision linear systems are factored. Steps have the accuracy of double precision with any.</summary>
public enum LinearPrecision
{
    /// <summary>By what the structure, the batch and the vector width make faster: never by a clock.</summary>
    Automatic,

    /// <summary>Everything in double precision.</summary>
    Double,

    /// <summary>
    /// Factored in float, each solution refined in double until it solves the system as well as one in double precision
    /// does. Systems too ill-conditioned for that are factored again in double precision, and so are the later ones of
    /// the same element; the report counts them. Statuses are those of double precision.
    /// </summary>
    Mixed,
}
