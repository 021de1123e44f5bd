using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Modelling;

namespace TheseusSharp.Tests.Costs;

/// <summary>Shipped cost functions as their documentation writes them, and by hand.</summary>
public class ShippedCostTests
{
    private readonly Objective _objective = new();
    private readonly Values _values = new();

    [Fact]
    public void A_measurement_may_be_a_variable()
    {
        Variable<SE3<Scalar>> a = Variable.SE3("a"), b = Variable.SE3("b");
        Variable<SE3<Scalar>> m = Variable.SE3("m", VariableRole.Constant);
        _objective.Add(a, b, m, Between.Residual);
        _objective.Add(b, a, Difference.Residual);
        _values.Set(a, SE3<Float64>.Identity);
        _values.Set(b, SE3<Float64>.From(new(1, 2, 3), SO3<Float64>.Identity));
        _values.Set(m, SE3<Float64>.From(new(1, 0, 0), SO3<Float64>.Identity));

        Assert.Equal((0.5 * (4 + 9)) + (0.5 * (1 + 4 + 9)), Evaluation.Objective(_objective, _values), 1e-14);
    }

    [Fact]
    public void A_planar_motion_is_seen_from_its_start()
    {
        // From a at (1, 2), heading up, b at (1, 5) is 3 ahead; measured were 2 ahead and 0.1 to the left, unturned.
        Variable<SE2<Scalar>> a = Variable.SE2("a"), b = Variable.SE2("b");
        SE2<Scalar> measured = SE2<Float64>.From(2, 0.1, 0);
        _objective.Add(a, b, Between.Measured(measured), CostWeight.Diagonal(1, 10, 100));
        _values.Set(a, SE2<Float64>.From(1, 2, Math.PI / 2));
        _values.Set(b, SE2<Float64>.From(1, 5, Math.PI / 2));

        Assert.Equal(0.5 * (1 + 1), Evaluation.Objective(_objective, _values), 1e-13);
    }

    [Fact]
    public void Vectors_differ_by_subtraction()
    {
        Variable<Vector<Scalar>> a = Variable.Vector("a", 2), b = Variable.Vector("b", 2);
        _objective.Add(a, b, Between.Measured(new Vector<Scalar>(1, 1)));
        _objective.Add(a, Difference.To(new Vector<Scalar>(5, 6)));
        _values.Set(a, 1, 2);
        _values.Set(b, 4, 8);

        // r = (b − a) − m = (2, 5), and a − t = (−4, −4).
        Assert.Equal(0.5 * (4 + 25 + 16 + 16), Evaluation.Objective(_objective, _values));
        double[] gradient = Evaluation.Gradient(_objective.Compile(), _values);
        Assert.Equal([-2 - 4, -5 - 4, 2, 5], gradient);
    }

    [Fact]
    public void Measurements_that_differ_share_a_kernel()
    {
        Variable<SO3<Scalar>>[] x = Variable.Many<SO3<Scalar>>("x", 4);
        var random = new Random(1);
        for (int k = 0; k < 3; k++)
        {
            _objective.Add(x[k], x[k + 1], Between.Measured<SO3<Scalar>>(SO3<Float64>.Random(random)));
            _objective.Add(x[k], Difference.To<SO3<Scalar>>(SO3<Float64>.Random(random)));
        }

        Assert.Equal(2, _objective.GroupCount);
    }
}
