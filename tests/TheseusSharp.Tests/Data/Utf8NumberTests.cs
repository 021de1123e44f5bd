using System.Globalization;
using System.Text;
using TheseusSharp.Data;

namespace TheseusSharp.Tests.Data;

/// <summary>Numbers are read as the framework reads them, to the last bit.</summary>
public sealed class Utf8NumberTests
{
    [Fact]
    public void Decimal_numbers_are_correctly_rounded()
    {
        var random = new Random(3);
        for (int k = 0; k < 300_000; k++)
        {
            string text = RandomNumber(random);
            double expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            Assert.True(Utf8Number.TryParse(Encoding.UTF8.GetBytes(text), out double found), text);
            if (BitConverter.DoubleToInt64Bits(expected) != BitConverter.DoubleToInt64Bits(found))
                Assert.Fail($"{text}: expected {expected:R}, found {found:R}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData("1-")]
    [InlineData("--1")]
    [InlineData("e5")]
    [InlineData("1e+")]
    [InlineData("(1)")]
    [InlineData("1 ")]
    [InlineData("\v1")]
    [InlineData("1\0")]
    [InlineData("1_0")]
    [InlineData("1,0")]
    [InlineData("∞")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    public void What_is_no_number_is_refused(string text) =>
        Assert.False(Utf8Number.TryParse(Encoding.UTF8.GetBytes(text), out double _));

    private static string RandomNumber(Random random)
    {
        string digits = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => random.Next(10)));
        string number = random.Next(4) == 0 ? digits : digits.Insert(random.Next(digits.Length + 1), ".");
        string sign = random.Next(3) switch { 0 => "-", 1 => "", _ => random.Next(5) == 0 ? "+" : "" };
        string exponent = random.Next(4) == 0 ? $"{(random.Next(2) == 0 ? 'e' : 'E')}{random.Next(-330, 310)}" : "";
        return sign + number + exponent;
    }
}
