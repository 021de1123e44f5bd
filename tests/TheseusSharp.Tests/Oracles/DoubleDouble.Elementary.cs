namespace TheseusSharp.Tests.Oracles;

// Elementary functions: reduce the argument to a small one, sum a power series there, undo the reduction.
internal readonly partial record struct DoubleDouble
{
    /// <summary>π.</summary>
    public static readonly DoubleDouble Pi = new(3.141592653589793, 1.2246467991473532e-16);

    // (−1)ⁱ / (2i + 1)! for i ≥ 1 and (−1)ⁱ / (2i)! for i ≥ 1: enough for |x| ≤ π/4.
    private static readonly DoubleDouble[] SineTail = Series(14, i => Sign(i + 1) / Factorial((2 * i) + 3));
    private static readonly DoubleDouble[] CosineTail = Series(14, i => Sign(i + 1) / Factorial((2 * i) + 2));

    // 1 / n! for n ≥ 1: enough for |x| ≤ ln 2 / 2.
    private static readonly DoubleDouble[] ExponentialTail = Series(25, i => 1.0 / Factorial(i + 1));

    // 1 / (2i + 1) for i ≥ 1: artanh, enough for |x| ≤ (√2 − 1) / (√2 + 1).
    private static readonly DoubleDouble[] LogarithmTail = Series(22, i => 1.0 / (DoubleDouble)((2 * i) + 3));

    // Sums of doubles that are π/2 and ln 2 to 2⁻²¹⁰ and more.
    private static ReadOnlySpan<double> HalfPiParts =>
        [1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33, 5.562271104316826e-50];

    private static ReadOnlySpan<double> Ln2Parts =>
        [0.6931471805599453, 2.3190468138462996e-17, 5.707708438416212e-34, -3.5824322106018114e-50];

    public static DoubleDouble Sin(DoubleDouble x) => SinCos(x).Sin;

    public static DoubleDouble Cos(DoubleDouble x) => SinCos(x).Cos;

    public static DoubleDouble Tan(DoubleDouble x)
    {
        var (sin, cos) = SinCos(x);
        return sin / cos;
    }

    // (1 − x)(1 + x) rather than 1 − x², which cancels where the angle turns fastest.
    public static DoubleDouble Asin(DoubleDouble x) => Atan2(x, Sqrt((1.0 - x) * (1.0 + x)));

    public static DoubleDouble Acos(DoubleDouble x) => Atan2(Sqrt((1.0 - x) * (1.0 + x)), x);

    public static DoubleDouble Atan(DoubleDouble x) => Atan2(x, 1.0);

    public static DoubleDouble Atan2(DoubleDouble y, DoubleDouble x)
    {
        double near = Math.Atan2(y.Hi, x.Hi);
        if (near == 0)
            return near;
        if (y.Hi == 0 || x.Hi == 0 || !double.IsFinite(y.Hi) || !double.IsFinite(x.Hi))
            return Math.Round(near / (Math.PI / 4)) * ScaleB(Pi, -2);

        // Scaled so that no product overflows, and none underflows that counts.
        int exponent = Math.ILogB(Math.Max(Math.Abs(y.Hi), Math.Abs(x.Hi)));
        y = ScaleB(y, -exponent);
        x = ScaleB(x, -exponent);

        // Turned back by the angle that double gives, the point lies so near to the x axis (1e-16) that the angle left
        // equals its tangent to 1e-48.
        var (sin, cos) = SinCos(near);
        return near + (((y * cos) - (x * sin)) / ((x * cos) + (y * sin)));
    }

    public static DoubleDouble Exp(DoubleDouble x)
    {
        // Beyond this the result is 0, ∞ or NaN.
        if (!(Math.Abs(x.Hi) < 746))
            return Math.Exp(x.Hi);

        var (remainder, count) = Reduce(x, Ln2Parts);
        return ScaleB(1.0 + (remainder * Polynomial(ExponentialTail, remainder)), (int)count);
    }

    public static DoubleDouble Log(DoubleDouble x)
    {
        if (!(x.Hi > 0) || !double.IsFinite(x.Hi))
            return Math.Log(x.Hi);

        var (mantissa, exponent) = Split(x);
        var t = (mantissa - 1.0) / (mantissa + 1.0);
        var square = t * t;
        var half = t + (t * (square * Polynomial(LogarithmTail, square)));
        return (exponent * new DoubleDouble(Ln2Parts[0], Ln2Parts[1])) + ScaleB(half, 1);
    }

    private static (DoubleDouble Sin, DoubleDouble Cos) SinCos(DoubleDouble x)
    {
        // The sign of zero would not survive the sums.
        if (x.Hi == 0)
            return (x, 1.0);
        if (!(Math.Abs(x.Hi) < 1L << 40))
            return SinCosOfHuge(x);

        var (remainder, count) = Reduce(x, HalfPiParts);
        var square = remainder * remainder;
        var sin = remainder + (remainder * (square * Polynomial(SineTail, square)));
        var cos = 1.0 + (square * Polynomial(CosineTail, square));
        return ((long)count & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    /// <summary>Double precision only: the multiples of π/2 kept here do not reach so far. NaN for what is not
    /// finite.</summary>
    private static (DoubleDouble Sin, DoubleDouble Cos) SinCosOfHuge(DoubleDouble x)
    {
        var (sinHi, cosHi) = Math.SinCos(x.Hi);
        var (sinLo, cosLo) = Math.SinCos(x.Lo);
        return ((sinHi * cosLo) + (cosHi * sinLo), (cosHi * cosLo) - (sinHi * sinLo));
    }

    /// <summary>x less the whole multiple of the unit that is nearest to it.</summary>
    private static (DoubleDouble Remainder, double Count) Reduce(DoubleDouble x, ReadOnlySpan<double> unitParts)
    {
        double count = Math.Round(x.Hi / unitParts[0]);
        foreach (double part in unitParts)
            x -= TwoProduct(count, part);
        return (x, count);
    }

    /// <summary>x as mantissa · 2^exponent, the mantissa between √½ and √2.</summary>
    private static (DoubleDouble Mantissa, int Exponent) Split(DoubleDouble x)
    {
        int exponent = Math.ILogB(x.Hi);
        var mantissa = ScaleB(x, -exponent);
        return mantissa.Hi < Math.Sqrt(2) ? (mantissa, exponent) : (ScaleB(mantissa, -1), exponent + 1);
    }

    private static DoubleDouble Polynomial(DoubleDouble[] coefficients, DoubleDouble x)
    {
        DoubleDouble sum = 0.0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
            sum = (sum * x) + coefficients[i];
        return sum;
    }

    private static DoubleDouble[] Series(int length, Func<int, DoubleDouble> coefficient) =>
        [.. Enumerable.Range(0, length).Select(coefficient)];

    private static DoubleDouble Sign(int i) => i % 2 == 0 ? 1.0 : -1.0;

    private static DoubleDouble Factorial(int n) =>
        Enumerable.Range(1, n).Aggregate((DoubleDouble)1.0, (product, i) => product * i);
}
