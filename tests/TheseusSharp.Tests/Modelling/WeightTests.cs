using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using static TheseusSharp.Tests.Modelling.Refusals;

namespace TheseusSharp.Tests.Modelling;

/// <summary>Every form of weight, given as numbers, as columns and as variables: one cost, one gradient.</summary>
public class WeightTests
{
    private const int Count = 11;
    private const int Dimension = 3;

    private readonly Random _random = new(5);
    private readonly Values _values = new();
    private readonly Variable<Vector<Scalar>>[] _x =
        [.. Enumerable.Range(0, Count).Select(k => Variable.Vector($"x{k}", Dimension))];

    public WeightTests()
    {
        foreach (Variable<Vector<Scalar>> x in _x)
            _values.Set(x, Vector<Float64>.Random(Dimension, _random));
    }

    [Fact]
    public void A_scale() => Check(
        1,
        (weight, r) => [.. r.Select(entry => weight[0] * entry)],
        weight => CostWeight.Scale(weight[0]),
        CostWeight.ScaleColumn,
        (name, weight) => CostWeight.Scale(Named(Variable.Scalar(name, VariableRole.Constant), weight)));

    [Fact]
    public void A_diagonal() => Check(
        Dimension,
        (weight, r) => [.. r.Select((entry, k) => weight[k] * entry)],
        weight => CostWeight.Diagonal(weight),
        CostWeight.DiagonalColumn,
        (name, weight) => CostWeight.Diagonal(Named(Vector(name, Dimension), weight)));

    [Fact]
    public void A_matrix() => Check(
        Dimension * Dimension,
        (weight, r) => [.. r.Select((_, i) => r.Select((entry, j) => weight[(i * Dimension) + j] * entry).Sum())],
        weight => CostWeight.SquareRootInformation(weight),
        CostWeight.SquareRootInformationColumn,
        (name, weight) => CostWeight.SquareRootInformation(Named(Vector(name, Dimension * Dimension), weight)));

    [Fact]
    public void An_information_matrix_costs_half_its_quadratic_form()
    {
        double[] root = Numbers(Dimension * Dimension), information = new double[root.Length];
        for (int i = 0; i < Dimension; i++)
            for (int j = 0; j < Dimension; j++)
                for (int k = 0; k < Dimension; k++)
                    information[(i * Dimension) + j] += root[(k * Dimension) + i] * root[(k * Dimension) + j];
        double[] r = Residual(0);
        double expected = 0;
        for (int i = 0; i < Dimension; i++)
            for (int j = 0; j < Dimension; j++)
                expected += 0.5 * r[i] * information[(i * Dimension) + j] * r[j];

        var objective = new Objective();
        objective.Add(_x[0], Residual, CostWeight.Information(information));

        Assert.Equal(expected, Evaluation.Objective(objective, _values), 1e-13);
    }

    [Fact]
    public void An_information_matrix_is_read_from_its_upper_half()
    {
        var objective = new Objective();
        objective.Add(Variable.Vector("v", 2), v => v, CostWeight.Information(4, 2, double.NaN, 5));
        var values = new Values();
        values.Set(objective.FindVariable("v")!, 1, 3);

        Assert.Equal(0.5 * (4 + (2 * 2 * 3) + (5 * 9)), Evaluation.Objective(objective, values), 1e-13);
    }

    [Fact]
    public void Information_that_is_not_positive_definite_is_refused()
    {
        Refuses<ArgumentException>(() => CostWeight.Information(1, 2, 2, 4), "pivot 1", "SquareRootInformation");
        Refuses<ArgumentException>(() => CostWeight.Information(0), "pivot 0");
        Refuses<ArgumentException>(() => CostWeight.Information(1, 0, 0, -1), "pivot 1");
        Refuses<ArgumentException>(() => CostWeight.Information(double.NaN, 0, 0, 1), "pivot 0");
        Refuses<ArgumentException>(() => CostWeight.Information(1, double.NaN, double.NaN, 1), "pivot 1");
        Refuses<ArgumentException>(() => CostWeight.Information(1, 2, 3), "square", "3");
        Refuses<ArgumentException>(() => CostWeight.Information(), "square", "0");
        Assert.Throws<ArgumentNullException>(() => CostWeight.Scale((Variable<Scalar>)null!));
    }

    /// <summary>All three ways to give a weight against the product by its definition.</summary>
    private void Check(
        int length, Func<double[], double[], double[]> apply, Func<double[], CostWeight> ofNumbers,
        Func<ReadOnlyMemory<double>, CostWeight> ofColumn, Func<string, double[], CostWeight> ofVariable)
    {
        double[][] weights = [.. _x.Select(_ => Numbers(length))];
        double expected = weights.Select((weight, k) => apply(weight, Residual(k)).Sum(e => 0.5 * e * e)).Sum();

        Objective numbers = new(), column = new(), variables = new();
        column.AddColumns(Column.Of(_x), Residual, ofColumn(weights.SelectMany(weight => weight).ToArray()));
        for (int k = 0; k < Count; k++)
        {
            numbers.Add(_x[k], Residual, ofNumbers(weights[k]));
            variables.Add(_x[k], Residual, ofVariable($"w{k}", weights[k]));
        }

        double[] gradient = Evaluation.Gradient(numbers.Compile(), _values);
        foreach (Objective objective in new[] { numbers, column, variables })
        {
            Problem problem = objective.Compile();
            Assert.Equal(1, objective.GroupCount);
            Assert.Equal(expected, Evaluation.Objective(problem, _values), 1e-13 * expected);
            Assert.All(
                Evaluation.Gradient(problem, _values).Zip(gradient),
                pair => Assert.Equal(pair.First, pair.Second, 1e-13));
        }
    }

    private static Vector<Scalar> Residual(Vector<Scalar> x) => (x * x) + new Vector<Scalar>(1, 2, 3);

    private double[] Residual(int k)
    {
        Vector<Float64> x = _values.Get<Vector<Float64>>(_x[k]);
        return [.. Enumerable.Range(0, Dimension).Select(i => (x[i] * x[i]) + i + 1)];
    }

    private static Variable<Vector<Scalar>> Vector(string name, int length) =>
        Variable.Vector(name, length, VariableRole.Constant);

    private TVariable Named<TVariable>(TVariable variable, double[] numbers)
        where TVariable : Variable
    {
        _values.Set(variable, numbers);
        return variable;
    }

    private double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * _random.NextDouble()) - 1)];
}
