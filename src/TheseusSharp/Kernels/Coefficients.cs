namespace TheseusSharp.Kernels;

/// <summary>The polynomials and split constants of one number format.</summary>
internal readonly ref struct Coefficients(NumberFormat format)
{
    private readonly bool _double = format.IsDouble;

    /// <summary>
    /// Beyond this magnitude sin, cos and tan are computed exactly: reduction by parts of π/2 would run out.
    /// </summary>
    public double AngleLimit => _double ? 1e5 : 8192;

    /// <summary>
    /// Above this exp is computed exactly, since near overflow; below its negative the result may be subnormal.
    /// </summary>
    public double ExponentLimit => _double ? 708 : 87;

    /// <summary>Below this exp is 0: less than half the smallest subnormal number.</summary>
    public double ExponentVanishes => _double ? -746 : -104;

    public ReadOnlySpan<double> Sin => _double ? Polynomials.SinDouble : Polynomials.SinSingle;

    public ReadOnlySpan<double> Cos => _double ? Polynomials.CosDouble : Polynomials.CosSingle;

    public ReadOnlySpan<double> Atan => _double ? Polynomials.AtanDouble : Polynomials.AtanSingle;

    public ReadOnlySpan<double> Asin => _double ? Polynomials.AsinDouble : Polynomials.AsinSingle;

    public ReadOnlySpan<double> Exp => _double ? Polynomials.ExpDouble : Polynomials.ExpSingle;

    public ReadOnlySpan<double> Log => _double ? Polynomials.LogDouble : Polynomials.LogSingle;

    public ReadOnlySpan<double> LogTail => _double ? Polynomials.LogTailDouble : Polynomials.LogTailSingle;

    /// <summary>
    /// π/2 in four parts: all but the last short enough for exact products, the first two for exact differences.
    /// </summary>
    public ReadOnlySpan<double> HalfPiParts => _double
        ? [Polynomials.HalfPi1, Polynomials.HalfPi2, Polynomials.HalfPi3, Polynomials.HalfPi4]
        : [Polynomials.HalfPi1Single, Polynomials.HalfPi2Single, Polynomials.HalfPi3Single, Polynomials.HalfPi4Single];

    public (double High, double Low) Ln2 => _double
        ? (Polynomials.Ln2Hi, Polynomials.Ln2Lo)
        : (Polynomials.Ln2HiSingle, Polynomials.Ln2LoSingle);

    public (double High, double Low) Pi => _double
        ? (Polynomials.PiHi, Polynomials.PiLo)
        : (Polynomials.PiHiSingle, Polynomials.PiLoSingle);

    public (double High, double Low) HalfPi => _double
        ? (Polynomials.HalfPiHi, Polynomials.HalfPiLo)
        : (Polynomials.HalfPiHiSingle, Polynomials.HalfPiLoSingle);

    public (double High, double Low) QuarterPi => _double
        ? (Polynomials.QuarterPiHi, Polynomials.QuarterPiLo)
        : (Polynomials.QuarterPiHiSingle, Polynomials.QuarterPiLoSingle);

    public (double High, double Low) TwoThirds => _double
        ? (Polynomials.TwoThirdsHi, Polynomials.TwoThirdsLo)
        : (Polynomials.TwoThirdsHiSingle, Polynomials.TwoThirdsLoSingle);
}
