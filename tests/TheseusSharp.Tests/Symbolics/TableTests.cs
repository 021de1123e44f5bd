using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>
/// Interpolated reads of tables: inside, on grid lines, at the edges and beyond; gradients to position and table.
/// </summary>
public class TableTests
{
    private static readonly Function s_line =
        Function.Compile((Scalar x, Table table) => table.Interpolate(x), [Shape.Table(4)]);

    private static readonly Function s_plane = Function.Compile(
        (Vector<Scalar> x, Table table) => table.Interpolate(x[0], x[1]), [Shape.Vector(2), Shape.Table(4, 5)]);

    private static readonly Function s_space = Function.Compile(
        (Vector<Scalar> x, Table table) =>
            table.Interpolate(x[0], x[1], x[2]),
        [Shape.Vector(3), Shape.Table(3, 4, 2)]);

    public static TheoryData<int> Dimensions() => [1, 2, 3];

    [Theory, MemberData(nameof(Dimensions))]
    public void Inside_a_cell_everything_is_the_oracles(int dimensions)
    {
        Function function = Reading(dimensions);
        var random = new Random(dimensions);
        FunctionCheck.Check(function, [.. Enumerable.Range(0, 11).Select(_ => Element(function, random, 0.01, 0.99))]);
    }

    [Theory, MemberData(nameof(Dimensions))]
    public void Beyond_the_edges_everything_is_the_oracles(int dimensions)
    {
        Function function = Reading(dimensions);
        var random = new Random(dimensions + 10);
        FunctionCheck.Check(function, [.. Enumerable.Range(0, 30).Select(_ => Element(function, random, -0.5, 1.5))]);
    }

    [Theory, MemberData(nameof(Dimensions))]
    public void One_table_serves_a_batch_and_its_gradient_adds_up(int dimensions)
    {
        Function function = Reading(dimensions);
        var random = new Random(dimensions + 20);
        double[][][] elements = [.. Enumerable.Range(0, 9).Select(_ => Element(function, random, -0.2, 1.2))];
        FunctionCheck.Check(
            function, Array.ConvertAll(elements, element => (double[][])[element[0], elements[0][1]]), shared: 1);
    }

    [Theory]
    [InlineData(0, 2, 3)]
    [InlineData(1, 5, -4)]
    [InlineData(2, 1, 6)]
    [InlineData(3, 7, 6)]
    [InlineData(2.5, 4, 6)]
    [InlineData(-0.0, 2, 3)]
    [InlineData(-1e-9, 2, 0)]
    [InlineData(3.0000001, 7, 0)]
    [InlineData(-1e300, 2, 0)]
    [InlineData(double.PositiveInfinity, 7, 0)]
    public void On_a_grid_line_the_slope_is_that_of_the_cell_above(double x, double value, double slope)
    {
        double[] values = new double[1], slopes = new double[1];
        s_line.Jacobian([new[] { x }, new double[] { 2, 5, 1, 7 }], values, slopes);
        Assert.Equal(value, values[0]);
        Assert.Equal(slope, slopes[0]);
    }

    [Fact]
    public void A_coordinate_without_a_value_spoils_its_own_element_only()
    {
        double[] x = [0.5, double.NaN, 1.5], values = new double[3], slopes = new double[3];
        s_line.Jacobian([x, new double[] { 2, 5, 1, 7 }], values, slopes);
        Assert.Equal([3.5, double.NaN, 3], values);
        Assert.Equal([3, double.NaN, -4], slopes);
    }

    [Fact]
    public void The_gradient_by_a_table_is_added_to_what_is_there()
    {
        double[] gradient = [100, 200, 300, 400];
        s_line.Gradient([new[] { 1.25 }, new double[4]], new double[] { 8 }, Memory<double>.Empty, gradient);
        Assert.Equal([100, 206, 302, 400], gradient);
    }

    [Fact]
    public void Second_derivatives_are_the_mixed_ones()
    {
        FunctionTrace trace = s_plane.Trace;
        Parameter[] by = [trace.Parameters[0]];
        var variable = new DifferentiationVariable(by[0].Kind, by[0].Slot);
        foreach (DifferentiationMode way in Near.Ways)
        {
            FunctionProgram program = FunctionPrograms.Make(trace, FunctionPart.Jacobian, by, way);
            Scalar[] second = Differentiator.Jacobian(program.Graph, program.ItemOutputs[1..], [variable], way);
            double[] table = [.. Enumerable.Range(0, 20).Select(k => Math.Sin(k * k))];
            var inputs = WalkInputs<Float64>.Of(trace, [CostSampler.Numbers([1.3, 2.6]), CostSampler.Numbers(table)]);
            double[] found = [.. new TreeWalk(program.Graph, second).Evaluate(inputs).Select(value => value[0].Value)];
            double mixed = table[7] - table[8] - table[12] + table[13];
            Assert.Equal([0, mixed, mixed, 0], found, static (a, b) => Math.Abs(a - b) < 1e-12);
        }
    }

    [Fact]
    public void What_one_table_gives_is_a_position_in_another()
    {
        Function function = Function.Compile(
            (Scalar x, Table first, Table second) =>
            {
                Scalar y = first.Interpolate(3 * x);
                return second.Interpolate(Scalar.Sin(x) + y, y * y) * y;
            },
            [Shape.Table(5), Shape.Table(3, 3)]);
        var random = new Random(4);
        double[][] Draw() => [Numbers(random, 1), Numbers(random, 5), Numbers(random, 9)];
        FunctionCheck.Check(function, [.. Enumerable.Range(0, 9).Select(_ => Draw())]);
    }

    [Fact]
    public void Rows_read_tables_at_positions_of_their_own()
    {
        Function function = Function.Compile(
            (SE2<Scalar> x, Rows pixels, Table image) =>
            {
                Point2<Scalar> p = x.Act(new(pixels[0], pixels[1]));
                Scalar brightness = image.Interpolate(p.X, p.Y);
                return Rows.Sum(brightness * (brightness - image.Interpolate(p.Y, 2)));
            },
            [Shape.Rows(2), Shape.Table(4, 4)]);
        var sampler = new CostSampler(3, CostMode.Random, single: false);
        double[][] Draw() => [sampler.Element<SE2<Float64>>(), sampler.Uniform(18, 0, 3), sampler.Uniform(16)];
        FunctionCheck.Check(function, [Draw(), Draw()]);
    }

    [Fact]
    public void A_read_of_literals_reads_there()
    {
        Function function =
            Function.Compile((Scalar a, Table table) => a * table.Interpolate(1, 0.5), [Shape.Table(2, 2)]);
        FunctionCheck.Check(function, [[[2], [1, 2, 3, 5]], [[3], [4, 3, 2, 1]]]);
    }

    /// <summary>Reads of one place by several derivatives share a cell, and reads of equal places are one.</summary>
    [Fact]
    public void Equal_reads_are_one()
    {
        Function function = Function.Compile(
            (Scalar x, Table table) => table.Interpolate(x + 1) + table.Interpolate(1 + x), [Shape.Table(4)]);
        FunctionProgram program = FunctionPrograms.Make(function.Trace, FunctionPart.Value, []);
        Assert.Equal(1, program.Graph.Nodes.ToArray().Count(node => node.Operation == Operation.Lookup));
        FunctionCheck.Check(function, [[[0.7], [1, 4, 9, 16]]]);
    }

    private static Function Reading(int dimensions) => dimensions switch { 1 => s_line, 2 => s_plane, _ => s_space };

    /// <summary>A position that is random within some parts of the grid's size, and a random table.</summary>
    private static double[][] Element(Function function, Random random, double low, double high)
    {
        int[] shape = ((TableKind)function.Trace.Parameters[1].Kind).Shape;
        double[] position = Array.ConvertAll(shape, size => (low + ((high - low) * random.NextDouble())) * (size - 1));
        return [position, Numbers(random, function.Trace.Parameters[1].Length)];
    }

    private static double[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
}
