using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using static TheseusSharp.Tests.Modelling.Refusals;

namespace TheseusSharp.Tests.Modelling;

/// <summary>Cost functions added from columns.</summary>
public class ColumnTests
{
    private readonly Objective _objective = new();
    private readonly Variable<Scalar>[] _x = Variable.Many<Scalar>("x", 4);
    private readonly Values _values = new();

    public ColumnTests() => _values.SetMany(_x, [1, 2, 3, 4]);

    [Fact]
    public void Columns_cost_what_single_cost_functions_cost()
    {
        var random = new Random(7);
        const int count = 20;
        Variable<SE2<Scalar>>[] pose = Variable.Many<SE2<Scalar>>("pose", 5);
        foreach (Variable<SE2<Scalar>> variable in pose)
            _values.Set(variable, SE2<Float64>.Random(random));
        SE2<Float64>[] motions = [.. Enumerable.Range(0, count).Select(_ => SE2<Float64>.Random(random))];
        int[] from = [.. motions.Select(_ => random.Next(5))], to = [.. motions.Select(_ => random.Next(5))];
        double[] weights = [.. Enumerable.Range(0, 3 * count).Select(_ => random.NextDouble())];

        _objective.AddColumns(
            Column.Of(pose, from), Column.Of(pose, to),
            Column.Data<SE2<Scalar>>(motions.SelectMany(Numbers).ToArray()), Column.Shared(_x[1]),
            (a, b, m, scale) => scale * m.Local(a.Between(b)), CostWeight.DiagonalColumn(weights));
        var single = new Objective();
        for (int k = 0; k < count; k++)
        {
            SE2<Scalar> m = motions[k];
            single.Add(
                pose[from[k]], pose[to[k]], _x[1], (a, b, scale) => scale * m.Local(a.Between(b)),
                CostWeight.Diagonal(weights.AsSpan(3 * k, 3)));
        }

        double expected = Evaluation.Objective(single, _values);
        Assert.Equal(expected, Evaluation.Objective(_objective, _values), 1e-13 * expected);
        Assert.Equal((count, 1), (_objective.CostCount, _objective.GroupCount));

        static IEnumerable<double> Numbers(SE2<Float64> motion) => motion.ToStorage().Select(x => x.Value);
    }

    [Fact]
    public void Vectors_of_data_are_divided_by_their_length()
    {
        _objective.AddColumns(
            Column.Of(_x[..2]), Column.Vectors(new double[] { 1, 2, 3, 4, 5, 6 }, 3), (x, v) => x * v);
        Assert.Equal(0.5 * (1 + 4 + 9 + (4 * (16 + 25 + 36))), Evaluation.Objective(_objective, _values));
    }

    [Fact]
    public void Data_equal_in_all_cost_functions_are_part_of_the_kernel()
    {
        _objective.AddColumns(
            Column.Of(_x), Column.Vectors(new double[] { 2, 5, 2, 6, 2, 7, 2, 8 }, 2), (x, d) => (x * d[0]) - d[1]);
        Problem problem = _objective.Compile();
        Assert.Equal(1, problem.Groups[0].DataLength);
        Assert.Equal(0.5 * (9 + 4 + 1), Evaluation.Objective(problem, _values));
    }

    [Fact]
    public void A_column_may_be_empty()
    {
        CostFunction none = _objective.AddColumns(
            Column.Of(_x, Array.Empty<int>()), Column.Shared(_x[0]), (x, y) => x - y, name: "none");
        Assert.Equal((0, 0, 0), (none.Count, _objective.CostCount, _objective.GroupCount));
        Assert.Empty(_objective.Variables);
        Assert.Equal(0, Evaluation.Objective(_objective, _values));

        _objective.Add(_x[1], _x[0], (x, y) => x - y);
        Assert.Equal(0.5, Evaluation.Objective(_objective, _values));
    }

    [Fact]
    public void Counts_of_columns()
    {
        Assert.Equal(4, Column.Of(_x).Count);
        Assert.Equal(2, Column.Of(_x, new[] { 3, 3 }).Count);
        Assert.Equal(-1, Column.Shared(_x[0]).Count);
        Assert.Equal(2, Column.Data<SE3<Scalar>>(new double[] { 0, 0, 0, 0, 0, 0, 1, 3, 2, 1, 0.6, 0, 0.8, 0 }).Count);
        Assert.Equal(3, Column.Vectors(new double[6], 2).Count);
        Assert.Equal(0, default(Column<Scalar>).Count);
    }

    [Fact]
    public void Columns_that_cannot_be_made()
    {
        Refuses<ArgumentException>(() => Column.Of(_x, new[] { 0, 4 }), "Index 4", "0 to 3");
        Refuses<ArgumentException>(() => Column.Of(_x, new[] { -1 }), "Index -1");
        Refuses<ArgumentException>(() => Column.Data<SO2<Scalar>>(new double[] { 1, 0, 0, 2 }), "Element 1", "[0 2]");
        Refuses<ArgumentException>(() => Column.Of<Scalar>([]), "at least one");
        Refuses<ArgumentException>(
            () => Column.Of([Variable.Vector("a", 2), Variable.Vector("b", 3)]),
            "'a'", "'b'", "Vector(2)", "Vector(3)");
        Refuses<ArgumentException>(() => Column.Data<SE3<Scalar>>(new double[8]), "SE3", "7", "8");
        Refuses<ArgumentException>(() => Column.Vectors(new double[7], 3), "Vector(3)", "7");
        Refuses<ArgumentException>(() => Column.Data<Vector<Scalar>>(new double[6]), "Column.Vectors");
        Assert.Throws<ArgumentOutOfRangeException>(() => Column.Vectors(new double[7], 0));
        Assert.Throws<ArgumentNullException>(() => Column.Of((IReadOnlyList<Variable<Scalar>>)null!));
        Assert.Throws<ArgumentNullException>(() => Column.Shared((Variable<Scalar>)null!));
    }

    [Fact]
    public void Variables_that_cannot_be_made()
    {
        Refuses<ArgumentException>(() => Variable.Of<Vector<Scalar>>("v"), "'v'", "Variable.Vector");
        Assert.Throws<ArgumentException>(() => Variable.Scalar(" "));
        Assert.Throws<ArgumentNullException>(() => Variable.Scalar(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => Variable.Vector("v", 0));
    }
}
