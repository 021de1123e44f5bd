using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Linearization;

/// <summary>Losses on each entry, and radii that a control variable scales.</summary>
public sealed class LossFormTests
{
    private static readonly double[] s_x = [0.3, -1.2, 4];

    private readonly Variable<Vector<Scalar>> _x = Variable.Vector("x", 3);
    private readonly Variable<Scalar> _logRadius = Variable.Scalar("logRadius", VariableRole.Constant);
    private readonly Variable<Scalar> _control = Variable.Scalar("control", VariableRole.Constant);

    public static TheoryData<string> Losses => ["Huber", "Welsch", "GemanMcClure"];

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_flat_loss_is_a_loss_for_each_entry(string name)
    {
        var flat = new Objective();
        flat.Add(_x, Residual, loss: Loss(name, isFlat: true));
        var apart = new Objective();
        for (int k = 0; k < 3; k++)
        {
            int entry = k;
            apart.Add(_x, x => Residual(x)[entry], loss: Loss(name, isFlat: false));
        }

        (double cost, double[] gradient, double[] hessian) = Linearized(flat);
        (double costApart, double[] gradientApart, double[] hessianApart) = Linearized(apart);
        Assert.Equal(costApart, cost, 1e-14);
        Assert.Equal(gradientApart, gradient, Near);
        Assert.Equal(hessianApart, hessian, Near);
    }

    [Fact]
    public void Geman_McClure_is_its_formula_and_control_scales_the_radius()
    {
        var objective = new Objective();
        objective.Add(_x, x => x, loss: RobustLoss.GemanMcClure(2.0, _control));
        double square = s_x.Sum(entry => entry * entry), radius = 2.0 * 1.5;

        Assert.Equal(0.5 * radius * square / (radius + square), Linearized(objective).Cost, 1e-14);
    }

    [Theory]
    [InlineData("Huber", true)]
    [InlineData("Welsch", true)]
    [InlineData("GemanMcClure", true)]
    [InlineData("GemanMcClure", false)]
    public void Gradients_by_radius_and_control_pass_through_the_solver(string name, bool isFlat)
    {
        var objective = new Objective();
        objective.Add(_x, Residual, loss: Loss(name, isFlat));
        objective.Add(_x, x => x - new Vector<Scalar>(0.8, -1, 1.5), CostWeight.Scale(2));
        var options = new SolveOptions { Stopping = StoppingCriteria.None with { Gradient = 1e-14 } };
        var layer = new TheseusLayer(
            objective.Compile(), new LevenbergMarquardt(), Backward.Implicit(HessianKind.Exact), options);
        Values values = Given();
        double Loss3(Variable variable, double shift)
        {
            Values moved = values.Clone();
            moved.Set(variable, values.Get((Variable<Scalar>)variable) + shift);
            return layer.Forward(moved).Solution.Get<Vector<Float64>>(_x).AsSpan().ToArray().Sum(entry => entry.Value);
        }

        var outer = new Gradients();
        outer.Set(_x, 1, 1, 1);
        LayerGradients gradients = layer.Forward(values).Backward(outer);
        foreach (Variable variable in new Variable[] { _logRadius, _control })
        {
            double expected = (Loss3(variable, 1e-5) - Loss3(variable, -1e-5)) / 2e-5;
            Assert.NotEqual(0, expected, 1e-4);
            Assert.Equal(expected, gradients.Gradients.Of(variable)[0], 1e-6);
        }
    }

    private static Vector<Scalar> Residual(Vector<Scalar> x) =>
        new((2 * x[0]) + x[1], Scalar.Sin(x[1]) - x[2], (x[0] * x[2]) - 0.2);

    private static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-13;

    private RobustLoss Loss(string name, bool isFlat) => name switch
    {
        "Huber" => new HuberLoss(_logRadius) { IsFlat = isFlat, Control = _control },
        "Welsch" => new WelschLoss(_logRadius) { IsFlat = isFlat, Control = _control },
        _ => new GemanMcClureLoss(_logRadius) { IsFlat = isFlat, Control = _control },
    };

    private Values Given()
    {
        var values = new Values();
        values.Set(_x, s_x);
        values.Set(_logRadius, -0.2);
        values.Set(_control, 1.5);
        return values;
    }

    private (double Cost, double[] Gradient, double[] Hessian) Linearized(Objective objective)
    {
        Problem problem = objective.Compile();
        var state = new SolverState(problem);
        state.Load(Given(), 0);
        var linearizer = new Linearizer(LinearizationPlan.Of(problem));
        double cost = linearizer.Linearize(state);
        return (cost, linearizer.Gradient.ToArray(), linearizer.Hessian.Values.ToArray());
    }
}
