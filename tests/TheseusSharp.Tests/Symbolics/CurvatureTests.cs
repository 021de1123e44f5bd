using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>
/// Derivatives of derivatives: the gradient of every realistic cost differentiated once more, as an adjoint pass does.
/// Along one direction that moves all parameters at once, which sees every column of the second derivative.
/// </summary>
public class CurvatureTests
{
    /// <summary>
    /// Parameters of more numbers are left out: a weight matrix shows nothing that a smaller one does not.
    /// </summary>
    private const int MaxLength = 9;

    /// <summary>Errors of zero are each of their own kind: exact, rounded, and all poses the identity.</summary>
    private static readonly int[] s_zeroErrors = [0, 1, 2];

    private static readonly int[] s_others = [1];

    public static TheoryData<string> Names() => RealisticCosts.Names();

    [Theory, MemberData(nameof(Names))]
    public void The_gradient_differentiates_forward(string name)
    {
        RealisticCost cost = RealisticCosts.Named(name);
        Parameter[] by = Variables(cost);
        CheckEverywhere(cost, by, GradientBy(cost, by), DifferentiationMode.Forward);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_gradient_differentiates_in_reverse(string name)
    {
        // One weighted sum of the gradient's entries: a sweep for each of them would say no more.
        RealisticCost cost = RealisticCosts.Named(name);
        Parameter[] by = Variables(cost);
        FunctionProgram gradient = GradientBy(cost, by);
        Scalar sum = 0;
        for (int k = 0; k < gradient.ItemOutputs.Length; k++)
            sum += (1.5 - (0.03 * k)) * gradient.ItemOutputs[k];
        CheckEverywhere(cost, by, gradient with { ItemOutputs = [sum] }, DifferentiationMode.Reverse);
    }

    private static Parameter[] Variables(RealisticCost cost) =>
        [.. cost.Function.Trace.Parameters.Where(p => p.IsDifferentiable && p.Length <= MaxLength)];

    private static void CheckEverywhere(
        RealisticCost cost, Parameter[] by, FunctionProgram gradient, DifferentiationMode way)
    {
        DifferentiationVariable[] variables = [.. by.Select(p => new DifferentiationVariable(p.Kind, p.Slot))];
        Scalar[] derivative = Differentiator.Jacobian(gradient.Graph, gradient.ItemOutputs, variables, way);
        FunctionProgram curvature = gradient with { ItemOutputs = derivative };
        foreach (CostMode mode in cost.Modes)
            foreach (int element in mode == CostMode.ZeroError ? s_zeroErrors : s_others)
                Check(CostSamples.Of(cost.Name, mode), element, gradient, curvature, by);
    }

    private static void Check(
        CostSamples samples, int index, FunctionProgram gradient, FunctionProgram curvature, Parameter[] by)
    {
        CostSample element = samples.Elements[index];
        double[] weights = samples.Weights(index), direction = Direction(by);
        WalkedFunction oracle = samples.Cost.Oracle;
        Func<DoubleDouble[][], DoubleDouble[]> walk = oracle.InDoubleDouble(gradient, weights);
        DoubleDouble[] expected = Differences.Derivative(step => walk(Moved(element.Exact, by, direction, step)));

        DoubleDouble[] exact = oracle.InDoubleDouble(curvature, weights)(element.Exact);
        double[] rounded = oracle.InDouble(curvature, weights)(element.Arguments);
        double scale = Math.Max(1, exact.Max(x => Math.Abs(x.Hi)));
        double[] scales = Array.ConvertAll(expected, _ => scale);
        string what = $"{samples.Mode}, element {index}";
        Near.Check(what, expected, Products(exact, direction), scales, 1e-13);
        Near.Check(what, expected, Products(Exact.Of(rounded), direction), scales, 1e-12);
    }

    private static double[] Direction(Parameter[] by)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, by.Sum(p => p.Kind.TangentLength)).Select(_ => random.NextDouble() + 0.5)];
    }

    private static DoubleDouble[][] Moved(
        DoubleDouble[][] arguments, Parameter[] by, double[] direction, DoubleDouble step)
    {
        var moved = (DoubleDouble[][])arguments.Clone();
        foreach (Parameter parameter in by)
        {
            int length = parameter.Kind.TangentLength;
            DoubleDouble[] tangent = Array.ConvertAll(direction[..length], x => x * step);
            moved[parameter.Index] = Differences.Retract(parameter.Kind, arguments[parameter.Index], tangent);
            direction = direction[length..];
        }

        return moved;
    }

    /// <summary>A matrix, row by row, times a vector.</summary>
    private static DoubleDouble[] Products(DoubleDouble[] matrix, double[] vector) =>
        [.. matrix.Chunk(vector.Length).Select(row => Exact.Dot(row, vector))];

    /// <summary>The gradient by some of the parameters only.</summary>
    private static FunctionProgram GradientBy(RealisticCost cost, Parameter[] by)
    {
        FunctionProgram all = FunctionPrograms.Make(cost.Function.Trace, FunctionPart.Gradient, []);
        var wanted = new List<Scalar>();
        int first = 0;
        foreach (Parameter parameter in cost.Function.Trace.Parameters.Where(p => p.IsDifferentiable))
        {
            int end = first + parameter.Kind.TangentLength;
            if (by.Contains(parameter))
                wanted.AddRange(all.ItemOutputs[first..end]);
            first = end;
        }

        return all with { ItemOutputs = [.. wanted], RowOutputs = [], TableGradients = [] };
    }
}
