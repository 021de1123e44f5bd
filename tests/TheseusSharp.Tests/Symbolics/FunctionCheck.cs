using TheseusSharp.Kernels;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>
/// Everything that a function gives for a batch, against the oracle: value, Jacobian, and gradients by all arguments.
/// </summary>
internal static class FunctionCheck
{
    /// <summary>Checks a batch.</summary>
    /// <param name="function">The function.</param>
    /// <param name="elements">For each element the numbers of each parameter.</param>
    /// <param name="shared">The parameters given once for the whole batch; the elements must agree in them.</param>
    public static void Check(Function function, double[][][] elements, params int[] shared)
    {
        var oracle = new WalkedFunction(function.Trace);
        Argument<double>[] arguments =
        [
            .. function.Trace.Parameters.Select(p => ArgumentFor(p, elements, shared.Contains(p.Index))),
        ];
        DoubleDouble[][] values = Array.ConvertAll(elements, element => oracle.Value(Exact.Of(element)));
        double[] found = new double[values.Sum(value => value.Length)];
        function.Evaluate(arguments, found);
        CheckEach("value", values, found);
        if (function.JacobianColumns > 0)
            CheckJacobian(function, oracle, elements, arguments);
        CheckGradients(function, oracle, elements, arguments, shared);
    }

    private static Argument<double> ArgumentFor(Parameter parameter, double[][][] elements, bool isShared)
    {
        double[] numbers = Joined(elements, parameter.Index, isShared);
        bool isOwn = parameter.IsRows && !isShared;
        return isOwn
            ? Argument<double>.RowsOfEach(numbers, elements[0][parameter.Index].Length / parameter.Length)
            : numbers;
    }

    private static void CheckJacobian(
        Function function, WalkedFunction oracle, double[][][] elements, Argument<double>[] arguments)
    {
        DoubleDouble[][] expected = Array.ConvertAll(elements, element => oracle.Jacobian(Exact.Of(element)));
        double[] jacobian = new double[expected.Sum(element => element.Length)];
        function.Jacobian(arguments, [], jacobian);
        CheckEach("Jacobian", expected, jacobian);
    }

    private static void CheckGradients(
        Function function, WalkedFunction oracle, double[][][] elements, Argument<double>[] arguments, int[] shared)
    {
        double[][] weights = [.. elements.Select((element, k) => Weights(oracle, element, k))];
        double[][] gradients = [.. function.Trace.Parameters.Select(p => Room(p, elements, shared.Contains(p.Index)))];
        function.Gradient(
            arguments, weights.SelectMany(w => w).ToArray(), [.. gradients.Select(gradient => gradient.AsMemory())]);
        foreach (Parameter parameter in function.Trace.Parameters)
        {
            DoubleDouble[] Expected(double[][] element, double[] weight) => Array.ConvertAll(
                oracle.DerivativesBy(parameter.Index, Exact.Of(element)), derivative => Exact.Dot(derivative, weight));
            DoubleDouble[][] expected = [.. elements.Zip(weights, Expected)];
            if (parameter.IsTable && shared.Contains(parameter.Index))
                expected = [Sum(expected)];
            CheckEach($"gradient by parameter {parameter.Index}", expected, gradients[parameter.Index]);
        }
    }

    private static void CheckEach(string what, DoubleDouble[][] expected, double[] actual)
    {
        Assert.Equal(expected.Sum(element => element.Length), actual.Length);
        int start = 0;
        for (int k = 0; k < expected.Length; k++)
        {
            double scale = 1 + expected[k].Select(x => Math.Abs(x.Hi)).DefaultIfEmpty().Max();
            Near.Check(
                $"{what} of element {k}", expected[k], actual.AsSpan(start, expected[k].Length),
                Array.ConvertAll(expected[k], _ => scale), 1e-12);
            start += expected[k].Length;
        }
    }

    /// <summary>Table gradients of a shared table add up over the batch; all others are for each element.</summary>
    private static double[] Room(Parameter parameter, double[][][] elements, bool isShared)
    {
        int length = parameter.IsDifferentiable ? parameter.Kind.TangentLength : elements[0][parameter.Index].Length;
        return new double[parameter.IsTable && isShared ? length : elements.Length * length];
    }

    private static double[] Joined(double[][][] elements, int parameter, bool isShared) =>
        isShared ? elements[0][parameter] : [.. elements.SelectMany(element => element[parameter])];

    private static double[] Weights(WalkedFunction oracle, double[][] element, int seed)
    {
        var random = new Random(seed);
        int stored = oracle.Value(Exact.Of(element)).Length;
        int count = stored / oracle.Trace.Result.Length * oracle.Trace.ResultKind.TangentLength;
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() + 0.5)];
    }

    private static DoubleDouble[] Sum(DoubleDouble[][] terms) =>
        terms.Aggregate((a, b) => [.. a.Zip(b, static (x, y) => x + y)]);
}
