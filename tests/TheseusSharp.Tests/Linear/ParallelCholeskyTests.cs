using TheseusSharp.Linear;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Linear;

/// <summary>One matrix factored by several threads: the bits of one thread, whatever their number.</summary>
public class ParallelCholeskyTests
{
    private static readonly int[] s_threads = [2, 3, 8];

    public static TheoryData<string> GraphNames => [.. Graphs.All];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Any_number_of_threads_gives_the_same_bits(string graph)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(graph);
        foreach (int[] pattern in Graphs.SizePatterns)
            CheckBits(RandomMatrix.Create(Graphs.Sizes(count, pattern), pairs, 60), 61);
    }

    [Theory]
    [InlineData(9, 9, 6)]
    [InlineData(40, 40, 1)]
    public void Large_fronts_are_shared_to_the_same_bits(int x, int y, int z) =>
        CheckBits(RandomMatrix.Create(Graphs.Sizes(x * y * z, [6, 3, 7]), Graphs.Grid(x, y, z), 62), 63);

    [Fact]
    public void One_large_front_is_shared_to_the_same_bits() =>
        CheckBits(RandomMatrix.Create(Graphs.Sizes(130, [7, 6, 1]), Graphs.Random(130, 1.1, 64), 65), 66);

    [Theory]
    [InlineData(256)]
    [InlineData(128)]
    public void Vectors_of_any_width_give_the_same_bits(int bits)
    {
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(200, [6]), Graphs.Grid(5, 5, 8), 67);
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(matrix.Structure);
        using var one = new MultifrontalCholesky(symbolic);
        using MultifrontalCholesky shared = Shared(symbolic, 3, FrontKernels.For(bits));
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 68);
        Assert.Equal(Solve(one, matrix, b), Solve(shared, matrix, b));
    }

    [Theory]
    [InlineData("random")]
    [InlineData("grid3")]
    public void Blocks_held_back_are_shared_to_the_same_bits(string graph)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(graph);
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [6, 3]), pairs, 69);
        CheckBits(
            matrix, SymbolicFactorization.Analyze(matrix.Structure, new OrderingOptions { Last = [5, 9, 30] }),
            70);
    }

    [SkippableTheory]
    [InlineData("sphere2500")]
    [InlineData("torus3D")]
    [InlineData("cubicle")]
    [InlineData("parking-garage")]
    [InlineData("manhattan")]
    public void Real_graphs_are_shared_to_the_same_bits(string name)
    {
        BlockMatrix matrix = PoseGraphTests.Read(DataFolder.File("g2o", name + ".g2o"));
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(matrix.Structure);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 71);
        using var one = new MultifrontalCholesky(symbolic);
        double[] expected = Solve(one, matrix, b);
        foreach (int threads in s_threads)
        {
            using var shared = new MultifrontalCholesky(symbolic, threads);
            for (int run = 0; run < 3; run++)
                Assert.Equal(expected, Solve(shared, matrix, b));
        }
    }

    [Fact]
    public void The_first_failure_is_reported_whichever_thread_meets_one_first()
    {
        BlockMatrix matrix = Grid(72);
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(matrix.Structure);
        using var one = new MultifrontalCholesky(symbolic);
        var random = new Random(73);
        double[] damping = new double[matrix.Structure.Dimension];
        foreach (int threads in s_threads)
        {
            using MultifrontalCholesky shared = Shared(symbolic, threads);
            for (int run = 0; run < 40; run++)
            {
                Array.Clear(damping);
                for (int bad = 0; bad <= run % 5; bad++)
                    damping[random.Next(damping.Length)] = -1e6;
                FactorizationResult expected = one.Factor(matrix, damping);
                Assert.False(expected.Succeeded);
                Assert.Equal(expected, shared.Factor(matrix, damping));
                Assert.Throws<InvalidOperationException>(() => shared.Solve(damping, damping));
            }

            Assert.True(shared.Factor(matrix).Succeeded);
        }
    }

    [Fact]
    public void A_front_above_subtrees_is_tried_even_if_a_later_subtree_failed()
    {
        (int, int)[] pairs = Graphs.Grid(4, 5, 6);
        BlockMatrix matrix = RandomMatrix.Create(
            Graphs.Sizes(240, [6]), [.. pairs, .. pairs.Select(pair => (pair.Item1 + 120, pair.Item2 + 120))], 72);
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(matrix.Structure);
        ParallelPlan plan = ParallelPlan.Always(symbolic, 8);
        using var one = new MultifrontalCholesky(symbolic);
        using MultifrontalCholesky shared = Shared(symbolic, 8);
        (int Top, int Later)[] cases = [.. plan.Top.SelectMany(top =>
            plan.Subtrees.Where(subtree => subtree.Start > top).Select(subtree => (top, subtree.Start)))];
        Assert.NotEmpty(cases);
        foreach ((int top, int later) in cases)
        {
            double[] damping = new double[matrix.Structure.Dimension];
            damping[FirstRow(top)] = damping[FirstRow(later)] = -1e6;
            Assert.Equal(FirstRow(top), one.Factor(matrix, damping).FailedRow);
            Assert.Equal(FirstRow(top), shared.Factor(matrix, damping).FailedRow);
        }

        int FirstRow(int front) => symbolic.ScalarOrder[plan.Fronts[front].FirstPivot];
    }

    [Fact]
    public void The_selected_inverse_has_the_same_bits()
    {
        BlockMatrix matrix = Grid(74);
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(matrix.Structure);
        using var one = new MultifrontalCholesky(symbolic);
        using MultifrontalCholesky shared = Shared(symbolic, 3);
        Assert.True(one.Factor(matrix).Succeeded && shared.Factor(matrix).Succeeded);
        using SelectedInverse expected = one.InvertSelected(), actual = shared.InvertSelected();
        for (int j = 0; j < matrix.Structure.Count; j++)
        {
            double[] left = new double[matrix.Structure.Sizes[j] * matrix.Structure.Sizes[j]], right = [.. left];
            expected.CopyBlock(j, j, left);
            actual.CopyBlock(j, j, right);
            Assert.Equal(left, right);
        }
    }

    [Fact]
    public void Factoring_allocates_nothing()
    {
        BlockMatrix matrix = Grid(75);
        using MultifrontalCholesky shared = Shared(SymbolicFactorization.Analyze(matrix.Structure), 3);
        shared.Factor(matrix);
        shared.Factor(matrix);
        long least = long.MaxValue; // now and then the thread pool grows its queue
        for (int run = 0; run < 5; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            shared.Factor(matrix);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public async Task A_busy_thread_pool_delays_nothing()
    {
        BlockMatrix matrix = Grid(76);
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(matrix.Structure);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 77);
        using var one = new MultifrontalCholesky(symbolic);
        double[] expected = Solve(one, matrix, b);
        Task<double[]>[] tasks = [.. Enumerable.Range(0, 40).Select(_ => Task.Run(() =>
        {
            using MultifrontalCholesky shared = Shared(symbolic, 4);
            Solve(shared, matrix, b);
            return Solve(shared, matrix, b);
        }))];
        foreach (double[] actual in await Task.WhenAll(tasks))
            Assert.Equal(expected, actual);
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        BlockMatrix matrix = Grid(78);
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(matrix.Structure);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultifrontalCholesky(symbolic, 0));
        MultifrontalCholesky shared = Shared(symbolic, 2);
        shared.Factor(matrix);
        shared.Dispose();
        shared.Dispose();
        Assert.Throws<ObjectDisposedException>(() => shared.Factor(matrix));
    }

    [Fact]
    public void Small_matrices_are_left_to_one_thread()
    {
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(Grid(79).Structure);
        Assert.Null(ParallelPlan.IfItPays(symbolic, 1));
        Assert.Null(ParallelPlan.IfItPays(symbolic, 2));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Each_front_is_in_one_subtree_or_on_top(int threads)
    {
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(Grid(80).Structure);
        ParallelPlan plan = ParallelPlan.Always(symbolic, threads);
        IEnumerable<int> inSubtrees = plan.Subtrees.SelectMany(s => Enumerable.Range(s.Start, s.Length));
        Assert.Equal(Enumerable.Range(0, symbolic.FrontCount), inSubtrees.Concat(plan.Top).Order());
    }

    private static void CheckBits(BlockMatrix matrix, int seed) =>
        CheckBits(matrix, SymbolicFactorization.Analyze(matrix.Structure), seed);

    private static void CheckBits(BlockMatrix matrix, SymbolicFactorization symbolic, int seed)
    {
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, seed);
        using var one = new MultifrontalCholesky(symbolic);
        double[] expected = Solve(one, matrix, b);
        foreach (int threads in s_threads)
        {
            using MultifrontalCholesky shared = Shared(symbolic, threads);
            Assert.Equal(expected, Solve(shared, matrix, b));
            Assert.Equal(expected, Solve(shared, matrix, b));
        }
    }

    private static BlockMatrix Grid(int seed) =>
        RandomMatrix.Create(Graphs.Sizes(120, [6]), Graphs.Grid(4, 5, 6), seed);

    private static MultifrontalCholesky Shared(
        SymbolicFactorization symbolic, int threads, FrontKernels<double>? kernels = null) =>
        new(symbolic, kernels ?? FrontKernels.Default, ParallelPlan.Always(symbolic, threads));

    /// <summary>Factored and solved, in two steps and in one.</summary>
    private static double[] Solve(MultifrontalCholesky solver, BlockMatrix matrix, double[] b)
    {
        double[] x = new double[b.Length], fused = [.. b];
        Assert.True(solver.Factor(matrix).Succeeded);
        solver.Solve(b, x);
        Assert.True(solver.FactorAndSolve(matrix, [], fused, fused).Succeeded);
        Assert.Equal(x, fused);
        solver.Solve(b, fused);
        Assert.Equal(x, fused);
        return x;
    }
}
