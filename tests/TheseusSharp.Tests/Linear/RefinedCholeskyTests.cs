using TheseusSharp.Data;
using TheseusSharp.Initialization;
using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Nonlinear;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Linear;

/// <summary>Factors in float, solutions in double; and double throughout where float does not do.</summary>
public class RefinedCholeskyTests
{
    public static TheoryData<string> GraphNames => [.. Graphs.All];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Float_factors_what_is_well_conditioned_and_solutions_agree_with_double(string graph)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(graph);
        foreach (int[] pattern in Graphs.SizePatterns)
        {
            BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, pattern), pairs, 101, diagonal: 1);
            double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 102);
            double[] x = [.. b], damping = new double[b.Length];
            using var solver = new RefinedCholesky(matrix.Structure);
            using var exact = new MultifrontalCholesky(solver.Symbolic);
            foreach (double lambda in new[] { 0, 1e-3, 10 })
            {
                Damping.Ellipsoidal(matrix, lambda, 1e-6, 1e6, damping);
                ReadOnlySpan<double> added = lambda == 0 ? default : damping;
                Assert.True(solver.Factor(matrix, added).Succeeded && exact.Factor(matrix, added).Succeeded);
                b.CopyTo(x, 0);
                Assert.True(solver.Solve(x, x).Succeeded); // in place
                double[] expected = new double[b.Length];
                exact.Solve(b, expected);
                Dense.AssertClose(expected, x, 1e-10);
                if (count > 0)
                    Assert.InRange(RandomMatrix.BackwardError(matrix, x, b, damping), 0, 1e-11);
            }

            RefinementReport report = solver.Report;
            Assert.Equal((3, 0, 0), (report.SingleFactorizations, report.DoubleFactorizations, report.FallBacks));
            Assert.Equal((3, RefinementFallBack.None), (report.RefinedSolves, report.Reason));
            Assert.InRange(report.Steps, count == 0 ? 0 : 3, 12);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Threads_change_no_bit(int threads)
    {
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(800, [6, 7]), Graphs.Grid(10, 10, 8), 103);
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(matrix.Structure);
        Assert.NotNull(ParallelPlan.IfItPays(symbolic, threads));
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 104), x = new double[b.Length], y = [.. x];
        using RefinedCholesky one = new(symbolic), shared = new(symbolic, threads);
        Assert.True(one.Factor(matrix).Succeeded && shared.Factor(matrix).Succeeded);
        one.Solve(b, x);
        shared.Solve(b, y);
        Assert.Equal(x, y);
        Assert.Equal(one.Report, shared.Report);
        Assert.Equal(1, one.Report.RefinedSolves);
    }

    [Fact]
    public void What_float_cannot_factor_is_factored_in_double_to_its_bits()
    {
        (BlockMatrix matrix, double[] b) = Chain(1e-9);
        using var solver = new RefinedCholesky(matrix.Structure);
        CheckDouble(solver, matrix, b, RefinementFallBack.Factorization);
        Assert.Equal(0, solver.Report.SingleFactorizations);
    }

    /// <summary>Float finds no small pivot, but the matrix is next to a singular one.</summary>
    [Fact]
    public void What_float_cannot_solve_is_factored_in_double_by_the_solve()
    {
        BlockMatrix matrix = Amplifying(blocks: 30, size: 14, shift: 1e-7);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 105);
        using var solver = new RefinedCholesky(matrix.Structure);
        CheckDouble(solver, matrix, b, RefinementFallBack.Refinement);
        Assert.Equal(1, solver.Report.SingleFactorizations);
        Assert.Equal(0, solver.Report.RefinedSolves);
    }

    [Fact]
    public void After_a_fall_back_all_is_double_until_reset()
    {
        (BlockMatrix bad, double[] b) = Chain(1e-9);
        (BlockMatrix good, _) = Chain(1);
        double[] first = new double[b.Length], x = new double[b.Length];
        using var solver = new RefinedCholesky(bad.Structure);
        Assert.True(solver.Factor(good).Succeeded);
        solver.Solve(b, first);
        RefinementReport report = solver.Report;
        Assert.True(solver.Factor(bad).Succeeded);
        Assert.True(solver.Factor(good).Succeeded);
        Assert.Equal((1, 2, 1), Counts(solver));
        solver.Solve(b, x);
        Assert.NotEqual(first, x); // double's
        solver.Reset();
        Assert.Equal(default, solver.Report);
        Assert.Throws<InvalidOperationException>(() => solver.Solve(b, x));
        Assert.True(solver.Factor(good).Succeeded);
        solver.Solve(b, x);
        Assert.Equal(first, x);
        Assert.Equal(report, solver.Report);

        static (long, long, long) Counts(RefinedCholesky solver) => (
            solver.Report.SingleFactorizations, solver.Report.DoubleFactorizations, solver.Report.FallBacks);
    }

    [Fact]
    public void Transposed_solves_are_doubles()
    {
        (BlockMatrix matrix, double[] b) = Chain(1);
        double[] x = new double[b.Length], y = new double[b.Length], damping = new double[b.Length];
        Damping.Spherical(0.25, damping);
        using var solver = new RefinedCholesky(matrix.Structure);
        using var exact = new MultifrontalCholesky(solver.Symbolic);
        Assert.True(solver.Factor(matrix, damping).Succeeded && exact.Factor(matrix, damping).Succeeded);
        damping.AsSpan().Clear(); // copied by then
        Assert.True(solver.SolveTransposed(b, x).Succeeded);
        solver.SolveTransposed(b, x);
        exact.SolveTransposed(b, y);
        Assert.Equal(y, x);
        Assert.Equal(1, solver.Report.DoubleFactorizations);
        Assert.Equal(0, solver.Report.FallBacks);
        Assert.True(solver.Factor(matrix).Succeeded);
        Assert.Equal(2, solver.Report.SingleFactorizations); // not a fall-back: float is used as before
    }

    [Fact]
    public void What_is_not_positive_definite_is_reported_as_by_double()
    {
        (int count, (int, int)[] pairs) = Graphs.Create("random");
        BlockMatrix good = RandomMatrix.Create(Graphs.Sizes(count, [3, 6, 1]), pairs, 106, diagonal: 1);
        BlockStructure structure = good.Structure;
        double[] b = RandomMatrix.Vector(structure.Dimension, 107), x = new double[b.Length];
        double[] damping = new double[b.Length];
        using var solver = new RefinedCholesky(structure);
        using var exact = new MultifrontalCholesky(solver.Symbolic);
        var bad = new BlockMatrix(structure);
        foreach (double value in new[] { 0, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            bad.Values.Fill(value);
            Fails(bad, default);
            for (int row = 0; row < b.Length; row += 7)
            {
                damping[row] = value == 0 ? -1e9 : value * 1e9;
                Fails(good, damping);
                damping[row] = 0;
            }
        }

        void Fails(BlockMatrix matrix, double[]? added)
        {
            solver.Reset();
            FactorizationResult result = solver.Factor(matrix, added);
            Assert.False(result.Succeeded);
            Assert.Equal(exact.Factor(matrix, added), result);
            Assert.Throws<InvalidOperationException>(() => solver.Solve(b, x));
            Assert.Throws<InvalidOperationException>(() => solver.SolveTransposed(b, x));
        }
    }

    /// <summary>Rounding may make the last pivots of a singular matrix positive.</summary>
    [Theory]
    [InlineData(40, 40, 1)]
    [InlineData(10, 10, 10)]
    [InlineData(500, 1, 1)]
    [InlineData(30, 2, 1)]
    public void Singular_matrices_are_left_to_double(int x, int y, int z)
    {
        BlockMatrix matrix = Unheld(x * y * z, Graphs.Grid(x, y, z));
        using var exact = new MultifrontalCholesky(matrix.Structure);
        using var solver = new RefinedCholesky(exact.Symbolic);
        Assert.Equal(exact.Factor(matrix), solver.Factor(matrix));
        Assert.Equal(RefinementFallBack.Factorization, solver.Report.Reason);
    }

    /// <summary>
    /// Nothing holds the chain. What is left of its last pivot in float is rounding error of links a hundred times as
    /// stiff as the last one: often a positive number well above that of a single operation. The right-hand side has
    /// solutions, which refinement finds.
    /// </summary>
    [Theory]
    [InlineData(10, 0.003)]
    [InlineData(100, 0.01)]
    [InlineData(1000, 0.03)]
    public void Singular_matrices_with_solutions_are_singular(int count, double weakest)
    {
        var order = new OrderingOptions { Kind = OrderingKind.Natural };
        var structure = BlockStructure.Create(
            Graphs.Sizes(count, [1]), [.. Enumerable.Range(0, count - 1).Select(k => (k, k + 1))]);
        using var exact = new MultifrontalCholesky(SymbolicFactorization.Analyze(structure, order));
        using var solver = new RefinedCholesky(exact.Symbolic);
        int fooled = 0;
        for (int seed = 0; seed < 16; seed++)
        {
            var random = new Random(seed);
            var matrix = new BlockMatrix(structure);
            for (int k = 0; k < count - 1; k++)
            {
                double stiffness = (0.5 + random.NextDouble()) * (k == count - 2 ? weakest : 1);
                matrix.Block(structure.Find(k, k))[0] += stiffness;
                matrix.Block(structure.Find(k + 1, k + 1))[0] += stiffness;
                matrix.Block(structure.Find(k + 1, k))[0] -= stiffness;
            }

            double[] x = RandomMatrix.Vector(count, seed), b = new double[count];
            matrix.Multiply(x, b);
            FactorizationResult expected = exact.Factor(matrix);
            Assert.False(expected.Succeeded);
            solver.Reset();
            Assert.Equal(expected, solver.FactorAndSolve(matrix, [], b, x));
            fooled += solver.Report.Reason == RefinementFallBack.Refinement ? 1 : 0;
        }

        Assert.True(fooled > 0); // else this tests pivots only
    }

    /// <summary>Rounded to float it is positive definite, in double it is not.</summary>
    [Fact]
    public void A_matrix_that_only_a_solve_finds_to_be_indefinite_is_reported_by_it()
    {
        BlockMatrix matrix = Amplifying(blocks: 1, size: 17, shift: 1.3e-7);
        double[] x = RandomMatrix.Vector(17, 108);
        using var solver = new RefinedCholesky(matrix.Structure);
        using var exact = new MultifrontalCholesky(solver.Symbolic);
        FactorizationResult expected = exact.Factor(matrix);
        Assert.False(expected.Succeeded);
        Assert.True(solver.Factor(matrix).Succeeded);
        Assert.Equal(expected, solver.Solve(x, x));
        Assert.All(x, entry => Assert.True(double.IsNaN(entry)));
        Assert.Throws<InvalidOperationException>(() => solver.Solve(x, x));
        Assert.True(solver.Report.Reason == RefinementFallBack.Refinement);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    [InlineData(300)]
    [InlineData(-300)]
    public void Units_do_not_matter(int power)
    {
        (BlockMatrix matrix, double[] b) = Chain(1);
        foreach (ref double value in matrix.Values)
            value *= Math.Pow(10, power);
        using var solver = new RefinedCholesky(matrix.Structure);
        using var exact = new MultifrontalCholesky(solver.Symbolic);
        double[] x = new double[b.Length], expected = new double[b.Length];
        Assert.True(solver.Factor(matrix).Succeeded && exact.Factor(matrix).Succeeded);
        solver.Solve(b, x);
        exact.Solve(b, expected);
        for (int k = 0; k < x.Length; k++)
            Assert.InRange(x[k] / expected[k], 1 - 1e-7, 1 + 1e-7);
        Assert.Equal(1, solver.Report.RefinedSolves);
    }

    [Fact]
    public void Right_hand_sides_of_zeros_and_of_no_numbers_are_answered()
    {
        (BlockMatrix matrix, double[] b) = Chain(1);
        double[] x = new double[b.Length];
        using var solver = new RefinedCholesky(matrix.Structure);
        Assert.True(solver.Factor(matrix).Succeeded);
        solver.Solve(new double[b.Length], x);
        Assert.All(x, entry => Assert.Equal(0, entry));
        foreach (double value in new[] { double.NaN, double.PositiveInfinity })
        {
            b[3] = value;
            Assert.True(solver.Solve(b, x).Succeeded);
            Assert.All(x, entry => Assert.True(double.IsNaN(entry)));
        }

        Assert.Equal(0, solver.Report.FallBacks);
    }

    [Fact]
    public void Factoring_and_solving_allocate_nothing()
    {
        (BlockMatrix good, double[] b) = Chain(1);
        (BlockMatrix bad, _) = Chain(1e-9);
        double[] x = new double[b.Length], damping = new double[b.Length];
        using var solver = new RefinedCholesky(good.Structure);
        Run();
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run()
        {
            solver.Reset();
            solver.Factor(good, damping);
            solver.Solve(b, x);
            solver.Factor(bad, damping);
            solver.Solve(b, x);
        }
    }

    [SkippableTheory]
    [InlineData("parking-garage", 0, true)]
    [InlineData("cubicle", 0, true)]
    [InlineData("sphere2500", 0, false)]
    [InlineData("torus3D", 0, false)]
    [InlineData("parking-garage", 1e-4, false)]
    [InlineData("cubicle", 1e-4, false)]
    public void Of_real_Gauss_Newton_systems_float_does_what_it_can(string name, double lambda, bool fallsBack)
    {
        (BlockMatrix matrix, double[] gradient) = GaussNewton(name);
        double[] x = new double[gradient.Length], damping = new double[gradient.Length];
        if (lambda > 0)
            Damping.Ellipsoidal(matrix, lambda, 1e-6, 1e32, damping);
        using var solver = new RefinedCholesky(matrix.Structure);
        Assert.True(solver.Factor(matrix, damping).Succeeded);
        Assert.True(solver.Solve(gradient, x).Succeeded);
        Assert.Equal(fallsBack ? 1 : 0, solver.Report.FallBacks);
        Assert.Equal(fallsBack ? 1 : 0, solver.Report.DoubleFactorizations);
        Assert.InRange(RandomMatrix.BackwardError(matrix, x, gradient, damping), 0, 1e-11);
        using var exact = new MultifrontalCholesky(solver.Symbolic);
        double[] expected = new double[gradient.Length];
        Assert.True(exact.Factor(matrix, damping).Succeeded);
        exact.Solve(gradient, expected);
        Dense.AssertClose(expected, x, fallsBack ? 0 : 1e-7);
    }

    [Fact]
    public void It_pays_for_large_factors_only()
    {
        Assert.True(RefinedCholesky.Pays(Analyze(Graphs.Grid(12, 12, 12), 1728)));
        Assert.False(RefinedCholesky.Pays(Analyze(Graphs.Create("chain").Pairs, 40)));
        Assert.False(RefinedCholesky.Pays(Analyze([], 0)));

        static SymbolicFactorization Analyze((int, int)[] pairs, int count) =>
            SymbolicFactorization.Analyze(BlockStructure.Create(Graphs.Sizes(count, [6]), pairs));
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        (BlockMatrix matrix, double[] b) = Chain(1);
        var solver = new RefinedCholesky(matrix.Structure);
        Assert.Throws<InvalidOperationException>(() => solver.Solve(b, b));
        Assert.Throws<ArgumentException>(() => solver.Factor(matrix, new double[2]));
        Assert.Throws<ArgumentException>(() => solver.Factor(new(BlockStructure.Create([2, 1], []))));
        Assert.True(solver.Factor(matrix).Succeeded);
        Assert.Throws<ArgumentException>(() => solver.Solve(b, new double[1]));
        solver.Dispose();
        solver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => solver.Factor(matrix));
        Assert.Throws<ObjectDisposedException>(() => solver.Solve(b, b));
    }

    private static void CheckDouble(
        RefinedCholesky solver, BlockMatrix matrix, double[] b, RefinementFallBack reason)
    {
        using var exact = new MultifrontalCholesky(solver.Symbolic);
        double[] x = new double[b.Length], expected = new double[b.Length];
        Assert.True(solver.Factor(matrix).Succeeded && exact.Factor(matrix).Succeeded);
        Assert.True(solver.Solve(b, x).Succeeded);
        exact.Solve(b, expected);
        Assert.Equal(expected, x);
        Assert.Equal((1, 1), (solver.Report.FallBacks, solver.Report.DoubleFactorizations));
        Assert.Equal(reason, solver.Report.Reason);
    }

    /// <summary>A chain of differences that is held at one end, more or less.</summary>
    private static (BlockMatrix Matrix, double[] RightSide) Chain(double hold)
    {
        (int count, (int, int)[] pairs) = Graphs.Create("chain");
        var matrix = new BlockMatrix(BlockStructure.Create(Graphs.Sizes(count, [3]), pairs));
        for (int k = 0; k < 3; k++)
            matrix.Block(matrix.Structure.Find(0, 0))[4 * k] = hold;
        foreach ((int i, int j) in pairs)
            for (int k = 0; k < 3; k++)
            {
                matrix.Block(matrix.Structure.Find(i, i))[4 * k] += 1;
                matrix.Block(matrix.Structure.Find(j, j))[4 * k] += 1;
                matrix.Block(matrix.Structure.Find(i, j))[4 * k] -= 1;
            }

        return (matrix, RandomMatrix.Vector(matrix.Structure.Dimension, 109));
    }

    /// <summary>
    /// L·Lᵀ with ones on the diagonal of L and negative numbers below: no pivot is small, but L⁻¹ is large.
    /// </summary>
    private static BlockMatrix Amplifying(int blocks, int size, double shift)
    {
        var matrix = new BlockMatrix(BlockStructure.Create(Graphs.Sizes(blocks, [size]), []));
        for (int j = 0; j < blocks; j++)
        {
            double below = -0.7 - (0.2 * j / 30);
            for (int c = 0; c < size; c++)
                for (int r = 0; r < size; r++)
                {
                    double sum = r == c ? -shift : 0;
                    for (int k = 0; k <= Math.Min(r, c); k++)
                        sum += (r == k ? 1 : below) * (c == k ? 1 : below);
                    matrix.Block(j)[(c * size) + r] = sum;
                }
        }

        return matrix;
    }

    /// <summary>Differences only: what adds the same to all blocks costs nothing.</summary>
    private static BlockMatrix Unheld(int count, (int First, int Second)[] pairs)
    {
        BlockStructure structure = BlockStructure.Create(Graphs.Sizes(count, [3]), pairs);
        var matrix = new BlockMatrix(structure);
        foreach ((int i, int j) in pairs)
        {
            BlockMatrix weight = RandomMatrix.Create([3], [], 110 + i + j, diagonal: 1);
            for (int k = 0; k < 9; k++)
            {
                matrix.Block(structure.Find(i, i))[k] += weight.Values[k];
                matrix.Block(structure.Find(j, j))[k] += weight.Values[k];
                matrix.Block(structure.Find(i, j))[k] -= weight.Values[k];
            }
        }

        return matrix;
    }

    /// <summary>H and g of a published graph, at the file's poses.</summary>
    private static (BlockMatrix Matrix, double[] Gradient) GaussNewton(string name)
    {
        PoseGraph graph = G2o.Read(DataFolder.File("g2o", name + ".g2o"));
        PoseGraphProblem problem = PoseGraphProblem.Create(graph, new() { Information = InformationMode.Diagonal });
        ReadOnlySpan<double> start = graph.HasPoses ? graph.Poses : PoseGraphInitialization.Odometry(graph);
        var state = new SolverState(problem.Problem);
        state.Load(problem.CreateValues(start), 0);
        var linearizer = new Linearizer(LinearizationPlan.Of(problem.Problem));
        linearizer.Linearize(state);
        return (linearizer.Hessian, linearizer.Gradient.ToArray());
    }
}
