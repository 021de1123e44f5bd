using System.Text;

namespace TheseusSharp.Tests.Data;

/// <summary>One random change of a g2o text; equal generators give equal changes.</summary>
internal static class TextMutation
{
    private static readonly string[] s_fields =
    [
        "nan", "NaN", "-nan", "inf", "-Infinity", "1e999", "-1e999", "1e-999", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "99999999999999999999999999", "-1", "0",
        "1", "-0", "1e", "1e+", ".", "-", "+", "+1", "1.", ".5", "0x1F", "1,5", "1_0", "#", "#1", "1#", "''", "FIX",
        "VERTEX_SE2", "EDGE_SE2", "VERTEX_SE3:QUAT", "EDGE_SE3:QUAT", "1e308", "-1.7976931348623159e308", "4.9e-324",
        "0.00000000000000000000000000000000000000001", "1e0000000000000000000000000001", "1e-99999999999",
        "1e99999999999", "∞", "١", "1\0", "\v1", "1\r",
    ];

    public static byte[] Apply(byte[] bytes, Random random) => random.Next(14) switch
    {
        0 => bytes[..random.Next(bytes.Length)],
        1 => WithByte(bytes, random, (byte)random.Next(256)),
        2 => WithByte(bytes, random, " \t\r\n#-+.eE0123456789"u8[random.Next(20)]),
        3 => Junk(bytes, random),
        4 => Lines(bytes, lines => lines.RemoveAt(random.Next(lines.Count))),
        5 => Lines(bytes, lines => Repeat(lines, random)),
        6 => Lines(bytes, lines => Swap(lines, random)),
        7 => Line(bytes, random, line => line + new string(" #x1"[random.Next(4)], random.Next(3000))),
        8 => Fields(bytes, random, fields => fields.RemoveAt(random.Next(fields.Count))),
        9 => Fields(bytes, random, fields => Repeat(fields, random)),
        10 => Fields(bytes, random, fields => Swap(fields, random)),
        11 => Fields(bytes, random, fields => Replace(fields, new('1', random.Next(1, 400)), random)),
        _ => Fields(bytes, random, fields => Replace(fields, s_fields[random.Next(s_fields.Length)], random)),
    };

    private static byte[] WithByte(byte[] bytes, Random random, byte value)
    {
        byte[] changed = [.. bytes];
        changed[random.Next(changed.Length)] = value;
        return changed;
    }

    private static byte[] Junk(byte[] bytes, Random random)
    {
        byte[] junk = new byte[random.Next(1, 200)];
        random.NextBytes(junk);
        int at = random.Next(bytes.Length);
        return [.. bytes[..at], .. junk, .. bytes[at..]];
    }

    private static byte[] Lines(byte[] bytes, Action<List<string>> change)
    {
        List<string> lines = [.. Encoding.Latin1.GetString(bytes).Split('\n')];
        change(lines);
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    private static byte[] Line(byte[] bytes, Random random, Func<string, string> change) => Lines(bytes, lines =>
    {
        int line = random.Next(lines.Count);
        lines[line] = change(lines[line]);
    });

    private static byte[] Fields(byte[] bytes, Random random, Action<List<string>> change) =>
        Line(bytes, random, line =>
        {
            List<string> fields = [.. line.Split(' ')];
            change(fields);
            return Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(string.Join(' ', fields)));
        });

    private static void Replace(List<string> fields, string field, Random random) =>
        fields[random.Next(fields.Count)] = field;

    private static void Repeat(List<string> items, Random random) =>
        items.Insert(random.Next(items.Count), items[random.Next(items.Count)]);

    private static void Swap<T>(List<T> items, Random random)
    {
        int first = random.Next(items.Count), second = random.Next(items.Count);
        (items[first], items[second]) = (items[second], items[first]);
    }
}
