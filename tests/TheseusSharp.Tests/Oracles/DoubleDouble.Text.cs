using System.Globalization;
using System.Numerics;

namespace TheseusSharp.Tests.Oracles;

internal readonly partial record struct DoubleDouble
{
    private const int Digits = 32;

    /// <summary>The number nearest to a decimal such as <c>-1.25e-3</c>, of any number of digits.</summary>
    public static DoubleDouble Parse(string text)
    {
        int mark = text.IndexOfAny(['e', 'E']);
        string mantissa = mark < 0 ? text : text[..mark];
        int exponent = mark < 0 ? 0 : int.Parse(text[(mark + 1)..], CultureInfo.InvariantCulture);
        int point = mantissa.IndexOf('.');
        if (point >= 0)
            exponent -= mantissa.Length - point - 1;

        string digits = mantissa.Replace(".", "");
        var value = BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return FromDecimal(value, exponent);
    }

    /// <summary>32 digits, in scientific notation.</summary>
    public override string ToString()
    {
        if (Hi == 0 || !double.IsFinite(Hi))
            return Hi.ToString(CultureInfo.InvariantCulture);

        // All bits of any double lie above 2⁻¹⁰⁷⁴.
        const int bits = 1074;
        var value = BigInteger.Abs(ToFixed(Hi, bits) + ToFixed(Lo, bits));
        int places = Digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(Hi)));
        var numerator = value * BigInteger.Pow(10, Math.Max(places, 0));
        var denominator = BigInteger.Pow(10, Math.Max(-places, 0)) << bits;
        string digits = (((2 * numerator) + denominator) / (2 * denominator)).ToString(CultureInfo.InvariantCulture);

        string sign = Hi < 0 ? "-" : "";
        int exponent = digits.Length - 1 - places;
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}.{digits[1..]}e{exponent}");
    }

    private static DoubleDouble FromDecimal(BigInteger mantissa, int exponent)
    {
        // So many that about 256 bits stand before the point: more than two doubles hold.
        int bits = 256 - (int)(mantissa.GetBitLength() + (exponent * Math.Log2(10)));
        var numerator = mantissa * BigInteger.Pow(10, Math.Max(exponent, 0)) << Math.Max(bits, 0);
        var denominator = BigInteger.Pow(10, Math.Max(-exponent, 0)) << Math.Max(-bits, 0);
        return FromFixed(numerator / denominator, bits);
    }
}
