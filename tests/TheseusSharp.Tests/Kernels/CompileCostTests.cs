using System.Diagnostics;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using Xunit.Abstractions;
using SE3 = TheseusSharp.Geometry.SE3<TheseusSharp.Symbolics.Scalar>;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Symbolics.Scalar>;

namespace TheseusSharp.Tests.Kernels;

/// <summary>How many instructions kernels need: what typed group nodes save, and what rows must not cost.</summary>
public class CompileCostTests(ITestOutputHelper output)
{
    /// <summary>The measured cost of the prototype, 721 instructions, and a little more.</summary>
    [Fact]
    public void Between_with_both_Jacobians_and_full_weight_is_short()
    {
        Function between = SampleFunctions.Between().WithRespectTo(0, 1);
        int jacobian = Instructions(JacobianOf(between, 0, 1));
        output.WriteLine($"SE3 between, full weight: value {ValueInstructions(between)}, both Jacobians {jacobian}");
        Assert.InRange(jacobian, 400, 760);
    }

    /// <summary>People write the textbook formula; the shipped composites must not be the only fast way.</summary>
    [Fact]
    public void Between_from_raw_operations_costs_what_the_shipped_one_does()
    {
        Function shipped = Function.Compile<SE3, SE3, SE3, Vector>((a, b, m) => m.Local(a.Between(b)));
        Function raw = Function.Compile<SE3, SE3, SE3, Vector>((a, b, m) => (m.Inverse() * (a.Inverse() * b)).Log());
        int shippedCost = Instructions(JacobianOf(shipped, 0, 1)), rawCost = Instructions(JacobianOf(raw, 0, 1));
        output.WriteLine($"Jacobian of between: shipped {shippedCost}, raw {rawCost}");
        output.WriteLine($"Value of between: shipped {ValueInstructions(shipped)}, raw {ValueInstructions(raw)}");
        Assert.InRange(rawCost, 1, 1.05 * shippedCost);
        Assert.InRange(ValueInstructions(raw), 1, 1.05 * ValueInstructions(shipped));
    }

    [Fact]
    public void Difference_of_two_frames_gains_from_typed_nodes() => TypedNodesGain(
        "Log(m⁻¹(f₁⁻¹p₁)⁻¹(f₂⁻¹p₂))",
        Function.Compile<SE3, SE3, SE3, SE3, SE3, Vector>(
            (f1, p1, f2, p2, m) => (m.Inverse() * (f1.Inverse() * p1).Inverse() * (f2.Inverse() * p2)).Log()),
        0, 1, 2, 3);

    [Fact]
    public void Chain_of_three_poses_gains_from_typed_nodes() => TypedNodesGain(
        "Log(m⁻¹abc)",
        Function.Compile<SE3, SE3, SE3, SE3, Vector>((a, b, c, m) => m.Local(a * b * c)),
        0, 1, 2);

    [Fact]
    public void Rows_are_compiled_once_however_many_there_are()
    {
        (double few, int instructions) = CompileFor(rows: 10);
        (double many, int same) = CompileFor(rows: 100000);
        output.WriteLine($"{instructions} instructions; compiled in {few:F1} ms for 10 rows, {many:F1} ms for 100000");
        Assert.InRange(instructions, 10, 60);
        Assert.Equal(instructions, same);

        // Unrolled, 100 000 rows would be millions of instructions and minutes. On a busy machine the second call may
        // be the slower one, and the difference negative.
        Assert.True(many < 2000, $"{many} ms");
    }

    /// <summary>A function of its own for each number of rows: the first call less the second is compilation.</summary>
    private static (double Milliseconds, int Instructions) CompileFor(int rows)
    {
        Function function = Function.Compile<Scalar, Scalar, Rows, Scalar>(
            (a, b, xy) =>
            {
                Scalar error = xy[1] - (a * Scalar.Exp(b * xy[0]));
                return Rows.Sum(error * error);
            },
            [Shape.Rows(2)]);
        double first = TimeGradient(function, rows), second = TimeGradient(function, rows);
        return (first - second, function.Report(FunctionPart.Gradient).Instructions);
    }

    private static double TimeGradient(Function function, int rows)
    {
        double[] data = [.. Enumerable.Range(0, 2 * rows).Select(k => k % 7 * 0.1)];
        double[] a = [1], b = [0.5], weight = [1], byA = new double[1], byB = new double[1];
        long start = Stopwatch.GetTimestamp();
        function.Gradient([a, b, data], weight, byA, byB, default(Memory<double>));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static int ValueInstructions(Function function) =>
        LoweredFunction<double>.Lower(function, FunctionPart.Value, hasFma: true).Instructions.Count;

    private static int Instructions(FunctionProgram program) =>
        LoweredFunction<double>.Lower(program, hasFma: true).Instructions.Count;

    private static FunctionProgram JacobianOf(Function function, params int[] variables) =>
        FunctionPrograms.Make(function.Trace, FunctionPart.Jacobian, Pick(function, variables));

    private static Parameter[] Pick(Function function, int[] variables) =>
        [.. variables.Select(variable => function.Trace.Parameters[variable])];

    private void TypedNodesGain(string name, Function function, params int[] variables)
    {
        int typed = Instructions(JacobianOf(function, variables));
        int forward = ThroughStorage(function, variables, DifferentiationMode.Forward);
        int reverse = ThroughStorage(function, variables, DifferentiationMode.Reverse);
        output.WriteLine(
            $"{name}: value {ValueInstructions(function)}, Jacobian typed {typed}; through storage " +
            $"{forward} forward, {reverse} reverse: {(double)Math.Min(forward, reverse) / typed:F2} times as many");
        Assert.InRange(typed, 1, Math.Min(forward, reverse) / 1.8);
    }

    private static int ThroughStorage(Function function, int[] variables, DifferentiationMode mode) =>
        Instructions(FunctionPrograms.JacobianThroughStorage(function.Trace, Pick(function, variables), mode));
}
