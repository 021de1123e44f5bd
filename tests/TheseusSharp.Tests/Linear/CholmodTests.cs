using TheseusSharp.Cholmod;
using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>An independent solver, if it is installed: what it gives must be what ours give.</summary>
public class CholmodTests
{
    public static TheoryData<string> GraphNames => [.. Graphs.All.Where(name => name != "empty")];

    [SkippableTheory]
    [MemberData(nameof(GraphNames))]
    public void Solutions_agree_with_ours(string name)
    {
        SkipWithoutCholmod();
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        foreach (int[] pattern in Graphs.SizePatterns)
        {
            BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, pattern), pairs, 111, diagonal: 0.1);
            double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 112), ours = new double[b.Length];
            double[] damping = [.. RandomMatrix.Vector(b.Length, 113).Select(Math.Abs)];
            using var solver = new MultifrontalCholesky(matrix.Structure);
            Assert.True(solver.Factor(matrix, damping).Succeeded);
            solver.Solve(b, ours);
            foreach (CholmodOrdering ordering in Enum.GetValues<CholmodOrdering>())
                Check(new CholmodSolver(matrix.Structure, ordering));
            Check(new CholmodSolver(matrix.Structure, solver.Symbolic.Order));

            void Check(CholmodSolver cholmod)
            {
                double[] x = new double[b.Length];
                Assert.Equal(FactorizationResult.Success, cholmod.Factor(matrix, damping));
                cholmod.Solve(b, x);
                Assert.InRange(RandomMatrix.BackwardError(matrix, x, b, damping), 0, 1e-13);
                Dense.AssertClose(ours, x, 1e-9);
                cholmod.Dispose();
            }
        }
    }

    [SkippableFact]
    public void Transposed_solves_make_the_inverse()
    {
        SkipWithoutCholmod();
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(12, [2, 3]), Graphs.Grid(3, 4, 1), 114, diagonal: 1);
        int n = matrix.Structure.Dimension;
        using var solver = new CholmodSolver(matrix.Structure);
        Assert.True(solver.Factor(matrix).Succeeded);
        double[][] columns = [.. Enumerable.Range(0, n).Select(k =>
        {
            double[] x = new double[n];
            x[k] = 1;
            solver.SolveTransposed(x, x);
            return x;
        })];
        Dense.AssertClose(
            Dense.Flat(Dense.Inverse(Dense.Of(matrix))),
            Dense.Flat(Dense.Product(Dense.Transposed(columns), columns)), 1e-12);
    }

    [SkippableFact]
    public void Indefinite_and_undefined_matrices_fail_and_leave_the_solver_usable()
    {
        SkipWithoutCholmod();
        (int count, (int, int)[] pairs) = Graphs.Create("random");
        BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, [3, 1, 6]), pairs, 115);
        BlockStructure structure = matrix.Structure;
        double[] b = RandomMatrix.Vector(structure.Dimension, 116), x = new double[b.Length];
        using var solver = new CholmodSolver(structure);
        for (int block = 0; block < count; block++)
        {
            ref double entry = ref matrix.Block(structure.ColumnStarts[block])[0];
            double before = entry;
            entry = block % 2 == 0 ? double.NaN : -1;
            Assert.Equal(structure.Offsets[block], solver.Factor(matrix).FailedRow);
            Assert.Throws<InvalidOperationException>(() => solver.Solve(b, x));
            entry = before;
        }

        Assert.True(solver.Factor(matrix).Succeeded);
        solver.Solve(b, x);
        Assert.InRange(RandomMatrix.BackwardError(matrix, x, b), 0, 1e-13);
    }

    [SkippableTheory]
    [InlineData("sphere2500")]
    [InlineData("parking-garage")]
    [InlineData("manhattan")]
    public void Real_graphs_are_solved_alike(string name)
    {
        SkipWithoutCholmod();
        BlockMatrix matrix = PoseGraphTests.Read(Oracles.DataFolder.File("g2o", name + ".g2o"));
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 117), x = new double[b.Length];
        double[] ours = new double[b.Length];
        using var cholmod = new CholmodSolver(matrix.Structure);
        using var solver = new MultifrontalCholesky(matrix.Structure);
        Assert.True(cholmod.Factor(matrix).Succeeded && solver.Factor(matrix).Succeeded);
        cholmod.Solve(b, x);
        solver.Solve(b, ours);
        Assert.InRange(RandomMatrix.BackwardError(matrix, x, b), 0, 1e-13);
        Dense.AssertClose(ours, x, 1e-8);
    }

    [SkippableFact]
    public void Wrong_use_is_refused()
    {
        SkipWithoutCholmod();
        Assert.Throws<ArgumentException>(() => new CholmodSolver(BlockStructure.Create([], [])));
        BlockStructure structure = BlockStructure.Create([2, 1], [(0, 1)]);
        Assert.Throws<ArgumentException>(() => new CholmodSolver(structure, [0]));
        Assert.Throws<ArgumentException>(() => new CholmodSolver(structure, [0, 2, 1]));
        var solver = new CholmodSolver(structure);
        Assert.Throws<InvalidOperationException>(() => solver.Solve(new double[3], new double[3]));
        Assert.Throws<ArgumentException>(() => solver.Factor(new(structure), new double[2]));
        Assert.Throws<ArgumentException>(() => solver.Factor(new(BlockStructure.Create([2, 1], []))));
        solver.Dispose();
        solver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => solver.Factor(new(structure)));
    }

    [Fact]
    public void Its_absence_is_told_with_the_name_of_the_package() =>
        Assert.Contains("libcholmod3", new CholmodNotFoundException().Message);

    private static void SkipWithoutCholmod() =>
        Skip.IfNot(CholmodLibrary.IsAvailable, new CholmodNotFoundException().Message);
}
