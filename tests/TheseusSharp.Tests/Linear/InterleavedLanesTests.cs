using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>What a lane computes depends on its own matrix and on the plan, on nothing else.</summary>
public class InterleavedLanesTests
{
    public static TheoryData<string> GraphNames => [.. Graphs.All];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Any_number_of_lanes_and_size_of_tiles_gives_the_bits_of_plain_scalars(string name)
    {
        foreach (int[] pattern in Graphs.SizePatterns)
        {
            var batch = new InterleavedBatch(name, pattern, 8, 60);
            var plan = InterleavedPlan.Of(SymbolicFactorization.Analyze(batch.Structure));
            using var scalar = new InterleavedCholesky(plan, new InterleavedKernels<ScalarLane, double>(2), 1);
            double[][] expected = [.. Enumerable.Range(0, 8).Select(lane => batch.Solve(scalar, true, lane)[0])];
            for (int tileRows = 1; tileRows <= 6; tileRows++)
                foreach (int lanes in new[] { 2, 4, 8 })
                {
                    using var solver = new InterleavedCholesky(plan, InterleavedKernels.For(lanes, tileRows), lanes);
                    for (int first = 0; first < 8; first += lanes)
                        Assert.Equal(
                            expected[first..(first + lanes)],
                            batch.Solve(solver, true, [.. Enumerable.Range(first, lanes)]));
                }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Position_and_neighbours_change_no_bits(int lanes)
    {
        var batch = new InterleavedBatch("random", [6, 3, 7, 1], 9, 70);
        var plan = InterleavedPlan.Of(SymbolicFactorization.Analyze(batch.Structure));
        using var solver = new InterleavedCholesky(plan, lanes);
        var seen = new double[]?[9];
        for (int shift = 0; shift < 9; shift++)
        {
            int[] chosen = [.. Enumerable.Range(0, lanes).Select(lane => (shift + (2 * lane)) % 9)];
            double[][] solutions = batch.Solve(solver, false, chosen);
            for (int lane = 0; lane < lanes; lane++)
                Assert.Equal(seen[chosen[lane]] ??= solutions[lane], solutions[lane]);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_lane_that_fails_says_where_and_leaves_the_others_their_bits(int lanes)
    {
        var batch = new InterleavedBatch("random", [3, 1, 6, 7], lanes, 80);
        BlockStructure structure = batch.Structure;
        using var solver = new InterleavedCholesky(
            InterleavedPlan.Of(SymbolicFactorization.Analyze(structure)), lanes);
        int[] all = [.. Enumerable.Range(0, lanes)], failed = new int[lanes];
        double[][] expected = batch.Solve(solver, false, all);
        double[] undefined = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1e30];
        for (int block = 0; block < structure.BlockCount; block++)
        {
            int bad = block % lanes;
            Span<double> numbers = batch.Matrices[bad].Block(block);
            double[] before = numbers.ToArray();
            numbers.Fill(undefined[block % undefined.Length]);
            double[] x = InterleavedBatch.Interleave(batch.Rights);
            solver.Factor(batch.Hessians(all), default, failed);
            solver.Solve(x, x);
            before.CopyTo(batch.Matrices[bad].Block(block));
            for (int lane = 0; lane < lanes; lane++)
            {
                Assert.Equal(lane == bad, failed[lane] >= 0);
                if (lane != bad)
                    Assert.Equal(expected[lane], InterleavedBatch.Lane(x, lane, lanes));
            }
        }

        Assert.Equal(expected, batch.Solve(solver, false, all));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Each_lane_names_the_row_of_its_first_bad_damping(int lanes)
    {
        var batch = new InterleavedBatch("chain", [3, 6, 1], lanes, 90);
        int dimension = batch.Structure.Dimension;
        using var solver = new InterleavedCholesky(
            InterleavedPlan.Of(SymbolicFactorization.Analyze(batch.Structure)), lanes);
        double[] h = batch.Hessians([.. Enumerable.Range(0, lanes)]), damping = new double[dimension * lanes];
        double[] undefined = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1e9];
        int[] failed = new int[lanes], expected = new int[lanes];
        for (int row = 0; row < dimension; row++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                expected[lane] = lane == 1 ? -1 : (row + (17 * lane)) % dimension;
                if (lane != 1)
                    damping[(expected[lane] * lanes) + lane] = undefined[row % 4];
            }

            solver.Factor(h, damping, failed);
            Assert.Equal(expected, failed);
            Array.Clear(damping);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Dependent_negative_and_undefined_rows_fail_where_the_other_solvers_do(int lanes)
    {
        BlockStructure structure = BlockStructure.Create([2, 1], [(0, 1)]);
        using var solver = new InterleavedCholesky(
            InterleavedPlan.Of(SymbolicFactorization.Analyze(structure, [0, 1])), lanes);
        using var single = new DenseCholesky(structure);
        var matrix = new BlockMatrix(structure);
        double[][] cases =
        [
            [1, 1, 1, 1, 0, 0, 1],
            [1, 1, 1, 1 + 1e-13, 0, 0, 1],
            [4, 0, 0, -1, 0, 0, 1],
            [4, 0, 0, double.NaN, 0, 0, 1],
            [4, 0, 0, double.PositiveInfinity, 0, 0, 1],
            [0, 0, 0, 1, 0, 0, 1],
            [1, 0, 0, 1, 0, 0, 0],
            [1, 0, 0, 1, 1, 0, 1],
            [1, 1, 1, 1 + 1e-9, 0, 0, 1],
        ];
        int[] failed = new int[lanes];
        for (int shift = 0; shift < cases.Length; shift++)
        {
            double[][] chosen = [.. Enumerable.Range(shift, lanes).Select(k => cases[k % cases.Length])];
            solver.Factor(InterleavedBatch.Interleave(chosen), default, failed);
            for (int lane = 0; lane < lanes; lane++)
            {
                chosen[lane].CopyTo(matrix.Values);
                Assert.Equal(single.Factor(matrix).FailedRow, failed[lane]);
            }
        }
    }

    /// <summary>One lane, without vectors: what the others are compared with.</summary>
    private readonly unsafe struct ScalarLane : ILanes<ScalarLane, double>
    {
        private readonly double _value;

        private ScalarLane(double value)
        {
            _value = value;
        }

        public static int Count => 1;

        public static bool HasManyRegisters => false;

        public static ScalarLane Load(double* source) => new(*source);

        public static void Store(double* target, ScalarLane lanes) => *target = lanes._value;

        public static ScalarLane Add(ScalarLane left, ScalarLane right) => new(left._value + right._value);

        public static ScalarLane Multiply(ScalarLane left, ScalarLane right) => new(left._value * right._value);

        public static ScalarLane SubtractProduct(ScalarLane sum, ScalarLane left, ScalarLane right) =>
            new(Math.FusedMultiplyAdd(-left._value, right._value, sum._value));

        public static ScalarLane Reciprocal(ScalarLane lanes) => new(1 / lanes._value);

        public static ScalarLane SquareRoot(ScalarLane lanes) => new(Math.Sqrt(lanes._value));

        public static ScalarLane Judge(ScalarLane failed, ScalarLane pivot, ScalarLane entry, int row) =>
            failed._value >= 0 || (pivot._value > 0 && double.IsFinite(pivot._value) &&
                pivot._value > FactorizationResult.PivotTolerance * entry._value) ? failed : new(row);
    }
}
