using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using Xunit.Abstractions;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Elementary functions in kernels, against double-double (in float: double), in ulps.</summary>
public class ElementaryFunctionTests(ITestOutputHelper output)
{
    public static TheoryData<string, Precision> Cases
    {
        get
        {
            var cases = new TheoryData<string, Precision>();
            foreach (string name in ElementaryFunction.Names)
            {
                cases.Add(name, Precision.Double);
                cases.Add(name, Precision.Single);
            }

            return cases;
        }
    }

    /// <summary>Compiled for this machine, with its exact twin; and polynomials alone, with and without FMA.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Error_is_within_the_documented_ulps(string name, Precision precision)
    {
        if (precision == Precision.Double)
            Measure<double>(name, precision);
        else
            Measure<float>(name, precision);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Special_values_are_those_of_Math(string name, Precision precision)
    {
        if (precision == Precision.Double)
            CompareSpecials<double>(name, precision);
        else
            CompareSpecials<float>(name, precision);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Special_value_leaves_its_neighbours_in_the_block_alone(string name, Precision precision)
    {
        if (precision == Precision.Double)
            CompareNeighbours<double>(name, precision);
        else
            CompareNeighbours<float>(name, precision);
    }

    private static Function Compile(ElementaryFunction function) =>
        Function.Compile<Scalar, Scalar, Scalar>((x, y) => function.Symbolic(x, y));

    private static T[] Evaluate<T>(Function function, T[] xs, T[] ys)
        where T : unmanaged =>
        KernelHarness.Run(function, FunctionPart.Value, [xs, ys], xs.Length, []).Arrays[0];

    private void Measure<T>(string name, Precision precision)
        where T : unmanaged
    {
        ElementaryFunction function = ElementaryFunction.Named(name);
        Function compiled = Compile(function);
        (double X, double Y)[] points = new ElementarySamples(precision).Of(name);
        T[] xs = [.. points.Select(point => Bits.Narrow<T>(point.X))];
        T[] ys = [.. points.Select(point => Bits.Narrow<T>(point.Y))];

        T[] everywhere = Evaluate(compiled, xs, ys);
        var withFma = new LoweredFunction<T>(compiled, hasFma: true).Run(xs, ys);
        var withoutFma = new LoweredFunction<T>(compiled, hasFma: false).Run(xs, ys);
        var worst = new Worst[3];
        for (int k = 0; k < points.Length; k++)
        {
            (double x, double y) = points[k];
            bool inRange = function.IsInRange(precision, x, y);
            if (inRange && (withFma[k].AsksForExact || withoutFma[k].AsksForExact))
                Assert.Fail($"{name}({x:R}, {y:R}) is in range, but asks for exact functions.");
            Update(ref worst[0], function, precision, (x, y), everywhere[k]);
            if (!withFma[k].AsksForExact)
                Update(ref worst[1], function, precision, (x, y), withFma[k].Value);
            if (!withoutFma[k].AsksForExact)
                Update(ref worst[2], function, precision, (x, y), withoutFma[k].Value);
        }

        output.WriteLine($"{name} {precision}, {points.Length} points: {worst[0]}; FMA {worst[1]}; no FMA {worst[2]}");
        foreach (Worst found in worst)
            Assert.True(found.Ulps <= function.Ulps, $"{name}: {found}");
    }

    private static void Update<T>(
        ref Worst worst, ElementaryFunction function, Precision precision, (double X, double Y) point, T found)
        where T : unmanaged
    {
        double error = function.Error(precision, point.X, point.Y, Bits.Widen(found));
        if (error > worst.Ulps)
            worst = new(error, point.X, point.Y);
    }

    private static void CompareSpecials<T>(string name, Precision precision)
        where T : unmanaged
    {
        ElementaryFunction function = ElementaryFunction.Named(name);
        double[] specials = ElementarySamples.Specials(name, precision);
        bool isBinary = name.StartsWith("atan2", StringComparison.Ordinal) || name == "pow";
        (double X, double Y)[] points = isBinary
            ? [.. specials.SelectMany(x => specials.Select(y => (x, y)))]
            : [.. specials.Select(x => (x, 0.0))];
        T[] xs = [.. points.Select(point => Bits.Narrow<T>(point.X))];
        T[] ys = [.. points.Select(point => Bits.Narrow<T>(point.Y))];
        Function compiled = Compile(function);
        T[] found = Evaluate(compiled, xs, ys);
        var withoutFma = new LoweredFunction<T>(compiled, hasFma: false).Run(xs, ys);
        for (int k = 0; k < points.Length; k++)
        {
            (double x, double y) = points[k];
            T expected = Bits.Narrow<T>(
                precision == Precision.Double ? function.InDouble(x, y) : function.InSingle((float)x, (float)y));
            if (!IsDetermined(Bits.Widen(expected), function.IsInRange(precision, x, y)))
                continue;
            AssertSame(expected, found[k], $"{name}({x:R}, {y:R})");
            if (!withoutFma[k].AsksForExact)
                AssertSame(expected, withoutFma[k].Value, $"Without FMA, {name}({x:R}, {y:R})");
        }
    }

    private static void AssertSame<T>(T expected, T found, string what)
        where T : unmanaged =>
        Assert.True(Bits.Of(found) == Bits.Of(expected), $"{what} = {found}, expected {expected}");

    /// <summary>Whether one answer is right: zero, ±1, an infinity, NaN, or out of range what Math says.</summary>
    private static bool IsDetermined(double expected, bool inRange) =>
        !inRange || !double.IsFinite(expected) || expected is 0 or 1 or -1;

    private static void CompareNeighbours<T>(string name, Precision precision)
        where T : unmanaged
    {
        ElementaryFunction function = ElementaryFunction.Named(name);
        Function compiled = Compile(function);
        var random = new Random(5);
        T[] xs = [.. Enumerable.Range(0, 50).Select(_ => Bits.Narrow<T>(0.1 + (0.8 * random.NextDouble())))];
        T[] ys = [.. xs.Reverse()];
        T[] expected = Evaluate(compiled, xs, ys);
        foreach (double special in ElementarySamples.Specials(name, precision))
        {
            T[] changed = [.. xs];
            changed[21] = Bits.Narrow<T>(special);
            T[] found = Evaluate(compiled, changed, ys);
            found[21] = expected[21];
            Assert.Equal(expected.Select(Bits.Of), found.Select(Bits.Of));
        }
    }

    private readonly record struct Worst(double Ulps, double X, double Y)
    {
        public override string ToString() => $"{Ulps:F3} ulp at ({X:R}, {Y:R})";
    }
}
