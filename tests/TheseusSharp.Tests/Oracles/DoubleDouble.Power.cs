using System.Numerics;

namespace TheseusSharp.Tests.Oracles;

// Powers. exp(y log x) magnifies the error of the logarithm by |y log x|, up to 745: where that is more than a little,
// the logarithm is taken in fixed point instead, 256 bits after the point.
internal readonly partial record struct DoubleDouble
{
    private const int FixedBits = 256;

    private static readonly BigInteger FixedLn2 = FixedLog(BigInteger.One << (FixedBits + 1));

    public static DoubleDouble Pow(DoubleDouble x, DoubleDouble y)
    {
        // These hold with NaN as the other argument, too.
        if (IsSame(x, 1.0) || y.Hi == 0)
            return 1.0;
        if (x.Hi < 0 && double.IsFinite(x.Hi) && !IsInteger(y))
            return double.NaN;

        var power = PowOfPositive(Abs(x), y);
        return double.IsNegative(x.Hi) && IsOdd(y) ? -power : power;
    }

    private static DoubleDouble PowOfPositive(DoubleDouble x, DoubleDouble y)
    {
        if (x.Hi == 0 || !double.IsFinite(x.Hi) || !double.IsFinite(y.Hi))
            return Math.Pow(x.Hi, y.Hi);

        var exponent = y * Log(x);
        double magnitude = Math.Abs(exponent.Hi);
        if (magnitude < 600 && Math.Abs(y.Hi) <= 8 && IsInteger(y))
            return PowOfInteger(x, (int)y.Hi);

        // No fixed point where it would have too few digits (x within 1e-27 of 1), or where there is no result anyway.
        return magnitude is > 1 and < 746 && Math.Abs(y.Hi) < 1e30 ? FixedPow(x, y) : Exp(exponent);
    }

    private static DoubleDouble PowOfInteger(DoubleDouble x, int n)
    {
        DoubleDouble power = 1.0;
        for (int i = Math.Abs(n); i > 0; i /= 2)
        {
            power = i % 2 == 0 ? power : power * x;
            x *= x;
        }

        return n < 0 ? 1.0 / power : power;
    }

    private static bool IsInteger(DoubleDouble x) => x.Hi == Math.Round(x.Hi) && x.Lo == Math.Round(x.Lo);

    private static bool IsOdd(DoubleDouble x) =>
        IsInteger(x) && (Math.Abs(x.Hi % 2) == 1 ^ Math.Abs(x.Lo % 2) == 1);

    private static DoubleDouble FixedPow(DoubleDouble x, DoubleDouble y)
    {
        var (mantissa, exponent) = Split(x);
        var log = FixedLog(ToFixed(mantissa)) + (exponent * FixedLn2);
        var product = (log * ToFixed(y)) >> FixedBits;
        int count = (int)Math.Round((double)product / (double)FixedLn2);
        return ScaleB(Exp(FromFixed(product - (count * FixedLn2), FixedBits)), count);
    }

    /// <summary>log x = 2 artanh((x − 1) / (x + 1)), for x near 1, both in fixed point.</summary>
    private static BigInteger FixedLog(BigInteger x)
    {
        var one = BigInteger.One << FixedBits;
        var power = ((x - one) << FixedBits) / (x + one);
        var square = (power * power) >> FixedBits;
        var sum = power;

        // Shifting rounds down, so a negative power would end at −1, not at 0.
        for (int i = 3; BigInteger.Abs(power) > 1; i += 2)
        {
            power = (power * square) >> FixedBits;
            sum += power / i;
        }

        return 2 * sum;
    }

    private static BigInteger ToFixed(DoubleDouble x) => ToFixed(x.Hi, FixedBits) + ToFixed(x.Lo, FixedBits);

    /// <summary>x · 2^bits, rounded down.</summary>
    private static BigInteger ToFixed(double x, int bits)
    {
        if (x == 0)
            return BigInteger.Zero;

        int exponent = Math.ILogB(x) - 52;
        BigInteger mantissa = (long)Math.ScaleB(x, -exponent);
        return mantissa << (exponent + bits);
    }

    /// <summary>x · 2^−bits.</summary>
    private static DoubleDouble FromFixed(BigInteger x, int bits)
    {
        double hi = Round(x);
        return ScaleB(new(hi, Round(x - (BigInteger)hi)), -bits);
    }

    /// <summary>The nearest double; the conversion alone truncates.</summary>
    private static double Round(BigInteger x)
    {
        double truncated = (double)x;
        return truncated + (double)(x - (BigInteger)truncated);
    }
}
