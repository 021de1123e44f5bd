using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public class ConjugateGradientTests
{
    public static TheoryData<string> GraphNames => [.. Graphs.All];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Solution_has_the_residual_that_is_reported(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        foreach (int[] pattern in Graphs.SizePatterns)
        {
            BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, pattern), pairs, 81, diagonal: 1);
            double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 82), x = new double[b.Length];
            double[] damping = [.. RandomMatrix.Vector(b.Length, 83).Select(Math.Abs)];
            using var solver = new ConjugateGradientSolver(matrix.Structure, new() { RelativeTolerance = 1e-10 });
            Assert.Equal(FactorizationResult.Success, solver.Factor(matrix, damping));
            ConjugateGradientResult result = solver.Solve(b, x);
            Assert.Equal(ConjugateGradientStatus.Converged, result.Status);
            Assert.Equal(result, solver.LastResult);
            double[] residual = [.. b.Zip(Dense.Product(Dense.Of(matrix, damping), x), (p, q) => p - q)];
            double relative = b.Length == 0 ? 0 : Norm(residual) / Norm(b);
            Assert.InRange(relative, 0, 1e-10 * 1.1);
            Assert.Equal(result.RelativeResidual, relative, 1e-12);
        }
    }

    [Fact]
    public void One_step_is_enough_if_the_matrix_is_its_diagonal_blocks()
    {
        BlockMatrix matrix = RandomMatrix.Create([3, 6, 1, 9], [], 84);
        double[] b = RandomMatrix.Vector(19, 85);
        using var solver = new ConjugateGradientSolver(matrix.Structure);
        Assert.True(solver.Factor(matrix).Succeeded);
        Assert.Equal(1, solver.Solve(b, b).Iterations);
    }

    [Fact]
    public void The_limit_of_iterations_is_kept_and_more_of_them_come_closer()
    {
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(64, [6]), Graphs.Grid(4, 4, 4), 86);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 87), exact = new double[b.Length];
        using (var direct = new DenseCholesky(matrix.Structure))
        {
            direct.Factor(matrix);
            direct.Solve(b, exact);
        }

        double last = double.MaxValue;
        foreach (int limit in new[] { 1, 5, 20, 60 })
        {
            using var solver = new ConjugateGradientSolver(
                matrix.Structure, new() { RelativeTolerance = 0, IterationLimit = limit });
            solver.Factor(matrix);
            double[] x = new double[b.Length], product = new double[b.Length];
            ConjugateGradientResult result = solver.Solve(b, x);
            Assert.Equal((ConjugateGradientStatus.IterationLimit, limit), (result.Status, result.Iterations));

            // The error in the norm of the matrix, which conjugate gradients minimise.
            double[] error = [.. x.Zip(exact, (p, q) => p - q)];
            matrix.Multiply(error, product);
            double energy = error.Zip(product, (p, q) => p * q).Sum();
            Assert.True(energy < last);
            last = energy;
        }
    }

    [Fact]
    public void An_indefinite_matrix_is_a_status_and_the_step_descends()
    {
        // Definite diagonal blocks, so that factoring succeeds.
        BlockStructure structure = BlockStructure.Create([1, 1], [(0, 1)]);
        var matrix = new BlockMatrix(structure);
        new double[] { 1, 2, 1 }.CopyTo(matrix.Values);
        using var solver = new ConjugateGradientSolver(structure);
        Assert.True(solver.Factor(matrix).Succeeded);
        double[] x = new double[2];
        Assert.Equal(ConjugateGradientStatus.Indefinite, solver.Solve([1, -1], x).Status);
        Assert.True(x[0] - x[1] > 0);
        Assert.Equal(ConjugateGradientStatus.Indefinite, solver.Solve([1, 0.5], x).Status);
        Assert.True(x[0] + (0.5 * x[1]) > 0);
        Assert.True(solver.Factor(matrix, [1.5, 1.5]).Succeeded);
        Assert.Equal(ConjugateGradientStatus.Converged, solver.Solve([1, -1], x).Status);
    }

    [Fact]
    public void What_is_singular_on_the_diagonal_or_not_finite_anywhere_fails()
    {
        (int count, (int, int)[] pairs) = Graphs.Create("random");
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [3, 1, 6]), pairs, 88);
        BlockStructure structure = matrix.Structure;
        double[] b = RandomMatrix.Vector(structure.Dimension, 89), x = new double[b.Length];
        using var solver = new ConjugateGradientSolver(structure);
        for (int block = 0; block < structure.BlockCount; block++)
        {
            ref double entry = ref matrix.Block(block)[^1];
            double before = entry;
            entry = block % 2 == 0 ? double.NaN : double.PositiveInfinity;
            Assert.Equal(structure.Offsets[structure.Rows[block] + 1] - 1, solver.Factor(matrix).FailedRow);
            Assert.Throws<InvalidOperationException>(() => solver.Solve(b, x));
            entry = before;
        }

        Assert.Equal(4, solver.Factor(matrix, [0, 0, 0, 0, double.NaN, .. new double[b.Length - 5]]).FailedRow);
        ref double diagonal = ref matrix.Block(structure.ColumnStarts[1])[0];
        diagonal = -1;
        Assert.Equal(3, solver.Factor(matrix).FailedRow);
        diagonal = 1e308;
        matrix.Block(structure.ColumnStarts[4])[0] = 1e308;
        Assert.True(solver.Factor(matrix).Succeeded);
        Assert.True(solver.Solve(b, x).Iterations >= 0);
    }

    [Fact]
    public void A_right_hand_side_that_is_not_finite_gives_no_numbers_and_one_of_zeros_gives_zeros()
    {
        BlockMatrix matrix = RandomMatrix.Create([3, 3], [(0, 1)], 90);
        using var solver = new ConjugateGradientSolver(matrix.Structure);
        Assert.True(solver.Factor(matrix).Succeeded);
        double[] x = [1, double.NaN, 0, 0, 0, 0];
        Assert.Equal(ConjugateGradientStatus.NotFinite, solver.Solve(x, x).Status);
        Assert.All(x, number => Assert.True(double.IsNaN(number)));
        Assert.Equal(
            new ConjugateGradientResult(ConjugateGradientStatus.Converged, 0, 0), solver.Solve(new double[6], x));
        Assert.Equal(new double[6], x);
    }

    [Fact]
    public void Solving_allocates_nothing()
    {
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(64, [6, 3]), Graphs.Grid(4, 4, 4), 91);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 92), x = new double[b.Length];
        using ILinearSolver solver = new ConjugateGradientSolver(matrix.Structure);
        solver.Factor(matrix, b);
        solver.Factor(matrix);
        solver.Solve(b, x);
        long before = GC.GetAllocatedBytesForCurrentThread();
        solver.Factor(matrix);
        solver.Solve(b, x);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        BlockStructure structure = BlockStructure.Create([2, 1], [(0, 1)]);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ConjugateGradientSolver(structure, new() { RelativeTolerance = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ConjugateGradientSolver(structure, new() { IterationLimit = 0 }));
        using var solver = new ConjugateGradientSolver(structure);
        Assert.Throws<InvalidOperationException>(() => solver.Solve(new double[3], new double[3]));
        Assert.Throws<ArgumentException>(() => solver.Factor(new(structure), new double[2]));
        Assert.Throws<NotSupportedException>(() => solver.SolveTransposed(new double[3], new double[3]));
    }

    private static double Norm(double[] x) => Math.Sqrt(x.Sum(entry => entry * entry));
}
