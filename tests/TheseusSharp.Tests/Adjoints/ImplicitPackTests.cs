using TheseusSharp.Adjoints;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>Implicit gradients of elements side by side, where lanes differ in what becomes of them.</summary>
public sealed class ImplicitPackTests
{
    private readonly Variable<Scalar> _x = Variable.Scalar("x");
    private readonly Variable<Scalar> _a = Variable.Scalar("a", VariableRole.Constant);

    /// <summary>½(x² − a)² curves downwards below √(a/3): conjugate gradients stop before their first step.</summary>
    [Theory]
    [InlineData(HessianKind.Auto, GradientStatus.Defined)]
    [InlineData(HessianKind.Exact, GradientStatus.Undefined)]
    public void Negative_curvature_falls_back_to_Gauss_Newton(HessianKind kind, GradientStatus expected)
    {
        double[] starts = [0.1, 2, 0.2, 3, 0.3, 4, 0.1, 2, 0.3, 0.1];
        var objective = new Objective();
        objective.Add(_x, _a, static (x, a) => (x * x) - a);
        var values = new Values(starts.Length);
        values.Set(_x, starts);
        values.Set(_a, 1);
        var outer = new Gradients(starts.Length);
        outer.Set(_x, [.. starts.Select(_ => 1.0)]);
        var options = new SolveOptions { MaxIterations = 0, Layout = BatchLayout.Interleaved, Threads = 1 };
        var layer = new TheseusLayer(objective.Compile(), new GaussNewton(), Backward.Implicit(kind), options);

        LayerGradients found = layer.Forward(values).Backward(outer);

        for (int element = 0; element < starts.Length; element++)
        {
            double x = starts[element];
            bool isConvex = (6 * x * x) - 2 > 0;
            double hessian = isConvex ? (6 * x * x) - 2 : 4 * x * x;
            Assert.Equal(isConvex ? HessianKind.Exact : HessianKind.GaussNewton, found.Elements[element].Hessian);
            Assert.Equal(isConvex ? GradientStatus.Defined : expected, found.Elements[element].Status);
            double gradient = 2 * x / hessian; // −∂²F/∂x∂a = 2x.
            Assert.Equal(gradient, found.Gradients.Of(_a, element)[0], 1e-9 * gradient);
        }
    }

    /// <summary>√b has no derivative at 0; who asks for none by the objective has none of it in the gradient.</summary>
    [Fact]
    public void An_objective_not_asked_for_does_not_matter_because_a_neighbour_asks()
    {
        Variable<Scalar> b = Variable.Scalar("b", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(_x, _a, static (x, a) => x - a);
        objective.Add(b, static b => Scalar.Sqrt(b));
        var values = new Values(3);
        values.Set(_x, 0);
        values.Set(_a, 1, 2, 3);
        values.Set(b, 0, 4, 9);
        var outer = new Gradients(3);
        outer.Set(_x, 1, 1, 1);
        var layer = new TheseusLayer(
            objective.Compile(), new GaussNewton(), options: new() { Layout = BatchLayout.Interleaved });

        LayerGradients found = layer.Forward(values).Backward(outer, new double[] { 0, 1, 0 });

        Assert.All(found.Elements, element => Assert.Equal(GradientStatus.Defined, element.Status));
        Assert.Equal([1, 1, 1], found.Gradients.Of(_a).ToArray());
        Assert.Equal([0, 0.5, 0], found.Gradients.Of(b).ToArray());
    }
}
