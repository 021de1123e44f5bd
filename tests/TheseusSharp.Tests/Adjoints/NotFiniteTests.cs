using TheseusSharp.Adjoints;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>Outer gradients that are not finite are refused, for their element alone.</summary>
public sealed class NotFiniteTests
{
    public static TheoryData<string, double> Modes
    {
        get
        {
            var data = new TheoryData<string, double>();
            foreach (string mode in new[] { "gn", "auto", "unroll", "checkpoints", "truncated", "direct" })
                foreach (double number in new[] { double.NaN, double.PositiveInfinity })
                    data.Add(mode, number);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void By_the_solution(string mode, double number)
    {
        AdjointProblem problem = AdjointProblem.Of("SE3", 3);
        Gradients outer = problem.OuterGradient(), bad = new(3);
        foreach (Variable variable in outer.Variables)
            bad.Set(variable, outer.Of(variable));
        Variable last = problem.Optimized.Last();
        double[] numbers = outer.Of(last).ToArray();
        numbers[(2 * last.Kind.TangentLength) - 1] = number;
        bad.Set(last, numbers);

        AssertRefused(problem, mode, pass => pass.Backward(outer), pass => pass.Backward(bad));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void By_the_objective(string mode, double number)
    {
        AdjointProblem problem = AdjointProblem.Of("SE2", 3);
        Gradients outer = problem.OuterGradient();

        AssertRefused(
            problem, mode, pass => pass.Backward(outer, new[] { 1.0, 2, 3 }),
            pass => pass.Backward(outer, new[] { 1.0, number, 3 }));
    }

    /// <summary>A finite outer gradient, but what becomes of it on the way is not.</summary>
    [Theory]
    [InlineData("gn")]
    [InlineData("unroll")]
    [InlineData("direct")]
    public void Overflow_on_the_way_back(string mode)
    {
        Variable<Scalar> x = Variable.Scalar("x"), a = Variable.Scalar("a", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(x, a, (u, v) => (1e-3 * u) - v);
        var values = new Values(2);
        values.Set(x, 0);
        values.Set(a, 1);
        var outer = new Gradients(2);
        outer.Set(x, 1, 1e307);

        LayerGradients found = new TheseusLayer(objective.Compile(), new GaussNewton(), ModeOf(mode))
            .Forward(values).Backward(outer);

        Assert.Equal(GradientStatus.Defined, found.Elements[0].Status);
        Assert.Equal(1e3, found.Gradients.Of(a, 0)[0], 2e-3); // Direct loss has a bias of ε²/H, which is 1e-6.
        Assert.Equal(GradientStatus.NotFinite, found.Elements[1].Status);
        Assert.Equal(0, found.Gradients.Of(a, 1)[0]);
    }

    private static void AssertRefused(
        AdjointProblem problem, string mode, Func<LayerPass, LayerGradients> good, Func<LayerPass, LayerGradients> bad)
    {
        AssertRefused(problem, mode, BatchLayout.Separate, good, bad);
        AssertRefused(problem, mode, BatchLayout.Interleaved, good, bad);
    }

    private static void AssertRefused(
        AdjointProblem problem, string mode, BatchLayout layout, Func<LayerPass, LayerGradients> good,
        Func<LayerPass, LayerGradients> bad)
    {
        var options = new SolveOptions { Layout = layout };
        LayerPass pass = new TheseusLayer(problem.Problem, new LevenbergMarquardt(), ModeOf(mode), options)
            .Forward(problem.Initial);
        LayerGradients expected = good(pass), found = bad(pass);

        Assert.Equal(GradientStatus.NotFinite, found.Elements[1].Status);
        Assert.All(AdjointProblem.Bits(found.Gradients, 1), bits => Assert.Equal(0, bits));
        foreach (int element in new[] { 0, 2 })
        {
            Assert.Equal(expected.Elements[element], found.Elements[element]);
            Assert.Equal(GradientStatus.Defined, found.Elements[element].Status);
            Assert.Equal(
                AdjointProblem.Bits(expected.Gradients, element), AdjointProblem.Bits(found.Gradients, element));
        }
    }

    private static Backward ModeOf(string mode) => mode switch
    {
        "gn" => Backward.Implicit(HessianKind.GaussNewton),
        "unroll" => Backward.Unroll(),
        "checkpoints" => Backward.Unroll(2),
        "truncated" => Backward.Truncated(2),
        "direct" => Backward.DirectLoss(1e-6),
        _ => Backward.Implicit(),
    };
}
