using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public class BlockMatrixTests
{
    [Fact]
    public void Structure_sorts_pairs_drops_repetitions_and_adds_diagonals()
    {
        BlockStructure structure = BlockStructure.Create([2, 1, 3], [(2, 0), (0, 2), (1, 2), (1, 1)]);
        Assert.Equal([0, 2, 4, 5], structure.ColumnStarts.ToArray());
        Assert.Equal([0, 2, 1, 2, 2], structure.Rows.ToArray());
        Assert.Equal([0, 2, 3, 6], structure.Offsets.ToArray());
        Assert.Equal([0, 4, 10, 11, 14, 23], structure.ValueStarts.ToArray());
        Assert.Equal(1, structure.Find(0, 2));
        Assert.Equal(1, structure.Find(2, 0));
        Assert.Equal(-1, structure.Find(1, 0));
    }

    [Fact]
    public void Structure_refuses_what_makes_no_sense()
    {
        var size = Assert.Throws<ArgumentException>(() => BlockStructure.Create([1, 0], []));
        Assert.Contains("Block 1 has size 0", size.Message);
        var pair = Assert.Throws<ArgumentException>(() => BlockStructure.Create([1, 1], [(0, 2)]));
        Assert.Contains("(0, 2)", pair.Message);
    }

    [Fact]
    public void Product_equals_that_of_the_dense_matrix()
    {
        (int count, (int, int)[] pairs) = Graphs.Create("random");
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [1, 2, 3, 6]), pairs, 5);
        BlockStructure structure = matrix.Structure;
        double[] x = RandomMatrix.Vector(structure.Dimension, 6);
        double[] y = new double[x.Length], expected = new double[x.Length];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++)
            {
                int block = structure.Find(i, j);
                for (int r = 0; block >= 0 && r < structure.Sizes[i]; r++)
                    for (int c = 0; c < structure.Sizes[j]; c++)
                        expected[structure.Offsets[i] + r] += x[structure.Offsets[j] + c] * (i >= j
                            ? matrix.Block(block)[(c * structure.Sizes[i]) + r]
                            : matrix.Block(block)[(r * structure.Sizes[j]) + c]);
            }

        matrix.Multiply(x, y);
        for (int k = 0; k < x.Length; k++)
            Assert.Equal(expected[k], y[k], 1e-12);
        Assert.Throws<ArgumentException>(() => matrix.Multiply(x, x));
    }
}
