using TheseusSharp.Adjoints;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>Wrong use is an exception whose message names what was wrong and what to do.</summary>
public sealed class WrongUseTests
{
    [Theory]
    [InlineData("implicit")]
    [InlineData("exact")]
    [InlineData("direct")]
    [InlineData("truncated")]
    public void An_initial_value_that_the_mode_does_not_reach_is_told_with_the_modes_that_do(string name)
    {
        AdjointProblem problem = AdjointProblem.Of("linear", 2);
        Backward mode = name switch
        {
            "implicit" => Backward.Implicit(HessianKind.GaussNewton),
            "exact" => Backward.Implicit(HessianKind.Exact),
            "direct" => Backward.DirectLoss(),
            _ => Backward.Truncated(2),
        };
        LayerPass pass = new TheseusLayer(problem.Problem, Slow, mode, Three).Forward(problem.Initial);

        var exception = Assert.Throws<ArgumentException>(
            () => pass.Backward(problem.OuterGradient(), wanted: [.. problem.Optimized]));

        Assert.Contains("'x'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("initial value", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Backward.Unroll()", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Backward.Truncated", exception.Message, StringComparison.Ordinal);
        Assert.Contains(mode.Name, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_reaches_the_initial_value_if_it_does_not_truncate()
    {
        AdjointProblem problem = AdjointProblem.Of("linear", 2);
        LayerPass pass = new TheseusLayer(problem.Problem, Slow, Backward.Truncated(3), Three).Forward(problem.Initial);

        Gradients gradients = pass.Backward(problem.OuterGradient(), wanted: [.. problem.Optimized]).Gradients;

        Assert.All(problem.Optimized, variable => Assert.NotEqual(0, gradients.Of(variable)[0]));
    }

    [Fact]
    public void Batches_of_other_sizes()
    {
        AdjointProblem problem = AdjointProblem.Of("linear", 2);
        LayerPass pass = new TheseusLayer(problem.Problem, Slow).Forward(problem.Initial);
        var outer = new Gradients(3);

        Assert.Contains("batch of 3; the pass had 2", Throws(() => pass.Backward(outer)), StringComparison.Ordinal);
        Assert.Contains(
            "1 numbers for a batch of 2", Throws(() => pass.Backward(null, new double[1])), StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_that_are_not_there()
    {
        AdjointProblem problem = AdjointProblem.Of("linear", 1);
        LayerPass pass = new TheseusLayer(problem.Problem, Slow).Forward(problem.Initial);
        Variable stranger = Variable.Scalar("stranger"), constant = problem.Constants.First();
        var byStranger = new Gradients();
        byStranger.Set(stranger, 1);
        var byConstant = new Gradients();
        byConstant.Set(constant, new double[constant.Kind.TangentLength]);

        Assert.Contains("'stranger'", Throws(() => pass.Backward(byStranger)), StringComparison.Ordinal);
        Assert.Contains(
            "'stranger'", Throws(() => pass.Backward(null, new double[1], [stranger])), StringComparison.Ordinal);
        Assert.Contains(
            $"'{constant.Name}' is constant", Throws(() => pass.Backward(byConstant)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_without_a_value()
    {
        AdjointProblem problem = AdjointProblem.Of("linear", 1);
        var layer = new TheseusLayer(problem.Problem, Slow);

        Assert.Contains("has no value", Throws(() => layer.Forward(new Values())), StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_of_the_wrong_length()
    {
        AdjointProblem problem = AdjointProblem.Of("linear", 2);
        var gradients = new Gradients(2);

        string message = Throws(() => gradients.Set(problem.Optimized.First(), 1, 2, 3));

        Assert.Contains("2 × 3 numbers; 3 were given", message, StringComparison.Ordinal);
        Assert.Throws<KeyNotFoundException>(() => gradients.Of(problem.Optimized.First()).Length);
    }

    [Fact]
    public void Modes_with_impossible_settings()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Backward.Truncated(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Backward.Unroll(0));
        foreach (double epsilon in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Assert.Throws<ArgumentOutOfRangeException>(() => Backward.DirectLoss(epsilon));
    }

    private static LevenbergMarquardt Slow { get; } = new() { Damping = 0.5, Rule = DampingRule.Constant };

    private static SolveOptions Three { get; } = new() { MaxIterations = 3, Stopping = StoppingCriteria.None };

    private static string Throws(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
}
