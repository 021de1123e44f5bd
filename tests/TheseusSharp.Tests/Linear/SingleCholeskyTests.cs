using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>The factorization in float: to float's precision, the same bits at any width and for any threads.</summary>
public class SingleCholeskyTests
{
    /// <summary>2⁻²⁴, float's unit roundoff.</summary>
    private const double Roundoff = 1.0 / (1 << 24);

    public static TheoryData<string> GraphNames => [.. Graphs.All];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Solutions_are_exact_to_single_rounding(string graph)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(graph);
        foreach (int[] pattern in Graphs.SizePatterns)
        {
            BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, pattern), pairs, 81);
            double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 82), damping = new double[b.Length];
            using var solver = new SingleCholesky(
                SymbolicFactorization.Analyze(matrix.Structure), FrontKernels.DefaultSingle);
            Damping.Ellipsoidal(matrix, 0.1, 1e-6, 1e6, damping);
            CheckSolution(solver, matrix, b, []);
            CheckSolution(solver, matrix, b, damping);
        }
    }

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Any_width_and_any_number_of_threads_give_the_same_bits(string graph)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(graph);
        foreach (int[] pattern in Graphs.SizePatterns)
            CheckBits(RandomMatrix.Create(Graphs.Sizes(count, pattern), pairs, 83), 84);
    }

    [Fact]
    public void Large_fronts_have_the_same_bits_too()
    {
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(600, [6, 3, 7]), Graphs.Grid(10, 10, 6), 85);
        CheckBits(matrix, 86);
        CheckSolution(
            new(SymbolicFactorization.Analyze(matrix.Structure), FrontKernels.DefaultSingle), matrix,
            RandomMatrix.Vector(matrix.Structure.Dimension, 87), []);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(-499)]
    [InlineData(-520)]
    public void Units_change_no_digit(int exponent)
    {
        (int count, (int, int)[] pairs) = Graphs.Create("grid");
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [6, 3]), pairs, 88);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 89), expected = [.. b], found = [.. b];
        using var solver = new SingleCholesky(
            SymbolicFactorization.Analyze(matrix.Structure), FrontKernels.DefaultSingle);
        Solve(solver, matrix, expected);
        int half = exponent / 2;
        foreach (ref double value in matrix.Values)
            value = double.ScaleB(value, 2 * half);
        Solve(solver, matrix, found);
        for (int k = 0; k < b.Length; k++)
            Assert.Equal(expected[k], double.ScaleB(found[k], 2 * half));
    }

    [Fact]
    public void Rows_of_all_magnitudes_are_solved_for()
    {
        (int count, (int, int)[] pairs) = Graphs.Create("grid");
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [3]), pairs, 90);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 91);
        double[] expected = [.. b], found = new double[b.Length];
        using var solver = new SingleCholesky(
            SymbolicFactorization.Analyze(matrix.Structure), FrontKernels.DefaultSingle);
        Solve(solver, matrix, expected);
        int[] exponents = [.. Enumerable.Range(0, b.Length).Select(k => (k * 37 % 401) - 200)];
        Rescale(matrix, exponents);
        for (int k = 0; k < b.Length; k++)
            found[k] = double.ScaleB(b[k], exponents[k]);
        Solve(solver, matrix, found);
        for (int k = 0; k < b.Length; k++)
            Assert.Equal(expected[k], double.ScaleB(found[k], exponents[k]));
    }

    [Fact]
    public void What_is_not_positive_definite_is_refused()
    {
        (int count, (int, int)[] pairs) = Graphs.Create("random");
        BlockMatrix good = RandomMatrix.Create(Graphs.Sizes(count, [3, 6, 1]), pairs, 92, diagonal: 1);
        double[] b = RandomMatrix.Vector(good.Structure.Dimension, 93), expected = [.. b], again = [.. b];
        using var solver = new SingleCholesky(
            SymbolicFactorization.Analyze(good.Structure), FrontKernels.DefaultSingle);
        Solve(solver, good, expected);
        double[] values = [0, 1, -1, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        foreach (double value in values)
        {
            var bad = new BlockMatrix(good.Structure);
            bad.Values.Fill(value);
            Assert.False(solver.Factor(bad, []));
        }

        foreach (double value in new[] { -1e6, double.NaN, double.PositiveInfinity })
        {
            double[] damping = new double[b.Length];
            damping[7] = value;
            Assert.False(solver.Factor(good, damping));
        }

        Solve(solver, good, again);
        Assert.Equal(expected, again);
    }

    private static void CheckSolution(SingleCholesky solver, BlockMatrix matrix, double[] b, double[] damping)
    {
        if (b.Length == 0)
            return;
        double[] x = new double[b.Length];
        Assert.True(solver.Factor(matrix, damping));
        solver.Solve(b, x, solver.NormOfResidual(b));
        double error = RandomMatrix.BackwardError(matrix, x, b, damping.Length > 0 ? damping : null);
        Assert.InRange(error, Roundoff * 1e-6, 40 * Roundoff);
    }

    private static void CheckBits(BlockMatrix matrix, int seed)
    {
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(matrix.Structure);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, seed), expected = [.. b];
        using (var one = new SingleCholesky(symbolic, FrontKernels.ForSingle(512)))
            Solve(one, matrix, expected);
        foreach (int bits in new[] { 512, 256, 128 })
            foreach (int threads in new[] { 1, 2, 5 })
            {
                double[] found = [.. b];
                using var other = new SingleCholesky(
                    symbolic, FrontKernels.ForSingle(bits),
                    threads == 1 ? null : ParallelPlan.Always(symbolic, threads));
                Solve(other, matrix, found);
                Assert.Equal(expected, found);
            }
    }

    /// <summary>Rows and columns times powers of two.</summary>
    private static void Rescale(BlockMatrix matrix, int[] exponents)
    {
        BlockStructure structure = matrix.Structure;
        for (int j = 0; j < structure.Count; j++)
            for (int k = structure.ColumnStarts[j]; k < structure.ColumnStarts[j + 1]; k++)
                for (int c = 0, rows = structure.Sizes[structure.Rows[k]]; c < structure.Sizes[j]; c++)
                    for (int r = 0; r < rows; r++)
                    {
                        ref double value = ref matrix.Block(k)[(c * rows) + r];
                        value = double.ScaleB(
                            value,
                            exponents[structure.Offsets[structure.Rows[k]] + r] + exponents[structure.Offsets[j] + c]);
                    }
    }

    private static void Solve(SingleCholesky solver, BlockMatrix matrix, double[] x)
    {
        Assert.True(solver.Factor(matrix, []));
        solver.Solve(x, x, solver.NormOfResidual(x));
    }
}
