using System.Globalization;
using System.Numerics;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Oracles;

public partial class DoubleDoubleTests
{
    // 2⁻¹⁰⁴ for arithmetic; for elementary functions a tenth of the 1e-30 that the oracle promises.
    private static readonly double Unit = Math.ScaleB(1, -104);
    private static readonly double Close = 1e-31;

    private static readonly double[] Specials =
    [
        0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 2.5, -7.25, 1e-5, -1e-5, 88, -88, 709.7, 710, -744, -746, 1e5, -1e5,
        1e100, -1e100, 1e-100, -1e-100, 1e300, -1e300, 1e-300, -1e-300, 1e-310, double.Epsilon, -double.Epsilon,
        double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
        1 - 1.1102230246251565e-16, 1 + 2.220446049250313e-16, 9007199254740991, -9007199254740992, Math.PI,
    ];

    private static readonly Dictionary<string, (Func<DoubleDouble, DoubleDouble> Own, Func<double, double> Double)>
        Unary = new()
        {
            ["Sqrt"] = (DoubleDouble.Sqrt, Math.Sqrt),
            ["Sin"] = (DoubleDouble.Sin, Math.Sin),
            ["Cos"] = (DoubleDouble.Cos, Math.Cos),
            ["Tan"] = (DoubleDouble.Tan, Math.Tan),
            ["Asin"] = (DoubleDouble.Asin, Math.Asin),
            ["Acos"] = (DoubleDouble.Acos, Math.Acos),
            ["Atan"] = (DoubleDouble.Atan, Math.Atan),
            ["Exp"] = (DoubleDouble.Exp, Math.Exp),
            ["Log"] = (DoubleDouble.Log, Math.Log),
            ["Abs"] = (DoubleDouble.Abs, Math.Abs),
            ["Negate"] = (x => -x, x => -x),
        };

    private static readonly Dictionary<
        string, (Func<DoubleDouble, DoubleDouble, DoubleDouble> Own, Func<double, double, double> Double)>
        Binary = new()
        {
            ["Add"] = ((a, b) => a + b, (a, b) => a + b),
            ["Subtract"] = ((a, b) => a - b, (a, b) => a - b),
            ["Multiply"] = ((a, b) => a * b, (a, b) => a * b),
            ["Divide"] = ((a, b) => a / b, (a, b) => a / b),
            ["Atan2"] = (DoubleDouble.Atan2, Math.Atan2),
            ["Pow"] = (DoubleDouble.Pow, Math.Pow),
            ["Min"] = (DoubleDouble.Min, (a, b) => Float64.Min(a, b)),
            ["Max"] = (DoubleDouble.Max, (a, b) => Float64.Max(a, b)),
        };

    public static TheoryData<string> UnaryNames => [.. Unary.Keys];

    public static TheoryData<string> BinaryNames => [.. Binary.Keys];

    [Theory]
    [MemberData(nameof(UnaryReferences))]
    public void Function_agrees_with_the_reference(string name, double hi, double lo, string expected) =>
        AssertNear(DoubleDouble.Parse(expected), Unary[name].Own(new(hi, lo)), Close);

    [Theory]
    [MemberData(nameof(BinaryReferences))]
    public void Function_of_two_agrees_with_the_reference(
        string name, double hi1, double lo1, double hi2, double lo2, string expected) =>
        AssertNear(DoubleDouble.Parse(expected), Binary[name].Own(new(hi1, lo1), new(hi2, lo2)), Close);

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void Function_treats_specials_as_double_does(string name)
    {
        var (own, ordinary) = Unary[name];
        Assert.All(Specials, x => AssertLikeDouble(ordinary(x), own(x)));
    }

    [Theory]
    [MemberData(nameof(BinaryNames))]
    public void Function_of_two_treats_specials_as_double_does(string name)
    {
        var (own, ordinary) = Binary[name];
        Assert.All(Specials, x => Assert.All(Specials, y => AssertLikeDouble(ordinary(x, y), own(x, y))));
    }

    [Fact]
    public void Arithmetic_is_exact_to_the_last_bits_but_two()
    {
        var random = new Random(1);
        for (int i = 0; i < 1000; i++)
        {
            // Integers of some 106 bits, so that BigInteger can tell.
            var (a, b) = (RandomInteger(random), RandomInteger(random));
            var (x, y) = (FromInteger(a), FromInteger(b));
            AssertRatio(a + b, ToInteger(x + y));
            AssertRatio(a - b, ToInteger(x - y));
            AssertRatio(a * b, ToInteger(x * y));

            const int bits = 200;
            double scale = Math.ScaleB(1, bits);
            AssertRatio(a << bits, ToInteger(x / y * scale) * b);
            var root = ToInteger(DoubleDouble.Sqrt(DoubleDouble.Abs(x)) * scale);
            AssertRatio(BigInteger.Abs(a) << (2 * bits), root * root, 2);
        }
    }

    [Fact]
    public void Sum_and_product_of_doubles_keep_what_double_loses()
    {
        DoubleDouble tiny = Math.ScaleB(1, -100);
        Assert.Equal(tiny, 1.0 + tiny - 1.0);

        DoubleDouble third = 1.0 / (DoubleDouble)3.0;
        Assert.Equal("3.3333333333333333333333333333333e-1", third.ToString());
        Assert.Equal(0.1 * 0.1, (double)((DoubleDouble)0.1 * 0.1));
        Assert.Equal(Math.FusedMultiplyAdd(0.1, 0.1, -(0.1 * 0.1)), ((DoubleDouble)0.1 * 0.1).Lo);
    }

    [Fact]
    public void Sine_and_cosine_satisfy_their_identities()
    {
        var random = new Random(2);
        for (int i = 0; i < 500; i++)
        {
            var x = RandomNumber(random, i % 2 == 0 ? 100 : 1e5);
            var (sin, cos) = (DoubleDouble.Sin(x), DoubleDouble.Cos(x));
            AssertNear(1.0, (sin * sin) + (cos * cos), Close);
            AssertNear(sin / cos, DoubleDouble.Tan(x), Close);
            AssertNear(2.0 * sin * cos, DoubleDouble.Sin(2.0 * x), Close);

            // The sum is rounded: the angle itself moves by 1e-32 of its size.
            var shifted = DoubleDouble.Sin(x + (DoubleDouble.Pi / 2.0));
            AssertNearAbsolute(cos, shifted, Close * (1 + Math.Abs(x.Hi)));
        }
    }

    [Fact]
    public void Inverse_functions_invert()
    {
        var random = new Random(3);
        for (int i = 0; i < 500; i++)
        {
            var x = RandomNumber(random, 1);
            AssertNear(x, DoubleDouble.Sin(DoubleDouble.Asin(x)), Close);
            AssertNearAbsolute(x, DoubleDouble.Cos(DoubleDouble.Acos(x)), Close);
            AssertNear(x, DoubleDouble.Tan(DoubleDouble.Atan(x)), Close);
            AssertNear(DoubleDouble.Pi / 2.0, DoubleDouble.Asin(x) + DoubleDouble.Acos(x), Close);

            var inverse = DoubleDouble.Parse("0.4");
            var positive = DoubleDouble.Abs(x) * Math.Pow(10, random.Next(-20, 20));
            AssertNear(positive, DoubleDouble.Exp(DoubleDouble.Log(positive)), 50 * Close);
            AssertNearAbsolute(x, DoubleDouble.Log(DoubleDouble.Exp(x)), Close);
            AssertNear(x * x, DoubleDouble.Pow(x, 2.0), Close);
            AssertNear(DoubleDouble.Sqrt(positive), DoubleDouble.Pow(positive, 0.5), Close);
            AssertNear(positive, DoubleDouble.Pow(DoubleDouble.Pow(positive, 2.5), inverse), 10 * Close);
        }
    }

    [Fact]
    public void Angle_of_a_point_agrees_with_the_arctangent_in_every_quadrant()
    {
        var random = new Random(4);
        for (int i = 0; i < 500; i++)
        {
            var (y, x) = (RandomNumber(random, 3), RandomNumber(random, 3));
            DoubleDouble turn = x.Hi > 0 ? 0.0 : y.Hi > 0 ? DoubleDouble.Pi : -DoubleDouble.Pi;
            AssertNear(DoubleDouble.Atan(y / x) + turn, DoubleDouble.Atan2(y, x), 10 * Close);

            var radius = DoubleDouble.Sqrt((x * x) + (y * y));
            AssertNearAbsolute(y, radius * DoubleDouble.Sin(DoubleDouble.Atan2(y, x)), 10 * Close);
        }
    }

    [Theory]
    [InlineData(0.0, -0.0, 4)]
    [InlineData(-0.0, -1, -4)]
    [InlineData(1, 0.0, 2)]
    [InlineData(-1, -0.0, -2)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity, 3)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity, -1)]
    [InlineData(1, double.NegativeInfinity, 4)]
    [InlineData(double.PositiveInfinity, 1e300, 2)]
    public void Angles_on_the_axes_are_multiples_of_an_eighth_turn(double y, double x, int eighths) =>
        AssertNear(eighths * DoubleDouble.Pi / 4.0, DoubleDouble.Atan2(y, x), Close);

    [Fact]
    public void Low_half_decides_domain_and_parity()
    {
        Assert.True(double.IsNaN(DoubleDouble.Acos(new(1, 1e-20)).Hi));
        Assert.Equal(0, DoubleDouble.Acos(1.0).Hi);
        Assert.True(double.IsNaN(DoubleDouble.Pow(-2.0, new(3, 1e-20)).Hi));
        Assert.Equal(-8.0, DoubleDouble.Pow(-2.0, 3.0));
        Assert.Equal(-1.0, DoubleDouble.Pow(-1.0, new DoubleDouble(1e20, 1)));
        Assert.Equal(1.0, DoubleDouble.Pow(-1.0, new DoubleDouble(1e20, 2)));
        Assert.Equal(double.PositiveInfinity, DoubleDouble.Pow(-0.0, new(-3, 1e-20)).Hi);
        Assert.Equal(double.NegativeInfinity, DoubleDouble.Pow(-0.0, -3.0).Hi);
    }

    [Fact]
    public void Comparisons_look_at_the_low_half()
    {
        DoubleDouble a = 1.0, same = 1.0, b = new(1, 1e-25), nan = double.NaN;
        Assert.True(DoubleDouble.IsTrue((a < b) & (b > a) & (a <= b) & (b >= a) & (a <= same) & (a >= same)));
        Assert.False(DoubleDouble.IsTrue((b < a) | (a > b) | (b <= a) | (a >= b) | (a < same) | (a > same)));
        Assert.True(DoubleDouble.IsTrue(DoubleDouble.EqualTo(a, same) & !DoubleDouble.EqualTo(a, b)));
        Assert.True(DoubleDouble.IsTrue(DoubleDouble.EqualTo(0.0, -0.0)));
        Assert.False(DoubleDouble.IsTrue((a < nan) | (a > nan) | (a <= nan) | (nan >= a)));
        Assert.False(DoubleDouble.IsTrue(DoubleDouble.EqualTo(nan, nan)));

        Assert.Equal(a, DoubleDouble.Min(a, b));
        Assert.Equal(b, DoubleDouble.Max(a, b));
        Assert.Equal(a, DoubleDouble.Min(nan, a));
        Assert.Equal(nan, DoubleDouble.Max(a, nan));
        Assert.Equal(a, DoubleDouble.Where(a < b, a, nan));
        Assert.Equal(b, DoubleDouble.Where(a > b, nan, b));
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-1.25e-3", "-1.2500000000000000000000000000000e-3")]
    [InlineData("0.1", "1.0000000000000000000000000000000e-1")]
    [InlineData("3.14159265358979323846264338327950288", "3.1415926535897932384626433832795e0")]
    [InlineData("999999999999999999999999999999999.9", "1.0000000000000000000000000000000e33")]
    [InlineData("123456789012345678901234567890", "1.2345678901234567890123456789000e29")]
    [InlineData("5E-324", "4.9406564584124654417656879286822e-324")]
    [InlineData("1e308", "1.0000000000000000000000000000000e308")]
    public void Decimals_are_read_and_written(string text, string expected) =>
        Assert.Equal(expected, DoubleDouble.Parse(text).ToString());

    [Fact]
    public void Decimal_is_read_to_the_nearest_pair()
    {
        Assert.Equal(DoubleDouble.Pi, DoubleDouble.Parse("3.14159265358979323846264338327950288419716939937510582"));
        Assert.Equal(1.0 / (DoubleDouble)10.0, DoubleDouble.Parse("0.1"));
        Assert.Equal(new DoubleDouble(1e22, 1), DoubleDouble.Parse("10000000000000000000001"));
    }

    private static BigInteger RandomInteger(Random random)
    {
        var magnitude = ((BigInteger)random.NextInt64(1L << 53) << 53) + random.NextInt64(1L << 53);
        return random.Next(2) == 0 ? magnitude + 1 : -magnitude - 1;
    }

    /// <summary>A number up to the bound in magnitude, all of its 106 bits in use.</summary>
    private static DoubleDouble RandomNumber(Random random, double bound) =>
        FromInteger(RandomInteger(random)) * Math.ScaleB(bound, -106);

    private static DoubleDouble FromInteger(BigInteger value) =>
        DoubleDouble.Parse(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The number, which is whole.</summary>
    private static BigInteger ToInteger(DoubleDouble value) => (BigInteger)value.Hi + (BigInteger)value.Lo;

    private static void AssertRatio(BigInteger expected, BigInteger actual, double units = 1)
    {
        double error = (double)BigInteger.Abs(actual - expected);
        Assert.True(error <= units * Unit * (double)BigInteger.Abs(expected), $"{actual} is not {expected}");
    }

    private static void AssertNear(DoubleDouble expected, DoubleDouble actual, double relative) =>
        AssertNearAbsolute(expected, actual, relative * Math.Abs(expected.Hi));

    private static void AssertNearAbsolute(DoubleDouble expected, DoubleDouble actual, double tolerance)
    {
        // Written so that NaN fails.
        bool near = Math.Abs((actual - expected).Hi) <= tolerance;
        Assert.True(near, $"{actual} is not {expected}: off by {(actual - expected).Hi}");
    }

    private static void AssertLikeDouble(double expected, DoubleDouble actual)
    {
        if (double.IsNaN(expected) || double.IsInfinity(expected) || expected == 0)
        {
            // Bits, for the sign of zero; NaN of any kind.
            Assert.Equal(double.IsNaN(expected), double.IsNaN(actual.Hi));
            Assert.True(double.IsNaN(expected) || expected.Equals(actual.Hi), $"{actual} is not {expected}");
            Assert.True(expected != 0 || double.IsNegative(expected) == double.IsNegative(actual.Hi));
            Assert.Equal(0, actual.Lo);
            return;
        }

        AssertNearAbsolute(expected, actual, (1e-13 * Math.Abs(expected)) + double.Epsilon);
    }
}
