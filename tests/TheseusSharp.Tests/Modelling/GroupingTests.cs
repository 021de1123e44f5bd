using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Modelling;

/// <summary>Cost functions that did the same are one group, whatever numbers they captured.</summary>
public class GroupingTests
{
    private static readonly double[] s_constants = [3, 3, -1, 0.5, 1e-3, 7, 2, -4, 11];

    private readonly Objective _objective = new();
    private readonly Values _values = new();

    [Fact]
    public void Lambdas_that_captured_constants_are_one_group()
    {
        Variable<Scalar>[] x = AddEach(constant => x => (x - constant) * 2.0);

        ProblemGroup group = Assert.Single(_objective.Compile().Groups);
        Assert.Equal(s_constants.Length, group.Count);
        Assert.Equal(1, group.DataLength);
        CheckCosts(x, (value, constant) => 2 * (value - constant));
    }

    [Fact]
    public void Constants_that_are_all_equal_are_part_of_the_kernel()
    {
        Variable<Scalar>[] x = AddEach(_ => x => (x - 4.5) * 2.0);

        Assert.Equal(0, Assert.Single(_objective.Compile().Groups).DataLength);
        CheckCosts(x, (value, _) => 2 * (value - 4.5));
    }

    [Fact]
    public void Equal_columns_are_one()
    {
        Variable<Scalar>[] x = AddEach(constant => x => (x - constant) * (x + constant));

        Assert.Equal(1, Assert.Single(_objective.Compile().Groups).DataLength);
        CheckCosts(x, (value, constant) => (value - constant) * (value + constant));
    }

    [Fact]
    public void Columns_that_differ_in_one_number_are_two()
    {
        Variable<Scalar>[] x = AddEach(constant => x => (x - constant) * (x + (constant == 7 ? 8 : constant)));

        Assert.Equal(2, Assert.Single(_objective.Compile().Groups).DataLength);
        CheckCosts(x, (value, constant) => (value - constant) * (value + (constant == 7 ? 8 : constant)));
    }

    [Fact]
    public void A_column_of_both_zeros_keeps_their_signs()
    {
        foreach (double zero in new[] { 0.0, -0.0 })
            _objective.Add(Variable.Scalar($"x{zero:R}"), x => Scalar.Atan2(zero, x));
        foreach (Variable variable in _objective.Variables)
            _values.Set(variable, -1);

        // The angle of (−1, ±0) is ±π: both cost ½π², a lost sign would only show in the residual, so ask for the sum.
        Problem problem = _objective.Compile();
        Assert.Equal(1, Assert.Single(problem.Groups).DataLength);
        Assert.Equal(Math.PI * Math.PI, Evaluation.Objective(problem, _values), 1e-14);
    }

    [Fact]
    public void A_constant_that_is_not_a_number_spoils_its_own_cost_only()
    {
        foreach (double constant in new[] { 1, double.NaN, 3 })
            _objective.Add(Variable.Scalar($"x{constant}"), x => x - constant, name: $"to {constant}");
        foreach (Variable variable in _objective.Variables)
            _values.Set(variable, 0);

        Problem problem = _objective.Compile();
        Assert.Single(problem.Groups);
        Assert.Equal([("to 1", 0.5), ("to NaN", double.NaN), ("to 3", 4.5)], Evaluation.ByName(problem, _values));
    }

    [Fact]
    public void Captured_group_elements_are_one_group()
    {
        var random = new Random(2);
        Variable<SE3<Scalar>>[] x = Variable.Many<SE3<Scalar>>("x", 5);
        foreach (Variable<SE3<Scalar>> variable in x)
        {
            SE3<Float64> motion = SE3<Float64>.Random(random);
            _objective.Add(variable, Difference.To<SE3<Scalar>>(motion));
            _values.Set(variable, motion);
        }

        Problem problem = _objective.Compile();
        Assert.Equal(7, Assert.Single(problem.Groups).DataLength);
        Assert.Equal(0, Evaluation.Objective(problem, _values), 1e-30);
    }

    [Fact]
    public void Losses_of_one_type_are_one_group_with_radii_as_data()
    {
        foreach (double radius in new[] { 1, 4, 9 })
        {
            Variable<Scalar> x = Variable.Scalar($"x{radius}");
            _objective.Add(x, x => x, loss: RobustLoss.Huber(radius));
            _values.Set(x, 10);
        }

        Problem problem = _objective.Compile();
        Assert.Equal(1, Assert.Single(problem.Groups).DataLength);
        double[] expected = [0.5 * (20 - 1), 0.5 * (40 - 4), 0.5 * (60 - 9)];
        Assert.Equal(expected, Evaluation.ByName(problem, _values).Select(cost => cost.Cost));
    }

    [Fact]
    public void Single_cost_functions_join_the_group_of_columns()
    {
        Variable<Scalar>[] x = Variable.Many<Scalar>("x", 4);
        _objective.AddColumns(Column.Of(x[..3]), x => x * 3.0, name: "three");
        _objective.Add(x[3], x => x * 3.0, name: "one");
        for (int k = 0; k < x.Length; k++)
            _values.Set(x[k], k);

        Problem problem = _objective.Compile();
        Assert.Equal(4, Assert.Single(problem.Groups).Count);
        Assert.Equal(
            [("three[0]", 0.0), ("three[1]", 4.5), ("three[2]", 18.0), ("one", 40.5)],
            Evaluation.ByName(problem, _values));
    }

    [Fact]
    public void A_scale_and_a_diagonal_do_the_same_products()
    {
        var v = Variable.Vector("v", 2);
        _objective.Add(v, v => v, CostWeight.Scale(3));
        _objective.Add(v, v => v, CostWeight.Diagonal(1, 10));
        _values.Set(v, 1, 2);

        Problem problem = _objective.Compile();
        Assert.Equal(2, Assert.Single(problem.Groups).DataLength);
        Assert.Equal([("cost0", 22.5), ("cost1", 200.5)], Evaluation.ByName(problem, _values));
    }

    [Fact]
    public void Groups_keep_the_order_in_which_they_began()
    {
        var x = Variable.Scalar("x");
        foreach (bool square in new[] { false, true, true, false })
            _objective.Add(x, x => square ? x * x : x);

        Assert.Equal(2, _objective.GroupCount);
        Assert.Equal(
            [["cost0", "cost3"], ["cost1", "cost2"]],
            _objective.Compile().Groups.Select(group => group.Members.Select(member => member.Name).ToArray()));
    }

    /// <summary>A cost function for each constant, of a variable of its own; all run through one lambda.</summary>
    private Variable<Scalar>[] AddEach(Func<double, Func<Scalar, Scalar>> residual)
    {
        Variable<Scalar>[] x = Variable.Many<Scalar>("x", s_constants.Length);
        for (int k = 0; k < x.Length; k++)
        {
            _objective.Add(x[k], residual(s_constants[k]));
            _values.Set(x[k], (0.7 * k) - 2);
        }

        return x;
    }

    private void CheckCosts(Variable<Scalar>[] x, Func<double, double, double> residual)
    {
        List<(string Name, double Cost)> costs = Evaluation.ByName(_objective.Compile(), _values);
        Assert.Equal(x.Length, costs.Count);
        for (int k = 0; k < x.Length; k++)
        {
            double expected = residual(_values.Get(x[k]), s_constants[k]);
            Assert.Equal(0.5 * expected * expected, costs.Single(cost => cost.Name == $"cost{k}").Cost, 1e-13);
        }
    }
}
