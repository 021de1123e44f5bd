using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using SE3 = TheseusSharp.Geometry.SE3<TheseusSharp.Symbolics.Scalar>;
using SE3d = TheseusSharp.Geometry.SE3<TheseusSharp.Symbolics.Float64>;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Symbolics.Scalar>;
using Vectord = TheseusSharp.Geometry.Vector<TheseusSharp.Symbolics.Float64>;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Values, Jacobians and gradients, and what a function tells about itself.</summary>
public class FunctionTests
{
    // A vector, a scalar, and a result of another length: f(x, a) = (x₀·a, x₁ − x₂·x₂).
    private static readonly Function s_plain = Function.Compile<Vector, Scalar, Vector>(
        static (x, a) => new(x[0] * a, x[1] - (x[2] * x[2])), [Shape.Vector(3)]);

    private static readonly double[] s_x = [1, 2, 3, 4, 5, 6];
    private static readonly double[] s_a = [10, 20];

    [Fact]
    public void Evaluate_gives_elements_one_after_another()
    {
        var values = new double[4];
        s_plain.Evaluate([s_x, s_a], values);
        Assert.Equal([10, -7, 80, -31], values);
    }

    [Fact]
    public void Jacobian_is_row_major_with_a_column_for_each_coordinate_of_each_argument()
    {
        var values = new double[4];
        var jacobian = new double[2 * 2 * 4];
        s_plain.Jacobian([s_x, s_a], values, jacobian);
        Assert.Equal([10, -7, 80, -31], values);
        Assert.Equal([10, 0, 0, 1, 0, 1, -6, 0, 20, 0, 0, 4, 0, 1, -12, 0], jacobian);

        var alone = new double[jacobian.Length];
        s_plain.Jacobian([s_x, s_a], [], alone);
        Assert.Equal(jacobian, alone);
    }

    [Fact]
    public void Gradient_weighs_the_result()
    {
        double[] weights = [1, 100, 2, 200];
        double[] byX = new double[6], byA = new double[2];
        s_plain.Gradient([s_x, s_a], weights, byX, byA);
        Assert.Equal([10, 100, -600, 40, 200, -2400], byX);
        Assert.Equal([1, 8], byA);

        var alone = new double[2];
        s_plain.Gradient([s_x, s_a], weights, default(Memory<double>), alone);
        Assert.Equal(byA, alone);
    }

    [Fact]
    public void Floats_are_computed_as_floats()
    {
        float[] values = new float[2], jacobian = new float[8], byX = new float[3], byA = new float[1];
        Argument<float>[] arguments = [new float[] { 0.1f, 2, 3 }, new float[] { 3 }];
        s_plain.Evaluate(arguments, values);
        Assert.Equal([0.1f * 3, -7], values);
        s_plain.Jacobian(arguments, values, jacobian);
        Assert.Equal([3, 0, 0, 0.1f, 0, 1, -6, 0], jacobian);
        s_plain.Gradient(arguments, new float[] { 1, 2 }, byX, byA);
        Assert.Equal([3, 2, -12], byX);
        Assert.Equal(Precision.Single, s_plain.Report(FunctionPart.Value, Precision.Single).Precision);
    }

    [Fact]
    public void Lengths_tell_the_layout()
    {
        Assert.Equal([3, 1], s_plain.ArgumentLengths);
        Assert.Equal(2, s_plain.ResultLength);
        Assert.Equal(2, s_plain.JacobianRows);
        Assert.Equal(4, s_plain.JacobianColumns);
        Function group = SampleFunctions.Make("group result");
        Assert.Equal([7, 6], group.ArgumentLengths);
        Assert.Equal((7, 6, 12), (group.ResultLength, group.JacobianRows, group.JacobianColumns));
    }

    [Fact]
    public void WithRespectTo_chooses_and_orders_columns()
    {
        Function swapped = s_plain.WithRespectTo(1, 0);
        var jacobian = new double[8];
        swapped.Jacobian([new double[] { 1, 2, 3 }, new double[] { 10 }], [], jacobian);
        Assert.Equal([1, 10, 0, 0, 0, 0, 1, -6], jacobian);

        Function byA = s_plain.WithRespectTo(1);
        Assert.Equal(1, byA.JacobianColumns);
        var column = new double[2];
        byA.Jacobian([new double[] { 1, 2, 3 }, new double[] { 10 }], [], column);
        Assert.Equal([1, 0], column);
        int instructions = s_plain.Report(FunctionPart.Jacobian).Instructions;
        Assert.InRange(byA.Report(FunctionPart.Jacobian).Instructions, 1, instructions);
        Assert.Equal(4, s_plain.JacobianColumns);
    }

    [Fact]
    public void Jacobian_of_a_group_result_is_in_its_tangent()
    {
        Function compose = Function.Compile<SE3, SE3, SE3>(static (a, b) => a * b);
        var random = new Random(41);
        SE3d a = SE3d.Random(random), b = SE3d.Random(random);
        double[] value = new double[7], jacobian = new double[72];
        compose.Jacobian([Doubles(a), Doubles(b)], value, jacobian);
        AssertClose(Doubles(a * b), value);

        // (a·Exp δ)·b = a·b·Exp(Ad(b⁻¹) δ), and a·(b·Exp δ) = (a·b)·Exp δ.
        Matrix<Float64> adjoint = b.Inverse().Adjoint();
        for (int row = 0; row < 6; row++)
            for (int column = 0; column < 6; column++)
            {
                Assert.Equal(adjoint[row, column], jacobian[(row * 12) + column], 1e-14);
                Assert.Equal(row == column ? 1 : 0, jacobian[(row * 12) + 6 + column], 1e-14);
            }
    }

    [Fact]
    public void Gradient_of_a_group_result_takes_a_cotangent_and_gives_tangents()
    {
        Function retract = SampleFunctions.Make("group result");
        var random = new Random(42);
        SE3d x = SE3d.Random(random);
        double[] step = KernelHarness.RandomNumbers<double>(6, random);
        double[] weights = KernelHarness.RandomNumbers<double>(6, random);
        double[] byX = new double[6], byStep = new double[6], jacobian = new double[72];
        retract.Gradient([Doubles(x), step], weights, byX, byStep);
        retract.Jacobian([Doubles(x), step], [], jacobian);
        double Product(int column) => Enumerable.Range(0, 6).Sum(row => weights[row] * jacobian[(row * 12) + column]);
        AssertClose([.. Enumerable.Range(0, 6).Select(Product)], byX);
        AssertClose([.. Enumerable.Range(6, 6).Select(Product)], byStep);

        // ∂(x·Exp δ)/∂δ is the right Jacobian of Exp.
        Matrix<Float64> expected = SE3d.RightJacobian(new Vectord([.. step.Select(s => (Float64)s)]));
        for (int row = 0; row < 6; row++)
            for (int column = 0; column < 6; column++)
                Assert.Equal(expected[row, column], jacobian[(row * 12) + 6 + column], 1e-13);
    }

    [Fact]
    public void Function_of_one_scalar_works()
    {
        Function square = Function.Compile<Scalar, Scalar>(static x => x * x);
        double[] values = new double[3], jacobian = new double[3], gradient = new double[3];
        square.Jacobian([new double[] { 1, 2, 3 }], values, jacobian);
        square.Gradient([new double[] { 1, 2, 3 }], new double[] { 1, 10, 100 }, gradient);
        Assert.Equal([1, 4, 9], values);
        Assert.Equal([2, 4, 6], jacobian);
        Assert.Equal([2, 40, 600], gradient);
    }

    [Fact]
    public void Function_of_eight_arguments_takes_them_in_order()
    {
        Function weighted = Function.Compile<Scalar, Scalar, Scalar, Scalar, Scalar, Scalar, Scalar, Scalar, Scalar>(
            static (a, b, c, d, e, f, g, h) =>
                a + (2.0 * b) + (3.0 * c) + (4.0 * d) + (5.0 * e) + (6.0 * f) + (7.0 * g) + (8.0 * h));
        var jacobian = new double[8];
        Argument<double> one = new double[] { 1 };
        weighted.Jacobian([one, one, one, one, one, one, one, one], [], jacobian);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], jacobian);
    }

    /// <summary>An empty batch is no mistake.</summary>
    [Fact]
    public void Batch_of_none_does_nothing()
    {
        double[] none = [];
        s_plain.Evaluate([none, none], []);
        s_plain.Jacobian([none, s_a[..1]], [], []);
        s_plain.Gradient([none, none], none, none, none);
    }

    [Fact]
    public void Report_tells_what_ran()
    {
        KernelReport report = SampleFunctions.Between().Report(FunctionPart.Jacobian);
        Assert.Equal(KernelBackend.Compiled, report.Backend);
        Assert.Equal(Precision.Double, report.Precision);
        Assert.InRange(report.Instructions, 400, 1500);
        Assert.InRange(report.Methods, 1, 5);
        Assert.InRange(report.ScratchColumns, 1, 200);
        Assert.InRange(report.CompileTime, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10));
        Assert.Equal(
            $"{report.Instructions} instructions, double, {(int)report.Width} bits, compiled", report.ToString());
    }

    [Fact]
    public void Forced_options_are_what_runs()
    {
        var options = new CompilerOptions(SimdWidth.Bits128, KernelBackend.Interpreter);
        Function function = SampleFunctions.Between(options).WithRespectTo(0).WithTiled(3);
        KernelReport report = function.Report(FunctionPart.Value, Precision.Single);
        Assert.Equal((SimdWidth.Bits128, KernelBackend.Interpreter), (report.Width, report.Backend));
        Assert.Contains("128 bits, interpreter", report.ToString(), StringComparison.Ordinal);
        Assert.Equal(CompilerOptions.Default, new CompilerOptions(SimdWidth.Automatic, KernelBackend.Automatic));
    }

    /// <summary>No machine has such a width yet; 512 where it is missing must fail alike.</summary>
    [Fact]
    public void Width_that_the_machine_lacks_is_refused()
    {
        var missing = (SimdWidth)1024;
        Function function = SampleFunctions.Between(new(missing));
        var exception = Assert.Throws<NotSupportedException>(() => function.Report(FunctionPart.Value));
        Assert.Contains("1024 bits", exception.Message, StringComparison.Ordinal);
        Function wide = SampleFunctions.Between(new(SimdWidth.Bits512));
        if (!WidthTheoryAttribute.IsAvailable(SimdWidth.Bits512))
            Assert.Throws<NotSupportedException>(() => wide.Report(FunctionPart.Value));
    }

    private static double[] Doubles(SE3d x) => [.. x.ToStorage().Select(number => (double)number)];

    private static void AssertClose(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], found[k], 1e-13);
    }
}
