using TheseusSharp.Cholmod;
using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>
/// Every way to solve against every kind of matrix: block sizes, damping, batch, and matrices that cannot be solved
/// with.
/// </summary>
public class SolverCrossTests
{
    private static readonly Dictionary<string, Func<BlockStructure, ILinearSolver>> s_solvers = new()
    {
        ["multifrontal"] = static structure => new MultifrontalCholesky(structure),
        ["multifrontal, natural order"] = static structure => new MultifrontalCholesky(
            SymbolicFactorization.Analyze(structure, [.. Enumerable.Range(0, structure.Count)])),
        ["dense"] = static structure => new DenseCholesky(structure),
        ["conjugate gradients"] = static structure =>
            new ConjugateGradientSolver(structure, new() { RelativeTolerance = 1e-14 }),
        ["CHOLMOD"] = static structure => new CholmodSolver(structure),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string solver in s_solvers.Keys)
                foreach (string kind in new[] { "flat", "line", "grid", "meridians", "flat, points", "grid, points" })
                    cases.Add(solver, kind);
            return cases;
        }
    }

    public static TheoryData<string> Solvers => [.. s_solvers.Keys];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Solutions_are_exact_to_rounding(string name, string kind)
    {
        foreach (int[] pattern in new int[][] { [1], [3], [6], [7, 9], [3, 6, 2, 1] })
            for (int seed = 0; seed < 3; seed++)
            {
                (int[] sizes, (int, int)[] pairs) = Generate(kind, pattern, seed);
                BlockMatrix matrix = RandomMatrix.Create(sizes, pairs, 121 + seed, diagonal: 1);
                double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 122 + seed), x = new double[b.Length];
                using ILinearSolver solver = Create(name, matrix.Structure);
                foreach (double lambda in new[] { 0, 1e-3, 10 })
                {
                    double[] damping = new double[b.Length];
                    Damping.Ellipsoidal(matrix, lambda, 1e-6, 1e6, damping);
                    Assert.Equal(
                        FactorizationResult.Success,
                        lambda == 0 ? solver.Factor(matrix) : solver.Factor(matrix, damping));
                    solver.Solve(b, x);
                    Assert.InRange(RandomMatrix.BackwardError(matrix, x, b, damping), 0, 1e-13);
                    double[] fused = [.. b];
                    Assert.True(solver.FactorAndSolve(matrix, lambda == 0 ? [] : damping, fused, fused).Succeeded);
                    Assert.Equal(x, fused);
                }
            }
    }

    [SkippableTheory]
    [MemberData(nameof(Solvers))]
    public void What_cannot_be_solved_with_is_a_status(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create("random");
        BlockMatrix good = RandomMatrix.Create(Graphs.Sizes(count, [3, 6, 1]), pairs, 123, diagonal: 1);
        BlockStructure structure = good.Structure;
        double[] b = RandomMatrix.Vector(structure.Dimension, 124);
        double[] x = new double[b.Length], again = new double[b.Length];
        using ILinearSolver solver = Create(name, structure);
        Assert.True(solver.Factor(good).Succeeded);
        solver.Solve(b, x);
        foreach (double value in new[] { 0, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            var bad = new BlockMatrix(structure);
            bad.Values.Fill(value);
            Assert.False(solver.Factor(bad).Succeeded);
            Assert.Throws<InvalidOperationException>(() => solver.Solve(b, again));
        }

        // Huge and tiny numbers: whatever comes out, it comes out.
        foreach (double scale in new[] { 1e300, 1e-300, 1e-310, double.MaxValue })
        {
            var scaled = new BlockMatrix(structure);
            for (int k = 0; k < scaled.Values.Length; k++)
                scaled.Values[k] = good.Values[k] * scale;
            if (solver.Factor(scaled).Succeeded)
                solver.Solve(b, again);
        }

        Assert.True(solver.Factor(good).Succeeded);
        solver.Solve(b, again);
        Assert.Equal(x, again);
    }

    [SkippableTheory]
    [MemberData(nameof(Solvers))]
    public void An_empty_matrix_is_solved(string name)
    {
        Skip.If(name == "CHOLMOD", "CHOLMOD takes no matrix without rows.");
        BlockStructure structure = BlockStructure.Create([], []);
        using ILinearSolver solver = Create(name, structure);
        Assert.True(solver.Factor(new(structure)).Succeeded);
        solver.Solve([], []);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(64)]
    public void Batches_agree_with_one_by_one(int batch)
    {
        (int[] sizes, (int, int)[] pairs) = Generate("grid", [3, 2], 5);
        BlockMatrix[] matrices =
            [.. Enumerable.Range(0, batch).Select(k => RandomMatrix.Create(sizes, pairs, 125 + k, diagonal: 1))];
        int n = matrices[0].Structure.Dimension;
        double[] dense = [.. matrices.SelectMany(matrix => Dense.Flat(Dense.Of(matrix)))];
        double[] values = [.. matrices.SelectMany(matrix => matrix.Values.ToArray())];
        double[] b = RandomMatrix.Vector(batch * n, 126), expected = new double[b.Length];
        using (var single = new MultifrontalCholesky(matrices[0].Structure))
            for (int k = 0; k < batch; k++)
            {
                Assert.True(single.Factor(matrices[k]).Succeeded);
                single.Solve(b.AsSpan(k * n, n), expected.AsSpan(k * n, n));
            }

        using LinearSolve sparse = LinearSolve.Sparse(matrices[0].Structure, batch);
        using LinearSolve cholesky = LinearSolve.Symmetric(n, batch), lu = LinearSolve.General(n, batch);
        double[] x = new double[b.Length];
        Assert.True(sparse.Forward(values, b, x));
        Assert.Equal(expected, x);
        Assert.True(cholesky.Forward(dense, b, x));
        Dense.AssertClose(expected, x, 1e-11);
        Assert.True(lu.Forward(dense, b, x));
        Dense.AssertClose(expected, x, 1e-11);
    }

    /// <summary>
    /// The generators of structure that sparse solvers are tested with; points are coupled with others only.
    /// </summary>
    private static (int[] Sizes, (int, int)[] Pairs) Generate(string kind, int[] pattern, int seed)
    {
        var random = new Random(seed);
        (int count, List<(int, int)> pairs) = kind.Split(',')[0] switch
        {
            "flat" => (40, Graphs.Random(40, 0.1, seed).ToList()),
            "line" => (60, Enumerable.Range(1, 59).SelectMany(
                k => new[] { (k - 1, k), (Math.Max(0, k - random.Next(1, 4)), k) }).ToList()),
            "grid" => (48, Graphs.Grid(6, 8, 1).ToList()),
            "meridians" => (61, Enumerable.Range(0, 6).SelectMany(m => Enumerable.Range(0, 10).Select(
                k => (k == 0 ? 60 : (10 * m) + k - 1, (10 * m) + k))).ToList()),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        int points = kind.EndsWith("points", StringComparison.Ordinal) ? 100 : 0;
        for (int point = 0; point < points; point++)
            for (int k = 0; k < 3; k++)
                pairs.Add((count + point, random.Next(count)));
        return ([.. Graphs.Sizes(count, pattern), .. Graphs.Sizes(points, [3])], [.. pairs]);
    }

    private static ILinearSolver Create(string name, BlockStructure structure)
    {
        Skip.If(name == "CHOLMOD" && !CholmodLibrary.IsAvailable, new CholmodNotFoundException().Message);
        return s_solvers[name](structure);
    }
}
