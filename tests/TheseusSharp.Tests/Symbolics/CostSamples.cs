using System.Collections.Concurrent;
using TheseusSharp.Kernels;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>One element of a batch, and what the oracle says about it.</summary>
/// <param name="Arguments">The numbers of each parameter.</param>
/// <param name="Exact">The same in double-double.</param>
/// <param name="Value">The result.</param>
/// <param name="Jacobian">The Jacobian by everything but row arrays and tables.</param>
internal sealed record CostSample(
    double[][] Arguments, DoubleDouble[][] Exact, DoubleDouble[] Value, DoubleDouble[] Jacobian);

/// <summary>Arguments of a cost in one mode: a batch that fills no vector evenly, with the oracle's answers.</summary>
internal sealed class CostSamples
{
    private const int BatchSize = 3;

    private static readonly ConcurrentDictionary<(string, CostMode, bool), Lazy<CostSamples>> s_known = new();

    private CostSamples(RealisticCost cost, CostMode mode, bool single)
    {
        Cost = cost;
        Mode = mode;
        Elements =
            [.. Enumerable.Range(0, BatchSize).Select(k => Draw(cost, new(Seed(cost.Name) + k, mode, single), single))];
    }

    public RealisticCost Cost { get; }

    public CostMode Mode { get; }

    public CostSample[] Elements { get; }

    /// <summary>The parameters of the cost, in order.</summary>
    public IReadOnlyList<Parameter> Parameters => Cost.Function.Trace.Parameters;

    private int Columns => Cost.Function.JacobianColumns;

    /// <summary>Samples of a cost, drawn once for all tests.</summary>
    /// <param name="name">The cost.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="single">Whether the arguments are numbers that single precision has.</param>
    public static CostSamples Of(string name, CostMode mode, bool single = false) => s_known.GetOrAdd(
        (name, mode, single),
        static key => new(() => new(RealisticCosts.Named(key.Item1), key.Item2, key.Item3))).Value;

    /// <summary>How many numbers all elements have of something.</summary>
    public int Count(Func<CostSample, DoubleDouble[]> what) => Elements.Sum(element => what(element).Length);

    /// <summary>The batch as a function takes it.</summary>
    public Argument<double>[] Arguments() => [.. Parameters.Select(p => Batch(p, Argument(p)))];

    /// <summary>The batch as a function in single precision takes it.</summary>
    public Argument<float>[] SingleArguments() =>
        [.. Parameters.Select(p => Batch(p, Array.ConvertAll(Argument(p), static x => (float)x)))];

    /// <summary>How many coordinates an element has to be differentiated by in a parameter.</summary>
    public int Coordinates(Parameter parameter) =>
        parameter.IsDifferentiable ? parameter.Kind.TangentLength : Elements[0].Arguments[parameter.Index].Length;

    /// <summary>Weights for the results of an element.</summary>
    public double[] Weights(int element)
    {
        var random = new Random(element);
        int count = Elements[element].Jacobian.Length / Columns;
        return [.. Enumerable.Range(0, count).Select(_ => 0.5 + random.NextDouble())];
    }

    /// <summary>
    /// How errors of an element's values are measured: by what arguments wrong by their own size would do.
    /// </summary>
    public double[] ValueScales(CostSample element)
    {
        double size = 1 + element.Arguments.Max(argument => argument.Max(Math.Abs));
        if (Cost.Function.Trace.ResultKind.IsGroup)
            return [.. element.Value.Select(_ => size)];
        IEnumerable<double> slopes = element.Jacobian.Chunk(Columns).Select(row => row.Sum(x => Math.Abs(x.Hi)));
        return [.. element.Value.Zip(slopes, (value, slope) => 1 + Math.Abs(value.Hi) + (size * slope))];
    }

    /// <summary>
    /// How errors of a row of an element's Jacobian are measured: by its largest entry, or by 1 if all are smaller.
    /// </summary>
    public double[] RowScales(CostSample element) =>
        [.. element.Jacobian.Chunk(Columns).Select(row => Math.Max(1, row.Max(x => Math.Abs(x.Hi))))];

    /// <summary>The scales of rows, one for each entry.</summary>
    public double[] EntryScales(CostSample element) =>
        [.. RowScales(element).SelectMany(scale => Enumerable.Repeat(scale, Columns))];

    /// <summary>For each coordinate of a parameter, the derivatives of all results of an element.</summary>
    public DoubleDouble[][] DerivativesBy(Parameter parameter, CostSample element)
    {
        if (!parameter.IsDifferentiable)
            return Cost.Oracle.DerivativesBy(parameter.Index, element.Exact);
        int first = Parameters.Take(parameter.Index).Where(p => p.IsDifferentiable).Sum(p => p.Kind.TangentLength);
        DoubleDouble[][] rows = [.. element.Jacobian.Chunk(Columns)];
        IEnumerable<int> columns = Enumerable.Range(first, Coordinates(parameter));
        return [.. columns.Select(column => Array.ConvertAll(rows, row => row[column]))];
    }

    /// <summary>
    /// The Jacobian among the outputs of a program, which has values and Jacobian for one row after another.
    /// </summary>
    public T[] JacobianIn<T>(T[] outputs)
    {
        int size = Cost.Function.ResultLength + (Cost.Function.JacobianRows * Columns);
        return [.. outputs.Chunk(size).SelectMany(row => row[Cost.Function.ResultLength..])];
    }

    /// <summary>Compares what a kernel gave for the batch with the oracle, element by element.</summary>
    public void Check(
        string what, Func<CostSample, DoubleDouble[]> expected, Func<CostSample, double[]> scales, double[] actual,
        double tolerance)
    {
        int start = 0;
        for (int k = 0; k < Elements.Length; k++)
        {
            DoubleDouble[] exact = expected(Elements[k]);
            Near.Check(
                $"{what} of element {k}", exact, actual.AsSpan(start, exact.Length), scales(Elements[k]), tolerance);
            start += exact.Length;
        }
    }

    /// <summary>Each element has rows of its own.</summary>
    private Argument<T> Batch<T>(Parameter parameter, T[] data)
        where T : unmanaged => parameter.IsRows
        ? Argument<T>.RowsOfEach(data, data.Length / parameter.Length / Elements.Length)
        : data;

    private double[] Argument(Parameter parameter) =>
        [.. Elements.SelectMany(element => element.Arguments[parameter.Index])];

    private static CostSample Draw(RealisticCost cost, CostSampler sampler, bool single)
    {
        double[][] arguments = cost.Arguments(sampler);
        if (single)
            arguments = Array.ConvertAll(arguments, Rounded);
        DoubleDouble[][] exact = Exact.Of(arguments);
        return new(arguments, exact, cost.Oracle.Value(exact), cost.Oracle.Jacobian(exact));
    }

    private static double[] Rounded(double[] values) => Array.ConvertAll(values, static x => (double)(float)x);

    /// <summary>A multiple of 4, from the letters: the hash of a string differs from run to run.</summary>
    private static int Seed(string name) =>
        name.Aggregate(17, static (sum, letter) => (sum * 31) + letter) & 0x3FFFFFFC;
}
