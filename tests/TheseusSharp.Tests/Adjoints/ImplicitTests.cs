using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>What implicit gradients say of themselves where the easy case ends.</summary>
public sealed class ImplicitTests
{
    private static readonly SolveOptions s_converged = new()
    {
        MaxIterations = 300,
        Stopping = StoppingCriteria.None with { Gradient = 1e-13, RelativeStep = 1e-15 },
    };

    /// <summary>½(x² − a)² at x = 0.1, a = 1: F″ = 6x² − 2a is negative there, H = 4x².</summary>
    [Theory]
    [InlineData(HessianKind.Auto, GradientStatus.Defined)]
    [InlineData(HessianKind.GaussNewton, GradientStatus.Defined)]
    [InlineData(HessianKind.Exact, GradientStatus.Undefined)]
    public void Negative_curvature_falls_back_to_Gauss_Newton(HessianKind hessian, GradientStatus status)
    {
        LayerGradients gradients = Square(hessian, x: 0.1, out Variable<Scalar> a);

        Assert.Equal(status, gradients.Elements[0].Status);
        Assert.Equal(HessianKind.GaussNewton, gradients.Elements[0].Hessian);
        Assert.Equal(2 * 0.1 / (4 * 0.1 * 0.1), gradients.Gradients.Of(a)[0], 1e-12);
    }

    [Fact]
    public void An_iteration_limit_gives_the_gradient_and_the_norm_it_neglects()
    {
        LayerGradients gradients = Square(HessianKind.Exact, x: 2, out Variable<Scalar> a);

        Assert.Equal(GradientStatus.Defined, gradients.Elements[0].Status);
        Assert.Equal(HessianKind.Exact, gradients.Elements[0].Hessian);
        Assert.Equal(2 * 2 * (4 - 1), gradients.Elements[0].GradientNorm, 1e-12);
        Assert.Equal(2.0 * 2 / ((6 * 4) - 2), gradients.Gradients.Of(a)[0], 1e-12);
    }

    /// <summary>r = x₁ − x₀ − m: only differences are determined.</summary>
    [Theory]
    [InlineData(HessianKind.Auto)]
    [InlineData(HessianKind.Exact)]
    [InlineData(HessianKind.GaussNewton)]
    public void A_loss_that_gauge_freedom_leaves_alone_has_its_gradient(HessianKind hessian)
    {
        LayerGradients gradients = Difference(hessian, [-0.7, 0.2], [0.7, -0.2], out Variable m);

        Assert.Equal(GradientStatus.Defined, gradients.Elements[0].Status);
        Assert.InRange(gradients.Elements[0].NullShare, 0, 1e-6);
        Assert.Equal(0.7, gradients.Gradients.Of(m)[0], 1e-9);
        Assert.Equal(-0.2, gradients.Gradients.Of(m)[1], 1e-9);
    }

    [Theory]
    [InlineData(HessianKind.Auto)]
    [InlineData(HessianKind.Exact)]
    [InlineData(HessianKind.GaussNewton)]
    public void A_loss_along_gauge_freedom_is_undefined_and_gets_the_minimum_norm(HessianKind hessian)
    {
        LayerGradients gradients = Difference(hessian, [1, 0.5], [0, 0.5], out Variable m);

        // (1, 0) is (½, ½) along the freedom and (½, −½) across; (0.5, 0.5) is all along it.
        Assert.Equal(GradientStatus.Undefined, gradients.Elements[0].Status);
        Assert.Equal(Math.Sqrt((0.5 + 0.5) / 1.5), gradients.Elements[0].NullShare, 1e-6);
        Assert.Equal(-0.5, gradients.Gradients.Of(m)[0], 1e-9);
        Assert.Equal(0, gradients.Gradients.Of(m)[1], 1e-9);
    }

    /// <summary>Weights as far apart as 1e4 leave eigenvalues of 1e-8, which are no null space.</summary>
    [Theory]
    [InlineData(1e2)]
    [InlineData(1e3)]
    [InlineData(1e4)]
    public void Weak_costs_of_a_floating_chain_are_not_gauge_freedom(double strong)
    {
        Variable<Scalar>[] x = Variable.Many<Scalar>("x", 3);
        Variable<Scalar> m = Variable.Scalar("m", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(x[0], x[1], (a, b) => b - a, CostWeight.Scale(strong));
        objective.Add(x[1], x[2], m, (a, b, z) => b - a - z);
        var values = new Values();
        foreach (Variable<Scalar> variable in x)
            values.Set(variable, 0.5);
        values.Set(m, 2);
        var outer = new Gradients();
        outer.Set(x[0], -1);
        outer.Set(x[2], 1);

        LayerGradients found = new TheseusLayer(objective.Compile(), new LevenbergMarquardt(), options: s_converged)
            .Forward(values).Backward(outer);

        Assert.InRange(found.Elements[0].NullShare, 0, 1e-6);
        Assert.Equal(1, found.Gradients.Of(m)[0], 1e-6);
    }

    [Fact]
    public void A_loss_of_relative_poses_of_a_floating_graph_agrees_with_differences()
    {
        const double Step = 1e-3;
        var random = new Random(6);
        Variable<SE2<Scalar>>[] x = Variable.Many<SE2<Scalar>>("x", 4);
        Variable<SE2<Scalar>> m = Variable.SE2("m", VariableRole.Constant);
        var objective = new Objective();
        for (int k = 0; k < 4; k++)
            objective.Add(x[k], x[(k + 1) % 4], m, TheseusSharp.Costs.Between.Residual);
        objective.Add(x[0], x[2], m, TheseusSharp.Costs.Between.Residual);
        var values = new Values();
        foreach (Variable<SE2<Scalar>> pose in x)
            values.Set(pose, Small(random, 0.3));
        values.Set(m, Small(random, 0.4));
        var layer = new TheseusLayer(
            objective.Compile(), new LevenbergMarquardt(), Backward.Implicit(HessianKind.Exact), s_converged);
        LayerPass pass = layer.Forward(values);

        var outer = new Gradients();
        foreach (Variable<SE2<Scalar>> pose in new[] { x[0], x[2] })
            outer.Set(pose, [.. Enumerable.Range(0, 3).Select(
                k => Derivative(h => Loss(Moved(pass.Solution, pose, k, h))))]);
        LayerGradients found = pass.Backward(outer);

        Assert.True(pass.Result.IsUsable, pass.Result.First.Message);
        Assert.InRange(found.Elements[0].NullShare, 0, 1e-6);
        Assert.True(found.Elements[0].Status == GradientStatus.Defined, $"{found.Elements[0]}");
        Assert.Equal(HessianKind.Exact, found.Elements[0].Hessian);
        for (int k = 0; k < 3; k++)
        {
            double expected = Derivative(h => Loss(layer.Forward(Moved(values, m, k, h)).Solution));
            Assert.Equal(expected, found.Gradients.Of(m)[k], 1e-6);
        }

        double Loss(Values at)
        {
            Vector<Float64> log = at.Get<SE2<Float64>>(x[0]).Between(at.Get<SE2<Float64>>(x[2])).Log();
            return (0.4 * log[0].Value) - (0.9 * log[1].Value) + (0.6 * log[2].Value);
        }

        static double Derivative(Func<double, double> f) =>
            ((8 * (f(Step / 2) - f(-Step / 2))) - (f(Step) - f(-Step))) / (6 * Step);
    }

    [Fact]
    public void A_singular_element_gets_zero_and_its_neighbours_keep_their_bits()
    {
        Variable<Scalar> x = Variable.Scalar("x"), w = Variable.Scalar("w", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(x, w, (u, v) => v * ((u * u) - 2));
        Problem problem = objective.Compile();
        Gradients Run(double second, out LayerGradients all)
        {
            var values = new Values(3);
            values.Set(x, 1, 1.1, 1.2);
            values.Set(w, 1, second, 2);
            var outer = new Gradients(3);
            outer.Set(x, 1, 1, 1);
            all = new TheseusLayer(problem, new GaussNewton()).Forward(values).Backward(outer, new[] { 1.0, 1, 1 });
            return all.Gradients;
        }

        Gradients good = Run(1.5, out _), bad = Run(double.PositiveInfinity, out LayerGradients found);

        Assert.Equal(GradientStatus.SolveFailed, found.Elements[1].Status);
        Assert.Equal(0, bad.Of(w, 1)[0]);
        Assert.Equal(AdjointProblem.Bits(good, 0), AdjointProblem.Bits(bad, 0));
        Assert.Equal(AdjointProblem.Bits(good, 2), AdjointProblem.Bits(bad, 2));
    }

    private static LayerGradients Square(HessianKind hessian, double x, out Variable<Scalar> a)
    {
        Variable<Scalar> unknown = Variable.Scalar("x");
        a = Variable.Scalar("a", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(unknown, a, (u, v) => (u * u) - v);
        var values = new Values();
        values.Set(unknown, x);
        values.Set(a, 1);
        var outer = new Gradients();
        outer.Set(unknown, 1);
        var layer = new TheseusLayer(
            objective.Compile(), new GaussNewton(), Backward.Implicit(hessian), new() { MaxIterations = 0 });
        return layer.Forward(values).Backward(outer);
    }

    private static LayerGradients Difference(
        HessianKind hessian, double[] byFirst, double[] bySecond, out Variable measurement)
    {
        Variable<Vector<Scalar>> x0 = Variable.Vector("x0", 2), x1 = Variable.Vector("x1", 2);
        Variable<Vector<Scalar>> m = Variable.Vector("m", 2, VariableRole.Constant);
        var objective = new Objective();
        objective.Add(x0, x1, m, TheseusSharp.Costs.Between.Residual);
        var values = new Values();
        values.Set(x0, 0.1, 0.2);
        values.Set(x1, 0.5, -0.4);
        values.Set(m, 1, 2);
        var outer = new Gradients();
        outer.Set(x0, byFirst);
        outer.Set(x1, bySecond);
        measurement = m;
        var layer = new TheseusLayer(
            objective.Compile(), new LevenbergMarquardt(), Backward.Implicit(hessian), s_converged);
        return layer.Forward(values).Backward(outer);
    }

    private static Values Moved(Values values, Variable<SE2<Scalar>> pose, int coordinate, double size)
    {
        Values moved = values.Clone();
        var tangent = new Float64[3];
        tangent[coordinate] = size;
        moved.Set(pose, values.Get<SE2<Float64>>(pose).Retract(new Vector<Float64>(tangent)));
        return moved;
    }

    private static SE2<Float64> Small(Random random, double size) => SE2<Float64>.ExpRule(
        Array.ConvertAll(AdjointProblem.Numbers(random, 3, size), x => (Float64)x));
}
