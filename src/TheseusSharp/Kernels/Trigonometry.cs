namespace TheseusSharp.Kernels;

/// <summary>sin, cos, tan in lanes: reduction by multiples of π/2 (Cody and Waite 1980), then polynomials.</summary>
/// <remarks>All reduce |x|, so that odd functions are odd in every bit, the sign of zero included.</remarks>
internal static class Trigonometry
{
    public static Lane Sin(Lane x)
    {
        Reduction reduced = Reduce(x.Abs());
        Lane value = reduced.IsEven.Choose(Sine(reduced.Angle).Sum, Cosine(reduced.Angle).Sum);
        return value ^ (reduced.Quadrant.ShiftToSign() ^ x).SignBit();
    }

    public static Lane Cos(Lane x)
    {
        Reduction reduced = Reduce(x.Abs());
        Lane value = reduced.IsEven.Choose(Cosine(reduced.Angle).Sum, Sine(reduced.Angle).Sum);
        return value ^ (reduced.Quadrant + 1).ShiftToSign().SignBit();
    }

    /// <summary>sin/cos or −cos/sin, each as a sum of two: else three roundings would add up to as many ulps.</summary>
    public static Lane Tan(Lane x)
    {
        Reduction reduced = Reduce(x.Abs());
        Pair sine = Sine(reduced.Angle), cosine = Cosine(reduced.Angle);
        sine = sine.Plus(reduced.Lost * cosine.High);
        cosine = cosine.Plus(-(reduced.Lost * sine.High));
        Lane even = reduced.IsEven;
        Pair top = new(even.Choose(sine.High, cosine.High), even.Choose(sine.Low, cosine.Low));
        Pair bottom = new(even.Choose(cosine.High, sine.High), even.Choose(cosine.Low, sine.Low));

        Lane inverse = 1.0 / bottom.High;
        Lane quotient = top.High * inverse;
        Lane product = quotient * bottom.High;
        Lane rest = (top.High - product) - quotient.ProductError(bottom.High, product);
        rest += quotient.NegatedMultiplyAdd(bottom.Low, top.Low);
        return (quotient + (rest * inverse)) ^ (even.Not() ^ x).SignBit();
    }

    /// <summary>r − r³/6 + …</summary>
    private static Pair Sine(Lane r)
    {
        Lane u = r * r;
        return new(r, (r * u) * u.Polynomial(new Coefficients(r.Builder.Format).Sin));
    }

    /// <summary>1 − r²/2 with its rounding error kept for the rest.</summary>
    private static Pair Cosine(Lane r)
    {
        Lane u = r * r;
        Lane half = 0.5 * u;
        Lane head = 1.0 - half;
        Lane tail = (1.0 - head) - half;
        return new(head, (u * u).MultiplyAdd(u.Polynomial(new Coefficients(r.Builder.Format).Cos), tail));
    }

    /// <summary>Of an x ≥ 0.</summary>
    private static Reduction Reduce(Lane x)
    {
        var coefficients = new Coefficients(x.Builder.Format);
        double offset = x.Builder.Format.RoundingOffset;
        (x <= coefficients.AngleLimit).Require();
        Lane quadrant = x.MultiplyAdd(x.Literal(Polynomials.TwoOverPi), x.Literal(offset));
        Lane k = quadrant - offset;

        // The first two parts leave exact differences. What the third rounds away matters beside the fourth in float; in
        // double it does for tan alone.
        Lane Less(Lane angle, double part) => k.NegatedMultiplyAdd(k.Literal(part), angle);
        ReadOnlySpan<double> parts = coefficients.HalfPiParts;
        Lane exact = Less(Less(x, parts[0]), parts[1]);
        Lane third = Less(exact, parts[2]);
        Lane rest = Less(Less(exact - third, parts[2]), parts[3]);
        Lane angle = x.Builder.Format.IsDouble ? Less(third, parts[3]) : third + rest;
        Lane lost = (third - angle) + rest;

        Lane low = quadrant & quadrant.Literal(LowBit(x.Builder.Format));
        return new(angle, lost, quadrant, (low | low.Literal(1)).EqualTo(1));
    }

    private static double LowBit(NumberFormat format) => format.IsDouble ? double.Epsilon : float.Epsilon;

    /// <summary>An unevaluated sum, the first term much the larger.</summary>
    private readonly record struct Pair(Lane High, Lane Low)
    {
        public Lane Sum => High + Low;

        /// <summary>With something small added, and the first term the rounded sum again.</summary>
        public Pair Plus(Lane small)
        {
            Lane low = Low + small;
            Lane sum = High + low;
            return new(sum, low - (sum - High));
        }
    }

    /// <summary>An angle less a multiple of π/2.</summary>
    /// <param name="Angle">In [−π/4, π/4].</param>
    /// <param name="Lost">What rounding took from it; the exact difference is the sum of both.</param>
    /// <param name="Quadrant">The multiple, in the low bits.</param>
    /// <param name="IsEven">Whether the multiple is even.</param>
    private readonly record struct Reduction(Lane Angle, Lane Lost, Lane Quadrant, Lane IsEven);
}
