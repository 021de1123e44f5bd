using System.Diagnostics;
using System.Text;
using TheseusSharp.Data;
using Xunit.Abstractions;

namespace TheseusSharp.Tests.Data;

/// <summary>
/// Files damaged in thousands of ways: each is read as an independent, plain reader says, or refused at the line it
/// says. Nothing else ever happens.
/// </summary>
public sealed class G2oMutationTests(ITestOutputHelper output)
{
    private const int Mutations = 4000;
    private const int MaxLineLength = 2000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public void Damaged_file_is_read_right_or_refused(int dimension, bool withPoses)
    {
        var random = new Random(100 + dimension + (withPoses ? 0 : 10));
        byte[] whole = Encoding.UTF8.GetBytes(G2oRoundTripTests.RandomText(dimension, 12, withPoses));
        int refused = 0;
        TimeSpan longest = default;
        for (int k = 0; k < Mutations; k++)
        {
            byte[] bytes = TextMutation.Apply(whole, random);
            if (random.Next(4) == 0)
                bytes = bytes.Length == 0 ? bytes : TextMutation.Apply(bytes, random);
            long start = Stopwatch.GetTimestamp();
            refused += IsRefused(bytes, k) ? 1 : 0;
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            longest = time > longest ? time : longest;
        }

        output.WriteLine(
            $"{dimension}D, {(withPoses ? "with vertices" : "edges only")}: {Mutations} mutations, " +
            $"{refused} refused, {Mutations - refused} read right, longest {longest.TotalMilliseconds:F1} ms");
        Assert.True(longest < s_limit);
        Assert.InRange(refused, Mutations / 4, Mutations - (Mutations / 20));
    }

    private static bool IsRefused(byte[] bytes, int mutation)
    {
        var naive = new NaiveG2o();
        int faultyLine = naive.Read(bytes, MaxLineLength);
        try
        {
            PoseGraph graph = Text.Read(bytes, new G2oLimits { MaxLineLength = MaxLineLength });
            Assert.True(faultyLine == 0, $"Mutation {mutation} was read, but line {faultyLine} is wrong.");
            AssertEqual(naive, graph);
            return false;
        }
        catch (DataFormatException fault)
        {
            Assert.True(faultyLine == fault.Line, $"Mutation {mutation}: expected line {faultyLine}: {fault.Message}");
            Assert.InRange(fault.Column, 1, bytes.Length + 1);
            return true;
        }
    }

    private static void AssertEqual(NaiveG2o naive, PoseGraph graph)
    {
        Assert.Equal(naive.Dimension, graph.Dimension);
        Assert.Equal(naive.Ids, graph.Ids.ToArray());
        Assert.Equal(naive.Poses.Count == naive.Ids.Count, graph.HasPoses);
        Assert.Equal(naive.Fixed, graph.Fixed.ToArray());
        Assert.Equal(naive.Edges.Select(edge => naive.Ids.IndexOf(edge.From)), graph.From.ToArray());
        Assert.Equal(naive.Edges.Select(edge => naive.Ids.IndexOf(edge.To)), graph.To.ToArray());
        Assert.Equal(naive.Edges.Select(edge => edge.Line), graph.EdgeLines.ToArray());
        AssertNear([.. naive.Poses.SelectMany(pose => pose)], graph.Poses);
        AssertNear([.. naive.Edges.SelectMany(edge => edge.Motion)], graph.Measurements);
        int size = graph.TangentLength;
        for (int edge = 0; edge < graph.EdgeCount; edge++)
        {
            var upper = new Queue<double>(naive.Edges[edge].UpperTriangle);
            for (int i = 0; i < size; i++)
                for (int j = i; j < size; j++)
                {
                    double expected = upper.Dequeue();
                    Assert.Equal(expected, graph.Information[(edge * size * size) + (i * size) + j]);
                    Assert.Equal(expected, graph.Information[(edge * size * size) + (j * size) + i]);
                }
        }
    }

    private static void AssertNear(double[] expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
            Assert.True(
                Math.Abs(expected[k] - actual[k]) <= 1e-15 * Math.Max(1, Math.Abs(expected[k])),
                $"Number {k}: expected {expected[k]:R}, found {actual[k]:R}.");
    }
}
