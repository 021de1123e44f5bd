using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>The check that users run passes what is right, fails what is wrong, doubts what it cannot see.</summary>
public sealed class GradientCheckTests
{
    [Theory]
    [InlineData(-1.0)]
    [InlineData(0.0)]
    [InlineData(1.00001)]
    public void Wrong_gradients_fail(double factor)
    {
        foreach (string name in new[] { "linear", "curve", "SE2" })
        {
            AdjointProblem problem = AdjointProblem.Of(name, 2);
            var layer = new TheseusLayer(
                problem.Problem, new LevenbergMarquardt(), Backward.Implicit(HessianKind.Exact));
            var differences = new SolveDifferences(layer, problem.Initial, new());
            LayerGradients right = differences.Pass.Backward(differences.BySolution);
            Assert.Equal(GradientVerdict.Passed, GradientCheck.Compare(differences, right).Verdict);

            foreach (Variable variable in problem.Constants)
            {
                LayerGradients wrong = right with { Gradients = Scaled(right.Gradients, variable, factor) };
                GradientCheckReport report = GradientCheck.Compare(differences, wrong);

                Assert.True(report.Verdict == GradientVerdict.Failed, $"{name}, {variable.Name}: {report}");
                Assert.All(report.Variables, check => Assert.Equal(
                    check.Variable == variable ? GradientVerdict.Failed : GradientVerdict.Passed, check.Verdict));
                Assert.Contains("FAILED", report.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_gradient_that_is_not_a_number_fails()
    {
        AdjointProblem problem = AdjointProblem.Of("linear", 1);
        var layer = new TheseusLayer(problem.Problem, new GaussNewton());
        var differences = new SolveDifferences(layer, problem.Initial, new());
        LayerGradients right = differences.Pass.Backward(differences.BySolution);
        LayerGradients wrong = right with
        {
            Gradients = Scaled(right.Gradients, problem.Constants.First(), double.NaN),
        };

        Assert.Equal(GradientVerdict.Failed, GradientCheck.Compare(differences, wrong).Verdict);
    }

    [Fact]
    public void Differences_that_rounding_drowns_are_inconclusive()
    {
        AdjointProblem problem = AdjointProblem.Of("SE3", 1);
        var layer = new TheseusLayer(problem.Problem, new LevenbergMarquardt(), Backward.Implicit(HessianKind.Exact));

        GradientCheckReport report = GradientCheck.Run(layer, problem.Initial, new() { Step = 1e-12 });

        Assert.Equal(GradientVerdict.Inconclusive, report.Verdict);
        Assert.Contains("inconclusive", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kink_within_the_step_is_inconclusive_and_visible_with_a_shorter_one()
    {
        Variable<Scalar> x = Variable.Scalar("x"), a = Variable.Scalar("a", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(x, a, (u, v) => u - Scalar.Abs(v));
        var values = new Values();
        values.Set(x, 0);
        values.Set(a, 2e-4);
        var layer = new TheseusLayer(objective.Compile(), new GaussNewton());

        Assert.NotEqual(GradientVerdict.Passed, GradientCheck.Run(layer, values).Verdict);
        Assert.Equal(GradientVerdict.Passed, GradientCheck.Run(layer, values, new() { Step = 1e-4 }).Verdict);
    }

    [Fact]
    public void A_failed_solve_is_told_and_not_passed()
    {
        AdjointProblem problem = AdjointProblem.Of("linear", 1);
        Variable scale = problem.Problem.Variables.First(variable => variable.Name == "scale");
        problem.Initial.Set(scale, double.NaN);

        GradientCheckReport report = GradientCheck.Run(new(problem.Problem, new GaussNewton()), problem.Initial);

        Assert.Equal(GradientVerdict.Inconclusive, report.Verdict);
        Assert.Contains("element 0 was not checked: its solve failed", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_that_is_zero_passes()
    {
        Variable<Scalar> x = Variable.Scalar("x"), a = Variable.Scalar("a", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(x, a, (u, v) => new Vector<Scalar>(u - 3, v));
        var values = new Values();
        values.Set(x, 0);
        values.Set(a, 2);

        GradientCheckReport report = GradientCheck.Run(new(objective.Compile(), new GaussNewton()), values);

        Assert.True(report.Verdict == GradientVerdict.Passed, report.ToString());
    }

    [Fact]
    public void Reports_name_mode_variables_and_numbers()
    {
        AdjointProblem problem = AdjointProblem.Of("curve", 1);
        var layer = new TheseusLayer(problem.Problem, new LevenbergMarquardt(), Backward.Truncated(3));

        string text = GradientCheck.Run(layer, problem.Initial).ToString();

        Assert.StartsWith("Gradient check of truncated(3): passed", text, StringComparison.Ordinal);
        Assert.All(
            problem.Constants, variable => Assert.Contains($"  {variable.Name} ", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Wrong_use_is_told()
    {
        AdjointProblem problem = AdjointProblem.Of("linear", 1);
        var layer = new TheseusLayer(problem.Problem, new GaussNewton());
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientCheck.Run(layer, problem.Initial, new() { Step = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => GradientCheck.Run(layer, problem.Initial, new() { Tolerance = double.NaN }));
        Assert.Throws<ArgumentException>(() => GradientCheck.Run(
            layer, problem.Initial, new() { Variables = [.. problem.Optimized] }));
        Assert.Throws<OperationCanceledException>(
            () => GradientCheck.Run(layer, problem.Initial, cancellation: new(canceled: true)));
    }

    private static Gradients Scaled(Gradients gradients, Variable variable, double factor)
    {
        var scaled = new Gradients(gradients.BatchSize);
        foreach (Variable other in gradients.Variables)
            scaled.Set(other, [.. gradients.Of(other).ToArray().Select(x => other == variable ? x * factor : x)]);
        return scaled;
    }
}
