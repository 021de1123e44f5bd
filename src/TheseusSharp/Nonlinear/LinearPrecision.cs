namespace TheseusSharp.Nonlinear;

/// <summary>In what precision linear systems are factored. Residuals and gradients are in double with any.</summary>
public enum LinearPrecision
{
    /// <summary>By what the structure, the batch and the vector width make faster: never by a clock.</summary>
    Automatic,

    /// <summary>Everything in double precision.</summary>
    Double,

    /// <summary>
    /// Factored in float, each solution refined in double until its backward error is below 1e-11 (elements side by
    /// side: 1e-12), where double precision leaves about 1e-15. Systems too ill-conditioned for that are factored again
    /// in double precision, and so are the later ones of the same element; the report counts them. What is singular is
    /// so in double precision; where several stopping criteria are met within rounding, another one may be named.
    /// </summary>
    Mixed,
}
