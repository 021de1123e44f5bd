using TheseusSharp.Geometry;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Linearization;

/// <summary>Elements side by side: every lane as if it were alone.</summary>
public sealed class PackLinearizerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public void Every_lane_is_near_the_oracle(int size)
    {
        var model = MixedModel.Of(size);
        int lanes = LinearizationPlan.Of(model.Problem).Lanes;
        Linearized first = Linearized.InLane(0, model.Problem, model.Values);
        first.AssertNear(model.Oracle);
        Linearized.InLane(lanes - 1, model.Problem, model.Values).AssertSameBits(first);
        Linearized.InLane(lanes / 2, model.Problem, model.Values).AssertSameBits(first);
    }

    [Fact]
    public void One_variable_in_several_places_of_a_cost_function()
    {
        var model = new DenseModel();
        Variable<Vector<Scalar>> x = Variable.Vector("x", 2), y = Variable.Vector("y", 2);
        foreach (var (a, b, c) in new[] { (x, x, x), (x, y, x), (y, x, x), (y, y, x), (x, y, y) })
            model.Add(a, b, c, (a, b, c) => (a * b) + (3.0 * c) + new Vector<Scalar>(a[1], c[0] * b[1]));
        var values = new Values();
        values.Set(x, 1.5, -2);
        values.Set(y, 0.3, 0.9);
        Problem problem = model.Objective.Compile();

        Linearized.InLane(1, problem, values).AssertNear(model.Linearize(problem, values));
    }

    /// <summary>So many derivatives that their products are formed outside the kernel.</summary>
    [Fact]
    public void A_large_Jacobian()
    {
        const int length = 90;
        Variable<Vector<Scalar>> a = Variable.Vector("a", length), b = Variable.Vector("b", length);
        var objective = new Objective();
        for (int k = 0; k < 3; k++)
        {
            double shift = 0.1 * k;
            objective.Add(
                a, b, (x, y) => new Vector<Scalar>(x.Dot(y) + shift, x.Dot(x) - (shift * y[0])), CostWeight.Scale(0.3),
                RobustLoss.Welsch(2.0));
        }

        Problem problem = objective.Compile();
        Assert.True(Assert.Single(LinearizationPlan.Of(problem).Groups).GivesJacobian);
        var values = new Values();
        var random = new Random(3);
        values.Set(a, [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)]);
        values.Set(b, [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)]);

        Linearized expected = Linearized.Of(problem, values), found = Linearized.InLane(1, problem, values);
        Assert.Equal(expected.Cost, found.Cost, 1e-12 * expected.Cost);
        double largest = expected.Hessian.Cast<double>().Max();
        Assert.All(
            expected.Hessian.Cast<double>().Zip(found.Hessian.Cast<double>()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-12 * largest));
        Assert.All(
            expected.Gradient.Zip(found.Gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-12 * largest));
    }
}
