using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public class CholeskyTests
{
    public static TheoryData<string> GraphNames => [.. Graphs.All];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Solution_is_exact_to_rounding_and_equals_the_dense_one(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        foreach (int[] pattern in Graphs.SizePatterns)
        {
            BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, pattern), pairs, 11);
            double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 12);
            double[] x = Solve(new MultifrontalCholesky(matrix.Structure), matrix, b);
            double[] dense = Solve(new DenseCholesky(matrix.Structure), matrix, b);
            if (count == 0)
                continue;
            Assert.InRange(RandomMatrix.BackwardError(matrix, x, b), 0, 1e-13);
            Assert.InRange(RandomMatrix.BackwardError(matrix, dense, b), 0, 1e-13);
            for (int k = 0; k < x.Length; k++)
                Assert.Equal(dense[k], x[k], 1e-8 * dense.Max(Math.Abs));
        }
    }

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Any_register_width_gives_the_same_bits(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        foreach (int[] pattern in Graphs.SizePatterns)
        {
            BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, pattern), pairs, 13);
            SymbolicFactorization symbolic = SymbolicFactorization.Analyze(matrix.Structure);
            double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 14);
            double[] expected = Solve(new MultifrontalCholesky(symbolic, FrontKernels.For(512)), matrix, b);
            Assert.Equal(expected, Solve(new MultifrontalCholesky(symbolic, FrontKernels.For(256)), matrix, b));
            Assert.Equal(expected, Solve(new MultifrontalCholesky(symbolic, FrontKernels.For(128)), matrix, b));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(101)]
    [InlineData(300)]
    [InlineData(523)]
    [InlineData(1100)]
    public void One_large_block_is_factored_like_a_dense_matrix(int size)
    {
        BlockMatrix matrix = RandomMatrix.Create([size], [], 15, diagonal: 1);
        double[] b = RandomMatrix.Vector(size, 16);
        double[] x = Solve(new MultifrontalCholesky(matrix.Structure), matrix, b);
        Assert.InRange(RandomMatrix.BackwardError(matrix, x, b), 0, 1e-13);
    }

    [Fact]
    public void Large_fronts_of_a_lattice_are_right_at_any_register_width()
    {
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(729, [6, 3]), Graphs.Grid(9, 9, 9), 27);
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(matrix.Structure);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 28);
        double[] x = Solve(new MultifrontalCholesky(symbolic, FrontKernels.For(512)), matrix, b);
        Assert.InRange(RandomMatrix.BackwardError(matrix, x, b), 0, 1e-13);
        Assert.Equal(x, Solve(new MultifrontalCholesky(symbolic, FrontKernels.For(256)), matrix, b));
        Assert.Equal(x, Solve(new MultifrontalCholesky(symbolic, FrontKernels.For(128)), matrix, b));
    }

    [Fact]
    public void Any_order_of_elimination_solves()
    {
        (int count, (int, int)[] pairs) = Graphs.Create("random");
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [3, 6]), pairs, 17);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 18);
        for (int seed = 0; seed < 20; seed++)
        {
            int[] order = [.. Enumerable.Range(0, count)];
            new Random(seed).Shuffle(order);
            using var solver = new MultifrontalCholesky(SymbolicFactorization.Analyze(matrix.Structure, order));
            Assert.InRange(RandomMatrix.BackwardError(matrix, Solve(solver, matrix, b), b), 0, 1e-13);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damping_is_added_to_the_diagonal(bool isSparse)
    {
        (int count, (int, int)[] pairs) = Graphs.Create("grid");
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [6, 3]), pairs, 19);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 20);
        double[] x = new double[b.Length], damping = new double[b.Length];
        using ILinearSolver solver = Create(isSparse, matrix.Structure);
        Damping.Spherical(0.5, damping);
        Assert.True(solver.Factor(matrix, damping).Succeeded);
        solver.Solve(b, x);
        Assert.InRange(RandomMatrix.BackwardError(matrix, x, b, damping), 0, 1e-13);
        Damping.Ellipsoidal(matrix, 0.1, 5, 8, damping);
        Assert.Contains(0.1 * 5, damping);
        Assert.Contains(0.1 * 8, damping);
        Assert.True(solver.Factor(matrix, damping).Succeeded);
        solver.Solve(b, x);
        Assert.InRange(RandomMatrix.BackwardError(matrix, x, b, damping), 0, 1e-13);
    }

    [Theory]
    [InlineData(true, 38)] // the last scalar of block 12
    [InlineData(false, 38)]
    [InlineData(true, 0)]
    [InlineData(true, 61)]
    [InlineData(true, 119)]
    public void A_row_without_information_is_named_and_damping_cures_it(bool isSparse, int unseen)
    {
        (int count, (int, int)[] pairs) = Graphs.Create("chain");
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [3]), pairs, 21);
        BlockStructure structure = matrix.Structure;
        for (int j = 0; j < count; j++)
            for (int block = structure.ColumnStarts[j]; block < structure.ColumnStarts[j + 1]; block++)
                for (int r = 0; r < 3; r++)
                    for (int c = 0; c < 3; c++)
                        if ((3 * structure.Rows[block]) + r == unseen || (3 * j) + c == unseen)
                            matrix.Block(block)[(3 * c) + r] = 0;
        using ILinearSolver solver = Create(isSparse, structure);
        Assert.Equal(unseen, solver.Factor(matrix).FailedRow);
        double[] damping = new double[structure.Dimension];
        Assert.Throws<InvalidOperationException>(() => solver.Solve(damping, damping));
        Damping.Spherical(1e-3, damping);
        Assert.Equal(FactorizationResult.Success, solver.Factor(matrix, damping));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dependent_negative_and_undefined_rows_fail(bool isSparse)
    {
        BlockStructure structure = BlockStructure.Create([2, 1], [(0, 1)]);
        using ILinearSolver solver = Create(isSparse, structure);
        var matrix = new BlockMatrix(structure);
        double[][] cases =
        [
            [1, 1, 1, 1, 0, 0, 1],
            [1, 1, 1, 1 + 1e-13, 0, 0, 1],
            [4, 0, 0, -1, 0, 0, 1],
            [4, 0, 0, double.NaN, 0, 0, 1],
            [4, 0, 0, double.PositiveInfinity, 0, 0, 1],
        ];
        foreach (double[] values in cases)
        {
            values.CopyTo(matrix.Values);
            Assert.Equal(1, solver.Factor(matrix).FailedRow);
        }

        new double[] { 1, 1, 1, 1 + 1e-9, 0, 0, 1 }.CopyTo(matrix.Values);
        Assert.True(solver.Factor(matrix).Succeeded);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_undefined_entry_anywhere_fails_and_leaves_the_solver_as_it_was(bool isSparse)
    {
        (int count, (int, int)[] pairs) = Graphs.Create("random");
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [3, 1, 6]), pairs, 29);
        BlockStructure structure = matrix.Structure;
        double[] b = RandomMatrix.Vector(structure.Dimension, 30);
        using ILinearSolver solver = Create(isSparse, structure);
        double[] expected = Solve(solver, matrix, b);
        double[] undefined = [double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        for (int block = 0; block < structure.BlockCount; block++)
        {
            ref double entry = ref matrix.Block(block)[^1];
            double before = entry;
            entry = undefined[block % 3];
            Assert.False(solver.Factor(matrix).Succeeded);
            Assert.Throws<InvalidOperationException>(() => solver.Solve(b, new double[b.Length]));
            entry = before;
        }

        double[] damping = new double[b.Length];
        foreach (double value in undefined)
            for (int row = 0; row < damping.Length; row += 7)
            {
                damping[row] = value;
                Assert.Equal(row, solver.Factor(matrix, damping).FailedRow);
                damping[row] = 0;
            }

        Assert.Equal(expected, Solve(solver, matrix, b));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_a_failure_a_shifted_matrix_factors_and_inverse_iteration_finds_the_null_vector(bool isSparse)
    {
        // Differences only: what adds the same to all blocks costs nothing.
        (int count, (int, int)[] pairs) = Graphs.Create("loop");
        BlockStructure structure = BlockStructure.Create(Graphs.Sizes(count, [3]), pairs);
        var matrix = new BlockMatrix(structure);
        foreach ((int i, int j) in pairs.Distinct())
            for (int k = 0; k < 3; k++)
            {
                matrix.Block(structure.Find(i, i))[4 * k] += 1;
                matrix.Block(structure.Find(j, j))[4 * k] += 1;
                matrix.Block(structure.Find(i, j))[4 * k] -= 1;
            }

        using ILinearSolver solver = Create(isSparse, structure);
        Assert.False(solver.Factor(matrix).Succeeded);
        double[] shift = new double[structure.Dimension], x = RandomMatrix.Vector(structure.Dimension, 32);
        Damping.Ellipsoidal(matrix, 1e-9, 1e-3, double.MaxValue, shift);
        Assert.True(solver.Factor(matrix, shift).Succeeded);
        for (int step = 0; step < 2; step++)
        {
            solver.Solve(x, x);
            double scale = 1 / x.Max(Math.Abs);
            for (int k = 0; k < x.Length; k++)
                x[k] *= scale;
        }

        for (int k = 3; k < x.Length; k++)
            Assert.Equal(x[k - 3], x[k], 1e-7); // the shift bends the vector by about 1e-9 for each block
    }

    [Fact]
    public void Refactoring_gives_the_bits_of_a_fresh_factorization_even_after_a_failure()
    {
        (int count, (int, int)[] pairs) = Graphs.Create("random");
        int[] sizes = Graphs.Sizes(count, [1, 2, 3, 6, 7, 9]);
        BlockMatrix first = RandomMatrix.Create(sizes, pairs, 22), second = RandomMatrix.Create(sizes, pairs, 23);
        var broken = new BlockMatrix(first.Structure);
        broken.Values.Fill(double.NaN);
        double[] b = RandomMatrix.Vector(first.Structure.Dimension, 24);
        using var solver = new MultifrontalCholesky(first.Structure);
        double[] before = Solve(solver, first, b);
        Assert.False(solver.Factor(broken).Succeeded);
        double[] after = Solve(solver, second, b); // an equal structure, not the same object
        Assert.Equal(Solve(new MultifrontalCholesky(second.Structure), second, b), after);
        Assert.Equal(before, Solve(solver, first, b));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Factoring_and_solving_allocate_nothing(bool isSparse)
    {
        (int count, (int, int)[] pairs) = Graphs.Create("grid3");
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [6, 3, 7]), pairs, 25);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 26);
        double[] x = new double[b.Length], damping = new double[b.Length];
        using ILinearSolver solver = Create(isSparse, matrix.Structure);
        solver.Factor(matrix, damping);
        solver.Solve(b, x);
        long before = GC.GetAllocatedBytesForCurrentThread();
        solver.Factor(matrix, damping);
        solver.Solve(b, x);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        BlockStructure structure = BlockStructure.Create([2, 1], [(0, 1)]);
        var solver = new MultifrontalCholesky(structure);
        var matrix = new BlockMatrix(structure);
        Assert.Throws<InvalidOperationException>(() => solver.Solve(new double[3], new double[3]));
        Assert.Throws<ArgumentException>(() => solver.Factor(matrix, new double[2]));
        Assert.Throws<ArgumentException>(() => solver.Factor(new(BlockStructure.Create([2, 1], []))));
        solver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => solver.Factor(matrix));
    }

    private static ILinearSolver Create(bool isSparse, BlockStructure structure) =>
        isSparse ? new MultifrontalCholesky(structure) : new DenseCholesky(structure);

    private static double[] Solve(ILinearSolver solver, BlockMatrix matrix, double[] b)
    {
        double[] x = (double[])b.Clone();
        Assert.Equal(FactorizationResult.Success, solver.Factor(matrix));
        solver.Solve(x, x);
        return x;
    }
}
