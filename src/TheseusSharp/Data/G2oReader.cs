using System.Globalization;
using System.Text;

namespace TheseusSharp.Data;

/// <summary>Reads one g2o text: record by record, then what no single record can tell.</summary>
internal sealed class G2oReader(ReadBytes read, string? path, G2oLimits limits)
{
    private const int MostShown = 40;

    private readonly TextLines _lines = new(read, path, limits);
    private readonly Dictionary<long, int> _vertexLines = [];
    private readonly double[] _numbers = new double[32];
    private PoseGraphRecords? _records;
    private int _dimensionLine;
    private readonly List<IdAt> _fixed = [];

    public PoseGraph Read()
    {
        while (_lines.TryRead(out ReadOnlySpan<byte> line))
        {
            var fields = new Fields(line);
            if (fields.MoveNext())
                ReadRecord(ref fields);
        }

        return Complete();
    }

    private void ReadRecord(ref Fields fields)
    {
        (G2oRecordKind kind, int dimension) = G2oRecord.Parse(fields.Current);
        switch (kind)
        {
            case G2oRecordKind.Vertex:
                ReadVertex(ref fields, RecordsOf(dimension, fields));
                break;
            case G2oRecordKind.Edge:
                ReadEdge(ref fields, RecordsOf(dimension, fields));
                break;
            case G2oRecordKind.Fix:
                ReadFix(ref fields);
                break;
            default:
                throw Fault(
                    fields, $"unknown record type {Show(fields.Current)}; supported are {G2oRecord.Supported}.");
        }
    }

    /// <summary>The records so far, which must be of this dimension.</summary>
    private PoseGraphRecords RecordsOf(int dimension, Fields fields)
    {
        if (_records is null)
        {
            _records = new(dimension);
            _dimensionLine = _lines.Number;
        }

        return _records.Dimension == dimension
            ? _records
            : throw Fault(
                fields,
                $"a record of dimension {dimension} among records of dimension {_records.Dimension} " +
                $"(the first is in line {_dimensionLine}).");
    }

    private void ReadVertex(ref Fields fields, PoseGraphRecords records)
    {
        if (records.PoseCount == limits.MaxPoses)
            throw Fault(fields, $"more than {limits.MaxPoses} poses, the limit.");
        int count = G2oRecord.FieldCount(G2oRecordKind.Vertex, records.Dimension);
        long id = ReadId(ref fields, count, 0);
        if (!_vertexLines.TryAdd(id, _lines.Number))
            throw Fault(fields, $"vertex {id} is there already, in line {_vertexLines[id]}.");
        Span<double> pose = ReadMotion(ref fields, records.Dimension, count, 1);
        ReadEnd(ref fields, count);
        records.TryAddPose(id, pose);
    }

    private void ReadEdge(ref Fields fields, PoseGraphRecords records)
    {
        if (records.EdgeCount == limits.MaxEdges)
            throw Fault(fields, $"more than {limits.MaxEdges} edges, the limit.");
        int count = G2oRecord.FieldCount(G2oRecordKind.Edge, records.Dimension);
        long from = ReadId(ref fields, count, 0);
        int fromColumn = fields.Column;
        long to = ReadId(ref fields, count, 1);
        if (from == to)
            throw Fault(fields, $"the edge leads from vertex {from} to itself.");
        var ends = new EdgeEnds(from, to, _lines.Number, fromColumn, fields.Column);
        Span<double> measurement = ReadMotion(ref fields, records.Dimension, count, 2);
        int information = G2oRecord.InformationFields(records.Dimension);
        Span<double> upperTriangle = _numbers.AsSpan(measurement.Length, information);
        ReadNumbers(ref fields, upperTriangle, count, count - information);
        ReadEnd(ref fields, count);
        records.AddEdge(ends, measurement, upperTriangle);
    }

    private void ReadFix(ref Fields fields)
    {
        if (!fields.MoveNext())
            throw Fault(fields, $"{G2oRecord.Fix} takes the id of at least one vertex, found none.");
        do
            _fixed.Add(new(ParseId(fields), _lines.Number, fields.Column));
        while (fields.MoveNext());
    }

    private long ReadId(ref Fields fields, int count, int index)
    {
        Advance(ref fields, count, index);
        return ParseId(fields);
    }

    private long ParseId(Fields fields) =>
        Utf8Number.TryParse(fields.Current, out long id)
            ? id
            : throw Fault(
                fields, $"expected the id of a vertex, a whole number of 64 bits; found {Show(fields.Current)}.");

    /// <summary>Reads a motion into the stored form of a pose, at the start of the numbers.</summary>
    private Span<double> ReadMotion(ref Fields fields, int dimension, int count, int index)
    {
        Span<double> motion = _numbers.AsSpan(0, PoseStorage.Length(dimension));
        if (dimension == 2)
        {
            ReadNumbers(ref fields, motion[..3], count, index);
            (motion[2], motion[3]) = PoseStorage.OfAngle(motion[2]);
            return motion;
        }

        ReadNumbers(ref fields, motion[..3], count, index);
        ReadQuaternion(ref fields, motion[3..], count, index + 3);
        return motion;
    }

    private void ReadQuaternion(ref Fields fields, Span<double> quaternion, int count, int index)
    {
        ReadNumbers(ref fields, quaternion[..1], count, index);
        Fields first = fields;
        ReadNumbers(ref fields, quaternion[1..], count, index + 1);
        if (!PoseStorage.TryNormalize(quaternion, out double norm))
            throw Fault(
                first,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the quaternion qx qy qz qw has norm {norm:G6}; expected 1, within {PoseStorage.NormTolerance}."));
    }

    private void ReadNumbers(ref Fields fields, Span<double> numbers, int count, int index)
    {
        for (int k = 0; k < numbers.Length; k++)
        {
            Advance(ref fields, count, index + k);
            if (!Utf8Number.TryParse(fields.Current, out numbers[k]))
                throw Fault(fields, $"expected a finite decimal number, found {Show(fields.Current)}.");
            if (!double.IsFinite(numbers[k]))
                throw Fault(fields, $"{Show(fields.Current)} is beyond the range of double precision.");
        }
    }

    private void Advance(ref Fields fields, int count, int index)
    {
        if (!fields.MoveNext())
            throw Fault(fields, $"the record takes {count} fields after its name, found {index}.");
    }

    private void ReadEnd(ref Fields fields, int count)
    {
        if (fields.MoveNext())
            throw Fault(
                fields, $"the record takes {count} fields after its name; found {Show(fields.Current)} as well.");
    }

    /// <summary>Checks what only the whole file can tell.</summary>
    private PoseGraph Complete()
    {
        if (_records is not { } records)
            throw new DataFormatException(
                "the file ends without any vertex or edge.", path, Math.Max(_lines.Number, 1), 1);
        records.Fixed.AddRange(_fixed);
        records.Number();
        if (records.FirstUnknownEnd() is { } end)
            throw Fault(end, $"there is no vertex {end.Id}, while the file has {records.PoseCount} others.");
        if (records.FirstBeyond(limits.MaxPoses) is { } beyond)
            throw Fault(beyond, $"more than {limits.MaxPoses} poses, the limit.");
        if (records.FirstUnknownFixed() is { } unknown)
            throw Fault(unknown, $"there is no vertex {unknown.Id} to fix.");
        return records.Build(path);
    }

    private DataFormatException Fault(IdAt place, string problem) => new(problem, path, place.Line, place.Column);

    private DataFormatException Fault(Fields fields, string problem) =>
        new(problem, path, _lines.Number, fields.Column);

    /// <summary>A field, quoted: cut if it is long, and with nothing in it that a terminal would act on.</summary>
    private static string Show(ReadOnlySpan<byte> field)
    {
        var text = new StringBuilder("'");
        foreach (byte character in field[..Math.Min(field.Length, MostShown)])
            text.Append(character is >= 0x20 and < 0x7F ? (char)character : '?');
        return text.Append(field.Length > MostShown ? "…'" : "'").ToString();
    }
}
