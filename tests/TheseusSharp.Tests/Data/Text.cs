using System.Text;
using TheseusSharp.Data;

namespace TheseusSharp.Tests.Data;

/// <summary>Pose graphs from and to text, for tests.</summary>
internal static class Text
{
    public const string Information2 = " 1 0 0 1 0 1";
    public const string Information3 = " 1 0 0 0 0 0 1 0 0 0 0 1 0 0 0 1 0 0 1 0 1";

    public static PoseGraph Read(string text, G2oLimits? limits = null) => Read(Encoding.UTF8.GetBytes(text), limits);

    public static PoseGraph Read(byte[] bytes, G2oLimits? limits = null) => G2o.Read(new MemoryStream(bytes), limits);

    public static DataFormatException Fault(string text, G2oLimits? limits = null) =>
        Assert.Throws<DataFormatException>(() => Read(text, limits));

    public static string Write(PoseGraph graph)
    {
        using var text = new StringWriter();
        G2o.Write(graph, text);
        return text.ToString();
    }

    /// <summary>The same graphs, bit for bit; where they came from does not matter.</summary>
    public static void AssertSame(PoseGraph expected, PoseGraph actual)
    {
        Assert.Equal(expected.Dimension, actual.Dimension);
        Assert.Equal(expected.HasPoses, actual.HasPoses);
        Assert.Equal(expected.Ids, actual.Ids);
        AssertSameBits(expected.Poses, actual.Poses);
        Assert.Equal(expected.From, actual.From);
        Assert.Equal(expected.To, actual.To);
        AssertSameBits(expected.Measurements, actual.Measurements);
        AssertSameBits(expected.Information, actual.Information);
        Assert.Equal(expected.Fixed, actual.Fixed);
    }

    public static void AssertSameBits(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
            if (BitConverter.DoubleToInt64Bits(expected[k]) != BitConverter.DoubleToInt64Bits(actual[k]))
                Assert.Fail($"Number {k}: expected {expected[k]:R}, found {actual[k]:R}.");
    }
}
