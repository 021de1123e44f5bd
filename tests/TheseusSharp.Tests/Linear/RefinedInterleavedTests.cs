using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>Systems side by side, factored in single precision: as good as in double, or in double.</summary>
public class RefinedInterleavedTests
{
    public static TheoryData<string> GraphNames => [.. Graphs.All];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Each_lane_is_solved_as_well_as_in_double_precision(string name)
    {
        long corrections = 0, factorizations = 0, fallBacks = 0;
        foreach (int[] pattern in Graphs.SizePatterns)
            foreach (bool isDamped in new[] { false, true })
            {
                var batch = new InterleavedBatch(name, pattern, 8, 140);
                using var solver = new RefinedInterleavedCholesky(Plan(batch.Structure), 8);
                using var exact = new InterleavedCholesky(Plan(batch.Structure), 8);
                int[] all = [.. Enumerable.Range(0, 8)];
                double[][] expected = batch.Solve(exact, isDamped, all);
                double[][] found = Solve(solver, batch, isDamped, all);
                for (int lane = 0; lane < 8 && batch.Structure.Dimension > 0; lane++)
                {
                    double error = RandomMatrix.BackwardError(
                        batch.Matrices[lane], found[lane], batch.Rights[lane], isDamped ? batch.Dampings[lane] : null);
                    Assert.InRange(error, 0, 2 * RefinementLimits.BackwardError);
                    Assert.InRange(Distance(expected[lane], found[lane]), 0, 1e-8);
                }

                corrections += solver.Corrections;
                factorizations += solver.Factorizations;
                fallBacks += solver.FallBacks;
            }

        Assert.Equal(8 * 2 * Graphs.SizePatterns.Length, factorizations);
        Assert.InRange(fallBacks, 0, factorizations / 20);
        Assert.InRange(corrections, factorizations - fallBacks, 4 * factorizations);
    }

    [Fact]
    public void Well_conditioned_systems_have_the_solutions_of_double_precision_without_falling_back()
    {
        var batch = new InterleavedBatch("grid3", [6, 3, 7], 8, 141);
        foreach (BlockMatrix matrix in batch.Matrices)
            for (int j = 0; j < batch.Structure.Count; j++)
                for (int k = 0; k < batch.Structure.Sizes[j]; k++)
                    matrix.Block(batch.Structure.Find(j, j))[k * (batch.Structure.Sizes[j] + 1)] += 5;
        using var solver = new RefinedInterleavedCholesky(Plan(batch.Structure), 8);
        using var exact = new InterleavedCholesky(Plan(batch.Structure), 8);
        int[] all = [.. Enumerable.Range(0, 8)];
        double[][] expected = batch.Solve(exact, false, all), found = Solve(solver, batch, false, all);
        Assert.Equal(0, solver.FallBacks);
        for (int lane = 0; lane < 8; lane++)
            Assert.InRange(Distance(expected[lane], found[lane]), 0, 1e-11);
    }

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Any_number_of_lanes_gives_the_same_bits(string name)
    {
        foreach (int[] pattern in Graphs.SizePatterns)
        {
            var batch = new InterleavedBatch(name, pattern, 8, 142);
            double[][]? expected = null;
            foreach (int lanes in new[] { 2, 4, 8 })
            {
                using var solver = new RefinedInterleavedCholesky(Plan(batch.Structure), lanes);
                double[][] found = [.. Enumerable.Range(0, 8 / lanes).SelectMany(
                    k => Solve(solver, batch, true, [.. Enumerable.Range(k * lanes, lanes)]))];
                Assert.Equal(expected ??= found, found);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Position_and_neighbours_change_no_bits(int lanes)
    {
        var batch = new InterleavedBatch("random", [6, 3, 7, 1], 9, 143);
        MakeIllConditioned(batch.Matrices[4]);
        using var solver = new RefinedInterleavedCholesky(Plan(batch.Structure), lanes);
        var seen = new double[]?[9];
        for (int shift = 0; shift < 9; shift++)
        {
            int[] chosen = [.. Enumerable.Range(0, lanes).Select(lane => (shift + (2 * lane)) % 9)];
            long before = solver.FallBacks;
            double[][] solutions = Solve(solver, batch, false, chosen);
            Assert.Equal(chosen.Contains(4) ? 1 : 0, solver.FallBacks - before);
            for (int lane = 0; lane < lanes; lane++)
                Assert.Equal(seen[chosen[lane]] ??= solutions[lane], solutions[lane]);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_lane_that_fails_does_so_as_in_double_precision_and_leaves_the_others_their_bits(int lanes)
    {
        var batch = new InterleavedBatch("random", [3, 1, 6, 7], lanes, 144);
        BlockStructure structure = batch.Structure;
        using var solver = new RefinedInterleavedCholesky(Plan(structure), lanes);
        using var exact = new InterleavedCholesky(Plan(structure), lanes);
        int[] all = [.. Enumerable.Range(0, lanes)], failed = new int[lanes], expectedRows = new int[lanes];
        double[][] expected = Solve(solver, batch, false, all);
        double[] undefined = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1e30];
        for (int block = 0; block < structure.BlockCount; block++)
        {
            int bad = block % lanes;
            Span<double> numbers = batch.Matrices[bad].Block(block);
            double[] before = numbers.ToArray(), x = InterleavedBatch.Interleave(batch.Rights);
            numbers.Fill(undefined[block % undefined.Length]);
            EnterAll(solver);
            exact.Factor(batch.Hessians(all), default, expectedRows);
            solver.FactorAndSolve(batch.Hessians(all), default, x, x, failed);
            before.CopyTo(batch.Matrices[bad].Block(block));
            Assert.Equal(expectedRows, failed);
            for (int lane = 0; lane < lanes; lane++)
                if (lane != bad)
                    Assert.Equal(expected[lane], InterleavedBatch.Lane(x, lane, lanes));
        }
    }

    /// <summary>
    /// In single precision the pivots of a singular matrix are positive as often as not, and a right-hand side within
    /// its range is solved for: that must not hide that there is no one solution.
    /// </summary>
    [Fact]
    public void Singular_matrices_fail_though_their_systems_have_solutions()
    {
        int failures = 0;
        foreach (string name in new[] { "chain", "loop", "grid", "grid3", "random" })
            for (int seed = 0; seed < 5; seed++)
            {
                BlockMatrix[] matrices = [.. Enumerable.Range(0, 8).Select(lane => Loose(name, 3, seed, lane))];
                double[] x = RandomMatrix.Vector(matrices[0].Structure.Dimension, seed);
                double[][] rights = [.. matrices.Select(matrix => Product(matrix, x))];
                using var solver = new RefinedInterleavedCholesky(Plan(matrices[0].Structure), 8);
                using var exact = new InterleavedCholesky(Plan(matrices[0].Structure), 8);
                double[] h = InterleavedBatch.Interleave([.. matrices.Select(matrix => matrix.Values.ToArray())]);
                double[] solution = InterleavedBatch.Interleave(rights);
                int[] failed = new int[8], expected = new int[8];
                exact.Factor(h, default, expected);
                EnterAll(solver);
                solver.FactorAndSolve(h, default, solution, solution, failed);
                Assert.Equal(expected, failed);
                Assert.Equal(8, solver.FallBacks);
                failures += failed.Count(row => row >= 0);
            }

        Assert.True(failures > 100, $"The test wants singular matrices; {failures} were found to be.");
    }

    [Fact]
    public void Scales_far_beyond_single_precision_do_no_harm()
    {
        var batch = new InterleavedBatch("grid", [3, 6], 8, 145);
        using var solver = new RefinedInterleavedCholesky(Plan(batch.Structure), 8);
        int[] all = [.. Enumerable.Range(0, 8)];
        double[][] expected = Solve(solver, batch, false, all);
        for (int lane = 0; lane < 8; lane++)
            Rescale(batch, lane);
        double[][] found = Solve(solver, batch, false, all);
        for (int lane = 0; lane < 8; lane++)
            for (int k = 0; k < found[lane].Length; k++)
                Assert.Equal(expected[lane][k], found[lane][k] * Scale(lane, k));
        Assert.Equal(0, solver.FallBacks);
    }

    [Fact]
    public void A_lane_that_fell_back_stays_in_double_precision_until_entered_anew()
    {
        var batch = new InterleavedBatch("grid", [3], 4, 146);
        double[] good = batch.Hessians(0, 1, 2, 3);
        MakeIllConditioned(batch.Matrices[1]);
        using var solver = new RefinedInterleavedCholesky(Plan(batch.Structure), 4);
        using var exact = new InterleavedCholesky(Plan(batch.Structure), 4);
        double[] right = InterleavedBatch.Interleave(batch.Rights), x = new double[right.Length];
        double[] expected = new double[right.Length];
        int[] failed = new int[4];
        EnterAll(solver);
        solver.FactorAndSolve(good, default, right, x, failed);
        double[] easy = [.. x];
        Assert.Equal((4, 0), (solver.Factorizations, solver.FallBacks));
        solver.FactorAndSolve(batch.Hessians(0, 1, 2, 3), default, right, x, failed);
        Assert.Equal((8, 1), (solver.Factorizations, solver.FallBacks));
        Assert.Equal([false, true, false, false], Enumerable.Range(0, 4).Select(solver.HasFallenBack));
        solver.FactorAndSolve(good, default, right, x, failed);
        exact.FactorAndSolve(good, default, right, expected, failed);
        Assert.Equal((11, 1), (solver.Factorizations, solver.FallBacks));
        for (int lane = 0; lane < 4; lane++)
            Assert.Equal(
                InterleavedBatch.Lane(lane == 1 ? expected : easy, lane, 4), InterleavedBatch.Lane(x, lane, 4));
        solver.Leave(1);
        solver.Enter(1);
        solver.FactorAndSolve(good, default, right, x, failed);
        Assert.Equal(easy, x);
        solver.EnterInDouble(1);
        solver.Leave(2);
        solver.FactorAndSolve(good, default, right, x, failed);
        Assert.Equal(InterleavedBatch.Lane(expected, 1, 4), InterleavedBatch.Lane(x, 1, 4));
        Assert.All(InterleavedBatch.Lane(x, 2, 4), entry => Assert.Equal(0, entry));
        Assert.Equal((17, 1), (solver.Factorizations, solver.FallBacks));
    }

    [Fact]
    public void Factoring_and_solving_allocate_nothing_after_the_first_fall_back()
    {
        var batch = new InterleavedBatch("grid3", [6, 3, 7], 8, 147);
        MakeIllConditioned(batch.Matrices[5]);
        using var solver = new RefinedInterleavedCholesky(Plan(batch.Structure), 8);
        double[] h = batch.Hessians(0, 1, 2, 3, 4, 5, 6, 7), damping = new double[batch.Structure.Dimension * 8];
        double[] x = InterleavedBatch.Interleave(batch.Rights);
        int[] failed = new int[8];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(2, solver.FallBacks);

        void Run()
        {
            EnterAll(solver);
            solver.FactorAndSolve(h, damping, x, x, failed);
        }
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        InterleavedPlan plan = Plan(BlockStructure.Create([2, 1], [(0, 1)]));
        Assert.Throws<ArgumentNullException>(() => new RefinedInterleavedCholesky(null!, 8));
        foreach (int lanes in new[] { -1, 0, 1, 3, 16 })
            Assert.Throws<ArgumentOutOfRangeException>(() => new RefinedInterleavedCholesky(plan, lanes));
        var solver = new RefinedInterleavedCholesky(plan, 4);
        double[] h = new double[7 * 4], x = new double[3 * 4];
        int[] failed = new int[4];
        Assert.Equal("hessians", Refused(() => solver.FactorAndSolve(h.AsSpan(1), default, x, x, failed)));
        Assert.Equal("damping", Refused(() => solver.FactorAndSolve(h, x.AsSpan(1), x, x, failed)));
        Assert.Equal("right", Refused(() => solver.FactorAndSolve(h, x, x.AsSpan(1), x, failed)));
        Assert.Equal("solution", Refused(() => solver.FactorAndSolve(h, x, x, new double[11], failed)));
        Assert.Equal("failedRows", Refused(() => solver.FactorAndSolve(h, x, x, x, new int[5])));
        solver.Dispose();
        solver.Enter(0);
        Assert.Throws<ObjectDisposedException>(() => solver.FactorAndSolve(h, default, x, x, failed));

        static string? Refused(Action use) => Assert.Throws<ArgumentException>(use).ParamName;
    }

    private static InterleavedPlan Plan(BlockStructure structure) =>
        InterleavedPlan.Of(SymbolicFactorization.Analyze(structure));

    private static void EnterAll(RefinedInterleavedCholesky solver)
    {
        for (int lane = 0; lane < solver.Lanes; lane++)
            solver.Enter(lane);
    }

    /// <summary>Solves for some of the matrices, as new ones; each must succeed.</summary>
    private static double[][] Solve(
        RefinedInterleavedCholesky solver, InterleavedBatch batch, bool isDamped, int[] lanes)
    {
        double[] damping = isDamped ? InterleavedBatch.Interleave([.. lanes.Select(lane => batch.Dampings[lane])]) : [];
        double[] x = InterleavedBatch.Interleave([.. lanes.Select(lane => batch.Rights[lane])]);
        int[] failed = new int[lanes.Length];
        EnterAll(solver);
        solver.FactorAndSolve(batch.Hessians(lanes), damping, x, x, failed);
        Assert.All(failed, row => Assert.Equal(-1, row));
        return [.. lanes.Select((_, position) => InterleavedBatch.Lane(x, position, lanes.Length))];
    }

    /// <summary>The largest difference, relative to the largest entry.</summary>
    private static double Distance(double[] expected, double[] found) =>
        expected.Zip(found, (a, b) => Math.Abs(a - b)).Max() / expected.Max(Math.Abs);

    /// <summary>Two rows of one block become nearly dependent, so that no scaling helps.</summary>
    private static void MakeIllConditioned(BlockMatrix matrix)
    {
        int block = Array.FindIndex(matrix.Structure.Sizes.ToArray(), size => size >= 3);
        int size = matrix.Structure.Sizes[block];
        Span<double> numbers = matrix.Block(matrix.Structure.Find(block, block));
        const double Huge = 1e9;
        numbers[0] += Huge;
        numbers[1] += Huge;
        numbers[size] += Huge;
        numbers[size + 1] += Huge;
    }

    /// <summary>Blocks coupled by their differences alone: equal shifts of all change nothing.</summary>
    private static BlockMatrix Loose(string name, int size, int seed, int lane)
    {
        (int count, (int First, int Second)[] pairs) = Graphs.Create(name);
        var matrix = new BlockMatrix(BlockStructure.Create(Graphs.Sizes(count, [size]), pairs));
        var random = new Random((seed * 8) + lane);
        foreach ((int a, int b) in pairs)
        {
            double[] j = RandomMatrix.Vector(size * size, random.Next());
            double scale = Math.Pow(10, random.NextDouble());
            for (int r = 0; r < size; r++)
                for (int c = 0; c < size; c++)
                {
                    double sum = 0;
                    for (int k = 0; k < size; k++)
                        sum += scale * j[(k * size) + r] * j[(k * size) + c];
                    matrix.Block(matrix.Structure.Find(a, a))[(c * size) + r] += sum;
                    matrix.Block(matrix.Structure.Find(b, b))[(c * size) + r] += sum;
                    matrix.Block(matrix.Structure.Find(a, b))[(c * size) + r] -= sum;
                }
        }

        return matrix;
    }

    private static double[] Product(BlockMatrix matrix, double[] x)
    {
        double[] product = new double[x.Length];
        matrix.Multiply(x, product);
        return product;
    }

    private static double Scale(int lane, int row) => Math.ScaleB(1, (((row * 7) + lane) % 5 * 60) - 120);

    /// <summary>H and b of a lane, each row and column multiplied with a power of two.</summary>
    private static void Rescale(InterleavedBatch batch, int lane)
    {
        BlockStructure structure = batch.Structure;
        for (int j = 0; j < structure.Count; j++)
            for (int k = structure.ColumnStarts[j]; k < structure.ColumnStarts[j + 1]; k++)
            {
                int i = structure.Rows[k];
                Span<double> block = batch.Matrices[lane].Block(k);
                for (int entry = 0; entry < block.Length; entry++)
                    block[entry] *= Scale(lane, structure.Offsets[i] + (entry % structure.Sizes[i])) *
                        Scale(lane, structure.Offsets[j] + (entry / structure.Sizes[i]));
            }

        for (int row = 0; row < structure.Dimension; row++)
            batch.Rights[lane][row] *= Scale(lane, row);
    }
}
