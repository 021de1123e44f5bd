using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Modelling;

/// <summary>What an objective knows about its cost functions and variables; removing and adding again.</summary>
public class ObjectiveTests
{
    private readonly Objective _objective = new();
    private readonly Variable<Scalar>[] _x = Variable.Many<Scalar>("x", 4);

    [Fact]
    public void An_empty_objective()
    {
        Assert.Equal((0, 0, 0), (_objective.CostCount, _objective.GroupCount, _objective.Dimension));
        Assert.Empty(_objective.Variables);
        Assert.Equal(
            "Objective: 0 cost functions in 0 groups, 0 variables, residual dimension 0", _objective.ToString());
        Assert.Null(_objective.FindCost("cost0"));
        Assert.Null(_objective.FindVariable("x0"));
        Assert.Equal(0, Evaluation.Objective(_objective, new()));
    }

    [Fact]
    public void Variables_come_in_the_order_in_which_they_were_first_named()
    {
        _objective.Add(_x[2], _x[0], (a, b) => a - b, CostWeight.Scale(_x[3]), RobustLoss.Welsch(_x[1]));
        Assert.Equal(["x2", "x0", "x3", "x1"], Names());

        var other = new Objective();
        other.AddColumns(Column.Of(_x, new[] { 3, 1, 3 }), Column.Shared(_x[0]), (a, b) => a - b);
        other.Add(_x[1], a => a);
        Assert.Equal(["x3", "x0", "x1"], other.Variables.Select(variable => variable.Name));
    }

    [Fact]
    public void A_cost_function_tells_its_variables()
    {
        CostFunction one = _objective.Add(
            _x[2], _x[0], (a, b) => a - b, CostWeight.Scale(_x[3]), RobustLoss.Welsch(_x[1]));
        Assert.Equal([_x[2], _x[0], _x[3], _x[1]], one.VariablesOf());

        CostFunction many = _objective.AddColumns(
            Column.Of(_x, new[] { 3, 1 }), Column.Data<Scalar>(new double[2]), Column.Shared(_x[0]),
            (a, d, b) => a - b - d);
        Assert.Equal([_x[1], _x[0]], many.VariablesOf(1));
        Assert.Equal((2, 1), (many.Count, many.Dimension));
        Assert.Throws<ArgumentOutOfRangeException>(() => many.VariablesOf(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => many.VariablesOf(-1));
    }

    [Fact]
    public void Cost_functions_and_variables_are_found_by_name()
    {
        CostFunction unnamed = _objective.Add(_x[0], x => x);
        CostFunction named = _objective.Add(_x[1], x => x, name: "prior");
        CostFunction later = _objective.Add(_x[1], x => x);

        Assert.Same(unnamed, _objective.FindCost("cost0"));
        Assert.Same(named, _objective.FindCost("prior"));
        Assert.Same(later, _objective.FindCost("cost2"));
        Assert.Same(_x[1], _objective.FindVariable("x1"));
        foreach (string unknown in new[] { "cost1", "cost3", "cost02", "cost+2", "cost 2", "cost-1", "cost", "", "x1" })
            Assert.Null(_objective.FindCost(unknown));
        Assert.Null(_objective.FindVariable("x3"));
        Assert.Throws<ArgumentNullException>(() => _objective.FindCost(null!));
    }

    [Fact]
    public void Made_up_names_keep_clear_of_given_ones()
    {
        CostFunction given = _objective.Add(_x[0], x => x, name: "cost1");
        CostFunction[] unnamed = [_objective.Add(_x[0], x => x), _objective.Add(_x[0], x => x)];

        Assert.Equal(["cost1", "cost2", "cost3"], _objective.Costs.Select(cost => cost.Name));
        Assert.Same(given, _objective.FindCost("cost1"));
        Assert.Same(unnamed[1], _objective.FindCost("cost3"));
    }

    [Fact]
    public void Removing_takes_along_the_variables_that_nothing_names()
    {
        _objective.Add(_x[0], x => x);
        CostFunction middle = _objective.Add(_x[1], _x[0], (a, b) => a - b, CostWeight.Scale(_x[2]), name: "middle");
        _objective.Add(_x[3], x => x);

        Assert.True(_objective.Remove(middle));

        Assert.Equal(["x0", "x3"], Names());
        Assert.Equal((2, 1), (_objective.CostCount, _objective.GroupCount));
        Assert.Null(_objective.FindCost("middle"));
        Assert.Null(_objective.FindVariable("x1"));
        Assert.False(_objective.Remove(middle));
        _objective.Add(Variable.Scalar("x1"), x => x, name: "middle");
    }

    [Fact]
    public void Variables_keep_their_order_when_a_cost_function_is_removed()
    {
        CostFunction first = _objective.Add(_x[3], _x[1], (a, b) => a - b);
        _objective.Add(_x[0], _x[3], (a, b) => a - b);
        _objective.Add(_x[1], x => x);

        _objective.Remove(first);

        Assert.Equal(["x3", "x1", "x0"], Names());
    }

    [Fact]
    public void Removing_and_adding_again_costs_the_same()
    {
        var values = new Values();
        values.SetMany(_x, [1, 2, 3, 4]);
        var costs = new List<CostFunction>();
        for (int k = 0; k < 4; k++)
            costs.Add(AddShifted(k));
        double before = Evaluation.Objective(_objective, values);

        Assert.All(costs, cost => _objective.Remove(cost));
        Assert.Equal(0, Evaluation.Objective(_objective, values));
        Assert.Equal(0, _objective.GroupCount);
        for (int k = 0; k < 4; k++)
            AddShifted(k);

        Assert.Equal(before, Evaluation.Objective(_objective, values));
        Assert.Equal((4, 1), (_objective.CostCount, _objective.GroupCount));
        Assert.Equal("cost4", _objective.Costs[0].Name);

        CostFunction AddShifted(int k) => _objective.Add(_x[k], x => (x - (10.0 * k)) * 3);
    }

    [Fact]
    public void Removing_one_call_leaves_the_numbers_of_the_others()
    {
        var values = new Values();
        values.SetMany(_x, [1, 2, 3, 4]);
        _objective.AddColumns(Column.Of(_x[..2]), Column.Data<Scalar>(new double[] { 5, 6 }), (x, d) => x - d);
        CostFunction middle = _objective.AddColumns(Column.Of(_x), Column.Data<Scalar>(new double[4]), (x, d) => x - d);
        _objective.AddColumns(Column.Of(_x[2..]), Column.Data<Scalar>(new double[] { 7, 8 }), (x, d) => x - d);

        _objective.Remove(middle);

        Assert.Equal((4, 1, 4), (_objective.CostCount, _objective.GroupCount, _objective.Dimension));
        Assert.Equal(4 * 0.5 * 16, Evaluation.Objective(_objective, values));
    }

    [Fact]
    public void It_prints_its_groups_counts_and_dimensions()
    {
        Variable<SE3<Scalar>>[] pose = Variable.Many<SE3<Scalar>>("pose", 5);
        for (int k = 0; k < 4; k++)
            _objective.Add(pose[k], pose[k + 1], (a, b) => a.Between(b).Log(), loss: RobustLoss.Huber(1));
        _objective.AddColumns(Column.Of(_x[..2]), Column.Vectors(new double[6], 3), (x, d) => x * d, name: "many");

        string[] expected =
        [
            "Objective: 6 cost functions in 2 groups, 7 variables, residual dimension 30",
            "  4 × (SE3, SE3) → 6, Huber loss: cost0, cost1, cost2, …",
            "  2 × (Scalar, data Vector(3)) → 3: many × 2",
            "  5 × SE3: pose0, pose1, pose2, …",
            "  2 × Scalar: x0, x1",
        ];
        Assert.Equal(expected, _objective.ToString().Split(Environment.NewLine));
    }

    private IEnumerable<string> Names() => _objective.Variables.Select(variable => variable.Name);
}
