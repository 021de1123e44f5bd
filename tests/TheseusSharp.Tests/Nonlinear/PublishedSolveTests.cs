using TheseusSharp.Data;
using TheseusSharp.Initialization;
using TheseusSharp.Nonlinear;
using TheseusSharp.Tests.Oracles;
using Xunit.Abstractions;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>Published pose graphs end at the published objective, or below.</summary>
public sealed class PublishedSolveTests(ITestOutputHelper output)
{
    /// <summary>
    /// With diagonal information, from the file's poses or else odometry, by Levenberg–Marquardt as it is by default.
    /// </summary>
    [SkippableTheory]
    [InlineData("sphere2500", 680.4724, 1305659, 20)]
    [InlineData("parking-garage", 0.6342, double.NaN, 20)]
    [InlineData("cubicle", 1454.656, double.NaN, 75)]
    [InlineData("smallGrid3D", 517.9253, double.NaN, 20)]
    [InlineData("CSAIL", 86.2130, double.NaN, 15)]
    [InlineData("intel", 23.53871, double.NaN, 15)]
    [InlineData("kitti_00", 48.78785, double.NaN, 15)]
    [InlineData("city10000", 255.9937, double.NaN, 20)]
    public void Final_objective(string name, double most, double initial, int mostIterations)
    {
        SolveResult result = Solve(new LevenbergMarquardt(), name, mostIterations);
        output.WriteLine($"{name}: {result.Summary.BriefReport()}");
        Assert.True(result.First.Status.IsConverged(), result.First.Message);
        Assert.InRange(result.First.FinalCost, 0, most * (1 + 1e-5));
        if (!double.IsNaN(initial))
            Assert.InRange(result.First.InitialCost, initial - 0.5, initial + 0.5);
    }

    /// <summary>Gauss–Newton from odometry.</summary>
    [SkippableFact]
    public void Final_objective_of_manhattan()
    {
        SolveResult result = Solve(new GaussNewton(), "manhattan", 20);
        output.WriteLine(result.Summary.BriefReport());
        Assert.InRange(result.First.FinalCost, 0, 2332.84 * (1 + 1e-5));
    }

    /// <summary>One element: threads factor its matrix together.</summary>
    [SkippableFact]
    public void Threads_do_not_change_a_bit()
    {
        SolveResult one = Solve(new LevenbergMarquardt(), "sphere2500", 4, threads: 1);
        SolveResult three = Solve(new LevenbergMarquardt(), "sphere2500", 4, threads: 3);
        Assert.Equal(1, one.Summary.Threads);
        Assert.Equal(3, three.Summary.Threads);
        Assert.Equal(one.First.FinalCost, three.First.FinalCost);
        Assert.Equal(
            Numbers.Bits(one.Values, one.Summary.Problem.Variables),
            Numbers.Bits(three.Values, three.Summary.Problem.Variables));
    }

    /// <summary>Single precision is enough for one graph, and not for the other, whose last pivots are tiny.</summary>
    [SkippableTheory]
    [InlineData("sphere2500", false)]
    [InlineData("parking-garage", true)]
    public void Mixed_precision_ends_where_double_does(string name, bool fallsBack)
    {
        SolveResult exact = Solve(new GaussNewton(), name, 8, precision: LinearPrecision.Double);
        SolveResult mixed = Solve(new GaussNewton(), name, 8, precision: LinearPrecision.Mixed);
        output.WriteLine(mixed.Summary.FullReport());
        Assert.Equal(exact.First.Status, mixed.First.Status);
        Assert.Equal(exact.First.FinalCost, mixed.First.FinalCost, 1e-9 * exact.First.FinalCost);
        Assert.Equal(fallsBack ? 1 : 0, mixed.Summary.FallBacks);
        Assert.InRange(mixed.Summary.SingleFactorizations, fallsBack ? 0 : mixed.First.Iterations, 8);
    }

    private static SolveResult Solve(
        Optimizer optimizer, string name, int mostIterations, int threads = 0,
        LinearPrecision precision = LinearPrecision.Automatic)
    {
        PoseGraph graph = G2o.Read(DataFolder.File("g2o", name + ".g2o"));
        PoseGraphProblem problem = PoseGraphProblem.Create(
            graph, new() { Information = InformationMode.Diagonal });
        ReadOnlySpan<double> start = graph.HasPoses ? graph.Poses : PoseGraphInitialization.Odometry(graph);
        return optimizer.Solve(
            problem.Problem, problem.CreateValues(start),
            new() { MaxIterations = mostIterations, Threads = threads, Precision = precision });
    }
}
