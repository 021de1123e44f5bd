using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Data;

/// <summary>A pose graph as a problem: names, what is held, what information counts, and the way back.</summary>
public sealed class PoseGraphProblemTests
{
    private static readonly double[] s_information = [4, 1, 0, 1, 9, 0.5, 0, 0.5, 16];

    [Fact]
    public void Variables_are_named_by_ids()
    {
        PoseGraphProblem problem = PoseGraphProblem.Create(Square());
        Assert.Equal(["x10", "x11", "x12", "x-13", "x20", "x21", "x99"], problem.Poses.Select(pose => pose.Name));
        Assert.All(problem.Poses, pose => Assert.Same(SE2<Scalar>.FixedKind, pose.Kind));
        Assert.Equal(6, problem.Objective.CostCount);
        Assert.Equal(1, problem.Objective.GroupCount);
        Assert.Equal(18, problem.Objective.Dimension);
    }

    [Fact]
    public void The_first_pose_of_every_component_without_fix_is_held()
    {
        PoseGraphProblem problem = PoseGraphProblem.Create(Square());
        Assert.Equal([0, 4, 6], problem.Held.ToArray());
        Assert.Equal(3, problem.HeldByGauge);
        Assert.Equal(4, problem.Problem.OptimizedCount);
        Assert.False(problem.Problem.IsOptimized(problem.Poses[0]));
        Assert.False(problem.Problem.IsOptimized(problem.Poses[4]));
        Assert.Contains("3 pose(s) held", problem.DescribeGauge(), StringComparison.Ordinal);
        Assert.Contains("x10, x20, x99", problem.DescribeGauge(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fix_holds_what_it_names_in_place_of_the_first()
    {
        PoseGraphProblem problem = PoseGraphProblem.Create(Square(fixedIds: [12, -13]));
        Assert.Equal([2, 3, 4, 6], problem.Held.ToArray());
        Assert.Equal(2, problem.HeldByGauge);
        Assert.Contains("2 as the file says", problem.DescribeGauge(), StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_free_gauge_only_fix_holds()
    {
        PoseGraphProblemOptions free = new() { Gauge = Gauge.Free };
        PoseGraphProblem none = PoseGraphProblem.Create(Square(), free);
        Assert.Empty(none.Held.ToArray());
        Assert.Equal("free: no pose is held", none.DescribeGauge());
        PoseGraphProblem one = PoseGraphProblem.Create(Square(fixedIds: [11]), free);
        Assert.Equal([1], one.Held.ToArray());
        Assert.Equal(0, one.HeldByGauge);
        Assert.Contains("1 pose(s) held as the file says: x11", one.DescribeGauge(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_free_gauge_is_singular_for_gauss_newton_and_harmless_to_damping()
    {
        PoseGraph graph = Square();
        PoseGraphProblem free = PoseGraphProblem.Create(graph, new() { Gauge = Gauge.Free });
        ElementResult singular = new GaussNewton().Solve(free.Problem, free.CreateValues(graph.Poses)).First;
        Assert.Equal(SolveStatus.Singular, singular.Status);
        Assert.Contains("gauge freedom of 3", singular.Message, StringComparison.Ordinal);
        SolveResult damped = new LevenbergMarquardt().Solve(free.Problem, free.CreateValues(graph.Poses));
        Assert.Equal(Solve(graph, new()).First.FinalCost, damped.First.FinalCost, 1e-7);
    }

    [Fact]
    public void Held_poses_keep_their_bits_and_others_do_not()
    {
        PoseGraph graph = Square();
        PoseGraphProblem problem = PoseGraphProblem.Create(graph);
        SolveResult result = new LevenbergMarquardt().Solve(problem.Problem, problem.CreateValues(graph.Poses));
        PoseGraph solved = problem.GraphWith(result.Values);
        for (int pose = 0; pose < graph.PoseCount; pose++)
            Assert.Equal(problem.Held.Contains(pose), graph.Pose(pose).SequenceEqual(solved.Pose(pose)));
        Assert.Equal(graph.Ids.ToArray(), solved.Ids.ToArray());
        Assert.Equal(graph.Measurements.ToArray(), solved.Measurements.ToArray());
    }

    [Fact]
    public void Poses_go_to_values_and_back()
    {
        PoseGraph graph = Square();
        PoseGraphProblem problem = PoseGraphProblem.Create(graph);
        PoseGraph back = problem.GraphWith(problem.CreateValues(graph.Poses));
        Assert.Equal(graph.Poses.ToArray(), back.Poses.ToArray());
        Assert.Throws<ArgumentException>(() => problem.CreateValues(graph.Poses[1..]));
    }

    /// <summary>The objective of each mode, computed here from the residuals.</summary>
    [Theory]
    [InlineData(InformationMode.Full)]
    [InlineData(InformationMode.Diagonal)]
    [InlineData(InformationMode.Clamp)]
    public void Information_counts_as_the_mode_says(InformationMode mode)
    {
        PoseGraph graph = Square();
        double expected = 0;
        for (int edge = 0; edge < graph.EdgeCount; edge++)
        {
            Vector<Float64> r = Pose(graph.Measurement(edge)).Local(
                Pose(graph.Pose(graph.From[edge])).Between(Pose(graph.Pose(graph.To[edge]))));
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                    if (i == j || mode != InformationMode.Diagonal)
                        expected += 0.5 * r[i] * s_information[(3 * i) + j] * r[j];
        }

        Assert.Equal(expected, Solve(graph, new() { Information = mode }).First.InitialCost, 1e-12 * expected);
    }

    [Fact]
    public void Indefinite_information_is_refused_or_clamped()
    {
        double[] indefinite = [1, 2, 0, 2, 1, 0, 0, 0, 1];
        PoseGraph graph = Square(information: indefinite);
        Assert.Throws<DataFormatException>(() => PoseGraphProblem.Create(graph));
        double clamped = Solve(graph, new() { Information = InformationMode.Clamp }).First.InitialCost;
        double diagonal = Solve(graph, new() { Information = InformationMode.Diagonal }).First.InitialCost;
        Assert.True(clamped > 0 && diagonal > 0 && clamped != diagonal);
    }

    [Fact]
    public void A_robust_loss_lowers_what_outliers_cost()
    {
        PoseGraph graph = Square();
        double plain = Solve(graph, new()).First.InitialCost;
        double robust = Solve(graph, new() { Loss = RobustLoss.Welsch(1e-3) }).First.InitialCost;
        Assert.InRange(robust, 1e-9, Math.Min(0.9 * plain, 0.5 * graph.EdgeCount * 1e-3));
    }

    [Fact]
    public void One_pose_and_no_pose_are_solved()
    {
        PoseGraph one = new PoseGraphBuilder(3).AddPose(7, [1, 2, 3, 0, 0, 0, 1]).Build();
        SolveResult result = Solve(one, new());
        Assert.True(result.First.Status.IsConverged());
        Assert.Equal(0, result.First.FinalCost);
        Assert.True(Solve(new PoseGraphBuilder(2).Build(), new()).First.Status.IsConverged());
    }

    [Fact]
    public void In_space_variables_are_motions_of_space()
    {
        double[] information = new double[36];
        for (int k = 0; k < 6; k++)
            information[7 * k] = 1;
        PoseGraph graph = new PoseGraphBuilder(3)
            .AddPose(0, [0, 0, 0, 0, 0, 0, 1]).AddPose(1, [5, 0, 0, 0, 0, 0, 1])
            .AddEdge(0, 1, [1, 2, 3, 0, 0, 0.6, 0.8], information).Build();
        PoseGraphProblem problem = PoseGraphProblem.Create(graph);
        Assert.Same(SE3<Scalar>.FixedKind, problem.Poses[1].Kind);
        SolveResult result = new LevenbergMarquardt().Solve(problem.Problem, problem.CreateValues(graph.Poses));
        double[] expected = [1, 2, 3, 0, 0, 0.6, 0.8], found = problem.GraphWith(result.Values).Pose(1).ToArray();
        for (int k = 0; k < 7; k++)
            Assert.Equal(expected[k], found[k], 1e-6);
    }

    private static SolveResult Solve(PoseGraph graph, PoseGraphProblemOptions options)
    {
        PoseGraphProblem problem = PoseGraphProblem.Create(graph, options);
        return new LevenbergMarquardt().Solve(problem.Problem, problem.CreateValues(graph.Poses));
    }

    private static SE2<Float64> Pose(ReadOnlySpan<double> storage) =>
        SE2<Float64>.FromStorage(System.Runtime.InteropServices.MemoryMarshal.Cast<double, Float64>(storage));

    /// <summary>A square of four poses with noise, apart from it a pair, and a pose without edges.</summary>
    private static PoseGraph Square(long[]? fixedIds = null, double[]? information = null)
    {
        information ??= s_information;
        var builder = new PoseGraphBuilder(2);
        (long Id, double X, double Y, double Angle)[] poses =
        [
            (10, 0.1, -0.2, 0.3), (11, 1, 0.1, 1.7), (12, 1.1, 1, 3), (-13, 0, 1, -1.5), (20, 5, 5, 0), (21, 6, 5, 0.1),
            (99, 9, 9, 1),
        ];
        foreach ((long id, double x, double y, double angle) in poses)
            builder.AddPose(id, [x, y, Math.Cos(angle), Math.Sin(angle)]);
        double[] quarterTurn = [1, 0, 0, 1];
        foreach ((long from, long to) in ((long, long)[])[(10, 11), (11, 12), (12, -13), (-13, 10)])
            builder.AddEdge(from, to, quarterTurn, information);
        builder.AddEdge(10, 12, [1, 1.2, Math.Cos(3), Math.Sin(3)], information);
        builder.AddEdge(20, 21, [1, 0.1, 1, 0], information);
        foreach (long id in fixedIds ?? [])
            builder.Fix(id);
        return builder.Build();
    }
}
