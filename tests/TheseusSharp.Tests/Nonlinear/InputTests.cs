using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>What a solve asks of the values it is given, and that it leaves them alone.</summary>
public sealed class InputTests
{
    private readonly Variable<SE3<Scalar>> _pose = Variable.SE3("camera");
    private readonly Variable<Point3<Scalar>> _point = Variable.Point3("landmark");
    private readonly Objective _objective = new();

    public InputTests()
    {
        _objective.Add(_pose, _point, static (x, p) => x.ActInverse(p) - new Point3<Scalar>(1, 2, 3));
        _objective.Add(_pose, static x => x.Log());
    }

    [Fact]
    public void A_missing_value_is_named()
    {
        var values = new Values();
        values.Set(_pose, SE3<Float64>.Identity);
        var exception = Assert.Throws<ArgumentException>(
            () => new GaussNewton().Solve(_objective.Compile(), values));
        Assert.Contains("'landmark'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Values.Set", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_given_is_an_error()
    {
        Assert.Throws<ArgumentNullException>(() => new GaussNewton().Solve(null!, new Values()));
        Assert.Throws<ArgumentNullException>(() => new GaussNewton().Solve(_objective.Compile(), null!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_value_off_its_manifold_is_named_with_the_remedy(bool isHeld)
    {
        ProblemOptions options = new() { Held = isHeld ? [_pose] : [] };
        var exception = Assert.Throws<ArgumentException>(
            () => new GaussNewton().Solve(_objective.Compile(options), Start(0.9)));
        Assert.Contains("'camera'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("off the manifold", exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(OffManifold.Normalize), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rounding_is_let_pass() =>
        Assert.True(new GaussNewton().Solve(_objective.Compile(), Start(1 + 1e-7)).First.Status.IsConverged());

    /// <summary>Scaled quaternions give what unit ones give.</summary>
    [Fact]
    public void A_value_off_its_manifold_is_normalised_by_option()
    {
        Problem problem = _objective.Compile(new() { OffManifold = OffManifold.Normalize });
        SolveResult drifted = new GaussNewton().Solve(problem, Start(4));
        SolveResult exact = new GaussNewton().Solve(problem, Start(1));
        Assert.Equal(exact.First.InitialCost, drifted.First.InitialCost, 1e-13);
        Assert.Equal(exact.First.Iterations, drifted.First.Iterations);
        PairedProblem.AssertNear(Numbers.Of(exact.Values, _pose), Numbers.Of(drifted.Values, _pose), 1e-12);
        double[] quaternion = Numbers.Of(drifted.Values, _pose)[3..];
        Assert.Equal(1, quaternion.Sum(x => x * x), 1e-14);
    }

    /// <summary>NaN is trouble of the numbers, a status; not wrong use.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public void A_value_that_is_not_a_number_is_a_status(int entry)
    {
        Values values = Start(1);
        double[] pose = Numbers.Of(values, _pose);
        pose[entry] = double.NaN;
        values.Set(_pose, pose);
        ElementResult result = new LevenbergMarquardt().Solve(_objective.Compile(), values).First;
        Assert.Equal(SolveStatus.NotFinite, result.Status);
    }

    [Fact]
    public void The_values_given_are_not_touched()
    {
        Values values = Start(1);
        Variable<Scalar> other = Variable.Scalar("not in the problem");
        values.Set(other, 42);
        Variable[] all = [_pose, _point, other];
        long[] before = Numbers.Bits(values, all);
        SolveResult result = new LevenbergMarquardt().Solve(_objective.Compile(), values);
        Assert.Equal(before, Numbers.Bits(values, all));
        Assert.NotEqual(before, Numbers.Bits(result.Values, all));
        Assert.Equal(42, result.Values.Get(other));
    }

    [Fact]
    public void Variables_held_constant_keep_their_bits()
    {
        Values values = Start(1);
        SolveResult result = new LevenbergMarquardt().Solve(_objective.Compile(new() { Held = [_pose] }), values);
        Assert.Equal(Numbers.Bits(values, [_pose]), Numbers.Bits(result.Values, [_pose]));
        Assert.NotEqual(Numbers.Bits(values, [_point]), Numbers.Bits(result.Values, [_point]));
    }

    /// <summary>An objective that grows later does not change a problem made before.</summary>
    [Fact]
    public void A_problem_is_what_its_objective_was()
    {
        Problem before = _objective.Compile();
        double cost = new GaussNewton().Solve(before, Start(1)).First.InitialCost;
        _objective.Add(_point, static p => p.ToVector());
        Assert.Equal(cost, new GaussNewton().Solve(before, Start(1)).First.InitialCost);
        Assert.True(new GaussNewton().Solve(_objective.Compile(), Start(1)).First.InitialCost > cost);
    }

    private Values Start(double quaternionScale)
    {
        var values = new Values();
        double[] pose = [0.3, -0.2, 0.5, 0.1, -0.3, 0.2, 0.9];
        double norm = Math.Sqrt(pose[3..].Sum(x => x * x));
        for (int k = 3; k < 7; k++)
            pose[k] *= quaternionScale / norm;
        values.Set(_pose, pose);
        values.Set(_point, 4, 1, 2);
        return values;
    }
}
