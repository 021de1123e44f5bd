using System.Text;
using TheseusSharp.Data;

namespace TheseusSharp.Tests.Data;

/// <summary>What a g2o text means, rule by rule.</summary>
public sealed class G2oReadingTests
{
    private const string Plane = """
        VERTEX_SE2 7 1 2 0
        VERTEX_SE2 -3 4 5 1.5
        EDGE_SE2 7 -3 0.5 0.25 -2 1 2 3 4 5 6
        FIX -3
        """;

    private const string Space = """
        VERTEX_SE3:QUAT 1 1 2 3 0 0 0 1
        VERTEX_SE3:QUAT 2 4 5 6 0 0.6 0 0.8
        EDGE_SE3:QUAT 2 1 0.1 0.2 0.3 0.5 -0.5 0.5 -0.5 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21
        """;

    [Fact]
    public void Records_of_the_plane_are_read()
    {
        PoseGraph graph = Text.Read(Plane);
        Assert.Equal((2, 4, 3), (graph.Dimension, graph.StorageLength, graph.TangentLength));
        Assert.Equal("SE2", graph.PoseKind.Name);
        Assert.Equal((2, 1, true), (graph.PoseCount, graph.EdgeCount, graph.HasPoses));
        Assert.Equal([7, -3], graph.Ids);
        Text.AssertSameBits([1, 2, 1, 0, 4, 5, Math.Cos(1.5), Math.Sin(1.5)], graph.Poses);
        Assert.Equal([0], graph.From);
        Assert.Equal([1], graph.To);
        Text.AssertSameBits([0.5, 0.25, Math.Cos(-2), Math.Sin(-2)], graph.Measurements);
        Text.AssertSameBits([1, 2, 3, 2, 4, 5, 3, 5, 6], graph.Information);
        Assert.Equal([3], graph.EdgeLines);
        Assert.Equal([1], graph.Fixed);
    }

    [Fact]
    public void Records_of_space_are_read()
    {
        PoseGraph graph = Text.Read(Space);
        Assert.Equal((3, 7, 6), (graph.Dimension, graph.StorageLength, graph.TangentLength));
        Assert.Equal("SE3", graph.PoseKind.Name);
        Text.AssertSameBits([1, 2, 3, 0, 0, 0, 1, 4, 5, 6, 0, 0.6, 0, 0.8], graph.Poses);
        Assert.Equal([1], graph.From);
        Assert.Equal([0], graph.To);
        Text.AssertSameBits([0.1, 0.2, 0.3, 0.5, -0.5, 0.5, -0.5], graph.Measurements);
        double[] expected =
        [
            1, 2, 3, 4, 5, 6,
            2, 7, 8, 9, 10, 11,
            3, 8, 12, 13, 14, 15,
            4, 9, 13, 16, 17, 18,
            5, 10, 14, 17, 19, 20,
            6, 11, 15, 18, 20, 21,
        ];
        Text.AssertSameBits(expected, graph.Information);
        Assert.Empty(graph.Fixed.ToArray());
    }

    [Theory]
    [InlineData("VERTEX_SE2 7 1 2 0", "\tVERTEX_SE2   7\t1 2\t\t0  ")]
    [InlineData("\n", "\r\n")]
    [InlineData("\n", "\n\n \t\r\n# VERTEX_SE2 9\n  #\n")]
    [InlineData("FIX -3", "FIX -3 # the anchor")]
    [InlineData("FIX -3", "FIX -3\n")]
    [InlineData("FIX -3", "FIX -3 -3\nFIX -3")]
    [InlineData("4 5 1.5", "+4.0 .5e1 15.E-1")]
    [InlineData("0.5 0.25", "000.5 2500000000000000000000000e-25")]
    [InlineData("VERTEX_SE2 7", "\uFEFFVERTEX_SE2 7")]
    [InlineData("4 5 6\n", "4 5 6 # … ü\n")]
    [InlineData("VERTEX_SE2 7 1", "VERTEX_SE2 +07 1")]
    public void Writing_otherwise_means_the_same(string usual, string other)
    {
        string changed = Plane.Replace(usual, other, StringComparison.Ordinal);
        Assert.NotEqual(Plane, changed);
        Text.AssertSame(Text.Read(Plane), Text.Read(changed));
    }

    [Fact]
    public void Records_come_in_any_order()
    {
        string[] lines = Plane.Split('\n');
        PoseGraph graph = Text.Read($"{lines[3]}\n{lines[2]}\n{lines[0]}\n{lines[1]}");
        Text.AssertSame(Text.Read(Plane), graph);
        Assert.Equal([2], graph.EdgeLines);
    }

    [Fact]
    public void Edges_alone_number_poses_as_they_name_them()
    {
        PoseGraph graph = Text.Read(
            "FIX 4\nEDGE_SE2 9223372036854775807 4 0 0 0" + Text.Information2 +
            "\nEDGE_SE2 -9223372036854775808 4 0 0 0" + Text.Information2);
        Assert.False(graph.HasPoses);
        Assert.Equal([long.MaxValue, 4, long.MinValue], graph.Ids);
        Assert.Equal([0, 2], graph.From);
        Assert.Equal([1, 1], graph.To);
        Assert.Equal([1], graph.Fixed);
        Assert.True(graph.Poses.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => graph.Pose(0).Length);
    }

    [Fact]
    public void One_vertex_is_a_graph()
    {
        PoseGraph graph = Text.Read("VERTEX_SE2 5 0 0 0");
        Assert.Equal((1, 0, true), (graph.PoseCount, graph.EdgeCount, graph.HasPoses));
    }

    [Fact]
    public void Quaternions_near_the_unit_sphere_are_normalised()
    {
        PoseGraph graph = Text.Read("VERTEX_SE3:QUAT 0 1 2 3 0 0 0.605 0.805");
        double norm = Math.Sqrt((0.605 * 0.605) + (0.805 * 0.805));
        Assert.Equal(0.605 / norm, graph.Poses[5], 1e-15);
        Assert.Equal(0.805 / norm, graph.Poses[6], 1e-15);
    }

    [Theory]
    [InlineData("4", 4)]
    [InlineData("1e22", 1e22)]
    [InlineData("3.2", 3.2)]
    [InlineData("-100", -100)]
    [InlineData("3.141592653589793", Math.PI)]
    public void Angles_have_any_size(string written, double angle)
    {
        PoseGraph graph = Text.Read($"VERTEX_SE2 0 0 0 {written}");
        Assert.Equal(Math.Cos(angle), graph.Poses[2], 1e-15);
        Assert.Equal(Math.Sin(angle), graph.Poses[3], 1e-15);
    }

    [Fact]
    public void Files_streams_and_texts_give_the_same()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Plane);
            PoseGraph file = G2o.Read(path), stream = Text.Read(Plane), text = G2o.Read(new StringReader(Plane));
            Text.AssertSame(stream, file);
            Text.AssertSame(stream, text);
            Assert.Equal((path, null, null), (file.Source, stream.Source, text.Source));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Pieces_of_any_size_give_the_same()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("# 🙂 " + new string('x', 100_000) + "\n" + Plane);
        PoseGraph expected = Text.Read(Plane);
        Text.AssertSame(expected, G2o.Read(new Trickle(bytes, 1)));
        Text.AssertSame(expected, G2o.Read(new Trickle(bytes, 7)));
        Text.AssertSame(expected, G2o.Read(new StreamReader(new Trickle(bytes, 3))));
    }

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);

        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Math.Min(count, most));
    }
}
