using System.Diagnostics;
using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;
using Xunit.Abstractions;

namespace TheseusSharp.Tests.Data;

/// <summary>What is written reads back as the same bits.</summary>
public sealed class G2oRoundTripTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("CSAIL", 2, 0, 1045, 1172)]
    [InlineData("MIT", 2, 808, 808, 827)]
    [InlineData("city10000", 2, 10000, 10000, 20687)]
    [InlineData("cubicle", 3, 5750, 5750, 16869)]
    [InlineData("intel", 2, 1728, 1728, 2512)]
    [InlineData("kitti_00", 2, 0, 4541, 4677)]
    [InlineData("manhattan", 2, 0, 3500, 5453)]
    [InlineData("parking-garage", 3, 1661, 1661, 6275)]
    [InlineData("smallGrid3D", 3, 125, 125, 297)]
    [InlineData("sphere2500", 3, 2500, 2500, 4949)]
    [InlineData("tinyGrid3D", 3, 9, 9, 11)]
    [InlineData("torus3D", 3, 5000, 5000, 9048)]
    public void Real_file_is_read_whole_and_written_back(string name, int dimension, int vertices, int poses, int edges)
    {
        string path = DataFolder.File("g2o", name + ".g2o");
        PoseGraph graph = G2o.Read(path);
        Assert.Equal(
            (dimension, vertices > 0, poses, edges),
            (graph.Dimension, graph.HasPoses, graph.PoseCount, graph.EdgeCount));
        Assert.Equal(path, graph.Source);
        string[] lines = File.ReadAllLines(path);
        for (int edge = 0; edge < graph.EdgeCount; edge++)
            Assert.StartsWith(
                $"EDGE_SE{dimension}{(dimension == 3 ? ":QUAT" : "")} {graph.Ids[graph.From[edge]]} " +
                $"{graph.Ids[graph.To[edge]]} ",
                lines[graph.EdgeLines[edge] - 1], StringComparison.Ordinal);
        using var written = new MemoryStream();
        G2o.Write(graph, written);
        written.Position = 0;
        Text.AssertSame(graph, G2o.Read(written));
        Assert.True(written.CanRead);
        output.WriteLine($"{name}: {graph}, read in {BestMilliseconds(path):F2} ms");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_graph_is_written_back(int dimension)
    {
        PoseGraph graph = Text.Read(RandomText(dimension, 300, withPoses: true));
        Text.AssertSame(graph, Text.Read(Text.Write(graph)));
        PoseGraph edgesOnly = Text.Read(RandomText(dimension, 300, withPoses: false));
        Assert.False(edgesOnly.HasPoses);
        Text.AssertSame(edgesOnly, Text.Read(Text.Write(edgesOnly)));
    }

    [Fact]
    public void Numbers_at_the_edge_are_written_back()
    {
        foreach (double number in (double[])
            [0.0, -0.0, double.Epsilon, -double.MaxValue, 1 / 3.0, 0.1, 1e22, 1e23, 123456789012345678, 5e-324])
        {
            PoseGraph graph = new PoseGraphBuilder(2).AddPose(1, [number, 0, 1, 0]).Build();
            Text.AssertSame(graph, Text.Read(Text.Write(graph)));
        }
    }

    [Fact]
    public void Angles_are_found_again()
    {
        var random = new Random(5);
        int changed = 0;
        for (int k = 0; k < 200_000; k++)
        {
            double turns = k < 100_000 ? (2 * random.NextDouble()) - 1 : 1 - Math.Pow(10, -16 * random.NextDouble());
            double angle = Math.PI * turns;
            (double cosine, double sine) = PoseStorage.OfAngle(angle * (k % 3 == 0 ? 1000 : 1));
            changed += PoseStorage.OfAngle(PoseStorage.ToAngle(cosine, sine)) == (cosine, sine) ? 0 : 1;
        }

        Assert.Equal(0, changed);
    }

    [Fact]
    public void Path_is_written_and_replaced()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, new string('x', 10_000));
            PoseGraph graph = Text.Read(RandomText(3, 5, withPoses: true));
            G2o.Write(graph, path);
            Text.AssertSame(graph, G2o.Read(path));
            Assert.Equal(Text.Write(graph), File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A graph as text, with sparse ids, numbers of all sizes, and some poses fixed.</summary>
    internal static string RandomText(int dimension, int count, bool withPoses)
    {
        var random = new Random(17 + dimension);
        IEnumerable<long> drawn = Enumerable.Range(0, count).Select(_ => random.NextInt64(long.MinValue, long.MaxValue));
        long[] ids = [.. drawn.Distinct()];
        var lines = new List<string>();
        string name = dimension == 2 ? "SE2" : "SE3:QUAT";
        foreach (long id in ids)
            lines.Add($"VERTEX_{name} {id} {Motion()}");
        if (!withPoses)
            lines.Clear();
        for (int k = 1; k < ids.Length; k++)
            lines.Add($"EDGE_{name} {ids[k - 1]} {ids[k]} {Motion()} {Numbers(dimension == 2 ? 6 : 21)}");
        lines.Add($"FIX {ids[^1]} {ids[0]}");
        return string.Join('\n', lines);

        string Motion() => dimension == 2
            ? $"{Numbers(2)} {(random.NextDouble() - 0.5) * 20:R}"
            : $"{Numbers(3)} {string.Join(' ', SO3<Float64>.Random(random).ToStorage().Select(q => $"{q.Value:R}"))}";

        string Numbers(int length) => string.Join(
            ' ',
            Enumerable.Range(0, length).Select(k => random.Next(3) switch
            {
                0 => $"{random.Next(-100, 100)}",
                1 => $"{(random.NextDouble() - 0.5) * 10:F6}",
                _ => $"{(random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)):R}",
            }));
    }

    private static double BestMilliseconds(string path)
    {
        double best = double.MaxValue;
        for (int run = 0; run < 20; run++)
        {
            long start = Stopwatch.GetTimestamp();
            G2o.Read(path);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return best;
    }
}
