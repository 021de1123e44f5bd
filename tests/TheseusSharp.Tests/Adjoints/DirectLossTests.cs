using TheseusSharp.Adjoints;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>
/// Direct loss minimisation against what it approximates: the implicit gradient with the Gauss–Newton Hessian. Pulled
/// one way its bias is of first order in ε, pulled both ways of second.
/// </summary>
public sealed class DirectLossTests
{
    private static readonly SolveOptions s_converged = new()
    {
        MaxIterations = 300,
        Stopping = StoppingCriteria.None with { Gradient = 1e-13, RelativeStep = 1e-15 },
    };

    public static TheoryData<string> Problems => [.. AdjointProblem.Names];

    [Theory]
    [MemberData(nameof(Problems))]
    public void The_bias_falls_with_epsilon(string name)
    {
        AdjointProblem problem = AdjointProblem.Of(name, 2);
        Gradients expected = Run(problem, Backward.Implicit(HessianKind.GaussNewton), problem.OuterGradient());
        double Bias(double epsilon, bool isSymmetric) => Difference(
            expected, Run(problem, Backward.DirectLoss(epsilon, isSymmetric), problem.OuterGradient()));

        Assert.InRange(Bias(1e-2, true) / Bias(1e-3, true), 50, 200);
        Assert.InRange(Bias(1e-2, false) / Bias(1e-3, false), 5, 20);
        Assert.InRange(Bias(1e-3, true), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void The_scale_of_the_outer_loss_is_only_a_factor(string name)
    {
        AdjointProblem problem = AdjointProblem.Of(name, 2);
        Gradients outer = problem.OuterGradient(), scaled = new(2);
        foreach (Variable variable in outer.Variables)
            scaled.Set(variable, [.. outer.Of(variable).ToArray().Select(x => 1024 * x)]);
        Gradients once = Run(problem, Backward.DirectLoss(), outer), many = Run(problem, Backward.DirectLoss(), scaled);

        foreach (Variable variable in once.Variables)
            Assert.All(
                once.Of(variable).ToArray().Zip(many.Of(variable).ToArray()),
                pair => Assert.Equal(1024 * pair.First, pair.Second, 1e-9 * (1 + Math.Abs(pair.Second))));
    }

    [Fact]
    public void No_outer_gradient_gives_zero_in_every_mode()
    {
        AdjointProblem problem = AdjointProblem.Of("SE2", 2);
        foreach (Backward mode in new[]
        {
            Backward.DirectLoss(), Backward.Implicit(), Backward.Implicit(HessianKind.GaussNewton), Backward.Unroll(),
        })
        {
            LayerGradients found = new TheseusLayer(problem.Problem, new LevenbergMarquardt(), mode, s_converged)
                .Forward(problem.Initial).Backward(null);

            Assert.All(found.Elements, element => Assert.Equal(GradientStatus.Defined, element.Status));
            foreach (Variable variable in found.Gradients.Variables)
                Assert.All(found.Gradients.Of(variable).ToArray(), entry => Assert.Equal(0, entry));
        }
    }

    private static Gradients Run(AdjointProblem problem, Backward mode, Gradients outer) =>
        new TheseusLayer(problem.Problem, new LevenbergMarquardt(), mode, s_converged)
            .Forward(problem.Initial).Backward(outer).Gradients;

    private static double Difference(Gradients a, Gradients b) => a.Variables.Max(variable =>
        a.Of(variable).ToArray().Zip(b.Of(variable).ToArray(), (x, y) => Math.Abs(x - y)).Max());
}
