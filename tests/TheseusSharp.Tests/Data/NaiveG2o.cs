using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace TheseusSharp.Tests.Data;

/// <summary>
/// The g2o format once more, slowly and plainly, to judge the reader by: which lines a text has, what graph they make,
/// or which line is the first that is wrong.
/// </summary>
internal sealed class NaiveG2o
{
    private static readonly Regex s_number = new(@"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$");
    private static readonly Regex s_whole = new("^[+-]?[0-9]+$");

    private readonly Dictionary<long, double[]> _vertices = [];
    private readonly List<(long Id, int Line)> _fixes = [];
    private int _dimension;

    public List<long> Ids { get; private set; } = [];

    public List<double[]> Poses { get; } = [];

    public List<(long From, long To, double[] Motion, double[] UpperTriangle, int Line)> Edges { get; } = [];

    public SortedSet<int> Fixed { get; } = [];

    public int Dimension => _dimension;

    /// <returns>The line of the first fault; 0 if there is none, and this is the graph.</returns>
    public int Read(byte[] bytes, int maxLineLength)
    {
        string[] lines = Encoding.Latin1.GetString(bytes).Split('\n');
        int count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        for (int k = 0; k < count; k++)
        {
            string line = k == 0 && lines[k].StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal)
                ? lines[k][3..]
                : lines[k];
            if (lines[k].Length > maxLineLength || !TryReadLine(line, k + 1))
                return k + 1;
        }

        return _dimension == 0 ? Math.Max(count, 1) : Complete();
    }

    private bool TryReadLine(string line, int number)
    {
        if (line.EndsWith('\r'))
            line = line[..^1];
        string[] fields = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        int comment = Array.FindIndex(fields, field => field.StartsWith('#'));
        fields = comment < 0 ? fields : fields[..comment];
        if (fields.Length == 0)
            return true;
        string[] values = fields[1..];
        return fields[0] switch
        {
            "VERTEX_SE2" => Is(2) && TryReadVertex(values, 3),
            "VERTEX_SE3:QUAT" => Is(3) && TryReadVertex(values, 7),
            "EDGE_SE2" => Is(2) && TryReadEdge(values, 3, 6, number),
            "EDGE_SE3:QUAT" => Is(3) && TryReadEdge(values, 7, 21, number),
            "FIX" => values.Length > 0 && values.All(value => TryReadFix(value, number)),
            _ => false,
        };
    }

    private bool Is(int dimension)
    {
        _dimension = _dimension == 0 ? dimension : _dimension;
        return _dimension == dimension;
    }

    private bool TryReadVertex(string[] values, int motion) =>
        values.Length == 1 + motion &&
        TryId(values[0], out long id) &&
        TryMotion(values[1..], out double[] pose) &&
        TryAdd(id, pose);

    private bool TryAdd(long id, double[] pose)
    {
        Poses.Add(pose);
        Ids.Add(id);
        return _vertices.TryAdd(id, pose);
    }

    private bool TryReadEdge(string[] values, int motion, int information, int line)
    {
        if (values.Length != 2 + motion + information ||
            !TryId(values[0], out long from) ||
            !TryId(values[1], out long to) ||
            !TryMotion(values[2..(2 + motion)], out double[] measurement) ||
            !TryNumbers(values[(2 + motion)..], out double[] upperTriangle))
            return false;
        Edges.Add((from, to, measurement, upperTriangle, line));
        return from != to;
    }

    private bool TryReadFix(string value, int line)
    {
        bool isId = TryId(value, out long id);
        _fixes.Add((id, line));
        return isId;
    }

    private int Complete()
    {
        if (_vertices.Count == 0)
            Ids = [.. Edges.SelectMany(edge => (long[])[edge.From, edge.To]).Distinct()];
        foreach ((long from, long to, _, _, int line) in Edges)
            if (!Ids.Contains(from) || !Ids.Contains(to))
                return line;
        foreach ((long id, int line) in _fixes)
            if (!Ids.Contains(id))
                return line;
        Fixed.UnionWith(_fixes.Select(fix => Ids.IndexOf(fix.Id)));
        return 0;
    }

    private static bool TryMotion(string[] values, out double[] motion)
    {
        if (!TryNumbers(values, out motion))
            return false;
        if (values.Length == 3)
        {
            motion = [motion[0], motion[1], Math.Cos(motion[2]), Math.Sin(motion[2])];
            return true;
        }

        double norm = Math.Sqrt(motion[3..].Sum(number => number * number));
        motion = [.. motion[..3], .. motion[3..].Select(number => number / norm)];
        return Math.Abs(norm - 1) <= 0.01;
    }

    private static bool TryNumbers(string[] values, out double[] numbers)
    {
        numbers = new double[values.Length];
        for (int k = 0; k < values.Length; k++)
        {
            if (!s_number.IsMatch(values[k]))
                return false;
            numbers[k] = double.Parse(values[k], NumberStyles.Float, CultureInfo.InvariantCulture);
            if (!double.IsFinite(numbers[k]))
                return false;
        }

        return true;
    }

    private static bool TryId(string value, out long id)
    {
        id = 0;
        if (!s_whole.IsMatch(value))
            return false;
        var whole = BigInteger.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (whole < long.MinValue || whole > long.MaxValue)
            return false;
        id = (long)whole;
        return true;
    }
}
