using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public class InterleavedCholeskyTests
{
    public static TheoryData<string> GraphNames => [.. Graphs.All];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Each_lane_is_exact_to_rounding_and_equals_the_dense_solution(string name)
    {
        foreach (int[] pattern in Graphs.SizePatterns)
            foreach (bool isDamped in new[] { false, true })
            {
                var batch = new InterleavedBatch(name, pattern, 8, 40);
                using InterleavedCholesky solver = Create(batch.Structure, 8);
                double[][] solutions = batch.Solve(solver, isDamped, 0, 1, 2, 3, 4, 5, 6, 7);
                for (int lane = 0; lane < 8; lane++)
                    CheckSolution(batch, lane, isDamped, solutions[lane]);
            }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Any_order_of_elimination_solves(int lanes)
    {
        var batch = new InterleavedBatch("random", [3, 6, 1], lanes, 41);
        for (int seed = 0; seed < 20; seed++)
        {
            int[] order = [.. Enumerable.Range(0, batch.Structure.Count)];
            new Random(seed).Shuffle(order);
            var plan = InterleavedPlan.Of(SymbolicFactorization.Analyze(batch.Structure, order));
            using var solver = new InterleavedCholesky(plan, lanes);
            double[][] solutions = batch.Solve(solver, false, [.. Enumerable.Range(0, lanes)]);
            for (int lane = 0; lane < lanes; lane++)
                CheckSolution(batch, lane, false, solutions[lane]);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void No_damping_is_damping_by_zero(int lanes)
    {
        var batch = new InterleavedBatch("grid", [6, 3], lanes, 42);
        using InterleavedCholesky solver = Create(batch.Structure, lanes);
        int[] all = [.. Enumerable.Range(0, lanes)];
        double[][] expected = batch.Solve(solver, false, all);
        foreach (double[] damping in batch.Dampings)
            Array.Clear(damping);
        Assert.Equal(expected, batch.Solve(solver, true, all));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Solving_many_times_in_place_or_not_gives_the_same_bits(int lanes)
    {
        var batch = new InterleavedBatch("loop", [6, 7], lanes, 43);
        using InterleavedCholesky solver = Create(batch.Structure, lanes);
        int[] all = [.. Enumerable.Range(0, lanes)];
        double[] expected = InterleavedBatch.Interleave(batch.Solve(solver, true, all));
        double[] right = InterleavedBatch.Interleave(batch.Rights), before = [.. right];
        double[] x = new double[right.Length];
        solver.Solve(right, x);
        Assert.Equal(before, right);
        Assert.Equal(expected, x);
        solver.Solve(right, right);
        Assert.Equal(expected, right);
    }

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Factoring_and_solving_at_once_gives_the_same_bits(string name)
    {
        foreach (int[] pattern in Graphs.SizePatterns)
        {
            var batch = new InterleavedBatch(name, pattern, 4, 49);
            using InterleavedCholesky solver = Create(batch.Structure, 4), fresh = Create(batch.Structure, 4);
            double[] h = batch.Hessians(0, 1, 2, 3), damping = InterleavedBatch.Interleave(batch.Dampings);
            double[] right = InterleavedBatch.Interleave(batch.Rights), before = [.. right];
            double[] x = new double[right.Length];
            int[] failed = [7, 7, 7, 7];
            double[] expected = InterleavedBatch.Interleave(batch.Solve(solver, true, 0, 1, 2, 3));
            fresh.FactorAndSolve(h, damping, right, x, failed);
            Assert.Equal([-1, -1, -1, -1], failed);
            Assert.Equal(expected, x);
            Assert.Equal(before, right);
            fresh.Solve(right, x);
            Assert.Equal(expected, x);
            fresh.FactorAndSolve(h, damping, right, right, failed);
            Assert.Equal(expected, right);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Transposed_solves_make_white_vectors_unit_in_the_norm_of_the_matrix(int lanes)
    {
        var batch = new InterleavedBatch("random", [3, 1, 6, 9], lanes, 44);
        using InterleavedCholesky solver = Create(batch.Structure, lanes);
        batch.Solve(solver, false, [.. Enumerable.Range(0, lanes)]);
        double[][] first = TransposedSolutions(45, out double[][] y);
        double[][] second = TransposedSolutions(46, out double[][] z);
        double[] product = new double[batch.Structure.Dimension];
        for (int lane = 0; lane < lanes; lane++)
        {
            batch.Matrices[lane].Multiply(first[lane], product);
            Assert.Equal(Dot(y[lane], y[lane]), Dot(product, first[lane]), 1e-9);
            Assert.Equal(Dot(y[lane], z[lane]), Dot(product, second[lane]), 1e-9);
        }

        double[][] TransposedSolutions(int seed, out double[][] right)
        {
            right = batch.Vectors(seed);
            double[] x = InterleavedBatch.Interleave(right);
            solver.SolveTransposed(x, x);
            return [.. Enumerable.Range(0, lanes).Select(lane => InterleavedBatch.Lane(x, lane, lanes))];
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Factoring_and_solving_allocate_nothing(int lanes)
    {
        var batch = new InterleavedBatch("grid3", [6, 3, 7], lanes, 47);
        using InterleavedCholesky solver = Create(batch.Structure, lanes);
        double[] h = batch.Hessians([.. Enumerable.Range(0, lanes)]);
        double[] damping = InterleavedBatch.Interleave(batch.Dampings), x = InterleavedBatch.Interleave(batch.Rights);
        int[] failed = new int[lanes];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run()
        {
            solver.Factor(h, damping, failed);
            solver.Solve(x, x);
            solver.SolveTransposed(x, x);
            solver.FactorAndSolve(h, damping, x, x, failed);
        }
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        BlockStructure structure = BlockStructure.Create([2, 1], [(0, 1)]);
        var plan = InterleavedPlan.Of(SymbolicFactorization.Analyze(structure));
        Assert.Throws<ArgumentNullException>(() => InterleavedPlan.Of(null!));
        Assert.Throws<ArgumentNullException>(() => new InterleavedCholesky(null!, 8));
        foreach (int lanes in new[] { -1, 0, 1, 3, 16 })
            Assert.Throws<ArgumentOutOfRangeException>(() => new InterleavedCholesky(plan, lanes));
        var solver = new InterleavedCholesky(plan, 4);
        double[] h = new double[7 * 4], x = new double[3 * 4];
        int[] failed = new int[4];
        Assert.Equal("hessians", Refused(() => solver.Factor(h.AsSpan(1), default, failed)));
        Assert.Equal("damping", Refused(() => solver.Factor(h, x.AsSpan(1), failed)));
        Assert.Equal("failedRows", Refused(() => solver.Factor(h, x, new int[3])));
        Assert.Equal("right", Refused(() => solver.Solve(x.AsSpan(4), x)));
        Assert.Equal("solution", Refused(() => solver.Solve(x, new double[13])));
        Assert.Equal("hessians", Refused(() => solver.FactorAndSolve(h.AsSpan(1), default, x, x, failed)));
        Assert.Equal("damping", Refused(() => solver.FactorAndSolve(h, x.AsSpan(1), x, x, failed)));
        Assert.Equal("right", Refused(() => solver.FactorAndSolve(h, x, x.AsSpan(1), x, failed)));
        Assert.Equal("solution", Refused(() => solver.FactorAndSolve(h, x, x, new double[11], failed)));
        Assert.Equal("failedRows", Refused(() => solver.FactorAndSolve(h, x, x, x, new int[5])));
        Assert.Equal("right", Refused(() => solver.SolveTransposed(x.AsSpan(4), x)));
        Assert.Equal("solution", Refused(() => solver.SolveTransposed(x, new double[13])));
        solver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => solver.Factor(h, default, failed));
        Assert.Throws<ObjectDisposedException>(() => solver.Solve(x, x));

        static string? Refused(Action use) => Assert.Throws<ArgumentException>(use).ParamName;
    }

    [Fact]
    public void The_plan_counts_what_the_analysis_counts()
    {
        var batch = new InterleavedBatch("grid", [1], 2, 48);
        var symbolic = SymbolicFactorization.Analyze(batch.Structure);
        var plan = InterleavedPlan.Of(symbolic);
        Assert.Same(batch.Structure, plan.Structure);
        Assert.Equal(symbolic.Flops, plan.Flops);
        Assert.Equal(symbolic.FactorNonZeros, plan.FactorLength);
    }

    private static InterleavedCholesky Create(BlockStructure structure, int lanes) =>
        new(InterleavedPlan.Of(SymbolicFactorization.Analyze(structure)), lanes);

    private static void CheckSolution(InterleavedBatch batch, int lane, bool isDamped, double[] x)
    {
        if (x.Length == 0)
            return;
        double[] b = batch.Rights[lane], expected = new double[b.Length];
        double[]? damping = isDamped ? batch.Dampings[lane] : null;
        Assert.InRange(RandomMatrix.BackwardError(batch.Matrices[lane], x, b, damping), 0, 1e-13);
        if (lane % 4 != 1) // the dense solution takes its time
            return;
        using var dense = new DenseCholesky(batch.Structure);
        Assert.True(dense.Factor(batch.Matrices[lane], damping).Succeeded);
        dense.Solve(b, expected);
        double tolerance = 1e-8 * expected.Max(Math.Abs);
        for (int k = 0; k < x.Length; k++)
            Assert.Equal(expected[k], x[k], tolerance);
    }

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
}
