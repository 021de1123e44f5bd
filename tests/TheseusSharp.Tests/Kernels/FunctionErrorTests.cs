using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Symbolics.Scalar>;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Wrong use is refused at once, and the message names the argument and the numbers.</summary>
public class FunctionErrorTests
{
    private static readonly Function s_function = Function.Compile<Vector, Scalar, Vector>(
        static (x, a) => new(x[0] * a, x[1]), [Shape.Vector(3)]);

    private static readonly Function s_staged = Function.Compile<Table, Rows, Scalar, Scalar>(
        static (table, rows, a) => Rows.Sum(a * table.Interpolate(rows[0])), [Shape.Table(4), Shape.Rows(2)]);

    private static readonly double[] s_six = new double[6];
    private static readonly double[] s_two = new double[2];
    private static readonly double[] s_results = new double[4];

    [Fact]
    public void Wrong_number_of_arguments() =>
        Refuses(() => s_function.Evaluate([s_six], new double[4]), "2 parameters", "1 arguments");

    [Fact]
    public void Length_that_is_no_multiple() =>
        Refuses(() => s_function.Evaluate([new double[7], s_two], s_results), "Argument 0", "3 numbers", "7 numbers");

    [Fact]
    public void Counts_that_differ() =>
        Refuses(() => s_function.Evaluate([s_six, new double[3]], new double[4]), "Argument 1", "3 elements", "2");

    [Fact]
    public void Results_of_the_wrong_length()
    {
        Refuses(() => s_function.Evaluate([s_six, s_two], new double[5]), "values", "2 × 2", "5");
        Refuses(() => s_function.Jacobian([s_six, s_two], new double[3], new double[16]), "values", "2 × 2", "3");
        Refuses(() => s_function.Jacobian([s_six, s_two], [], new double[15]), "Jacobian", "2 × 8", "15");
        Refuses(() => s_function.Jacobian([s_six, s_two], new double[4], []), "Jacobian", "2 × 8", "0");
    }

    [Fact]
    public void Gradients_of_the_wrong_length()
    {
        Refuses(() => s_function.Gradient([s_six, s_two], new double[3], s_six, s_two), "cotangents", "2 × 2", "3");
        Refuses(() => s_function.Gradient([s_six, s_two], new double[4], s_six, s_six), "gradient 1", "2 × 1", "6");
        Refuses(() => s_function.Gradient([s_six, s_two], new double[4], s_six), "2 parameters", "1 gradients");
    }

    [Fact]
    public void Index_out_of_range()
    {
        void RefusesIndex(double[] data, int stride, int[] index, params string[] parts) => Refuses(
            () => s_function.Evaluate([Argument<double>.Gather(data, index, stride), s_two], s_results), parts);
        foreach (int wrong in new[] { 2, -1, int.MaxValue, int.MinValue })
            RefusesIndex(s_six, 0, [0, wrong], "Argument 0", "index 1", $"{wrong}", "2 elements");
        RefusesIndex(s_six, 4, [1], "Argument 0", "index 0", "1 elements");
        RefusesIndex([], 0, [0], "Argument 0", "index 0", "0 elements");
    }

    [Fact]
    public void Stride_shorter_than_an_element()
    {
        foreach (int stride in new[] { 2, 1, -3 })
            Refuses(
                () => s_function.Evaluate([Argument<double>.Strided(s_six, stride), s_two], s_results),
                "Argument 0", "3 numbers", $"stride {stride}");
    }

    [Fact]
    public void Parameter_that_no_Jacobian_is_by()
    {
        Refuses(() => s_function.WithRespectTo(2), "Parameter 2", "2");
        Refuses(() => s_function.WithRespectTo(-1), "Parameter -1");
        Refuses(() => s_staged.WithRespectTo(0), "Parameter 0");
        Refuses(() => s_staged.WithRespectTo(1), "Parameter 1");
    }

    [Fact]
    public void Tiles_that_do_not_fit()
    {
        Refuses(() => s_function.WithTiled(2), "Parameter 2", "2");
        Refuses(() => s_function.WithTiled(-1), "Parameter -1");
        Assert.Throws<NotSupportedException>(() => s_staged.WithTiled(2));
        Assert.Throws<ArgumentNullException>(() => Argument<double>.Tiled(null!));

        Function tiled = s_function.WithTiled(1), both = s_function.WithTiled(0, 1);
        Argument<double> tile = Argument<double>.Tiled(tiled.Tile<double>(s_two));
        Refuses(() => tiled.Evaluate([s_six, s_two], s_results), "Argument 1", "lane order");
        Refuses(() => s_function.Evaluate([s_six, tile], s_results), "Argument 1", "lane order");
        Refuses(() => tiled.Evaluate([new double[9], tile], new double[6]), "Argument 1", "2 elements", "3");
        Refuses(() => tiled.Tile<double>(), "1 tiled parameters", "0 arguments");
        Refuses(() => both.Tile<double>(s_six, new double[3]), "Tiled argument 1", "2 elements", "3 numbers");
        Refuses(() => both.Tile<double>(new double[7], s_two), "Tiled argument 0", "7 numbers");
    }

    /// <summary>A tile has the columns and the lanes of the function that made it.</summary>
    [Fact]
    public void Tile_of_another_function()
    {
        Function tiled = s_function.WithTiled(1), both = s_function.WithTiled(0, 1);
        Function interpreted = Interpreted().WithTiled(1);
        Argument<double> wide = Argument<double>.Tiled(s_function.WithTiled(0).Tile<double>(s_six));
        Refuses(() => tiled.Evaluate([s_six, wide], s_results), "1 columns", "3");
        Argument<double> narrow = Argument<double>.Tiled(tiled.Tile<double>(s_two));
        Refuses(() => interpreted.Evaluate([s_six, narrow], s_results), "lanes");
        Argument<double> one = Argument<double>.Tiled(both.Tile<double>(s_six, s_two));
        Argument<double> other = Argument<double>.Tiled(both.Tile<double>(s_six, s_two));
        Refuses(() => both.Evaluate([one, other], s_results), "Argument 1", "one TiledArguments");
    }

    [Fact]
    public void Rows_and_tables_that_do_not_fit()
    {
        double[] table = new double[4], rows = new double[10], a = new double[1], sum = new double[1];
        Argument<double> spaced = Argument<double>.Strided(rows, 3);
        Argument<double> chosen = Argument<double>.Gather(rows, new[] { 0, 1 });
        s_staged.Evaluate([table, rows, a], sum);
        Refuses(() => s_staged.Evaluate([table, new double[5], a], sum), "Argument 1", "Rows(2)", "5 numbers");
        Refuses(() => s_staged.Evaluate([new double[3], rows, a], sum), "Argument 0", "4 numbers", "3 numbers");
        Refuses(() => s_staged.Evaluate([table, spaced, a], sum), "Argument 1", "without index or stride");
        Refuses(() => s_staged.Evaluate([table, chosen, a], new double[2]), "Argument 1", "without index or stride");
        Refuses(() => s_staged.Gradient([table, rows, a], sum, new double[3], rows, a), "gradient 0", "4", "3");
        Refuses(() => s_staged.Gradient([table, rows, a], sum, table, table, a), "gradient 1", "5 × 2", "4");
    }

    [Fact]
    public void Lambdas_that_cannot_be_compiled()
    {
        Refuses(() => Function.Compile<Vector, Vector>(static x => x), "Argument 0", "Vector", "Shape");
        Refuses(() => Function.Compile<Scalar, Scalar>(static x => x, [Shape.Vector(2)]), "1 more shapes");
        Refuses(() => Function.Compile<Rows, Scalar>(static rows => rows[0], [Shape.Rows(2)]), "varies by row");
        Refuses(() => Function.Compile<Scalar, Scalar>(static x => Rows.Sum(x)), "without a row array");
        Refuses(() => Function.Compile<Scalar, Rows>(static x => Rows.Of(x)), "without a row array");
        Assert.Throws<ArgumentNullException>(() => Function.Compile<Scalar, Scalar>(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape.Vector(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape.Rows(0));
        Refuses(() => Shape.Table(), "1 to 3");
        Refuses(() => Shape.Table(3, 1), "3, 1");
        Refuses(() => Shape.Table(2, 2, 2, 2), "2, 2, 2, 2");
    }

    private static Function Interpreted() => Function.Compile<Vector, Scalar, Vector>(
        static (x, a) => new(x[0] * a, x[1]), [Shape.Vector(3)], new(Backend: KernelBackend.Interpreter));

    private static void Refuses(Action action, params string[] parts)
    {
        string message = Assert.Throws<ArgumentException>(action).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
