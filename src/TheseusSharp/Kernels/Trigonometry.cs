namespace TheseusSharp.Kernels;

/// <summary>sin, cos, tan in lanes: reduction by multiples of π/2 (Cody and Waite 1980), then polynomials.</summary>
internal static class Trigonometry
{
    public static Lane Sin(Lane x)
    {
        Reduction reduced = Reduce(x);
        Lane value = reduced.IsEven.Choose(SinKernel(reduced.Angle), CosKernel(reduced.Angle));
        return value ^ reduced.Quadrant.ShiftToSign().SignBit();
    }

    public static Lane Cos(Lane x)
    {
        Reduction reduced = Reduce(x);
        Lane value = reduced.IsEven.Choose(CosKernel(reduced.Angle), SinKernel(reduced.Angle));
        return value ^ (reduced.Quadrant + 1).ShiftToSign().SignBit();
    }

    /// <summary>sin/cos or −cos/sin, with what the reduced angle lost to rounding put back: a quotient leaves no room for it.</summary>
    public static Lane Tan(Lane x)
    {
        Reduction reduced = Reduce(x);
        Lane cosine = CosKernel(reduced.Angle), sine = SinKernel(reduced.Angle);
        Lane fullCosine = reduced.Lost.NegatedMultiplyAdd(sine, cosine);
        Lane fullSine = reduced.Lost.MultiplyAdd(cosine, sine);
        Lane quotient = reduced.IsEven.Choose(fullSine, fullCosine) / reduced.IsEven.Choose(fullCosine, fullSine);
        return quotient ^ reduced.IsEven.Not().SignBit();
    }

    private static Lane SinKernel(Lane r)
    {
        Lane u = r * r;
        return (r * u).MultiplyAdd(u.Polynomial(new Coefficients(r.Builder.Format).Sin), r);
    }

    /// <summary>1 − u/2 with its rounding error kept for the tail.</summary>
    private static Lane CosKernel(Lane r)
    {
        Lane u = r * r;
        Lane half = 0.5 * u;
        Lane head = 1.0 - half;
        Lane tail = (1.0 - head) - half;
        return head + (u * u).MultiplyAdd(u.Polynomial(new Coefficients(r.Builder.Format).Cos), tail);
    }

    private static Reduction Reduce(Lane x)
    {
        var coefficients = new Coefficients(x.Builder.Format);
        double offset = x.Builder.Format.RoundingOffset;
        (x.Abs() <= coefficients.AngleLimit).Require();
        Lane quadrant = x.MultiplyAdd(x.Literal(Polynomials.TwoOverPi), x.Literal(offset));
        Lane k = quadrant - offset;
        Lane angle = x, lost = x.Literal(0);
        foreach (double part in coefficients.HalfPiParts)
        {
            // angle − lost is kept as a sum of two: what this subtraction rounds away joins the next part.
            Lane less = k.NegatedMultiplyAdd(k.Literal(part), angle);
            lost = k.NegatedMultiplyAdd(k.Literal(part), angle - less) + lost;
            angle = less;
        }

        Lane low = quadrant & quadrant.Literal(LowBit(x.Builder.Format));
        return new(angle, lost, quadrant, (low | low.Literal(1)).EqualTo(1));
    }

    private static double LowBit(NumberFormat format) => format.IsDouble ? double.Epsilon : float.Epsilon;

    /// <summary>An angle less a multiple of π/2.</summary>
    /// <param name="Angle">In [−π/4, π/4].</param>
    /// <param name="Lost">What rounding took from it.</param>
    /// <param name="Quadrant">The multiple, in the low bits.</param>
    /// <param name="IsEven">Whether the multiple is even.</param>
    private readonly record struct Reduction(Lane Angle, Lane Lost, Lane Quadrant, Lane IsEven);
}
