using TheseusSharp.Adjoints;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>Gradients of solves that ended otherwise than by converging.</summary>
public sealed class StatusTests
{
    public static TheoryData<string> Modes => ["gn", "auto", "unroll", "truncated", "direct"];

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_cancelled_solve_has_none(string mode)
    {
        AdjointProblem problem = AdjointProblem.Of("SE2", 2);
        LayerPass pass = new TheseusLayer(problem.Problem, new LevenbergMarquardt(), ModeOf(mode))
            .Forward(problem.Initial, new(canceled: true));

        LayerGradients found = pass.Backward(problem.OuterGradient(), new[] { 1.0, 2 });

        Assert.All(pass.Result.Elements, element => Assert.Equal(SolveStatus.Cancelled, element.Status));
        Assert.All(found.Elements, element => Assert.Equal(GradientStatus.SolveFailed, element.Status));
        for (int element = 0; element < 2; element++)
            Assert.All(AdjointProblem.Bits(found.Gradients, element), bits => Assert.Equal(0, bits));
    }

    /// <summary>A weight of zero leaves nothing that tells y.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public void A_singular_solve_has_none_and_its_neighbours_keep_their_bits(string mode)
    {
        Variable<Scalar> x = Variable.Scalar("x"), y = Variable.Scalar("y");
        Variable<Scalar> w = Variable.Scalar("w", VariableRole.Constant);
        Variable<Scalar> a = Variable.Scalar("a", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(x, a, (u, v) => (u * u) - v);
        objective.Add(y, x, w, (u, v, k) => k * (u - v));
        var layer = new TheseusLayer(
            objective.Compile(), new GaussNewton(), ModeOf(mode), new() { MaxIterations = 5 });
        Gradients outer = new(3);
        outer.Set(x, 1, 2, 3);
        outer.Set(y, 3, 2, 1);
        LayerPass Forward(double weight)
        {
            var values = new Values(3);
            values.Set(x, 1, 1.1, 1.2);
            values.Set(y, 0, 0, 0);
            values.Set(w, 1, weight, 2);
            values.Set(a, 2, 2.1, 2.2);
            return layer.Forward(values);
        }

        LayerGradients expected = Forward(1.5).Backward(outer, new[] { 1.0, 1, 1 });
        LayerPass pass = Forward(0);
        LayerGradients found = pass.Backward(outer, new[] { 1.0, 1, 1 });

        Assert.Equal(SolveStatus.Singular, pass.Result.Elements[1].Status);
        Assert.Equal(GradientStatus.SolveFailed, found.Elements[1].Status);
        Assert.All(AdjointProblem.Bits(found.Gradients, 1), bits => Assert.Equal(0, bits));
        foreach (int element in new[] { 0, 2 })
        {
            Assert.Equal(GradientStatus.Defined, found.Elements[element].Status);
            Assert.NotEqual(0, found.Gradients.Of(a, element)[0]);
            Assert.Equal(
                AdjointProblem.Bits(expected.Gradients, element), AdjointProblem.Bits(found.Gradients, element));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void An_outer_gradient_that_is_not_a_number_stays_in_its_element(string mode)
    {
        AdjointProblem problem = AdjointProblem.Of("SE3", 3);
        LayerPass pass = new TheseusLayer(problem.Problem, new LevenbergMarquardt(), ModeOf(mode))
            .Forward(problem.Initial);
        Gradients outer = problem.OuterGradient(), bad = new(3);
        foreach (Variable variable in outer.Variables)
        {
            int length = variable.Kind.TangentLength;
            bad.Set(variable, [.. outer.Of(variable).ToArray().Select((x, k) => k / length == 1 ? double.NaN : x)]);
        }

        Gradients expected = pass.Backward(outer).Gradients, found = pass.Backward(bad).Gradients;

        Assert.Equal(AdjointProblem.Bits(expected, 0), AdjointProblem.Bits(found, 0));
        Assert.Equal(AdjointProblem.Bits(expected, 2), AdjointProblem.Bits(found, 2));
    }

    /// <summary>Newton's iteration on atan x from 1.5 swings out: the best values are the initial ones.</summary>
    [Fact]
    public void Steps_past_the_best_values_are_not_differentiated()
    {
        Variable<Scalar> x = Variable.Scalar("x"), a = Variable.Scalar("a", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(x, a, (u, v) => Scalar.Atan(u) - v);
        var values = new Values();
        values.Set(x, 1.5);
        values.Set(a, 0);
        var layer = new TheseusLayer(
            objective.Compile(), new GaussNewton(), Backward.Unroll(),
            new() { MaxIterations = 2, Stopping = StoppingCriteria.None });
        LayerPass pass = layer.Forward(values);
        var outer = new Gradients();
        outer.Set(x, 3);

        LayerGradients found = pass.Backward(outer, wanted: [x, a]);

        Assert.Equal(SolveStatus.IterationLimit, pass.Result.First.Status);
        Assert.Equal(1.5, pass.Solution.Get(x));
        Assert.Equal(GradientStatus.Defined, found.Elements[0].Status);
        Assert.Equal(3, found.Gradients.Of(x)[0]);
        Assert.Equal(0, found.Gradients.Of(a)[0]);
    }

    /// <summary>Rejections raise λ; they are no steps.</summary>
    [Fact]
    public void Rejected_steps_are_not_differentiated()
    {
        Variable<Scalar> x = Variable.Scalar("x"), a = Variable.Scalar("a", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(x, a, (u, v) => Scalar.Atan(u) - v);
        var values = new Values();
        values.Set(x, 3);
        values.Set(a, 0.1);
        var layer = new TheseusLayer(
            objective.Compile(), new LevenbergMarquardt(), Backward.Unroll(),
            new() { MaxIterations = 12, Stopping = StoppingCriteria.None });

        Assert.Contains(
            layer.Forward(values).Result.First.History, record => !record.IsAccepted);
        GradientCheckReport report = GradientCheck.Run(layer, values, new() { Variables = [x, a], Step = 1e-4 });
        Assert.True(report.Verdict == GradientVerdict.Passed, report.ToString());
    }

    private static Backward ModeOf(string mode) => mode switch
    {
        "gn" => Backward.Implicit(HessianKind.GaussNewton),
        "unroll" => Backward.Unroll(),
        "truncated" => Backward.Truncated(2),
        "direct" => Backward.DirectLoss(),
        _ => Backward.Implicit(),
    };
}
