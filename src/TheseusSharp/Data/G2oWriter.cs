using System.Globalization;

namespace TheseusSharp.Data;

/// <summary>Writes one g2o text: vertices, then what is fixed, then edges.</summary>
internal sealed class G2oWriter(PoseGraph graph, TextWriter text)
{
    public void Write()
    {
        if (graph.HasPoses)
            for (int k = 0; k < graph.PoseCount; k++)
                WriteVertex(k);
        foreach (int number in graph.Fixed)
            WriteFix(number);
        for (int edge = 0; edge < graph.EdgeCount; edge++)
            WriteEdge(edge);
    }

    private void WriteVertex(int number)
    {
        text.Write(G2oRecord.Name(G2oRecordKind.Vertex, graph.Dimension));
        WriteId(number);
        WriteMotion(graph.Pose(number));
        text.Write('\n');
    }

    private void WriteFix(int number)
    {
        text.Write(G2oRecord.Fix);
        WriteId(number);
        text.Write('\n');
    }

    private void WriteEdge(int edge)
    {
        text.Write(G2oRecord.Name(G2oRecordKind.Edge, graph.Dimension));
        WriteId(graph.From[edge]);
        WriteId(graph.To[edge]);
        WriteMotion(graph.Measurement(edge));
        int size = graph.TangentLength;
        ReadOnlySpan<double> information = graph.Information.Slice(edge * size * size, size * size);
        for (int i = 0; i < size; i++)
            for (int j = i; j < size; j++)
                WriteNumber(information[(i * size) + j]);
        text.Write('\n');
    }

    private void WriteMotion(ReadOnlySpan<double> motion)
    {
        if (graph.Dimension == 3)
        {
            foreach (double number in motion)
                WriteNumber(number);
            return;
        }

        WriteNumber(motion[0]);
        WriteNumber(motion[1]);
        WriteNumber(PoseStorage.ToAngle(motion[2], motion[3]));
    }

    private void WriteId(int number) => WriteField(graph.Ids[number]);

    /// <summary>The shortest text that reads back as the same number.</summary>
    private void WriteNumber(double number) => WriteField(number);

    private void WriteField<T>(T value)
        where T : ISpanFormattable
    {
        Span<char> field = stackalloc char[32];
        bool fits = value.TryFormat(field, out int length, default, CultureInfo.InvariantCulture);
        System.Diagnostics.Debug.Assert(fits, "no number needs more than 24 characters");
        text.Write(' ');
        text.Write(field[..length]);
    }
}
