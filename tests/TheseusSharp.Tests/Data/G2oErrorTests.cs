using TheseusSharp.Data;

namespace TheseusSharp.Tests.Data;

/// <summary>Every fault of a g2o text is refused, at its line and column.</summary>
public sealed class G2oErrorTests
{
    private const string Vertex = "VERTEX_SE2 1 0 0 0\n";
    private const string Vertices = Vertex + "VERTEX_SE2 2 0 0 0\n";

    [Theory]
    [InlineData("", 1, 1, "without any vertex or edge")]
    [InlineData("# nothing\n\n", 2, 1, "without any vertex or edge")]
    [InlineData("FIX 1\n", 1, 1, "without any vertex or edge")]
    [InlineData(Vertex + "  LANDMARK 1 2", 2, 3, "'LANDMARK'; supported are VERTEX_SE2, EDGE_SE2")]
    [InlineData("vertex_se2 1 0 0 0", 1, 1, "unknown record type 'vertex_se2'")]
    [InlineData("VERTEX_SE2\u00a01", 1, 1, "unknown record type 'VERTEX_SE2??1'")]
    [InlineData("\0\0\0", 1, 1, "unknown record type '???'")]
    [InlineData(Vertices + "VERTEX_SE3:QUAT 3 0 0 0 0 0 0 1", 3, 1, "dimension 2 (the first is in line 1)")]
    [InlineData("#\nEDGE_SE3:QUAT 3 4 0 0 0 0 0 0 1" + Text.Information3 + "\nVERTEX_SE2 3 0 0 0", 3, 1, "in line 2")]
    [InlineData("VERTEX_SE2", 1, 11, "takes 4 fields after its name, found 0")]
    [InlineData("VERTEX_SE2 1 0 0  \r\n", 1, 17, "takes 4 fields after its name, found 3")]
    [InlineData("VERTEX_SE2 1 0 0 # 0", 1, 17, "takes 4 fields after its name, found 3")]
    [InlineData("VERTEX_SE2 1 0 0 0\t0", 1, 20, "takes 4 fields after its name; found '0' as well")]
    [InlineData("VERTEX_SE3:QUAT 1 0 0 0 0 0 0", 1, 30, "takes 8 fields after its name, found 7")]
    [InlineData("EDGE_SE2 1", 1, 11, "takes 11 fields after its name, found 1")]
    [InlineData("EDGE_SE2 1 2 0 0 0 1 0 0 1 0", 1, 29, "takes 11 fields after its name, found 10")]
    [InlineData("EDGE_SE2 1 2 0 0 0 1 0 0 1 0 1 x", 1, 32, "takes 11 fields after its name; found 'x' as well")]
    [InlineData("EDGE_SE3:QUAT 1 2 0 0 0 0 0 0 1 1 0 0 0 0 0 1", 1, 46, "takes 30 fields after its name, found 16")]
    [InlineData(Vertex + "FIX", 2, 4, "at least one vertex, found none")]
    [InlineData("VERTEX_SE2 1.0 0 0 0", 1, 12, "whole number of 64 bits; found '1.0'")]
    [InlineData("VERTEX_SE2 9223372036854775808 0 0 0", 1, 12, "found '9223372036854775808'")]
    [InlineData("VERTEX_SE2 0x1 0 0 0", 1, 12, "found '0x1'")]
    [InlineData(Vertex + "FIX 1 one", 2, 7, "found 'one'")]
    [InlineData("EDGE_SE2 1 - 0 0 0 1 0 0 1 0 1", 1, 12, "found '-'")]
    [InlineData("VERTEX_SE2 1 0 nan 0", 1, 16, "expected a finite decimal number, found 'nan'")]
    [InlineData("VERTEX_SE2 1 0 NaN 0", 1, 16, "expected a finite decimal number, found 'NaN'")]
    [InlineData("VERTEX_SE2 1 0 -Infinity 0", 1, 16, "expected a finite decimal number, found '-Infinity'")]
    [InlineData("VERTEX_SE2 1 0 -1e999 0", 1, 16, "'-1e999' is beyond the range")]
    [InlineData("VERTEX_SE2 1 0 0\0 0", 1, 16, "found '0?'")]
    [InlineData("VERTEX_SE2 1 0 1,5 0", 1, 16, "found '1,5'")]
    [InlineData("VERTEX_SE2 1 0 . 0", 1, 16, "found '.'")]
    [InlineData("VERTEX_SE2 1 0 1e 0", 1, 16, "found '1e'")]
    [InlineData("VERTEX_SE2 1 0 1.2.3 0", 1, 16, "found '1.2.3'")]
    [InlineData("VERTEX_SE2 1 0 0x10 0", 1, 16, "found '0x10'")]
    [InlineData("VERTEX_SE2 1 0 0 0#", 1, 18, "found '0#'")]
    [InlineData("VERTEX_SE2 1 0 0\r0", 1, 16, "found '0?0'")]
    [InlineData("EDGE_SE2 1 2 0 0 0 1 0 0 1 0 inf", 1, 30, "found 'inf'")]
    [InlineData("VERTEX_SE3:QUAT 1 0 0 0  0 0 0 0", 1, 26, "norm 0; expected 1, within 0.01")]
    [InlineData("VERTEX_SE3:QUAT 1 0 0 0 0 0 0 1.011", 1, 25, "norm 1.011; expected 1, within 0.01")]
    [InlineData("VERTEX_SE3:QUAT 1 0 0 0 0 0 0 -0.989", 1, 25, "norm 0.989; expected 1, within 0.01")]
    [InlineData("EDGE_SE3:QUAT 1 2 0 0 0 1e200 0 0 0" + Text.Information3, 1, 25, "norm Infinity; expected 1")]
    [InlineData("EDGE_SE2 3 3 0 0 0" + Text.Information2, 1, 12, "from vertex 3 to itself")]
    [InlineData(Vertices + "VERTEX_SE2 1 0 0 0", 3, 12, "vertex 1 is there already, in line 1")]
    [InlineData(Vertices + "\nEDGE_SE2 1 3 0 0 0" + Text.Information2, 4, 12, "no vertex 3, while the file has 2")]
    [InlineData("EDGE_SE2 3 1 0 0 0" + Text.Information2 + "\n" + Vertices, 1, 10, "no vertex 3, while")]
    [InlineData("FIX 1 3\n" + Vertices, 1, 7, "no vertex 3 to fix")]
    [InlineData("EDGE_SE2 1 2 0 0 0" + Text.Information2 + "\nFIX 3", 2, 5, "no vertex 3 to fix")]
    public void Fault_is_told_with_its_place(string text, int line, int column, string problem)
    {
        DataFormatException fault = Text.Fault(text);
        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.Null(fault.Path);
        Assert.StartsWith($"line {line}, column {column}: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_missing_field_is_told()
    {
        foreach (string record in (string[])
            ["VERTEX_SE2 1 0 0 0", "EDGE_SE2 1 2 0 0 0" + Text.Information2, "VERTEX_SE3:QUAT 1 0 0 0 0 0 0 1",
                "EDGE_SE3:QUAT 1 2 0 0 0 0 0 0 1" + Text.Information3])
        {
            _ = Text.Read(record);
            for (int end = record.LastIndexOf(' '); end > 0; end = record.LastIndexOf(' ', end - 1))
                Assert.Equal(end + 1, Text.Fault(record[..end]).Column);
        }
    }

    [Fact]
    public void File_is_named()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "VERTEX_SE2 1 0 0");
            DataFormatException fault = Assert.Throws<DataFormatException>(() => G2o.Read(path));
            Assert.Equal(path, fault.Path);
            Assert.StartsWith($"{path}(1,17): the record takes 4 fields", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Junk_is_shown_cut_and_harmless()
    {
        string message = Text.Fault("\e[31m" + new string('x', 1000)).Message;
        Assert.Contains($"'?[31m{new string('x', 35)}…'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_hold_to_the_last_one()
    {
        string edge = "EDGE_SE2 1 2 0 0 0" + Text.Information2;
        string text = Vertices + edge;
        _ = Text.Read(
            text, new() { MaxBytes = text.Length, MaxLineLength = edge.Length, MaxPoses = 2, MaxEdges = 1 });

        AssertRefused(text, new() { MaxBytes = text.Length - 1 }, 3, edge.Length, "bytes, the limit");
        AssertRefused(text, new() { MaxBytes = 10 }, 1, 11, "10 bytes");
        AssertRefused(text, new() { MaxLineLength = edge.Length - 1 }, 3, edge.Length, "the line is longer than");
        AssertRefused(text, new() { MaxPoses = 1 }, 2, 1, "more than 1 poses");
        AssertRefused(edge, new() { MaxPoses = 1 }, 1, 12, "more than 1 poses");
        AssertRefused($"{text}\n{edge}", new() { MaxEdges = 1 }, 4, 1, "more than 1 edges");
        Assert.Throws<ArgumentOutOfRangeException>(() => new G2oLimits { MaxPoses = 0 });
    }

    [Fact]
    public void Long_line_is_refused_before_it_is_read_whole()
    {
        DataFormatException fault = Assert.Throws<DataFormatException>(
            () => G2o.Read(new EndlessStream(), new G2oLimits { MaxLineLength = 1000 }));
        Assert.Equal((1, 1001), (fault.Line, fault.Column));
        fault = Assert.Throws<DataFormatException>(() => G2o.Read(new EndlessStream()));
        Assert.Equal(G2oLimits.Default.MaxLineLength + 1, fault.Column);
    }

    private static void AssertRefused(string text, G2oLimits limits, int line, int column, string problem)
    {
        DataFormatException fault = Text.Fault(text, limits);
        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
    }

    /// <summary>One line without an end.</summary>
    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)'#');
            return buffer.Length;
        }
    }
}
