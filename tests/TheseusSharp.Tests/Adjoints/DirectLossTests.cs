using TheseusSharp.Adjoints;
using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>
/// Direct loss minimisation against what it approximates: the implicit gradient with the Gauss–Newton Hessian. Pulled
/// one way its bias is of first order in ε, pulled both ways of second. What is left of the inner gradient leaks in,
/// and the result tells how much.
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

    [Theory]
    [MemberData(nameof(Problems))]
    public void Nothing_leaks_where_the_inner_problem_is_solved_to_the_end(string name)
    {
        AdjointProblem problem = AdjointProblem.Of(name, 2);
        foreach (bool isSymmetric in new[] { false, true })
            Assert.All(
                Unconverged(problem, Backward.DirectLoss(1e-4, isSymmetric), iterations: 300).Elements,
                element => Assert.InRange(element.Leak, 0, 1e-8));
    }

    /// <summary>The error is that against the gradient at the minimum, which no mode knows.</summary>
    [Theory]
    [MemberData(nameof(Problems))]
    public void The_leak_of_an_unconverged_solve_bounds_the_error(string name)
    {
        AdjointProblem problem = AdjointProblem.Of(name, 1);
        Gradients expected = Run(problem, Backward.Implicit(HessianKind.GaussNewton), problem.OuterGradient());
        double size = Norm(expected);
        foreach (bool isSymmetric in new[] { false, true })
        {
            double last = double.PositiveInfinity;
            foreach (int iterations in new[] { 2, 4, 8, 12 })
            {
                LayerGradients found = Unconverged(problem, Backward.DirectLoss(1e-4, isSymmetric), iterations);
                double leak = found.Elements[0].Leak;

                Assert.InRange(NormOfDifference(expected, found.Gradients) / size, 0, (2 * leak) + 1e-4);
                Assert.InRange(leak, 1e-8, 0.95 * last);
                last = leak;
            }
        }
    }

    /// <summary>‖g‖/ε would leak in if only one end took the step −g.</summary>
    [Theory]
    [MemberData(nameof(Problems))]
    public void An_unconverged_solve_does_not_leak_through_a_small_epsilon(string name)
    {
        AdjointProblem problem = AdjointProblem.Of(name, 1);
        Gradients symmetric = Unconverged(problem, Backward.DirectLoss(1e-4), iterations: 2).Gradients;
        foreach (double epsilon in new[] { 1e-3, 1e-4, 1e-5 })
        {
            Gradients oneSided = Unconverged(problem, Backward.DirectLoss(epsilon, false), iterations: 2).Gradients;

            Assert.InRange(NormOfDifference(symmetric, oneSided) / Norm(symmetric), 0, 3 * epsilon);
        }
    }

    /// <summary>With a weight of 1e4, H + ε² is too close to singular to be factored.</summary>
    [Theory]
    [InlineData(1, true, 1e-5)]
    [InlineData(1, false, 1e-5)]
    [InlineData(1e4, true, 1e-4)]
    public void Gauge_freedom_is_told_as_by_implicit_modes(double weight, bool isSymmetric, double tolerance)
    {
        Backward mode = Backward.DirectLoss(1e-3, isSymmetric);
        LayerGradients across = Floating(mode, [-0.7, 0.2, 0.7, -0.2], weight);
        LayerGradients along = Floating(mode, [1, 0.5, 0, 0.5], weight);

        Assert.Equal(GradientStatus.Defined, across.Elements[0].Status);
        Assert.InRange(across.Elements[0].NullShare, 0, 1e-6);
        Assert.Equal(0.7, across.Gradients.Of("m")[0], tolerance);
        Assert.Equal(-0.2, across.Gradients.Of("m")[1], tolerance);

        // (1, 0) is (½, ½) along the freedom and (½, −½) across; (0.5, 0.5) is all along it.
        Assert.Equal(GradientStatus.Undefined, along.Elements[0].Status);
        Assert.Equal(Math.Sqrt((0.5 + 0.5) / 1.5), along.Elements[0].NullShare, 1e-6);
        Assert.Equal(-0.5, along.Gradients.Of("m")[0], tolerance);
        Assert.Equal(0, along.Gradients.Of("m")[1], tolerance);
    }

    /// <summary>Eigenvalues far below ε² are no null space.</summary>
    [Fact]
    public void Weak_costs_are_not_gauge_freedom()
    {
        Variable<Scalar> x = Variable.Scalar("x"), m = Variable.Scalar("m", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(x, m, (u, v) => u - v, CostWeight.Scale(1e-5));
        var values = new Values();
        values.Set(x, 0);
        values.Set(m, 1);
        var outer = new Gradients();
        outer.Set(x, 1);

        ElementGradient found = new TheseusLayer(objective.Compile(), new GaussNewton(), Backward.DirectLoss(1e-2))
            .Forward(values).Backward(outer).Elements[0];

        Assert.Equal(GradientStatus.Defined, found.Status);
        Assert.Equal(0, found.NullShare);
    }

    private static LayerGradients Floating(Backward mode, double[] outer, double weight)
    {
        Variable<Vector<Scalar>> x0 = Variable.Vector("x0", 2), x1 = Variable.Vector("x1", 2);
        Variable<Vector<Scalar>> m = Variable.Vector("m", 2, VariableRole.Constant);
        var objective = new Objective();
        objective.Add(x0, x1, m, Between.Residual, CostWeight.Scale(weight));
        var values = new Values();
        values.Set(x0, 0.1, 0.2);
        values.Set(x1, 0.5, -0.4);
        values.Set(m, 1, 2);
        var gradients = new Gradients();
        gradients.Set(x0, outer[..2]);
        gradients.Set(x1, outer[2..]);
        return new TheseusLayer(objective.Compile(), new LevenbergMarquardt(), mode, s_converged)
            .Forward(values).Backward(gradients);
    }

    private static Gradients Run(AdjointProblem problem, Backward mode, Gradients outer) =>
        new TheseusLayer(problem.Problem, new LevenbergMarquardt(), mode, s_converged)
            .Forward(problem.Initial).Backward(outer).Gradients;

    /// <summary>Damped so much that it takes its time.</summary>
    private static LayerGradients Unconverged(AdjointProblem problem, Backward mode, int iterations)
    {
        var optimizer = new LevenbergMarquardt { Damping = 1, Rule = DampingRule.Constant };
        var options = new SolveOptions { MaxIterations = iterations, Stopping = StoppingCriteria.None };
        return new TheseusLayer(problem.Problem, optimizer, mode, options)
            .Forward(problem.Initial).Backward(problem.OuterGradient());
    }

    private static double Norm(Gradients a) => NormOfDifference(a, null);

    private static double NormOfDifference(Gradients a, Gradients? b) => Math.Sqrt(a.Variables.Sum(variable =>
    {
        double[] x = a.Of(variable).ToArray(), y = b is null ? new double[x.Length] : b.Of(variable).ToArray();
        return x.Zip(y, (p, q) => (p - q) * (p - q)).Sum();
    }));

    private static double Difference(Gradients a, Gradients b) => a.Variables.Max(variable =>
        a.Of(variable).ToArray().Zip(b.Of(variable).ToArray(), (x, y) => Math.Abs(x - y)).Max());
}
