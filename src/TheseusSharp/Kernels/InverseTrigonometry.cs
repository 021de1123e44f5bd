namespace TheseusSharp.Kernels;

/// <summary>atan, atan2, asin, acos in lanes.</summary>
internal static class InverseTrigonometry
{
    private const double TanEighthPi = 0.41421356237309503;

    public static Lane Atan(Lane x) => Angle(x.Abs(), x.Literal(1)).WithSignOf(x);

    /// <param name="y">The ordinate.</param>
    /// <param name="x">The abscissa.</param>
    /// <param name="yIsPositive">Whether y ≥ 0 is known.</param>
    /// <param name="xIsPositive">Whether x ≥ 0 is known.</param>
    public static Lane Atan2(Lane y, Lane x, bool yIsPositive, bool xIsPositive)
    {
        Lane ay = yIsPositive ? y : y.Abs();
        Lane angle = xIsPositive ? Angle(ay, x) : Angle(ay, x.Abs(), (x.Literal(1) | x.SignBit()) < 0);
        return yIsPositive ? angle : angle.WithSignOf(y);
    }

    public static Lane Asin(Lane x)
    {
        Lane a = x.Abs();
        (Lane isLarge, Lane root, Lane tail) = ArcSineKernel(a);
        (double high, double low) = new Coefficients(x.Builder.Format).HalfPi;
        Lane head = high - (root + root);
        Lane lost = (high - head) - (root + root);
        Lane large = head + ((low + lost) - (tail + tail));
        return isLarge.Choose(large, root + tail).WithSignOf(x);
    }

    public static Lane Acos(Lane x)
    {
        (Lane isLarge, Lane root, Lane tail) = ArcSineKernel(x.Abs());
        var coefficients = new Coefficients(x.Builder.Format);
        Lane isNegative = x < 0;
        Lane sign = x.SignBit();
        Lane twice = isLarge.Choose(root + root, root), twiceTail = isLarge.Choose(tail + tail, tail);
        Lane flip = isLarge.Choose(x.Literal(-0.0), x.Literal(0)) ^ sign;
        Lane high = isLarge.Choose(isNegative.Choose(coefficients.Pi.High, 0), x.Literal(coefficients.HalfPi.High));
        Lane low = isLarge.Choose(isNegative.Choose(coefficients.Pi.Low, 0), x.Literal(coefficients.HalfPi.Low));
        return (high - (twice ^ flip)) + (low - (twiceTail ^ flip));
    }

    /// <summary>asin a = root + tail for a ≤ ½; else asin a = π/2 − 2(root + tail), from √((1−a)/2).</summary>
    private static (Lane IsLarge, Lane Root, Lane Tail) ArcSineKernel(Lane a)
    {
        Lane isLarge = a > 0.5;
        Lane z = isLarge.Choose(0.5 * (1.0 - a), a * a);
        Lane root = isLarge.Choose(z.Sqrt(), a);
        Lane tail = (root * z) * z.Polynomial(new Coefficients(a.Builder.Format).Asin);
        return (isLarge, root, tail);
    }

    /// <summary>
    /// The angle in [0, π] of a point with y ≥ 0, |x| given: folded into the first octant by exchanging coordinates,
    /// then into [−π/8, π/8] by turning π/4 back; one division serves both. What was folded is undone in two parts.
    /// </summary>
    private static Lane Angle(Lane y, Lane x, Lane? xIsNegative = null)
    {
        var coefficients = new Coefficients(y.Builder.Format);
        Lane swapped = x < y;
        Lane least = swapped.Choose(x, y), most = swapped.Choose(y, x);
        if (x.Operand.Kind != OperandKind.Constant)
            (most <= y.Builder.Format.MaxValue / 8).Require();

        // Eight times both: of the smallest subnormal numbers the product alone would be rounded too far.
        Lane turned = (8.0 * least) > ((8 * TanEighthPi) * most);
        Lane numerator = turned.Choose(least - most, least);
        Lane denominator = most.EqualTo(0).Choose(1, turned.Choose(least + most, most));
        Lane t = numerator / denominator;

        Lane high = turned & y.Literal(coefficients.QuarterPi.High);
        Lane low = turned & y.Literal(coefficients.QuarterPi.Low);
        high = swapped.Choose(coefficients.HalfPi.High - high, high);
        low = swapped.Choose(coefficients.HalfPi.Low - low, low);
        Lane mirrored = swapped;
        if (xIsNegative is { } negative)
        {
            high = negative.Choose(coefficients.Pi.High - high, high);
            low = negative.Choose(coefficients.Pi.Low - low, low);
            mirrored ^= negative;
        }

        t ^= mirrored.SignBit();
        Lane u = t * t;
        Lane tail = (t * u).MultiplyAdd(u.Polynomial(coefficients.Atan), low);
        return high + (t + tail);
    }
}
