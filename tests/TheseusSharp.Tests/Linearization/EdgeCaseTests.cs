using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Linearization;

/// <summary>
/// Where linearization may go wrong: degenerate poses, one variable in two places, nothing to optimise, NaN.
/// </summary>
public class EdgeCaseTests
{
    private static readonly double[] s_angles = [0, 1e-300, 1e-12, 1e-6, 0.2236, 3, Math.PI - 1e-6, Math.PI - 1e-9];

    private readonly Values _values = new();

    public static TheoryData<double> Angles => [.. s_angles];

    [Theory, MemberData(nameof(Angles))]
    public void Poses_at_awkward_relative_rotations(double angle)
    {
        var model = new DenseModel();
        Variable<SE3<Scalar>> a = Variable.SE3("a"), b = Variable.SE3("b");
        model.Add(a, b, Between.Measured<SE3<Scalar>>(SE3<Float64>.Identity));
        var start = SE3<Float64>.Random(new Random(4));
        _values.Set(a, start);
        _values.Set(b, start * SE3<Float64>.Exp(new(1, -2, 3, 0.6 * angle, 0, -0.8 * angle)));

        Problem problem = model.Objective.Compile();

        Linearized.Of(problem, _values).AssertNear(model.Linearize(problem, _values));
    }

    [Fact]
    public void Planar_poses_at_awkward_relative_rotations()
    {
        foreach (double angle in s_angles)
        {
            var model = new DenseModel();
            Variable<SE2<Scalar>> a = Variable.SE2("a"), b = Variable.SE2("b");
            model.Add(a, b, Between.Measured<SE2<Scalar>>(SE2<Float64>.Identity));
            _values.Set(a, SE2<Float64>.From(1, 2, -0.5));
            _values.Set(b, SE2<Float64>.From(3, 1, angle - 0.5));
            Problem problem = model.Objective.Compile();

            Linearized.Of(problem, _values).AssertNear(model.Linearize(problem, _values));
        }
    }

    [Fact]
    public void A_half_turn_is_the_limit_of_turns_below_it()
    {
        Variable<SE3<Scalar>> a = Variable.SE3("a"), b = Variable.SE3("b");
        var objective = new Objective();
        objective.Add(a, b, Between.Measured<SE3<Scalar>>(SE3<Float64>.Identity));
        Problem problem = objective.Compile();
        _values.Set(a, SE3<Float64>.Identity);

        Linearized half = Turned(0), below = Turned(5e-9);

        Assert.Equal(0.5 * Math.PI * Math.PI, half.Cost - Translation(), 1e-12);
        Assert.All(
            half.Hessian.Cast<double>().Zip(below.Hessian.Cast<double>()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-6));

        Linearized Turned(double w)
        {
            var rotation = SO3<Float64>.FromQuaternionXyzw(0.6, 0, 0.8, w).Normalize();
            _values.Set(b, SE3<Float64>.From(new(1, 2, 3), rotation));
            return Linearized.Of(problem, _values);
        }

        double Translation()
        {
            var rotation = SO3<Float64>.FromQuaternionXyzw(0.6, 0, 0.8, 0);
            Vector<Float64> log = SE3<Float64>.From(new(1, 2, 3), rotation).Log();
            return 0.5 * log.Slice(0, 3).SquaredNorm();
        }
    }

    [Fact]
    public void One_variable_in_several_places_of_a_cost_function()
    {
        var model = new DenseModel();
        Variable<Vector<Scalar>> x = Variable.Vector("x", 2), y = Variable.Vector("y", 2);
        foreach (var (a, b, c) in new[] { (x, x, x), (x, y, x), (y, x, x), (y, y, x), (x, y, y) })
            model.Add(a, b, c, (a, b, c) => (a * b) + (3.0 * c) + new Vector<Scalar>(a[1], c[0] * b[1]));
        _values.Set(x, 1.5, -2);
        _values.Set(y, 0.3, 0.9);
        Problem problem = model.Objective.Compile();

        Assert.Single(problem.Groups);
        Linearized.Of(problem, _values).AssertNear(model.Linearize(problem, _values));
    }

    [Fact]
    public void A_block_between_kinds_of_different_sizes_in_both_orders()
    {
        // In one group, the pose comes before the first point and after the second.
        var model = new DenseModel();
        Variable<Point3<Scalar>> before = Variable.Point3("before"), after = Variable.Point3("after");
        var pose = Variable.SE3("pose");
        model.Add(before, point => point * 2.0);
        model.Add(pose, after, (pose, point) => pose.Act(point));
        model.Add(pose, before, (pose, point) => pose.Act(point));
        var random = new Random(6);
        _values.Set(pose, SE3<Float64>.Random(random));
        _values.Set(before, Point3<Float64>.Random(random));
        _values.Set(after, Point3<Float64>.Random(random));
        Problem problem = model.Objective.Compile();

        Assert.Equal([before, pose, after], problem.Variables);
        Linearized.Of(problem, _values).AssertNear(model.Linearize(problem, _values));
    }

    [Theory]
    [InlineData(0, 19)]
    [InlineData(3, 12)]
    [InlineData(17, 17)]
    public void A_variable_that_all_but_a_few_cost_functions_share(int first, int second)
    {
        var model = new DenseModel();
        Variable<Scalar>[] x = Variable.Many<Scalar>("x", 20);
        Variable<Scalar> most = Variable.Scalar("most"), few = Variable.Scalar("few");
        for (int k = 0; k < x.Length; k++)
        {
            model.Add(x[k], k == first || k == second ? few : most, (x, shared) => x * Scalar.Sin(shared));
            model.Add(x[k], k == first || k == second ? most : few, (x, shared) => x + (shared * shared));
            _values.Set(x[k], k + 1);
        }

        _values.Set(most, 0.3);
        _values.Set(few, 2);
        Problem problem = model.Objective.Compile();

        Linearized.Of(problem, _values).AssertNear(model.Linearize(problem, _values));
    }

    [Fact]
    public void A_residual_that_does_not_depend_on_its_variable()
    {
        var model = new DenseModel();
        Variable<Scalar> x = Variable.Scalar("x"), y = Variable.Scalar("y");
        model.Add(x, _ => new Vector<Scalar>(1, 2), loss: DenseLoss.Huber(0.5));
        model.Add(x, x => x - x);
        model.Add(x, y, (_, y) => y * y);
        _values.Set(x, 3);
        _values.Set(y, 4);
        Problem problem = model.Objective.Compile();

        Linearized.Of(problem, _values).AssertNear(model.Linearize(problem, _values));
    }

    [Fact]
    public void Cost_functions_with_very_many_derivatives()
    {
        var random = new Random(13);
        var model = new DenseModel();
        Variable<Vector<Scalar>>[] x = [.. Enumerable.Range(0, 3).Select(k => Variable.Vector($"x{k}", 14))];
        Variable<SE3<Scalar>> pose = Variable.SE3("pose"), held = Variable.SE3("held");
        for (int k = 0; k < 9; k++)
            model.Add(
                x[k % 3], k % 2 == 0 ? pose : held, x[k * k % 3],
                (a, pose, b) => (a * b) - a + pose.Log().Concat(a.Slice(3, 8) * b[k]), loss: DenseLoss.Huber(20));
        Array.ForEach(x, x => _values.Set(x, Vector<Float64>.Random(14, random)));
        _values.Set(pose, SE3<Float64>.Random(random));
        _values.Set(held, SE3<Float64>.Random(random));
        Problem problem = model.Objective.Compile(new() { Held = [held] });

        Assert.True(LinearizationPlan.Of(problem).Groups[0].GivesJacobian);
        Linearized.Of(problem, _values).AssertNear(model.Linearize(problem, _values));
    }

    [Fact]
    public void Nothing_to_optimise()
    {
        var model = new DenseModel();
        var pose = Variable.SE3("pose");
        model.Add(pose, Difference.To<SE3<Scalar>>(SE3<Float64>.Identity), loss: DenseLoss.Welsch(3));
        _values.Set(pose, SE3<Float64>.Random(new Random(8)));
        Problem problem = model.Objective.Compile(new() { Held = [pose] });

        Linearized linearized = Linearized.Of(problem, _values);
        Assert.Empty(linearized.Gradient);
        linearized.AssertNear(model.Linearize(problem, _values));
    }

    [Fact]
    public void Nothing_at_all()
    {
        Linearized nothing = Linearized.Of(new Objective().Compile(), new());
        Assert.Equal((0, 0), (nothing.Cost, nothing.Objective));
        Assert.Empty(nothing.Gradient);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(18)]
    public void NaN_in_one_cost_function_reaches_its_variables_only(int spoilt)
    {
        const int count = 20;
        Variable<SE3<Scalar>>[] x = Variable.Many<SE3<Scalar>>("x", count);
        var random = new Random(12);
        foreach (Variable<SE3<Scalar>> variable in x)
            _values.Set(variable, SE3<Float64>.Random(random));
        SE3<Float64>[] motions = [.. x.Select(_ => SE3<Float64>.Random(random))];

        Linearized clean = Linearized.Of(Chain(), _values);
        motions[spoilt] = SE3<Float64>.From(new(0, double.NaN, 0), motions[spoilt].Rotation);
        Linearized dirty = Linearized.Of(Chain(), _values);

        bool IsTouched(int coordinate) => coordinate / 6 == spoilt || coordinate / 6 == spoilt + 1;
        for (int i = 0; i < 6 * count; i++)
        {
            Assert.Equal(IsTouched(i) ? double.NaN : clean.Gradient[i], dirty.Gradient[i]);
            for (int j = 0; j < 6 * count; j++)
                if (!(IsTouched(i) && IsTouched(j)))
                    Assert.Equal(clean.Hessian[i, j], dirty.Hessian[i, j]);
        }

        Assert.Equal(double.NaN, dirty.Cost);
        Assert.Equal(double.NaN, dirty.Objective);
        Assert.Equal($"cost{spoilt}", NotFinite(Chain()));
        motions[spoilt] = SE3<Float64>.Identity;
        Assert.Null(NotFinite(Chain()));

        string? NotFinite(Problem problem)
        {
            var state = new SolverState(problem);
            state.Load(_values, 0);
            return new Linearizer(LinearizationPlan.Of(problem)).FindNotFinite(state, out _);
        }

        Problem Chain()
        {
            var objective = new Objective();
            for (int k = 0; k + 1 < count; k++)
                objective.Add(
                    x[k], x[k + 1], Between.Measured<SE3<Scalar>>(motions[k]), CostWeight.Scale(2),
                    RobustLoss.Huber(1));
            return objective.Compile();
        }
    }
}
