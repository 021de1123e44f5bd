using TheseusSharp.Adjoints;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>
/// Every mode, optimiser and kind of problem against differences of whole solves. Each element of the batch has data of
/// its own.
/// </summary>
public sealed class DifferencesTests
{
    public static TheoryData<string, string> Problems => AdjointProblem.NamesWith("single", "batch");

    public static TheoryData<string, string> Steps =>
        AdjointProblem.NamesWith("gn", "short", "constant", "nielsen", "ratios", "ellipsoidal");

    [Theory]
    [MemberData(nameof(Problems))]
    public void Exact_implicit(string name, string size)
    {
        int batch = size == "single" ? 1 : name == "mixed" ? 2 : 5;
        AdjointProblem problem = AdjointProblem.Of(name, batch);
        var layer = new TheseusLayer(
            problem.Problem, new LevenbergMarquardt(), Backward.Implicit(HessianKind.Exact), new() { Threads = 2 });

        AssertPasses(GradientCheck.Run(layer, problem.Initial), batch);
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Gauss_Newton_implicit_misses_what_the_residual_does(string name, string size)
    {
        int batch = size == "single" ? 1 : name == "mixed" ? 2 : 5;
        AdjointProblem problem = AdjointProblem.Of(name, batch);
        var layer = new TheseusLayer(
            problem.Problem, new LevenbergMarquardt(), Backward.Implicit(HessianKind.GaussNewton));

        GradientCheckReport report = GradientCheck.Run(layer, problem.Initial);

        // A linear problem's Hessian is JᵀJ; of the others only the difference of the Hessians is wrong.
        GradientVerdict expected = name == "linear" ? GradientVerdict.Passed : GradientVerdict.Failed;
        Assert.True(report.Verdict == expected, report.ToString());
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void Iterations_performed(string name, string optimizer)
    {
        AdjointProblem problem = AdjointProblem.Of(name, 2);
        TheseusLayer all = Few(problem, optimizer, Backward.Unroll());
        TheseusLayer last = Few(problem, optimizer, Backward.Truncated(2));

        AssertPasses(GradientCheck.Run(all, problem.Initial, new() { Variables = [.. problem.Problem.Variables] }), 2);
        AssertPasses(GradientCheck.Run(last, problem.Initial), 2);
    }

    [Theory]
    [InlineData("exact", true)]
    [InlineData("exact", false)]
    [InlineData("unroll", true)]
    [InlineData("unroll", false)]
    [InlineData("truncated", true)]
    public void Outer_loss_with_the_objective(string mode, bool isAlone)
    {
        foreach (string name in AdjointProblem.Names)
        {
            AdjointProblem problem = AdjointProblem.Of(name, 2);
            TheseusLayer layer = mode == "exact"
                ? new(problem.Problem, new LevenbergMarquardt(), Backward.Implicit(HessianKind.Exact))
                : Few(problem, "nielsen", mode == "unroll" ? Backward.Unroll() : Backward.Truncated(1));
            var options = new GradientCheckOptions
            {
                ByObjective = new[] { 0.7, -1.3 },
                BySolution = isAlone ? null : problem.OuterGradient(),
            };

            AssertPasses(GradientCheck.Run(layer, problem.Initial, options), 2);
        }
    }

    private static TheseusLayer Few(AdjointProblem problem, string optimizer, Backward backward) => new(
        problem.Problem,
        AdjointProblem.Optimizer(optimizer),
        backward,
        new() { MaxIterations = 4, Stopping = StoppingCriteria.None, StepSize = optimizer == "short" ? 0.4 : 0.9 });

    private static void AssertPasses(GradientCheckReport report, int batch)
    {
        Assert.True(report.Verdict == GradientVerdict.Passed && report.Unchecked.Count == 0, $"{batch}: {report}");
        Assert.Contains(report.Variables, check => Math.Abs(check.Expected) > 1e-3);
    }
}
