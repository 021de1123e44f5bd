using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public class SelectedInverseTests
{
    public static TheoryData<string> GraphNames => [.. Graphs.All];

    private static readonly int[][] s_patterns = [[1], [3], [6, 3], [1, 2, 3, 6, 7, 9]];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Blocks_equal_those_of_the_dense_inverse(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        foreach (int[] pattern in s_patterns)
        {
            BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, pattern), pairs, 51, diagonal: 0.1);
            using var solver = new MultifrontalCholesky(matrix.Structure);
            Assert.True(solver.Factor(matrix).Succeeded);
            double[][] expected = Dense.Inverse(Dense.Of(matrix));
            using SelectedInverse all = solver.InvertSelected();
            Check(all, expected, [.. Enumerable.Range(0, count)]);
            int[] some = [.. Enumerable.Range(0, count).Where(block => block % 11 == 4)];
            using SelectedInverse few = solver.InvertSelected(some);
            Check(few, expected, some);
            Assert.True(solver.Factor(matrix).Succeeded); // the solver is as it was
            double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 52), x = (double[])b.Clone();
            solver.Solve(x, x);
            if (count > 0)
                Assert.InRange(RandomMatrix.BackwardError(matrix, x, b), 0, 1e-13);
        }
    }

    [Fact]
    public void Large_fronts_of_a_lattice_are_inverted_like_column_by_column()
    {
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(343, [6, 3]), Graphs.Grid(7, 7, 7), 53);
        BlockStructure structure = matrix.Structure;
        using var solver = new MultifrontalCholesky(structure);
        Assert.True(solver.Factor(matrix).Succeeded);
        using SelectedInverse inverse = solver.InvertSelected();
        double[] column = new double[structure.Dimension];
        foreach (int block in new[] { 0, 100, 171, 342 })
        {
            int size = structure.Sizes[block];
            double[] found = new double[size * size], expected = new double[size * size];
            inverse.CopyBlock(block, block, found);
            for (int c = 0; c < size; c++)
            {
                column.AsSpan().Clear();
                column[structure.Offsets[block] + c] = 1;
                solver.Solve(column, column);
                column.AsSpan(structure.Offsets[block], size).CopyTo(expected.AsSpan(c * size));
            }

            Dense.AssertClose(expected, found, 1e-10);
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 7)]
    [InlineData(13, 29)]
    [InlineData(50, 3)]
    public void Any_register_width_gives_the_same_bits(int columns, int rows)
    {
        double[] found512 = Invert(512), found256 = Invert(256), found128 = Invert(128);
        Assert.Equal(found512, found256);
        Assert.Equal(found512, found128);

        unsafe double[] Invert(int bits)
        {
            int ld = FrontKernels.Padded(columns + rows);
            double[] panel = RandomMatrix.Vector((columns * ld) + 64, 54), inverse = new double[(ld * ld) + 64];
            double[] known = RandomMatrix.Vector(inverse.Length, 55), z = RandomMatrix.Vector(ld * 24, 56);
            for (int c = columns; c < columns + rows; c++)
                for (int r = columns; r < columns + rows; r++)
                    inverse[(c * ld) + r] = known[(Math.Min(c, r) * ld) + Math.Max(c, r)];
            fixed (double* p = panel, q = inverse, right = z)
            {
                PanelKernels kernels = PanelKernels.For(bits);
                kernels.SolveForward(p, columns, columns + rows, ld, right, 24);
                kernels.SolveBackward(p, columns, columns + rows, ld, right, 24);
                kernels.Invert(p, columns, columns + rows, ld, q);
            }

            return [.. z.Take((columns + rows) * 24), .. Enumerable.Range(0, columns * (columns + rows)).Select(
                k => inverse[(k / (columns + rows) * ld) + (k % (columns + rows))])];
        }
    }

    [Fact]
    public void What_was_not_computed_is_refused()
    {
        (int count, (int, int)[] pairs) = Graphs.Create("chain");
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [6]), pairs, 57);
        using var solver = new MultifrontalCholesky(matrix.Structure);
        Assert.Throws<InvalidOperationException>(() => solver.InvertSelected());
        Assert.True(solver.Factor(matrix).Succeeded);
        using SelectedInverse inverse = solver.InvertSelected();
        Assert.True(inverse.Contains(3, 4) && inverse.Contains(4, 3));
        Assert.False(inverse.Contains(0, count - 1));
        var missing = Assert.Throws<ArgumentException>(() => inverse.CopyBlock(0, count - 1, new double[36]));
        Assert.Contains("(0, 39)", missing.Message);
        Assert.Throws<ArgumentException>(() => inverse.CopyBlock(0, 0, new double[35]));
        Assert.Throws<ArgumentOutOfRangeException>(() => inverse.Contains(0, count));
        Assert.Throws<ArgumentOutOfRangeException>(() => solver.InvertSelected([count]));
    }

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Blocks_of_the_factor_multiply_to_the_matrix(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [3, 6, 2, 1]), pairs, 58);
        BlockStructure structure = matrix.Structure;
        using var solver = new MultifrontalCholesky(structure);
        Assert.True(solver.Factor(matrix).Succeeded);
        double[][] factor = Dense.Zeros(structure.Dimension, structure.Dimension);
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++)
            {
                int rows = structure.Sizes[i], columns = structure.Sizes[j];
                double[] block = [.. Enumerable.Repeat(double.NaN, rows * columns)];
                solver.CopyFactorBlock(i, j, block);
                for (int k = 0; k < block.Length; k++)
                    factor[structure.Offsets[i] + (k % rows)][structure.Offsets[j] + (k / rows)] = block[k];
            }

        double[][] product = Dense.Product(factor, Dense.Transposed(factor));
        Dense.AssertClose(Dense.Flat(Dense.Of(matrix)), Dense.Flat(product), 1e-13);
    }

    private static void Check(SelectedInverse inverse, double[][] expected, int[] columns)
    {
        BlockStructure structure = inverse.Structure;
        foreach (int j in columns)
        {
            Assert.True(inverse.Contains(j, j));
            for (int i = 0; i < structure.Count; i++)
            {
                if (structure.Find(i, j) >= 0)
                    Assert.True(inverse.Contains(i, j) || !columns.Contains(i));
                if (!inverse.Contains(i, j))
                    continue;
                int rows = structure.Sizes[i];
                double[] block = new double[rows * structure.Sizes[j]];
                inverse.CopyBlock(i, j, block);
                double[] part = [.. Enumerable.Range(0, block.Length).Select(k =>
                    expected[structure.Offsets[i] + (k % rows)][structure.Offsets[j] + (k / rows)])];
                double scale = Dense.Largest(expected[structure.Offsets[j]]);
                for (int k = 0; k < block.Length; k++)
                    Assert.InRange(Math.Abs(block[k] - part[k]), 0, 1e-9 * scale);
            }
        }
    }
}
