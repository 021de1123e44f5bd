using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>
/// Matrices that cannot be solved with, for every solver in every order of elimination: a status, the same for all of a
/// family, never a crash; and the solver is as good as before.
/// </summary>
public class StatusCrossTests
{
    private static readonly double[] s_undefined = [double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    public static TheoryData<string> Orderings => [.. CrossCases.Orderings];

    [Theory]
    [MemberData(nameof(Orderings))]
    public void Whole_matrices_of_nonsense_fail(string ordering) => Check(ordering, (way, solver, good) =>
    {
        foreach (double value in (double[])[0, -1, .. s_undefined])
        {
            BlockMatrix bad = Copy(good);
            bad.Values.Fill(value);
            Fails(way, solver, bad);
        }
    });

    [Theory]
    [MemberData(nameof(Orderings))]
    public void A_single_undefined_entry_fails(string ordering) => Check(ordering, (way, solver, good) =>
    {
        var random = new Random(135);
        foreach (double value in s_undefined)
            for (int run = 0; run < 4; run++)
            {
                BlockMatrix bad = Copy(good);
                Span<double> block = bad.Block(random.Next(bad.Structure.BlockCount));
                block[random.Next(2) * (block.Length - 1)] = value;
                Fails(way, solver, bad);
            }
    });

    [Theory]
    [MemberData(nameof(Orderings))]
    public void Undefined_and_negative_damping_fails(string ordering) => Check(ordering, (way, solver, good) =>
    {
        double[] damping = new double[good.Structure.Dimension];
        foreach (double value in (double[])[-1e6, .. s_undefined])
            for (int row = 0; row < damping.Length; row += 41)
            {
                damping[row] = value;
                if (way.SeesIndefinite || !double.IsFinite(value))
                    Fails(way, solver, good, damping);
                damping[row] = 0;
            }
    });

    /// <summary>By couplings: all diagonal blocks are positive definite.</summary>
    [Theory]
    [MemberData(nameof(Orderings))]
    public void Indefinite_matrices_fail(string ordering) => Check(ordering, (way, solver, good) =>
    {
        for (int column = 0; column < good.Structure.Count; column += 7)
        {
            BlockMatrix bad = Copy(good);
            for (int k = good.Structure.ColumnStarts[column] + 1; k < good.Structure.ColumnStarts[column + 1]; k++)
                foreach (ref double entry in bad.Block(k))
                    entry *= 1e3;
            if (good.Structure.ColumnStarts[column] + 1 < good.Structure.ColumnStarts[column + 1])
                EndsAnyhow(solver, bad, fails: way.SeesIndefinite ? true : null);
        }
    });

    [Theory]
    [MemberData(nameof(Orderings))]
    public void A_row_without_information_is_named_and_damping_cures_it(string ordering) =>
        Check(ordering, (way, solver, good) =>
        {
            BlockStructure structure = good.Structure;
            double[] x = RandomMatrix.Vector(structure.Dimension, 136), damping = new double[x.Length];
            for (int block = 0; block < structure.Count; block += 9)
            {
                BlockMatrix bad = Copy(good);
                int unseen = structure.Offsets[block] + (structure.Sizes[block] / 2);
                ClearRow(bad, unseen);
                Assert.Equal((way.Name, unseen), (way.Name, Factor(solver, bad, []).FailedRow));
                damping[unseen] = 1e-3;
                Assert.True(Factor(solver, bad, damping).Succeeded, way.Name);
                solver.Solve(x, x);
                damping[unseen] = 0;
            }
        });

    /// <summary>Differences only: what adds the same to all blocks costs nothing.</summary>
    [Theory]
    [MemberData(nameof(Orderings))]
    public void Singular_matrices_fail(string ordering)
    {
        foreach ((int, int)[] pairs in new[] { Graphs.Grid(6, 8, 1), Graphs.Random(48, 0.2, 6) })
        {
            var matrix = new BlockMatrix(BlockStructure.Create(Graphs.Sizes(48, [3]), pairs));
            foreach ((int i, int j) in pairs)
                for (int k = 0; k < 9; k += 4)
                {
                    matrix.Block(matrix.Structure.Find(i, i))[k] += 1;
                    matrix.Block(matrix.Structure.Find(j, j))[k] += 1;
                    matrix.Block(matrix.Structure.Find(i, j))[k] -= 1;
                }

            SymbolicFactorization symbolic = CrossCases.Analyze(matrix.Structure, ordering);
            foreach (CrossSolver way in CrossSolvers.All)
            {
                using ILinearSolver solver = way.Create(symbolic);
                EndsAnyhow(solver, matrix, fails: way.SeesSingular ? true : null);
                double[] damping = CrossCases.DampingOf(matrix, 0.1);
                CrossSolver.Renew(solver);
                EndsAnyhow(solver, matrix, damping, fails: false);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Orderings))]
    public void Numbers_at_the_ends_of_the_range_end_anyhow(string ordering) => Check(
        ordering,
        (_, solver, good) =>
        {
            foreach (double scale in new[] { 1e300, 1e-300, 1e-310, 1e-322, double.MaxValue })
            {
                BlockMatrix scaled = Copy(good);
                foreach (ref double entry in scaled.Values)
                    entry *= scale;
                EndsAnyhow(solver, scaled, fails: null);
            }
        },
        isMixedAlike: false); // its scaling brings in what is out of reach otherwise

    [Theory]
    [MemberData(nameof(Orderings))]
    public void An_empty_matrix_is_solved(string ordering)
    {
        BlockStructure structure = BlockStructure.Create([], []);
        foreach (CrossSolver way in CrossSolvers.All)
        {
            SymbolicFactorization symbolic = CrossCases.Analyze(structure, ordering);
            if (way.Family.StartsWith("CHOLMOD", StringComparison.Ordinal))
            {
                Assert.Throws<ArgumentException>(() => way.Create(symbolic));
                continue;
            }

            using ILinearSolver solver = way.Create(symbolic);
            Assert.True(solver.Factor(new(structure)).Succeeded, way.Name);
            solver.Solve([], []);
            Assert.True(solver.FactorAndSolve(new(structure), [], [], []).Succeeded, way.Name);
        }
    }

    /// <summary>
    /// Runs what is wrong with each solver, between two solutions of the same system; and compares statuses within
    /// families, and between precisions.
    /// </summary>
    private static void Check(
        string ordering, Action<CrossSolver, ILinearSolver, BlockMatrix> misuse, bool isMixedAlike = true)
    {
        (BlockMatrix good, _) = CrossCases.Create("flat, points", [3, 6, 1], 7);
        SymbolicFactorization symbolic = CrossCases.Analyze(good.Structure, ordering);
        double[] b = RandomMatrix.Vector(good.Structure.Dimension, 137), x = new double[b.Length], again = [.. x];
        var families = new Dictionary<string, List<FactorizationResult>>();
        foreach (CrossSolver way in CrossSolvers.All)
        {
            using var solver = new Recorder(way.Create(symbolic));
            Assert.True(solver.FactorAndSolve(good, [], b, x).Succeeded, way.Name);
            misuse(way, solver, good);
            CrossSolver.Renew(solver.Inner);
            Assert.True(solver.FactorAndSolve(good, [], b, again).Succeeded, way.Name);
            Assert.True(CrossCases.AreSame(x, again), $"{way.Name}: other bits than before.");
            families.TryAdd(way.Family, solver.Results);
            Assert.Equal(families[way.Family], solver.Results);
        }

        if (!isMixedAlike)
            return;
        Assert.Equal(families["multifrontal"], families["multifrontal, mixed"]);
        Assert.Equal(families["interleaved"], families["interleaved, mixed"]);
    }

    private static void Fails(CrossSolver way, ILinearSolver solver, BlockMatrix bad, double[]? damping = null)
    {
        double[] x = new double[bad.Structure.Dimension];
        FactorizationResult result = Factor(solver, bad, damping ?? []);
        Assert.True(!result.Succeeded && result.FailedRow < x.Length, $"{way.Name}: row {result.FailedRow}.");
        Assert.Throws<InvalidOperationException>(() => solver.Solve(x, x));
        Assert.Equal(result, Again());

        FactorizationResult Again()
        {
            CrossSolver.Renew(((Recorder)solver).Inner);
            return solver.FactorAndSolve(bad, damping ?? [], x, x);
        }
    }

    /// <summary>If it is not said whether it fails, it may or may not.</summary>
    private static void EndsAnyhow(
        ILinearSolver solver, BlockMatrix matrix, double[]? damping = null, bool? fails = null)
    {
        double[] x = RandomMatrix.Vector(matrix.Structure.Dimension, 138);
        FactorizationResult result = Factor(solver, matrix, damping ?? []);
        Assert.Equal(fails ?? !result.Succeeded, !result.Succeeded);
        if (result.Succeeded)
            solver.Solve(x, x);
    }

    private static FactorizationResult Factor(ILinearSolver solver, BlockMatrix matrix, double[] damping)
    {
        CrossSolver.Renew((solver as Recorder)?.Inner ?? solver);
        return solver.Factor(matrix, damping);
    }

    private static BlockMatrix Copy(BlockMatrix matrix)
    {
        var copy = new BlockMatrix(matrix.Structure);
        matrix.Values.CopyTo(copy.Values);
        return copy;
    }

    private static void ClearRow(BlockMatrix matrix, int row)
    {
        BlockStructure structure = matrix.Structure;
        for (int j = 0; j < structure.Count; j++)
            for (int k = structure.ColumnStarts[j]; k < structure.ColumnStarts[j + 1]; k++)
                for (int entry = 0, rows = structure.Sizes[structure.Rows[k]]; entry < matrix.Block(k).Length; entry++)
                    if (structure.Offsets[structure.Rows[k]] + (entry % rows) == row ||
                        structure.Offsets[j] + (entry / rows) == row)
                        matrix.Block(k)[entry] = 0;
    }

    /// <summary>A solver that keeps what became of factorizations.</summary>
    private sealed class Recorder(ILinearSolver inner) : ILinearSolver
    {
        public ILinearSolver Inner => inner;

        public List<FactorizationResult> Results { get; } = [];

        public BlockStructure Structure => inner.Structure;

        public FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default) =>
            Record(inner.Factor(matrix, damping));

        public FactorizationResult FactorAndSolve(
            BlockMatrix matrix, ReadOnlySpan<double> damping, ReadOnlySpan<double> b, Span<double> x) =>
            Record(inner.FactorAndSolve(matrix, damping, b, x));

        public void Solve(ReadOnlySpan<double> b, Span<double> x) => inner.Solve(b, x);

        public void SolveTransposed(ReadOnlySpan<double> y, Span<double> x) => inner.SolveTransposed(y, x);

        public void Dispose() => inner.Dispose();

        private FactorizationResult Record(FactorizationResult result)
        {
            Results.Add(result);
            return result;
        }
    }
}
