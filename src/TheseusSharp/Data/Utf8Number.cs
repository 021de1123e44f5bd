using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace TheseusSharp.Data;

/// <summary>Numbers in text, the whole of a field or not at all, whatever the culture.</summary>
internal static class Utf8Number
{
    private const NumberStyles Style =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>The largest power of ten that a double holds exactly, as are all below it.</summary>
    private const int MostExactPower = 22;

    /// <summary>What a number consists of. The framework's parser takes words and NULs, too.</summary>
    private static readonly SearchValues<byte> s_characters = SearchValues.Create("0123456789+-.eE"u8);

    private static ReadOnlySpan<double> PowersOfTen =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ];

    /// <summary>A decimal number, such as <c>-1.5e-3</c>, correctly rounded.</summary>
    /// <param name="text">The field.</param>
    /// <param name="value">The number; infinite if it is beyond the range of doubles.</param>
    /// <returns>Whether the field is one; words such as <c>nan</c> are not.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value) =>
        TryParseShort(text, out value) ||
        (!text.ContainsAnyExcept(s_characters) &&
         double.TryParse(text, Style, CultureInfo.InvariantCulture, out value));

    /// <summary>A whole number of 64 bits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length;

    /// <summary>
    /// Numbers of at most 15 digits without an exponent, nearly all that files hold: digits and power of ten are exact,
    /// so that their quotient is rounded once (Clinger 1990).
    /// </summary>
    private static bool TryParseShort(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        bool negative = !text.IsEmpty && text[0] == '-';
        long digits = 0;
        int count = 0, decimals = -1;
        foreach (byte character in negative ? text[1..] : text)
        {
            if (character == '.' && decimals < 0)
            {
                decimals = count;
                continue;
            }

            uint digit = (uint)(character - '0');
            if (digit > 9 || ++count > MostExactPower)
                return false;
            digits = (digits * 10) + digit;
            if (digits >= 1_000_000_000_000_000)
                return false;
        }

        if (count == 0)
            return false;
        double magnitude = decimals < 0 ? digits : digits / PowersOfTen[count - decimals];
        value = negative ? -magnitude : magnitude;
        return true;
    }
}
