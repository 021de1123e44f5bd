using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>A random expression as a function, beside its oracle.</summary>
internal sealed class GraphUnderTest
{
    /// <summary>Literals that are whole multiples of this were folded without rounding.</summary>
    private const double LiteralUnit = 1.0 / (1 << 20);

    private readonly WalkedFunction _oracle;

    public GraphUnderTest(RandomGraph graph, double[][] points, CompilerOptions options)
    {
        Points = points;
        Function = Function.Compile((Vector<Scalar> x) => graph.Record(x), [Shape.Vector(graph.Inputs)], options);
        _oracle = new(Function.Trace);
    }

    public double[][] Points { get; }

    public Function Function { get; }

    /// <summary>The value of the simplified program against that of the trace.</summary>
    public void CheckValue()
    {
        FunctionProgram program = FunctionPrograms.Make(Function.Trace, FunctionPart.Value, []);
        foreach (double[] point in Points)
        {
            DoubleDouble[] expected = _oracle.Value(Exact.Of([point]));
            DoubleDouble[] simplified = _oracle.InDoubleDouble(program)(Exact.Of([point]));
            Check("simplified, in double-double", expected, simplified, IsExact(program) ? 1e-25 : 1e-11);
            Check("simplified, in double", expected, Exact.Of(_oracle.InDouble(program)([point])), 1e-11);
        }
    }

    /// <summary>The Jacobian of one way against differences of the trace.</summary>
    public void CheckJacobian(DifferentiationMode way)
    {
        FunctionProgram program = FunctionPrograms.Make(
            Function.Trace, FunctionPart.Jacobian, Function.Trace.Parameters, way);
        foreach (double[] point in Points)
        {
            DoubleDouble[] actual = _oracle.InDoubleDouble(program)(Exact.Of([point]))[Function.ResultLength..];
            Check($"{way}", _oracle.Jacobian(Exact.Of([point])), actual, IsExact(program) ? 1e-16 : 1e-9);
        }
    }

    /// <summary>What kernels give for all points at once.</summary>
    public void CheckKernel()
    {
        int results = Function.ResultLength, columns = Function.JacobianColumns;
        double[] inputs = [.. Points.SelectMany(point => point)];
        double[] weights = [.. Enumerable.Range(1, Points.Length * results).Select(k => 1.0 / k)];
        double[] values = new double[Points.Length * results], jacobian = new double[values.Length * columns];
        double[] gradient = new double[Points.Length * columns];
        Function.Jacobian([inputs], values, jacobian);
        Function.Gradient([inputs], weights, gradient);
        for (int k = 0; k < Points.Length; k++)
        {
            DoubleDouble[][] point = Exact.Of([Points[k]]);
            DoubleDouble[] slopes = _oracle.Jacobian(point), pulled = Weighted(slopes, weights[(k * results)..]);
            Check($"value {k}", _oracle.Value(point), Part(values, k, results), 1e-11);
            Check($"Jacobian {k}", slopes, Part(jacobian, k, results * columns), 1e-9);
            Check($"gradient {k}", pulled, Part(gradient, k, columns), 1e-9);
        }
    }

    private static DoubleDouble[] Part(double[] numbers, int part, int length) =>
        Exact.Of(numbers[(part * length)..][..length]);

    private static DoubleDouble[] Weighted(DoubleDouble[] slopes, double[] weights)
    {
        var sums = new DoubleDouble[RandomGraphs.Inputs];
        for (int k = 0; k < slopes.Length; k++)
            sums[k % sums.Length] += weights[k / sums.Length] * slopes[k];
        return sums;
    }

    private static void Check(string what, DoubleDouble[] expected, DoubleDouble[] actual, double tolerance)
    {
        double scale = 1 + expected.Max(x => Math.Abs(x.Hi));
        Near.Check(what, expected, actual, Array.ConvertAll(expected, _ => scale), tolerance);
    }

    private static bool IsExact(FunctionProgram program)
    {
        foreach (Node node in program.Graph.Nodes)
            if (node.Operation == Operation.Literal && node.Value / LiteralUnit % 1 != 0)
                return false;
        return true;
    }
}
