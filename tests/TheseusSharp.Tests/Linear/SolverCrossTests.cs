using TheseusSharp.Cholmod;
using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>
/// Every way to solve against every kind of matrix, the full product: solver × threads × register width × precision ×
/// lanes × order of elimination × structure × sizes of blocks; damping takes turns, so that each of these meets each
/// damping. Batches: <see cref="BatchCrossTests"/>; matrices that cannot be solved with: <see
/// cref="StatusCrossTests"/>; real graphs: <see cref="RealGraphCrossTests"/>.
/// </summary>
public class SolverCrossTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string kind in CrossCases.Kinds)
                foreach (string ordering in CrossCases.Orderings)
                    cases.Add(kind, ordering);
            return cases;
        }
    }

    public static TheoryData<string> Unordered => [.. CrossSolvers.Unordered.Select(solver => solver.Name)];

    public static TheoryData<string> Kinds => [.. CrossCases.Kinds];

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_any_order_solutions_are_as_exact_as_promised_and_of_a_family_the_same_to_the_bit(
        string kind, string ordering)
    {
        int turn = Array.IndexOf(CrossCases.Orderings, ordering) + Array.IndexOf(CrossCases.Kinds, kind);
        foreach (int[] pattern in CrossCases.SizePatterns)
        {
            double lambda = CrossCases.Lambdas[turn++ % CrossCases.Lambdas.Length];
            (BlockMatrix matrix, _) = CrossCases.Create(kind, pattern, 1);
            SymbolicFactorization symbolic = CrossCases.Analyze(matrix.Structure, ordering);
            var families = new Dictionary<string, double[]>();
            foreach (CrossSolver solver in CrossSolvers.Ordered)
            {
                double[] x = SolveAndCheck(solver, symbolic, matrix, lambda);
                families.TryAdd(solver.Family, x);
                Same(solver, $"sizes {string.Join(' ', pattern)}, λ = {lambda}", families[solver.Family], x);
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Unordered))]
    public void Solvers_that_need_no_order_are_as_exact_as_promised(string name)
    {
        CrossSolver solver = Array.Find(CrossSolvers.Unordered, candidate => candidate.Name == name)!;
        Skip.IfNot(CrossSolvers.IsAvailable(solver), new CholmodNotFoundException().Message);
        foreach (string kind in CrossCases.Kinds)
            foreach (int[] pattern in CrossCases.SizePatterns)
            {
                (BlockMatrix matrix, _) = CrossCases.Create(kind, pattern, 2);
                foreach (string ordering in name.EndsWith("given") ? CrossCases.Orderings : CrossCases.Orderings[..1])
                    foreach (double lambda in CrossCases.Lambdas)
                        SolveAndCheck(solver, CrossCases.Analyze(matrix.Structure, ordering), matrix, lambda);
            }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Damping_is_what_it_says(string kind)
    {
        foreach (int[] pattern in CrossCases.SizePatterns)
        {
            (BlockMatrix matrix, _) = CrossCases.Create(kind, pattern, 3);
            SymbolicFactorization symbolic = CrossCases.Analyze(matrix.Structure, CrossCases.Orderings[0]);
            double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 130), before = matrix.Values.ToArray();
            double[] damping = CrossCases.DampingOf(matrix, 0.3);
            BlockMatrix sum = Scaled(matrix, 0);
            AddToDiagonal(sum, damping);
            foreach (CrossSolver way in CrossSolvers.Extremes)
            {
                using ILinearSolver solver = way.Create(symbolic);
                double[] bare = Solve(way, solver, matrix, [], b), damped = Solve(way, solver, matrix, damping, b);
                Same(way, "zeros are no damping", bare, Solve(way, solver, matrix, new double[b.Length], b));
                Same(way, "the damping before is forgotten", damped, Solve(way, solver, matrix, damping, b));
                double[] added = Solve(way, solver, sum, [], b);
                if (way.AddsDampingFirst)
                    Same(way, "damping is a part of the diagonal", damped, added);
                else
                    Dense.AssertClose(damped, added, 1e3 * way.BackwardError);
                Assert.True(CrossCases.AreSame(before, matrix.Values), $"{way.Name} changed the matrix.");
            }
        }
    }

    /// <summary>Powers of four, so that square roots are exact, too: units from 1e-200 to 1e200.</summary>
    [Theory]
    [InlineData(-664)]
    [InlineData(-2)]
    [InlineData(664)]
    public void Units_change_no_digit(int exponent)
    {
        foreach (string kind in CrossCases.Kinds)
        {
            (BlockMatrix matrix, _) = CrossCases.Create(kind, [3, 6, 2, 1], 4);
            SymbolicFactorization symbolic = CrossCases.Analyze(matrix.Structure, CrossCases.Orderings[0]);
            double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 131);
            double[] damping = CrossCases.DampingOf(matrix, 1e-3);
            BlockMatrix scaled = Scaled(matrix, exponent);
            double[] scaledDamping = [.. damping.Select(entry => double.ScaleB(entry, exponent))];
            foreach (CrossSolver way in CrossSolvers.Extremes)
            {
                using ILinearSolver solver = way.Create(symbolic);
                double[] expected = Solve(way, solver, matrix, damping, b);
                double[] found = Solve(way, solver, scaled, scaledDamping, b);
                Same(way, "units", expected, [.. found.Select(entry => double.ScaleB(entry, exponent))]);
            }
        }
    }

    /// <summary>Trees of elimination as deep as the structure is long; dense matrices would be too large.</summary>
    [Theory]
    [InlineData(nameof(OrderingKind.Automatic))]
    [InlineData(nameof(OrderingKind.NestedDissection))]
    [InlineData(nameof(OrderingKind.Natural))]
    public void Twenty_thousand_blocks_are_solved_with(string ordering)
    {
        const int Count = 20_000;
        (int, int)[] pairs = [.. Enumerable.Range(1, Count - 1).SelectMany(
            k => new[] { (k - 1, k), (Math.Max(0, k - 1 - (k % 4)), k) })];
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(Count, [6, 3, 1]), pairs, 132, diagonal: 1);
        Assert.Throws<OverflowException>(() => new DenseCholesky(matrix.Structure));
        SymbolicFactorization symbolic = CrossCases.Analyze(matrix.Structure, ordering);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 133);
        var families = new Dictionary<string, double[]>();
        foreach (CrossSolver way in CrossSolvers.Extremes.Where(way => way.Name is not ("dense" or "LU")))
        {
            using ILinearSolver solver = way.Create(symbolic);
            double[] x = new double[b.Length];
            Assert.True(solver.FactorAndSolve(matrix, [], b, x).Succeeded, way.Name);
            Assert.InRange(RandomMatrix.BackwardError(matrix, x, b), 0, way.BackwardError);
            families.TryAdd(way.Family, x);
            Same(way, "family", families[way.Family], x);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_left_when_points_are_eliminated_is_the_dense_Schur_complement(string kind)
    {
        foreach (int[] pattern in CrossCases.SizePatterns)
        {
            (BlockMatrix matrix, int points) = CrossCases.Create(kind, pattern, 5);
            int kept = matrix.Structure.Count - (points > 0 ? points : matrix.Structure.Count / 2);
            using var partial = new PartialFactorization(matrix.Structure, [.. Enumerable.Range(0, kept)]);
            double[] damping = CrossCases.DampingOf(matrix, CrossCases.Lambdas[pattern.Length % 2]);
            Assert.True(partial.Factor(matrix, damping).Succeeded);
            double[] found = new double[partial.KeptDimension * partial.KeptDimension];
            partial.CopySchurComplement(found);
            Dense.AssertClose(SchurComplement(matrix, damping, partial.Kept.ToArray()), found, 1e-12);
        }
    }

    /// <summary>By elimination of scalars, one by one.</summary>
    private static double[] SchurComplement(BlockMatrix matrix, double[] damping, int[] kept)
    {
        BlockStructure structure = matrix.Structure;
        double[][] dense = Dense.Of(matrix, damping.Length > 0 ? damping : null);
        int[] rows = [.. kept.SelectMany(block => Enumerable.Range(structure.Offsets[block], structure.Sizes[block]))];
        foreach (int pivot in Enumerable.Range(0, structure.Dimension).Except(rows))
            for (int i = 0; i < dense.Length; i++)
            {
                double factor = dense[i][pivot] / dense[pivot][pivot];
                for (int j = 0; i != pivot && factor != 0 && j < dense.Length; j++)
                    dense[i][j] -= factor * dense[pivot][j];
            }

        return [.. rows.SelectMany(row => rows.Select(column => dense[row][column]))];
    }

    private static double[] SolveAndCheck(
        CrossSolver way, SymbolicFactorization symbolic, BlockMatrix matrix, double lambda)
    {
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 134);
        using ILinearSolver solver = way.Create(symbolic);
        double[] damping = CrossCases.DampingOf(matrix, lambda), x = Solve(way, solver, matrix, damping, b);
        double error = RandomMatrix.BackwardError(matrix, x, b, lambda == 0 ? null : damping);
        Assert.True(error <= way.BackwardError, $"{way.Name}, λ = {lambda}: backward error {error}.");
        if (solver is RefinedCholesky refined)
            Assert.Equal(0, refined.Report.FallBacks);
        return x;
    }

    /// <summary>Factors and solves, in two steps and in one, in place or not: all the same bits.</summary>
    private static double[] Solve(
        CrossSolver way, ILinearSolver solver, BlockMatrix matrix, double[] damping, double[] b)
    {
        double[] x = new double[b.Length], again = [.. b];
        Assert.True(solver.Factor(matrix, damping).Succeeded, way.Name);
        solver.Solve(b, x);
        solver.Solve(again, again);
        Same(way, "in place", x, again);
        b.CopyTo(again, 0);
        Assert.True(solver.FactorAndSolve(matrix, damping, again, again).Succeeded, way.Name);
        Same(way, "factored and solved at once", x, again);
        return x;
    }

    private static void Same(CrossSolver way, string what, double[] expected, double[] found) =>
        Assert.True(CrossCases.AreSame(expected, found), $"{way.Name}: {what}: other bits.");

    private static BlockMatrix Scaled(BlockMatrix matrix, int exponent)
    {
        var scaled = new BlockMatrix(matrix.Structure);
        for (int k = 0; k < matrix.Values.Length; k++)
            scaled.Values[k] = double.ScaleB(matrix.Values[k], exponent);
        return scaled;
    }

    private static void AddToDiagonal(BlockMatrix matrix, double[] damping)
    {
        BlockStructure structure = matrix.Structure;
        for (int j = 0; j < structure.Count; j++)
            for (int k = 0; k < structure.Sizes[j]; k++)
                matrix.Block(structure.ColumnStarts[j])[k * (structure.Sizes[j] + 1)] +=
                    damping[structure.Offsets[j] + k];
    }
}
