using TheseusSharp.Data;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Data;

/// <summary>WᵀW is the information that the mode says.</summary>
public sealed class SquareRootInformationTests
{
    [Theory]
    [InlineData(2, InformationMode.Full)]
    [InlineData(3, InformationMode.Full)]
    [InlineData(2, InformationMode.Clamp)]
    [InlineData(3, InformationMode.Clamp)]
    public void Definite_information_has_its_upper_triangular_root(int dimension, InformationMode mode)
    {
        int size = dimension == 2 ? 3 : 6;
        var random = new Random(dimension);
        for (int k = 0; k < 200; k++)
        {
            double[] information = Gram(Random(random, size, size), Math.Pow(10, random.Next(-150, 150)));
            double[] root = Graph(dimension, information).SquareRootInformation(mode);
            AssertSquare(information, root, size);
            for (int i = 0; i < size; i++)
                for (int j = 0; j < i; j++)
                    Assert.Equal(0, root[(i * size) + j]);
        }
    }

    [Theory]
    [InlineData(InformationMode.Full)]
    [InlineData(InformationMode.Clamp)]
    public void Semidefinite_information_has_a_root(InformationMode mode)
    {
        var random = new Random(8);
        for (int rank = 0; rank < 6; rank++)
            for (int k = 0; k < 50; k++)
            {
                double[] information = Gram(Random(random, rank, 6), 1);
                AssertSquare(information, Graph(3, information).SquareRootInformation(mode), 6);
            }
    }

    [Fact]
    public void Diagonal_keeps_the_diagonal()
    {
        double[] root = Graph(2, [4, 100, 1, 100, 9, 0, 1, 0, 0]).SquareRootInformation(InformationMode.Diagonal);
        Assert.Equal([2, 0, 0, 0, 3, 0, 0, 0, 0], root);
    }

    [Fact]
    public void Clamp_drops_negative_eigenvalues()
    {
        double[] turn = [0.6, 0, -0.8, 0, 1, 0, 0.8, 0, 0.6];
        double[] root = Graph(2, Spectrum(turn, 9, -4, 2)).SquareRootInformation(InformationMode.Clamp);
        AssertSquare(Spectrum(turn, 9, 0, 2), root, 3);
        double[] none = Graph(2, Spectrum(turn, -9, -4, -2)).SquareRootInformation(InformationMode.Clamp);
        Assert.All(none, entry => Assert.Equal(0, entry));
    }

    [Theory]
    [InlineData(1e-11, true)]
    [InlineData(1e-13, false)]
    public void Eigenvalue_a_little_below_zero_is_rounding(double below, bool isRefused)
    {
        double[] turn = [0.6, 0, -0.8, 0, 1, 0, 0.8, 0, 0.6];
        PoseGraph graph = Graph(2, Spectrum(turn, 1e6, -below * 1e6, 3));
        if (isRefused)
            Assert.Throws<DataFormatException>(() => graph.SquareRootInformation(InformationMode.Full));
        else
            AssertSquare(Spectrum(turn, 1e6, 0, 3), graph.SquareRootInformation(InformationMode.Full), 3);
    }

    [Fact]
    public void Indefinite_information_is_told()
    {
        PoseGraph graph = Text.Read(
            $"""
            EDGE_SE2 1 2 0 0 0 1 0 0 1 0 1
            EDGE_SE2 2 3 0 0 0 1 2 0 1 0 1
            EDGE_SE2 3 4 0 0 0 -1 0 0 1 0 1
            """);
        DataFormatException fault = Assert.Throws<DataFormatException>(
            () => graph.SquareRootInformation(InformationMode.Full));
        Assert.Equal((2, 0), (fault.Line, fault.Column));
        Assert.Equal(
            "line 2: the information matrix of edge 2 → 3 is indefinite (its smallest eigenvalue is -0.333 times the " +
            "largest), the first of 2 such edges among 3. Remedies: correct the data, or choose: --information " +
            "diagonal (InformationMode.Diagonal) uses the diagonals alone, --information clamp (InformationMode.Clamp) sets " +
            "negative eigenvalues to zero.",
            fault.Message);
        fault = Assert.Throws<DataFormatException>(() => graph.SquareRootInformation(InformationMode.Diagonal));
        Assert.Equal(3, fault.Line);
        Assert.Contains(
            "edge 3 → 4 has -1 in its diagonal, the first of 1 such edges among 3", fault.Message,
            StringComparison.Ordinal);
        fault = Assert.Throws<DataFormatException>(
            () => Graph(2, [-1, 0, 0, 0, 1, 0, 0, 0, 1]).SquareRootInformation(InformationMode.Full));
        Assert.Equal(0, fault.Line);
        Assert.StartsWith("the information matrix of edge 1 → 2 is inde", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => graph.SquareRootInformation((InformationMode)7));
    }

    [SkippableFact]
    public void Cubicle_has_5021_indefinite_edges()
    {
        PoseGraph graph = G2o.Read(DataFolder.File("g2o", "cubicle.g2o"));
        DataFormatException fault = Assert.Throws<DataFormatException>(
            () => graph.SquareRootInformation(InformationMode.Full));
        Assert.Equal(5753, fault.Line);
        Assert.Contains("cubicle.g2o(5753): ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("the first of 5021 such edges among 16869", fault.Message, StringComparison.Ordinal);
        Assert.All(graph.SquareRootInformation(InformationMode.Clamp), entry => Assert.True(double.IsFinite(entry)));
        double[] diagonal = graph.SquareRootInformation(InformationMode.Diagonal);
        for (int k = 0; k < diagonal.Length; k++)
            Assert.Equal(k % 36 % 7 == 0 ? Math.Sqrt(graph.Information[k]) : 0, diagonal[k]);
    }

    [SkippableTheory]
    [InlineData("CSAIL")]
    [InlineData("MIT")]
    [InlineData("city10000")]
    [InlineData("intel")]
    [InlineData("kitti_00")]
    [InlineData("manhattan")]
    [InlineData("parking-garage")]
    [InlineData("smallGrid3D")]
    [InlineData("sphere2500")]
    [InlineData("torus3D")]
    public void Real_information_has_a_root(string name)
    {
        PoseGraph graph = G2o.Read(DataFolder.File("g2o", name + ".g2o"));
        double[] roots = graph.SquareRootInformation(InformationMode.Full);
        int size = graph.TangentLength, area = size * size;
        for (int edge = 0; edge < graph.EdgeCount; edge++)
            AssertSquare(
                graph.Information.Slice(edge * area, area).ToArray(), roots.AsSpan(edge * area, area).ToArray(), size);
    }

    private static PoseGraph Graph(int dimension, double[] information) => new PoseGraphBuilder(dimension)
        .AddEdge(1, 2, dimension == 2 ? [0, 0, 1, 0] : [0, 0, 0, 0, 0, 0, 1], information).Build();

    private static double[] Random(Random random, int rows, int size) =>
        [.. Enumerable.Range(0, rows * size).Select(_ => (2 * random.NextDouble()) - 1)];

    /// <summary>s·AᵀA, A with rows of this length.</summary>
    private static double[] Gram(double[] a, double scale, int size = 0)
    {
        size = size > 0 ? size : a.Length == 9 ? 3 : 6;
        double[] gram = new double[size * size];
        for (int row = 0; row < a.Length / size; row++)
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++)
                    gram[(i * size) + j] += scale * a[(row * size) + i] * a[(row * size) + j];
        return gram;
    }

    /// <summary>Qᵀ·diag(λ)·Q.</summary>
    private static double[] Spectrum(double[] q, params double[] eigenvalues)
    {
        double[] matrix = new double[9];
        for (int k = 0; k < 3; k++)
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                    matrix[(3 * i) + j] += eigenvalues[k] * q[(3 * k) + i] * q[(3 * k) + j];
        return matrix;
    }

    private static void AssertSquare(double[] expected, double[] root, int size)
    {
        double[] square = Gram(root, 1, size);
        double scale = expected.Max(Math.Abs);
        for (int k = 0; k < expected.Length; k++)
            Assert.True(
                Math.Abs(expected[k] - square[k]) <= 1e-12 * scale,
                $"Entry {k}: expected {expected[k]:R}, found {square[k]:R}.");
    }
}
