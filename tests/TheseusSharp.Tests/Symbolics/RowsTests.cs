using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>
/// Row arrays: what each row gives, sums over rows, and gradients to parameters and to the rows themselves.
/// </summary>
public class RowsTests
{
    private static readonly Dictionary<string, Function> s_functions = new()
    {
        ["each row by itself"] = Function.Compile(
            (Scalar a, Scalar b, Rows rows) => Rows.Of(rows[1] - (a * Scalar.Exp(b * rows[0]))), [Shape.Rows(2)]),
        ["two results a row"] = Function.Compile(
            (Scalar a, Scalar b, Rows rows) =>
                Rows.Of(a * rows[0] * rows[1], Scalar.Sin(b + rows[1])),
            [Shape.Rows(2)]),
        ["a result that all rows share"] = Function.Compile(
            (Scalar a, Scalar b, Rows rows) => Rows.Of(a * b, b * rows[0] * rows[1]), [Shape.Rows(2)]),
        ["a sum"] = Function.Compile(
            (Scalar a, Scalar b, Rows rows) => Rows.Sum(Scalar.Sin(a * rows[0]) * (b - rows[1])), [Shape.Rows(2)]),
        ["a sum of what all rows share"] = Function.Compile(
            (Scalar a, Scalar b, Rows rows) => Rows.Sum(a * a) + Rows.Sum(b * rows[0] * rows[1]), [Shape.Rows(2)]),
        ["a function of two sums"] = Function.Compile(
            (Scalar a, Scalar b, Rows rows) => new Vector<Scalar>(
                Rows.Sum(rows[0] * a) / (1 + (b * b)), Scalar.Exp(-Rows.Sum(rows[1] * rows[0]) * a * b)),
            [Shape.Rows(2)]),
        ["a sum that feeds rows"] = Function.Compile(
            (Scalar a, Scalar b, Rows rows) =>
                Rows.Of((rows[0] * a) - (b * Rows.Sum(rows[0] * rows[1] * a))),
            [Shape.Rows(2)]),
        ["a sum of a sum"] = Function.Compile(
            (Scalar a, Scalar b, Rows rows) =>
            {
                Scalar mean = Rows.Sum(a * rows[0]) / Rows.Sum(1 + (0 * rows[1]));
                return Rows.Sum(Scalar.Exp(b * ((a * rows[0]) - mean)) * rows[1]);
            },
            [Shape.Rows(2)]),
        ["weights that add up to one"] = Function.Compile(
            (Scalar a, Scalar b, Rows rows) =>
            {
                Scalar weight = Scalar.Exp(a * rows[0]);
                return Rows.Of(weight / Rows.Sum(weight) * b, rows[1] * weight);
            },
            [Shape.Rows(2)]),
        ["a maximum that all rows share"] = Function.Compile(
            (Rows rows, Scalar a, Scalar b) =>
                Rows.Sum(rows[0] * Scalar.Max(a, 0.3)) + Scalar.Min(b, a * rows.Columns) + Rows.Sum(rows[1]),
            [Shape.Rows(2)]),
        ["a choice by row"] = Function.Compile(
            (Scalar a, Scalar b, Rows rows) =>
                Rows.Sum(Scalar.Where(rows[0] > 0, a * Scalar.Log(rows[0]), b * Scalar.Sqrt(-rows[0]))),
            [Shape.Rows(2)]),
        ["a choice that all rows share"] = Function.Compile(
            (Scalar a, Scalar b, Rows rows) =>
                Scalar.Where(a > b, Rows.Sum(rows[0] * a), Rows.Sum(Scalar.Sin(rows[1] * b))),
            [Shape.Rows(2)]),
        ["a shared arm by row"] = Function.Compile(
            (Scalar a, Scalar b, Rows rows) => Rows.Sum(Scalar.Where(rows[0] > 0, a * b, rows[1])), [Shape.Rows(2)]),
    };

    private static readonly int[] s_counts = [1, 8, 11];

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (string name in s_functions.Keys)
            foreach (int count in s_counts)
                cases.Add(name, count);
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Values_Jacobians_and_gradients_are_the_oracles(string name, int count)
    {
        Function function = s_functions[name];
        FunctionCheck.Check(function, [Element(function, count, 1)]);
        FunctionCheck.Check(
            function, [Element(function, count, 2), Element(function, count, 3), Element(function, count, 4)]);
    }

    [Fact]
    public void One_row_array_serves_a_batch()
    {
        double[] rows = new CostSampler(5, CostMode.Random, single: false).Uniform(16);
        foreach (string name in (string[])["each row by itself", "a sum", "a sum of a sum"])
            FunctionCheck.Check(s_functions[name], [[[0.7], [-0.4], rows], [[0.2], [0.9], rows]], shared: 2);
    }

    [Fact]
    public void Parameters_serve_a_batch_of_one() =>
        FunctionCheck.Check(s_functions["a sum"], [Element(s_functions["a sum"], 30, 9)], shared: [0, 1, 2]);

    [Fact]
    public void Two_row_arrays_run_side_by_side()
    {
        Function function = Function.Compile(
            (Rows from, SE3<Scalar> x, Rows to) =>
            {
                Point3<Scalar> moved = x.Act(new(from[0], from[1], from[2]));
                return Rows.Of(moved.X - to[0], moved.Y - to[1], moved.Z - to[2]);
            },
            [Shape.Rows(3), Shape.Rows(3)]);
        var sampler = new CostSampler(6, CostMode.Random, single: false);
        double[][] Draw() => [sampler.Uniform(33), sampler.Element<SE3<Float64>>(), sampler.Uniform(33)];
        FunctionCheck.Check(function, [Draw()]);
        FunctionCheck.Check(function, [Draw(), Draw()]);
    }

    [Fact]
    public void A_group_element_moves_the_mean_of_the_rows()
    {
        Function function = Function.Compile(
            (SE2<Scalar> x, Rows points) =>
                x.Retract(new(Rows.Sum(points[0]), Rows.Sum(points[1]), Rows.Sum(points[0] * points[1]))),
            [Shape.Rows(2)]);
        var sampler = new CostSampler(7, CostMode.Random, single: false);
        double[][] Draw() => [sampler.Element<SE2<Float64>>(), sampler.Uniform(10)];
        FunctionCheck.Check(function, [Draw(), Draw()]);
    }

    [Fact]
    public void No_rows_add_up_to_zero()
    {
        double[] value = [double.NaN], jacobian = [double.NaN, double.NaN];
        s_functions["a sum"].Jacobian([new double[] { 2 }, new double[] { 3 }, Array.Empty<double>()], value, jacobian);
        Assert.Equal([0], value);
        Assert.Equal([0, 0], jacobian);
    }

    [Fact]
    public void A_row_without_a_value_spoils_its_own_results_only()
    {
        Function function = s_functions["each row by itself"];
        double[] rows = [1, 2, double.NaN, 2, 1, 2], values = new double[3], jacobian = new double[6];
        function.Jacobian([new double[] { 1 }, new double[] { 1 }, rows], values, jacobian);
        Assert.Equal([false, true, false], values.Select(double.IsNaN));
        Assert.Equal([false, true, false], jacobian.Chunk(2).Select(row => row.Any(double.IsNaN)));
    }

    /// <summary>In single precision too a sum of many rows is good: it runs in double.</summary>
    [Fact]
    public void Long_sums_in_single_precision_lose_nothing()
    {
        Function function = Function.Compile((Scalar a, Rows rows) => Rows.Sum(a * rows[0]), [Shape.Rows(1)]);
        float[] rows = [.. Enumerable.Repeat(0.1f, 100_000)], value = new float[1];
        function.Evaluate([new[] { 1f }, rows], value);
        Assert.Equal(10_000.0, value[0], 0.01);
    }

    [Fact]
    public void Rows_that_depend_on_a_sum_have_a_forward_Jacobian_only()
    {
        FunctionTrace trace = s_functions["a sum that feeds rows"].Trace;
        Parameter[] by = [trace.Parameters[0]];
        Assert.Throws<NotSupportedException>(() =>
            FunctionPrograms.Make(trace, FunctionPart.Jacobian, by, DifferentiationMode.Reverse));
        Assert.NotEmpty(
            FunctionPrograms.Make(trace, FunctionPart.Jacobian, by, DifferentiationMode.Cheapest).RowOutputs);
    }

    private static double[][] Element(Function function, int count, int seed)
    {
        var sampler = new CostSampler(seed, CostMode.Random, single: false);
        IEnumerable<int> lengths = function.Trace.Parameters.Select(p => p.IsRows ? count * p.Length : p.Length);
        return [.. lengths.Select(length => sampler.Uniform(length, -1.2, 1.2))];
    }
}
