namespace TheseusSharp.Kernels;

/// <summary>exp, log, pow in lanes.</summary>
internal static class Exponentials
{
    /// <summary>Powers of two that keep the exponents of subnormal numbers, and of half the least, normal.</summary>
    private const int Raise = 64;

    public static Lane Exp(Lane x)
    {
        var coefficients = new Coefficients(x.Builder.Format);
        (x <= coefficients.ExponentLimit).Require();

        // The robust losses of far outliers are down there: no reason to leave the kernel.
        Lane isTiny = x < -coefficients.ExponentLimit;
        double bias = x.Builder.Format.ExponentBias;
        Lane raised = ExpKernel(x, x.Literal(0), isTiny.Choose(bias + Raise, bias));
        raised *= isTiny.Choose(Math.ScaleB(1, -Raise), 1.0);
        return (x < coefficients.ExponentVanishes).Choose(0, raised);
    }

    /// <summary>After fdlibm's log: f − (f²/2 − s(f²/2 + R)) loses less than 2s + sR, since f is exact.</summary>
    public static Lane Log(Lane x)
    {
        var coefficients = new Coefficients(x.Builder.Format);
        (Lane k, Lane f) = Decompose(x);
        Lane s = f / (2.0 + f);
        Lane u = s * s;
        Lane half = 0.5 * f * f;
        Lane rest = s * (u.MultiplyAdd(u.Polynomial(coefficients.Log), half));
        Lane low = k.MultiplyAdd(k.Literal(coefficients.Ln2.Low), rest);
        return k.MultiplyAdd(k.Literal(coefficients.Ln2.High), f - (half - low));
    }

    /// <summary>exp(y·log x), with the logarithm and the product to twice the precision.</summary>
    public static Lane Pow(Lane x, Lane y)
    {
        (Lane high, Lane low) = LongLog(x);
        Lane product = y * high;
        Lane error = y.ProductError(high, product) + (y * low);

        // The sum, not the product alone: splitting a huge y overflows, and 1 to its power has a product of zero.
        ((product + error).Abs() <= new Coefficients(x.Builder.Format).ExponentLimit).Require();
        return ExpKernel(product, error, x.Literal(x.Builder.Format.ExponentBias));
    }

    /// <summary>exp(x + error): x less k·ln 2, a polynomial, and k put into the exponent with a bias.</summary>
    private static Lane ExpKernel(Lane x, Lane error, Lane bias)
    {
        NumberFormat format = x.Builder.Format;
        var coefficients = new Coefficients(format);
        Lane shifted = x.MultiplyAdd(x.Literal(Polynomials.Log2E), x.Literal(format.RoundingOffset));
        Lane k = shifted - format.RoundingOffset;
        Lane r = k.NegatedMultiplyAdd(k.Literal(coefficients.Ln2.High), x);
        r = k.NegatedMultiplyAdd(k.Literal(coefficients.Ln2.Low), r) + error;
        Lane value = 1.0 + (r * r).MultiplyAdd(r.Polynomial(coefficients.Exp), r);
        return value * (shifted + bias).ShiftToExponent();
    }

    /// <summary>x = 2ᵏ(1 + f) with 1 + f in [√½, √2).</summary>
    private static (Lane K, Lane F) Decompose(Lane x)
    {
        NumberFormat format = x.Builder.Format;
        ((x >= format.MinNormal) & (x <= format.MaxValue)).Require();
        double bias = format.IntegerOffset + format.ExponentBias;
        Lane exponent = (x.ShiftFromExponent() | x.Literal(format.IntegerOffset)) - bias;
        Lane significand = (x & x.Literal(format.SignificandMask)) | x.Literal(1);
        Lane isLarge = significand > 1.4142135623730951;
        return (isLarge.Choose(exponent + 1, exponent), isLarge.Choose(0.5 * significand, significand) - 1);
    }

    /// <summary>log x as a sum of two: with s = f/(2+f), k·ln 2 + 2s + ⅔s³ + s³·(the tail of the series).</summary>
    private static (Lane High, Lane Low) LongLog(Lane x)
    {
        var coefficients = new Coefficients(x.Builder.Format);
        (Lane k, Lane f) = Decompose(x);
        Lane divisor = 2.0 + f, divisorLow = f - (divisor - 2.0);
        Lane s = f / divisor;
        Lane product = s * divisor;
        Lane sLow = (((f - product) - s.ProductError(divisor, product)) - (s * divisorLow)) / divisor;

        Lane u = s * s, uLow = s.ProductError(s, u) + ((s + s) * sLow);
        Lane cube = s * u, cubeLow = s.ProductError(u, cube) + ((s * uLow) + (sLow * u));
        Lane twoThirds = x.Literal(coefficients.TwoThirds.High);
        Lane third = cube * twoThirds;
        Lane thirdLow = cube.ProductError(twoThirds,
            third) + ((cube * coefficients.TwoThirds.Low) + (cubeLow * twoThirds));
        Lane tail = (cube * u) * u.Polynomial(coefficients.LogTail);

        (Lane sum, Lane error) = TwoSum(k * coefficients.Ln2.High, s + s);
        (Lane total, Lane error2) = TwoSum(sum, third);
        Lane low = (error + error2) + (((k * coefficients.Ln2.Low) + (sLow + sLow)) + (thirdLow + tail));
        Lane high = total + low;
        return (high, low - (high - total));
    }

    /// <summary>A sum and its rounding error (Knuth).</summary>
    private static (Lane Sum, Lane Error) TwoSum(Lane a, Lane b)
    {
        Lane sum = a + b;
        Lane bRounded = sum - a;
        return (sum, (a - (sum - bRounded)) + (b - bRounded));
    }
}
