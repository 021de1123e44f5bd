using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Modelling;

/// <summary>One to eight arguments, one by one and from columns: each argument reaches its place.</summary>
public class ArityTests
{
    private const int Rows = 3;

    private readonly Objective _objective = new();
    private readonly Variable<Scalar>[] _x = Variable.Many<Scalar>("x", 8);
    private readonly Values _values = new();

    public ArityTests()
    {
        for (int k = 0; k < _x.Length; k++)
            _values.Set(_x[k], Digit(k));
    }

    public static TheoryData<int> Arities => [.. Enumerable.Range(1, 8)];

    [Theory, MemberData(nameof(Arities))]
    public void Arguments_of_one_cost_function_keep_their_places(int arity)
    {
        Add(arity);

        // ½·12…n²: the digits of the residual tell the places.
        double residual = Enumerable.Range(0, arity).Aggregate(0.0, (sum, k) => (10 * sum) + Digit(k));
        Assert.Equal(0.5 * residual * residual, Evaluation.Objective(_objective, _values));
        Assert.Equal(_x[..arity], _objective.Costs[0].VariablesOf());
    }

    [Theory, MemberData(nameof(Arities))]
    public void Arguments_from_columns_keep_their_places(int arity)
    {
        AddColumns(arity);

        double expected = 0;
        for (int row = 0; row < Rows; row++)
        {
            double residual = Enumerable.Range(0, arity)
                .Aggregate(0.0, (sum, k) => (10 * sum) + (k % 2 == 0 ? Digit((k + row) % 8) : Datum(k, row)));
            expected += 0.5 * residual * residual;
        }

        Assert.Equal(expected, Evaluation.Objective(_objective, _values));
        Assert.Equal(Rows, _objective.CostCount);
    }

    private void Add(int arity)
    {
        Variable<Scalar>[] x = _x;
        _ = arity switch
        {
            1 => _objective.Add(x[0], a => Join(a)),
            2 => _objective.Add(x[0], x[1], (a, b) => Join(a, b)),
            3 => _objective.Add(x[0], x[1], x[2], (a, b, c) => Join(a, b, c)),
            4 => _objective.Add(x[0], x[1], x[2], x[3], (a, b, c, d) => Join(a, b, c, d)),
            5 => _objective.Add(x[0], x[1], x[2], x[3], x[4], (a, b, c, d, e) => Join(a, b, c, d, e)),
            6 => _objective.Add(x[0], x[1], x[2], x[3], x[4], x[5], (a, b, c, d, e, f) => Join(a, b, c, d, e, f)),
            7 => _objective.Add(
                x[0], x[1], x[2], x[3], x[4], x[5], x[6], (a, b, c, d, e, f, g) => Join(a, b, c, d, e, f, g)),
            _ => _objective.Add(
                x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7],
                (a, b, c, d, e, f, g, h) => Join(a, b, c, d, e, f, g, h)),
        };
    }

    private void AddColumns(int arity)
    {
        Column<Scalar>[] x = [.. Enumerable.Range(0, arity).Select(ColumnOf)];
        _ = arity switch
        {
            1 => _objective.AddColumns(x[0], a => Join(a)),
            2 => _objective.AddColumns(x[0], x[1], (a, b) => Join(a, b)),
            3 => _objective.AddColumns(x[0], x[1], x[2], (a, b, c) => Join(a, b, c)),
            4 => _objective.AddColumns(x[0], x[1], x[2], x[3], (a, b, c, d) => Join(a, b, c, d)),
            5 => _objective.AddColumns(x[0], x[1], x[2], x[3], x[4], (a, b, c, d, e) => Join(a, b, c, d, e)),
            6 => _objective.AddColumns(
                x[0], x[1], x[2], x[3], x[4], x[5], (a, b, c, d, e, f) => Join(a, b, c, d, e, f)),
            7 => _objective.AddColumns(
                x[0], x[1], x[2], x[3], x[4], x[5], x[6], (a, b, c, d, e, f, g) => Join(a, b, c, d, e, f, g)),
            _ => _objective.AddColumns(
                x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7],
                (a, b, c, d, e, f, g, h) => Join(a, b, c, d, e, f, g, h)),
        };
    }

    /// <summary>Variables and data by turns.</summary>
    private Column<Scalar> ColumnOf(int argument) => argument % 2 == 0
        ? Column.Of(_x, Enumerable.Range(0, Rows).Select(row => (argument + row) % 8).ToArray())
        : Column.Data<Scalar>(Enumerable.Range(0, Rows).Select(row => Datum(argument, row)).ToArray());

    private static double Digit(int argument) => argument + 1;

    private static double Datum(int argument, int row) => ((2 * argument) + (3 * row)) % 10;

    private static Scalar Join(params Scalar[] digits) =>
        digits.Skip(1).Aggregate(digits[0], (sum, digit) => (10 * sum) + digit);
}
