using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using static TheseusSharp.Tests.Modelling.Refusals;

namespace TheseusSharp.Tests.Modelling;

/// <summary>
/// Losses against their closed forms: the cost ½ρ(x²), and the slope ρ′, seen in the gradient ρ′(x²)·x.
/// </summary>
public class LossTests
{
    private static readonly double[] s_radii = [0.25, 1, 4, 1e4];

    /// <summary>Residuals as multiples of the root of the radius: zero, within, about the edge, and outside.</summary>
    private static readonly double[] s_multiples = [0, 1e-200, 1e-3, -0.5, 1 - 1e-9, 1, -1, 1 + 1e-9, 1.5, -20];

    private readonly Variable<Scalar> _x = Variable.Scalar("x");
    private readonly Variable<Scalar> _logRadius = Variable.Scalar("logRadius", VariableRole.Constant);

    [Fact]
    public void Huber() => Check(
        RobustLoss.Huber, RobustLoss.Huber,
        (x, radius) => x <= radius ? x : (2 * Math.Sqrt(radius * x)) - radius,
        (x, radius) => x <= radius ? 1 : Math.Sqrt(radius / x));

    [Fact]
    public void Welsch() => Check(
        RobustLoss.Welsch, RobustLoss.Welsch,
        (x, radius) => radius * (1 - Math.Exp(-x / radius)),
        (x, radius) => Math.Exp(-x / radius));

    [Fact]
    public void A_loss_written_by_a_user() => Check(
        radius => new GemanMcClureLoss(radius), logRadius => new GemanMcClureLoss(logRadius),
        (x, radius) => radius * x / (radius + x),
        (x, radius) => radius * radius / ((radius + x) * (radius + x)));

    [Fact]
    public void The_slope_is_taken_as_it_is_however_the_radius_simplifies()
    {
        // With radius 1 the kernel's formula loses a product; with a residual of one literal the norm is a literal.
        foreach (RobustLoss loss in new[] { RobustLoss.Huber(1), RobustLoss.Welsch(1), new GemanMcClureLoss(1) })
        {
            var objective = new Objective();
            objective.Add(_x, _ => (Scalar)3.0, loss: loss);
            var values = new Values();
            values.Set(_x, 1);

            Assert.Equal([0], Evaluation.Gradient(objective.Compile(), values));
        }
    }

    [Fact]
    public void Losses_act_on_the_norm_of_the_weighted_residual()
    {
        var v = Variable.Vector("v", 2);
        var objective = new Objective();
        objective.Add(v, v => v, CostWeight.Diagonal(2, 3), RobustLoss.Huber(4));
        var values = new Values();
        values.Set(v, 3, 4);

        double norm = Math.Sqrt(36 + 144);
        Assert.Equal(0.5 * ((2 * 2 * norm) - 4), Evaluation.Objective(objective, values), 1e-13);
        double[] gradient = Evaluation.Gradient(objective.Compile(), values);
        Assert.Equal(2 / norm * 4 * 3, gradient[0], 1e-13);
        Assert.Equal(2 / norm * 9 * 4, gradient[1], 1e-13);
    }

    [Fact]
    public void Names_and_radii()
    {
        Assert.Equal("Huber", RobustLoss.Huber(2).Name);
        Assert.Equal("GemanMcClure", new GemanMcClureLoss(2).Name);
        Assert.Equal(2, RobustLoss.Welsch(2).Radius);
        Assert.Null(RobustLoss.Welsch(2).LogRadius);
        Assert.Equal(double.NaN, RobustLoss.Welsch(_logRadius).Radius);
        Assert.Same(_logRadius, RobustLoss.Welsch(_logRadius).LogRadius);
    }

    [Fact]
    public void Radii_that_are_none_are_refused()
    {
        foreach (double radius in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Refuses<ArgumentOutOfRangeException>(() => RobustLoss.Huber(radius), "radius", "above 0");
        Assert.Throws<ArgumentNullException>(() => RobustLoss.Huber((Variable<Scalar>)null!));
    }

    private void Check(
        Func<double, RobustLoss> fixedRadius, Func<Variable<Scalar>, RobustLoss> variableRadius,
        Func<double, double, double> rho, Func<double, double, double> slope)
    {
        var free = new Objective();
        free.Add(_x, x => x, loss: variableRadius(_logRadius));
        Problem learned = free.Compile();
        foreach (double radius in s_radii)
        {
            var objective = new Objective();
            objective.Add(_x, x => x, loss: fixedRadius(radius));
            Problem problem = objective.Compile();
            foreach (double multiple in s_multiples)
            {
                var values = new Values();
                values.Set(_x, multiple * Math.Sqrt(radius));
                values.Set(_logRadius, Math.Log(radius));
                CheckAt(problem, values, radius);
                CheckAt(learned, values, radius);
            }
        }

        void CheckAt(Problem problem, Values values, double radius)
        {
            double x = values.Get(_x), scale = radius + Math.Abs(x);
            Assert.Equal(0.5 * rho(x * x, radius), Evaluation.Objective(problem, values), 1e-14 * scale);
            Assert.Equal(slope(x * x, radius) * x, Assert.Single(Evaluation.Gradient(problem, values)), 1e-14 * scale);
        }
    }

    /// <summary>ρ(x) = R·x/(R + x).</summary>
    private sealed class GemanMcClureLoss : RobustLoss
    {
        public GemanMcClureLoss(double radius)
            : base(radius)
        {
        }

        public GemanMcClureLoss(Variable<Scalar> logRadius)
            : base(logRadius)
        {
        }

        public override Scalar Rho(Scalar squaredNorm, Scalar radius) => radius * squaredNorm / (radius + squaredNorm);
    }
}
