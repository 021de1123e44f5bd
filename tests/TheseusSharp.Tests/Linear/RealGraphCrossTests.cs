using TheseusSharp.Linear;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Linear;

/// <summary>
/// Published graphs, in every order of elimination that is not hopeless for them: solutions are as exact as promised,
/// and those of a family the same to the bit.
/// </summary>
public class RealGraphCrossTests
{
    /// <summary>Orders that need more operations are left out.</summary>
    private const double MostFlops = 100e6;

    [SkippableTheory]
    [InlineData("intel")]
    [InlineData("CSAIL")]
    [InlineData("kitti_00")]
    [InlineData("manhattan")]
    [InlineData("parking-garage")]
    public void Solutions_are_as_exact_as_promised(string name)
    {
        BlockMatrix matrix = PoseGraphTests.Read(DataFolder.File("g2o", name + ".g2o"));
        SymbolicFactorization[] analyses = [.. CrossCases.Orderings
            .Where(ordering => ordering != nameof(OrderingKind.Given))
            .Select(ordering => CrossCases.Analyze(matrix.Structure, ordering))
            .Where(symbolic => symbolic.Flops <= MostFlops)
            .DistinctBy(symbolic => symbolic.Flops)];
        Assert.Equal(3, analyses.Length);
        double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 139);
        foreach (SymbolicFactorization symbolic in analyses)
        {
            var families = new Dictionary<string, double[]>();
            foreach (CrossSolver way in CrossSolvers.Extremes.Where(way => way.Name is not ("dense" or "LU")))
            {
                using ILinearSolver solver = way.Create(symbolic);
                double[] x = new double[b.Length];
                Assert.True(solver.FactorAndSolve(matrix, [], b, x).Succeeded, way.Name);
                double error = RandomMatrix.BackwardError(matrix, x, b);
                Assert.True(error <= way.BackwardError, $"{way.Name}: backward error {error}.");
                families.TryAdd(way.Family, x);
                Assert.True(CrossCases.AreSame(families[way.Family], x), $"{way.Name}: not the family's bits.");
            }
        }
    }
}
