using TheseusSharp.Kernels;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Arguments at which elementary functions are tried, representable in a number format.</summary>
internal sealed class ElementarySamples(Precision precision)
{
    private const int Many = 12000;

    private static readonly double TanEighthPi = Math.Sqrt(2) - 1;

    // Of millions, those where a reduction that forgets what it rounded away is worst: up to 2.9 ulp.
    private static readonly double[] s_hardAngles =
        [4838.177734375, -7189.28369140625, 6890.2919921875, -39256.83681818509, 46461.79915210284, -64964.20908541994];

    private readonly Random _random = new(3);

    private bool IsDouble => precision == Precision.Double;

    private int MinExponent => IsDouble ? -1074 : -149;

    private int MaxExponent => IsDouble ? 1023 : 127;

    /// <summary>Points for a function, rounded to the format; y counts for atan2 and pow only.</summary>
    public (double X, double Y)[] Of(string function)
    {
        IEnumerable<(double X, double Y)> points = function switch
        {
            "atan2" or "atan2 of |y|, |x|" => AngleOfPoints(),
            "pow" => Powers(),
            _ => Arguments(function).Select(x => (x, 0.0)),
        };
        return [.. points.Select(point => (Round(point.X), Round(point.Y)))];
    }

    /// <summary>Arguments where special rules hold: zeros, infinities, NaN, beyond every range.</summary>
    public static double[] Specials(string function, Precision precision)
    {
        double tiny = precision == Precision.Double ? double.Epsilon : float.Epsilon;
        double max = precision == Precision.Double ? double.MaxValue : float.MaxValue;
        double[] always = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, max, -max];
        double[] more = function switch
        {
            "sin" or "cos" or "tan" => precision == Precision.Double ? [100001, 1e15, -1e300] : [8193, -1e7, 1e30],
            "asin" or "acos" => [1, -1, 1.5, -1.5, tiny],
            "atan" or "sqrt" => [tiny, -tiny, 1],
            "exp" => [709.5, -709.5, -740, 100, -100, 1000, -1000],
            "log" => [-1, 1, tiny, -tiny, 1000 * tiny],
            _ => [1, -1, 2, -2, 3, -3, 0.5, -0.5, tiny, -tiny, 1e30, -1e30, 1e-30],
        };
        bool fits(double x) => precision == Precision.Double || function != "exp" || Math.Abs(x) > 87;
        return [.. always, .. more.Where(x => fits(x) && (precision == Precision.Single || Math.Abs(x) != 100))];
    }

    private IEnumerable<double> Arguments(string function) => function switch
    {
        "sin" or "cos" or "tan" => Angles(),
        "asin" or "acos" =>
        [
            .. Uniform(-1, 1), .. Magnitudes(MinExponent, 0),
            .. Near(1, 0.5, Math.Sqrt(0.5)).Where(x => Math.Abs(x) <= 1),
        ],
        "atan" =>
        [
            .. Uniform(-10, 10), .. Magnitudes(MinExponent, MaxExponent), .. Near(TanEighthPi, 1, 1 / TanEighthPi),
        ],
        "exp" => Exponents(IsDouble ? 708 : 87),
        "log" =>
        [
            .. Uniform(0, 10), .. Magnitudes(MinExponent, MaxExponent).Select(Math.Abs),
            .. Near(1, 2, 0.5, Math.Sqrt(0.5), Math.Sqrt(2), Math.Sqrt(8)).Select(Math.Abs),
            IsDouble ? double.MaxValue : float.MaxValue, Math.ScaleB(1, IsDouble ? -1022 : -126),
        ],
        _ => [.. Uniform(0, 10), .. Magnitudes(MinExponent, MaxExponent).Select(Math.Abs)],
    };

    private IEnumerable<double> Angles()
    {
        double limit = IsDouble ? 1e5 : 8192;
        int quarters = (int)(limit / (Math.PI / 4));

        // Every multiple of π/2 in range: near some, cancellation leaves hardly anything of the argument.
        IEnumerable<double> multiples = Enumerable.Range(1, quarters / 2).Select(k => Round(k * (Math.PI / 2)));
        IEnumerable<double> odd = Enumerable.Range(0, Many).Select(_ => Round(_random.Next(quarters) * (Math.PI / 4)));
        return
        [
            .. Uniform(-10, 10), .. Uniform(-limit, limit), .. Magnitudes(MinExponent, Math.Log2(limit)),
            .. multiples, .. odd.SelectMany(x => new[] { x, -Nudge(x, 1), Nudge(x, -1) }),
            limit, -limit, Nudge(limit, -1), 2 * limit, 1e9, .. s_hardAngles,
        ];
    }

    private IEnumerable<double> Exponents(double limit) =>
    [
        .. Uniform(-limit, limit), .. Uniform(-1.2 * limit, -limit), .. Uniform(-1, 1),
        .. Magnitudes(MinExponent, Math.Log2(limit)),
        .. Enumerable.Range(0, Many).Select(_ => Math.Log(2) / 2 * _random.Next(-2000, 2000))
            .Select(x => Nudge(Round(x), _random.Next(-1, 2))),
        limit, -limit, Nudge(limit, -1), -Nudge(limit, -1), limit + 1, -limit - 1,
    ];

    private IEnumerable<(double Y, double X)> AngleOfPoints()
    {
        double[] folds = [TanEighthPi, 1, 1 / TanEighthPi];
        for (int k = 0; k < Many; k++)
        {
            yield return (Magnitude(-10, 10), Magnitude(-10, 10));
            yield return (Magnitude(MinExponent, MaxExponent + 1), Magnitude(MinExponent, MaxExponent + 1));
            yield return (Magnitude(MinExponent, MinExponent + 60), Magnitude(MinExponent, MinExponent + 60));
            yield return (Magnitude(MaxExponent - 2, MaxExponent + 1), Magnitude(MaxExponent - 2, MaxExponent + 1));
            double x = Round(Magnitude(-3, 3));
            yield return (Nudge(Round(x * folds[k % 3]), _random.Next(-3, 4)), _random.Next(2) == 0 ? x : -x);
        }
    }

    private IEnumerable<(double X, double Y)> Powers()
    {
        double limit = IsDouble ? 708 : 87;
        double[] hard = [1, Math.Sqrt(2), Math.Sqrt(0.5), 2, 0.5];
        for (int k = 0; k < Many; k++)
        {
            double exponent = limit * ((2 * _random.NextDouble()) - 1);
            double x = Math.Abs(Magnitude(MinExponent, MaxExponent)), near = Math.Abs(NearOne(hard[k % hard.Length]));
            yield return (x, exponent / Math.Log(x));
            yield return (near, exponent / Math.Log(Round(near) == 1 ? 2 : Round(near)));
            yield return (10 * _random.NextDouble(), (10 * _random.NextDouble()) - 5);
            yield return (Math.Abs(Magnitude(-20, 20)), _random.Next(-40, 40) / 2.0);
            yield return (-Math.Abs(Magnitude(-20, 20)), _random.Next(-9, 9));
        }
    }

    private IEnumerable<double> Uniform(double low, double high) =>
        Enumerable.Range(0, Many).Select(_ => low + ((high - low) * _random.NextDouble()));

    private IEnumerable<double> Magnitudes(double low, double high) =>
        Enumerable.Range(0, Many).Select(_ => Magnitude(low, high));

    /// <summary>Either sign, its binary logarithm uniform.</summary>
    private double Magnitude(double low, double high)
    {
        double exponent = low + ((high - low) * _random.NextDouble());
        double significand = Math.Pow(2, exponent - Math.Floor(exponent));
        return (_random.Next(2) == 0 ? 1 : -1) * Math.ScaleB(significand, (int)Math.Floor(exponent));
    }

    /// <summary>Around some numbers and their negatives, at distances from an ulp to a half.</summary>
    private IEnumerable<double> Near(params double[] centres) => centres.SelectMany(centre =>
        Enumerable.Range(0, 800).Select(_ => NearOne(centre))
            .Concat(Enumerable.Range(-4, 9).Select(ulps => Nudge(Round(centre), ulps)))
            .Concat(Enumerable.Range(-4, 9).Select(ulps => Nudge(Round(-centre), ulps))));

    private double NearOne(double centre) =>
        (_random.Next(2) == 0 ? centre : -centre) * (1 + Magnitude(IsDouble ? -53 : -24, -1));

    private double Round(double x) => IsDouble ? x : (float)x;

    private double Nudge(double x, int ulps) => IsDouble
        ? BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(x) + ulps)
        : BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits((float)x) + ulps);
}
