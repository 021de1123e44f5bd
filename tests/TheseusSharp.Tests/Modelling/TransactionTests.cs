using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using static TheseusSharp.Tests.Modelling.Refusals;

namespace TheseusSharp.Tests.Modelling;

/// <summary>Wrong use throws at once, names what is wrong, and leaves the objective as it was.</summary>
public class TransactionTests
{
    private readonly Objective _objective = new();
    private readonly Variable<Scalar> _x = Variable.Scalar("x");
    private readonly Variable<Scalar> _y = Variable.Scalar("y");
    private readonly Variable<SE3<Scalar>> _pose = Variable.SE3("pose");
    private readonly Variable<Vector<Scalar>> _vector = Variable.Vector("vector", 3);

    public TransactionTests()
    {
        _objective.Add(_x, x => x - 1, name: "first");
        _objective.Add(_x, _pose, (x, pose) => x * pose.Log(), CostWeight.Scale(2), RobustLoss.Huber(1));
    }

    [Fact]
    public void Lambdas_that_throw()
    {
        Refuses<InvalidTimeZoneException>(
            () => _objective.Add<Scalar, Scalar>(_y, _ => throw new InvalidTimeZoneException("no")), "no");
        Refuses<ArgumentNullException>(() => _objective.Add(_x, (Func<Scalar, Scalar>)null!), "residual");
        Refuses<ArgumentNullException>(() => _objective.Add((Variable<Scalar>)null!, x => x), "variable");
        Refuses<ArgumentException>(() => _objective.Add(_vector, v => v + new Vector<Scalar>(1, 2)), "3 and 2");
    }

    [Fact]
    public void Symbolic_scalars_of_another_lambda()
    {
        Scalar foreign = default;
        var other = new Objective();
        other.Add(_y, y => foreign = y);

        Refuses<InvalidOperationException>(() => _objective.Add(_y, y => y + foreign), "another", "Pass the value");
        Refuses<InvalidOperationException>(() => _objective.Add(_y, _ => foreign), "another", "Pass the value");
    }

    [Fact]
    public void Residuals_that_are_group_elements_or_empty()
    {
        Refuses<ArgumentException>(
            () => _objective.Add(_pose, _y, (pose, _) => pose, name: "bad"), "'bad'", "SE3", "Log");
        Refuses<ArgumentOutOfRangeException>(() => _objective.Add(_y, _ => new Vector<Scalar>()));
    }

    [Fact]
    public void Weights_of_the_wrong_length()
    {
        void RefusesWeight(CostWeight weight, params string[] parts) => Refuses<ArgumentException>(
            () => _objective.Add(_vector, _y, (v, y) => v * y, weight), ["'cost2'", "residual of 3", .. parts]);

        RefusesWeight(CostWeight.Diagonal(1, 2), "3 numbers", "2");
        RefusesWeight(CostWeight.SquareRootInformation(1, 2, 3), "9 numbers", "3");
        RefusesWeight(CostWeight.Diagonal(Variable.Vector("w", 4)), "'w'", "4");
        RefusesWeight(CostWeight.SquareRootInformation(_vector), "'vector'", "9 numbers", "3");
    }

    [Fact]
    public void Weight_columns_for_one_cost_function()
    {
        Refuses<ArgumentException>(
            () => _objective.Add(_y, y => y, CostWeight.ScaleColumn(new double[2])), "'cost2'", "AddColumns");
        Refuses<ArgumentException>(
            () => _objective.Add(_y, y => y, CostWeight.ScaleColumn(default)), "'cost2'", "AddColumns");
        Refuses<ArgumentException>(
            () => _objective.Add(_vector, v => v, CostWeight.DiagonalColumn(new double[4])), "3", "4");
    }

    [Fact]
    public void Names_of_cost_functions_that_are_taken()
    {
        Refuses<ArgumentException>(() => _objective.Add(_y, y => y, name: "first"), "'first'", "unique");
        Refuses<ArgumentException>(() => _objective.Add(_y, y => y, name: "cost1"), "'cost1'", "unique");
    }

    [Fact]
    public void Names_of_variables_that_are_taken()
    {
        void RefusesName(Action add, string name) => Refuses<ArgumentException>(add, $"'{name}'", "unique");

        RefusesName(() => _objective.Add(_y, Variable.Scalar("x"), (y, x) => y - x), "x");
        RefusesName(() => _objective.Add(_y, Variable.SE3("y"), (y, p) => y * p.Log()), "y");
        RefusesName(() => _objective.Add(_y, y => y, CostWeight.Scale(Variable.Scalar("x"))), "x");
        RefusesName(() => _objective.Add(_y, y => y, loss: RobustLoss.Huber(Variable.Scalar("pose"))), "pose");
        RefusesName(() => _objective.AddColumns(Column.Of([_y, Variable.Scalar("y")]), y => y), "y");
    }

    [Fact]
    public void Columns_that_do_not_fit()
    {
        Variable<Scalar>[] z = Variable.Many<Scalar>("z", 3);
        Refuses<ArgumentException>(
            () => _objective.AddColumns(Column.Of(z), Column.Data<Scalar>(new double[2]), (z, d) => z - d, name: "bad"),
            "'bad'", "3", "2");
        Refuses<ArgumentException>(
            () => _objective.AddColumns(Column.Of(z), z => z, CostWeight.ScaleColumn(new double[4])),
            "'cost2'", "3", "4");
        Refuses<ArgumentException>(
            () => _objective.AddColumns(Column.Shared(_y), y => y), "'cost2'", "shared", "Add");
        Refuses<ArgumentException>(() => _objective.AddColumns(default(Column<Scalar>), y => y), "empty", "Column.Of");
    }

    [Fact]
    public void Options_that_do_not_fit()
    {
        void RefusesOptions(ProblemOptions options, params string[] parts) =>
            Refuses<ArgumentException>(() => _objective.Compile(options), parts);

        RefusesOptions(new() { Held = [_y] }, "Held", "'y'");
        RefusesOptions(new() { Freed = [_y] }, "Freed", "'y'");
        RefusesOptions(new() { Held = [Variable.Scalar("x")] }, "Held", "'x'");
        RefusesOptions(new() { Held = [null!] }, "Held", "null");
        Assert.Throws<ArgumentNullException>(() => _objective.Compile(new() { Freed = null! }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Variable.Many<Scalar>("many", -1));
        RefusesOptions(new() { Held = [_pose, _x], Freed = [_x] }, "'x'", "Held", "Freed");
    }

    [Fact]
    public void Removing_what_is_not_there()
    {
        var other = new Objective();
        CostFunction foreign = other.Add(_y, y => y, name: "first");
        Snapshot before = Snapshot.Of(_objective);

        Assert.False(_objective.Remove(foreign));
        Assert.Throws<ArgumentNullException>(() => _objective.Remove(null!));

        before.AssertStill(_objective);
    }

    [Fact]
    public void What_was_refused_leaves_its_names_free()
    {
        Refuses<ArgumentException>(() => _objective.Add(_pose, _y, (pose, _) => pose, name: "name"), "SE3");

        CostFunction named = _objective.Add(Variable.Scalar("y"), y => y, name: "name");
        CostFunction unnamed = _objective.Add(_x, x => x);

        Assert.Equal(("name", "cost3"), (named.Name, unnamed.Name));
    }

    private void Refuses<TException>(Action action, params string[] parts)
        where TException : Exception
    {
        Snapshot before = Snapshot.Of(_objective);
        Refusals.Refuses<TException>(action, parts);
        before.AssertStill(_objective);
    }

    /// <summary>All that can be seen of an objective.</summary>
    private sealed record Snapshot(string[] Seen)
    {
        public static Snapshot Of(Objective objective) => new(
        [
            objective.ToString(), objective.Compile().ToString(),
            $"{objective.CostCount} {objective.GroupCount} {objective.Dimension}",
            .. objective.Costs.Select(cost => cost.Name), .. objective.Variables.Select(variable => variable.Name),
        ]);

        public void AssertStill(Objective objective) => Assert.Equal(Seen, Of(objective).Seen);
    }
}
