using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public class PartialFactorizationTests
{
    public static TheoryData<string> GraphNames => [.. Graphs.All.Where(name => name != "empty")];

    private static readonly int[][] s_patterns = [[1], [3], [6, 3], [1, 2, 3, 6, 7, 9]];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Schur_complement_equals_the_dense_one(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        foreach (int[] pattern in s_patterns)
            foreach (int kept in new[] { 1, 5, count / 2, count }.Where(k => k >= 1 && k <= count))
            {
                BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, pattern), pairs, 41 + kept);
                int[] order = [.. Enumerable.Range(0, count)];
                new Random(42 + kept).Shuffle(order);
                using var chosen = new PartialFactorization(matrix.Structure, order[^kept..]);
                Check(chosen, matrix);
                using var given = new PartialFactorization(matrix.Structure, order, kept);
                Check(given, matrix);
            }
    }

    [Fact]
    public void Points_of_cameras_are_eliminated_in_any_order_and_number()
    {
        // Meridians: many small blocks that are coupled with a few large ones only.
        (int, int)[] pairs = [.. Enumerable.Range(0, 400).SelectMany(
            k => new[] { (400 + (k % 7), k), (400 + (k * k % 7), k), (400 + (k / 60), k) })];
        BlockMatrix matrix = RandomMatrix.Create(
            [.. Graphs.Sizes(400, [3]), .. Graphs.Sizes(7, [9])], pairs, 43, diagonal: 1);
        using var partial = new PartialFactorization(matrix.Structure, 406, 400, 401, 405, 404, 402, 403);
        Assert.Equal(63, partial.KeptDimension);
        Check(partial, matrix);
    }

    [Fact]
    public void An_eliminated_row_without_information_is_named_and_a_kept_one_is_not()
    {
        BlockMatrix matrix = RandomMatrix.Create([3, 2, 4], [], 44);
        matrix.Block(1).Clear();
        using var eliminating = new PartialFactorization(matrix.Structure, 2);
        Assert.Equal(3, eliminating.Factor(matrix).FailedRow);
        Assert.Throws<InvalidOperationException>(() => eliminating.CopySchurComplement(new double[16]));
        Assert.True(eliminating.Factor(matrix, Filled(9, 1e-3)).Succeeded);
        using var keeping = new PartialFactorization(matrix.Structure, 1);
        Assert.True(keeping.Factor(matrix).Succeeded);
        double[] complement = Filled(4, 1);
        keeping.CopySchurComplement(complement);
        Assert.Equal(new double[4], complement);
    }

    [Fact]
    public void Undefined_numbers_fail_where_they_are_eliminated()
    {
        (int count, (int, int)[] pairs) = Graphs.Create("random");
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [3, 1]), pairs, 45);
        using var partial = new PartialFactorization(matrix.Structure, 5, 6, 7);
        double before = matrix.Values[0];
        matrix.Values[0] = double.NaN;
        Assert.False(partial.Factor(matrix).Succeeded);
        matrix.Values[0] = before;
        Check(partial, matrix);
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        BlockStructure structure = BlockStructure.Create([2, 1, 3], [(0, 1)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PartialFactorization(structure, [0, 1, 2], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PartialFactorization(structure, [0, 1, 2], 4));
        Assert.Throws<ArgumentException>(() => new PartialFactorization(structure, [0, 1, 1], 1));
        Assert.Throws<ArgumentException>(() => new PartialFactorization(structure, 1, 1));
        Assert.Throws<ArgumentException>(() => new PartialFactorization(structure, 3));
        Assert.Throws<ArgumentException>(() => new PartialFactorization(structure));
        using var partial = new PartialFactorization(structure, 1);
        Assert.Throws<InvalidOperationException>(() => partial.Reduce(new double[6], new double[1]));
        Assert.True(partial.Factor(RandomMatrix.Create([2, 1, 3], [(0, 1)], 46)).Succeeded);
        Assert.Throws<InvalidOperationException>(() => partial.Complete(new double[1], new double[6]));
        Assert.Throws<ArgumentException>(() => partial.CopySchurComplement(new double[2]));
    }

    private static void Check(PartialFactorization partial, BlockMatrix matrix)
    {
        BlockStructure structure = matrix.Structure;
        double[] damping = [.. RandomMatrix.Vector(structure.Dimension, 47).Select(x => 1.1 + x)];
        Assert.Equal(FactorizationResult.Success, partial.Factor(matrix, damping));
        double[][] dense = Dense.Of(matrix, damping);
        int[] kept = Scalars(structure, partial.Kept.ToArray());
        int[] others = [.. Enumerable.Range(0, structure.Dimension).Except(kept)];
        int n = partial.KeptDimension;
        Assert.Equal(kept.Length, n);
        double[] complement = new double[n * n];
        partial.CopySchurComplement(complement);
        double[][] inverse = Dense.Inverse(Part(dense, others, others));
        double[][] product =
            Dense.Product(Dense.Product(Part(dense, kept, others), inverse), Part(dense, others, kept));
        double[] expected = [.. Dense.Flat(Part(dense, kept, kept)).Zip(
            others.Length == 0 ? new double[n * n] : Dense.Flat(product), (whole, part) => whole - part)];
        Dense.AssertClose(expected, complement, 1e-11);

        // The dense S solves for the kept part; substitution does the rest.
        double[] b = RandomMatrix.Vector(structure.Dimension, 48), reduced = new double[n], x = new double[b.Length];
        partial.Reduce(b, reduced);
        double[][] schurInverse = Dense.Inverse([.. complement.Chunk(n)]);
        partial.Complete(Dense.Product(schurInverse, reduced), x);
        Assert.InRange(RandomMatrix.BackwardError(matrix, x, b, damping), 0, 1e-12);
        double[] again = new double[x.Length];
        partial.Complete(Dense.Product(schurInverse, reduced), again);
        Assert.Equal(x, again);
    }

    private static int[] Scalars(BlockStructure structure, int[] blocks) =>
        [.. blocks.SelectMany(block => Enumerable.Range(structure.Offsets[block], structure.Sizes[block]))];

    private static double[][] Part(double[][] matrix, int[] rows, int[] columns) =>
        [.. rows.Select(row => columns.Select(column => matrix[row][column]).ToArray())];

    private static double[] Filled(int length, double value) => [.. Enumerable.Repeat(value, length)];
}
