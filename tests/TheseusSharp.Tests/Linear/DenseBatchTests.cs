using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public class DenseBatchTests
{
    public static TheoryData<int, int> Shapes =>
        new() { { 0, 3 }, { 1, 1 }, { 1, 13 }, { 2, 8 }, { 3, 64 }, { 6, 13 }, { 7, 3 }, { 8, 1 }, { 9, 8 },
            { 16, 3 }, { 17, 2 }, { 40, 3 }, { 61, 2 }, { 128, 2 }, { 200, 1 }, { 256, 2 }, { 333, 1 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Lu_solves_with_the_matrix_and_its_transpose(int size, int batch)
    {
        double[] matrices = RandomMatrix.Vector(batch * size * size, 71);
        double[] b = RandomMatrix.Vector(batch * size, 72), x = new double[b.Length], transposed = new double[b.Length];
        using var lu = new DenseLu(size, batch);
        Assert.True(lu.Factor(matrices));
        lu.Solve(b, x);
        lu.SolveTransposed(b, transposed);
        for (int element = 0; element < batch && size > 0; element++)
        {
            double[][] matrix = Element(matrices, element, size);
            double[] right = b[(element * size)..((element + 1) * size)];
            Assert.True(lu.Results[element].Succeeded);
            Assert.InRange(BackwardError(matrix, x[(element * size)..((element + 1) * size)], right), 0, 1e-13);
            Assert.InRange(
                BackwardError(Dense.Transposed(matrix), transposed[(element * size)..((element + 1) * size)], right),
                0, 1e-13);
        }

        double[] alone = new double[size];
        if (batch > 1 && size > 0)
        {
            using var single = new DenseLu(size);
            single.Factor(matrices.AsSpan(size * size, size * size));
            single.Solve(b.AsSpan(size, size), alone);
            Assert.Equal(alone, x[size..(2 * size)]);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Cholesky_solves_and_reads_the_lower_triangles_only(int size, int batch)
    {
        double[] matrices = [.. Enumerable.Range(0, batch).SelectMany(k => Definite(size, 73 + k))];
        double[] b = RandomMatrix.Vector(batch * size, 74), x = new double[b.Length], again = new double[b.Length];
        using var cholesky = new DenseCholeskyBatch(size, batch);
        Assert.True(cholesky.Factor(matrices));
        cholesky.Solve(b, x);
        cholesky.SolveTransposed(b, again);
        Assert.Equal(x, again);
        for (int element = 0; element < batch && size > 0; element++)
            Assert.InRange(
                BackwardError(
                    Element(matrices, element, size), x[(element * size)..((element + 1) * size)],
                    b[(element * size)..((element + 1) * size)]),
                0, 1e-13);
        for (int k = 0; k < matrices.Length; k++)
            matrices[k] = k % size > k / size % size ? double.NaN : matrices[k];
        Assert.True(cholesky.Factor(matrices));
        cholesky.Solve(b, b);
        Assert.Equal(x, b);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(100)]
    [InlineData(256)]
    public void Any_register_width_gives_the_same_bits(int size)
    {
        double[] expected = Factor(512);
        Assert.Equal(expected, Factor(256));
        Assert.Equal(expected, Factor(128));

        unsafe double[] Factor(int bits)
        {
            int ld = LuKernels.Leading(size);
            double[] matrix = new double[(size * ld) + 64], scratch = new double[LuKernels.ScratchLength(size)];
            double[] numbers = RandomMatrix.Vector(size * size, 75), x = RandomMatrix.Vector(2 * size, 76);
            for (int k = 0; k < numbers.Length; k++)
                matrix[(k / size * ld) + (k % size)] = numbers[k];
            int[] exchanges = new int[size];
            LuKernels kernels = LuKernels.For(bits);
            fixed (double* m = matrix, s = scratch, y = x)
            fixed (int* e = exchanges)
            {
                kernels.Factor(m, size, e, s);
                kernels.Solve(m, size, y);
                kernels.SolveTransposed(m, size, y + size);
            }

            return [.. matrix, .. x, .. exchanges.Select(row => (double)row)];
        }
    }

    [Fact]
    public void Elements_that_cannot_be_factored_say_so_and_harm_no_other()
    {
        double[][] bad =
        [
            [0, 0, 0, 0, 0, 0, 0, 0, 0],
            [1, 2, 3, 4, 5, 6, 7, 8, 9],
            [1, 2, 3, 1, 2, 3, 0, 0, 1],
            [1, 2, double.NaN, 4, 5, 6, 7, 8, 8],
            [double.NaN, 2, 3, 4, 5, 6, 7, 8, 8],
            [1, 2, 3, 4, double.PositiveInfinity, 6, 7, 8, 8],
            [1, 2, 3, 4, 5, 6, double.NegativeInfinity, 8, 8],
            [1e300, 1e-300, 0, 1e300, 1e-300, 0, 0, 1, 1],
            [double.MaxValue, double.MaxValue, 1, -double.MaxValue, double.MaxValue, 1, 1, 1, 1],
        ];
        double[] good = [2, -1, 0, 3, 4, 1, 0, 0.5, 1];
        double[] matrices = [.. bad.SelectMany(matrix => matrix.Concat(good))];
        double[] b = [.. Enumerable.Repeat(new double[] { 1, 2, 3 }, 2 * bad.Length).SelectMany(x => x)];
        double[] x = new double[b.Length], alone = new double[3];
        using (var single = new DenseLu(3))
        {
            Assert.True(single.Factor(good));
            single.Solve([1, 2, 3], alone);
        }

        using var lu = new DenseLu(3, 2 * bad.Length);
        Assert.False(lu.Factor(matrices));
        lu.Solve(b, x);
        for (int k = 0; k < bad.Length; k++)
        {
            Assert.False(lu.Results[2 * k].Succeeded, $"case {k}");
            Assert.All(x[(6 * k)..((6 * k) + 3)], number => Assert.True(double.IsNaN(number)));
            Assert.True(lu.Results[(2 * k) + 1].Succeeded);
            Assert.Equal(alone, x[((6 * k) + 3)..((6 * k) + 6)]);
        }

        Assert.Equal(0, lu.Results[0].FailedRow);
        Assert.Equal(2, lu.Results[2].FailedRow);
        Assert.Equal(1, lu.Results[4].FailedRow);
    }

    [Fact]
    public void A_singular_matrix_is_recognised_and_a_badly_scaled_one_is_not_mistaken_for_one()
    {
        var random = new Random(77);
        foreach (int size in new[] { 2, 5, 9, 30, 100 })
        {
            // The last row is the sum of the others.
            double[] matrix = RandomMatrix.Vector(size * size, random.Next());
            for (int column = 0; column < size; column++)
                matrix[((size - 1) * size) + column] =
                    Enumerable.Range(0, size - 1).Sum(row => matrix[(row * size) + column]);
            using var lu = new DenseLu(size);
            Assert.False(lu.Factor(matrix));
            double[] scaled = RandomMatrix.Vector(size * size, random.Next());
            for (int k = 0; k < scaled.Length; k++)
                scaled[k] *= Math.ScaleB(1, (k / size * 13 % 200) - (k % size * 7 % 200));
            Assert.True(lu.Factor(scaled));
        }
    }

    [Fact]
    public void Cholesky_names_the_row_of_each_element_that_is_not_definite()
    {
        double[] matrices =
        [
            4, 0, 0, 2, // definite
            4, 0, 0, -1,
            1, 1, 1, 1,
            double.NaN, 0, 0, 1,
            1, 0, double.PositiveInfinity, 1,
            0, 0, 0, 1,
            1e-300, 0, 0, 1e300,
        ];
        using var cholesky = new DenseCholeskyBatch(2, 7);
        Assert.False(cholesky.Factor(matrices));
        Assert.Equal([-1, 1, 1, 0, 1, 0, -1], cholesky.Results.ToArray().Select(result => result.FailedRow));
        double[] x = [.. Enumerable.Repeat(1.0, 14)];
        cholesky.Solve(x, x);
        double[] expected = [0.25, 0.5, .. Enumerable.Repeat(double.NaN, 10), 1e300, 1e-300];
        for (int k = 0; k < x.Length; k++)
            Assert.True(double.IsNaN(expected[k]) ? double.IsNaN(x[k]) : Math.Abs((x[k] / expected[k]) - 1) < 1e-15);
    }

    [Fact]
    public void Factoring_and_solving_allocate_nothing()
    {
        double[] matrices = [.. Definite(30, 78), .. Definite(30, 79)], b = new double[60];
        foreach (DenseBatch batch in new DenseBatch[] { new DenseLu(30, 2), new DenseCholeskyBatch(30, 2) })
        {
            Run(batch);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(batch);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
            batch.Dispose();
        }

        void Run(DenseBatch batch)
        {
            batch.Factor(matrices);
            batch.Solve(b, b);
            batch.SolveTransposed(b, b);
        }
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseLu(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseCholeskyBatch(1, -1));
        Assert.Throws<OverflowException>(() => new DenseLu(50_000));
        using var lu = new DenseLu(2, 2);
        Assert.Throws<InvalidOperationException>(() => lu.Solve(new double[4], new double[4]));
        Assert.Throws<InvalidOperationException>(() => lu.Results.Length);
        Assert.Throws<ArgumentException>(() => lu.Factor(new double[7]));
        lu.Factor([1, 0, 0, 1, 1, 0, 0, 1]);
        Assert.Throws<ArgumentException>(() => lu.Solve(new double[3], new double[4]));
        lu.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lu.Factor(new double[8]));
    }

    private static double[] Definite(int size, int seed)
    {
        double[] factor = RandomMatrix.Vector(size * size, seed), product = new double[size * size];
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                product[(i * size) + j] = (i == j ? 0.1 : 0) +
                    Enumerable.Range(0, size).Sum(k => factor[(i * size) + k] * factor[(j * size) + k]);
        return product;
    }

    private static double[][] Element(double[] matrices, int element, int size) =>
        [.. matrices.Skip(element * size * size).Take(size * size).Chunk(size)];

    private static double BackwardError(double[][] matrix, double[] x, double[] b)
    {
        double[] product = Dense.Product(matrix, x);
        double norm = matrix.Max(row => row.Sum(Math.Abs));
        return Dense.Largest(product.Zip(b, (p, q) => p - q)) / ((norm * Dense.Largest(x)) + Dense.Largest(b));
    }
}
