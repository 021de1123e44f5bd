namespace TheseusSharp.Data;

/// <summary>What kind of record a line is.</summary>
internal enum G2oRecordKind
{
    Unknown,
    Vertex,
    Edge,
    Fix,
}

/// <summary>The record types of the g2o format that are read and written.</summary>
internal static class G2oRecord
{
    public const string Vertex2 = "VERTEX_SE2";
    public const string Edge2 = "EDGE_SE2";
    public const string Vertex3 = "VERTEX_SE3:QUAT";
    public const string Edge3 = "EDGE_SE3:QUAT";
    public const string Fix = "FIX";

    public const string Supported = $"{Vertex2}, {Edge2}, {Vertex3}, {Edge3}, {Fix}";

    /// <summary>The kind and the dimension (0 for any) that a record's name stands for.</summary>
    public static (G2oRecordKind Kind, int Dimension) Parse(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("EDGE_SE3:QUAT"u8))
            return (G2oRecordKind.Edge, 3);
        if (name.SequenceEqual("EDGE_SE2"u8))
            return (G2oRecordKind.Edge, 2);
        if (name.SequenceEqual("VERTEX_SE3:QUAT"u8))
            return (G2oRecordKind.Vertex, 3);
        if (name.SequenceEqual("VERTEX_SE2"u8))
            return (G2oRecordKind.Vertex, 2);
        return name.SequenceEqual("FIX"u8) ? (G2oRecordKind.Fix, 0) : default;
    }

    /// <summary>The name of a record.</summary>
    public static string Name(G2oRecordKind kind, int dimension) => (kind, dimension) switch
    {
        (G2oRecordKind.Vertex, 2) => Vertex2,
        (G2oRecordKind.Edge, 2) => Edge2,
        (G2oRecordKind.Vertex, _) => Vertex3,
        (G2oRecordKind.Edge, _) => Edge3,
        _ => Fix,
    };

    /// <summary>How many numbers give a motion: x y θ, or x y z qx qy qz qw.</summary>
    public static int MotionFields(int dimension) => dimension == 2 ? 3 : 7;

    /// <summary>How many numbers give the upper triangle of an information matrix.</summary>
    public static int InformationFields(int dimension) => dimension == 2 ? 6 : 21;

    /// <summary>How many fields follow a record's name.</summary>
    public static int FieldCount(G2oRecordKind kind, int dimension) => kind switch
    {
        G2oRecordKind.Vertex => 1 + MotionFields(dimension),
        _ => 2 + MotionFields(dimension) + InformationFields(dimension),
    };
}
