using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>
/// Realistic cost functions against the walk of their unsimplified traces: values, Jacobians, gradients.
/// </summary>
public class CostTests
{
    public static TheoryData<string, CostMode> Cases() => RealisticCosts.Cases();

    public static TheoryData<string> Names() => RealisticCosts.Names();

    [Theory, MemberData(nameof(Cases))]
    public void Value_and_Jacobian_are_the_oracles(string name, CostMode mode)
    {
        CostSamples samples = CostSamples.Of(name, mode);
        double[] alone = new double[samples.Count(element => element.Value)];
        double[] values = new double[alone.Length];
        double[] jacobian = new double[samples.Count(element => element.Jacobian)];

        samples.Cost.Function.Evaluate(samples.Arguments(), alone);
        samples.Cost.Function.Jacobian(samples.Arguments(), values, jacobian);

        samples.Check("value alone", element => element.Value, samples.ValueScales, alone, 1e-14);
        samples.Check("value", element => element.Value, samples.ValueScales, values, 1e-14);
        samples.Check("Jacobian", element => element.Jacobian, samples.EntryScales, jacobian, 1e-13);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Value_and_Jacobian_in_single_precision_are_the_oracles(string name, CostMode mode)
    {
        CostSamples samples = CostSamples.Of(name, mode, single: true);
        float[] values = new float[samples.Count(element => element.Value)];
        float[] jacobian = new float[samples.Count(element => element.Jacobian)];

        samples.Cost.Function.Jacobian(samples.SingleArguments(), values, jacobian);

        samples.Check("value", element => element.Value, samples.ValueScales, [.. values], 1e-6);
        samples.Check("Jacobian", element => element.Jacobian, samples.EntryScales, [.. jacobian], 2e-5);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Gradients_are_the_weights_times_the_derivatives(string name, CostMode mode)
    {
        CostSamples samples = CostSamples.Of(name, mode);
        double[][] weights = [.. samples.Elements.Select((_, k) => samples.Weights(k))];
        double[][] gradients =
        [
            .. samples.Parameters.Select(p => new double[samples.Elements.Length * samples.Coordinates(p)]),
        ];

        samples.Cost.Function.Gradient(
            samples.Arguments(), weights.SelectMany(w => w).ToArray(),
            [.. gradients.Select(gradient => gradient.AsMemory())]);

        foreach (Parameter parameter in samples.Parameters)
            CheckGradient(
                samples, parameter, weights, gradients[parameter.Index].Chunk(samples.Coordinates(parameter)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Forward_reverse_and_through_storage_give_one_Jacobian(string name)
    {
        RealisticCost cost = RealisticCosts.Named(name);
        FunctionTrace trace = cost.Function.Trace;
        Parameter[] by = [.. trace.Parameters.Where(p => p.IsDifferentiable)];
        foreach (DifferentiationMode way in Near.Ways)
        {
            CheckProgram(cost, $"{way}", FunctionPrograms.Make(trace, FunctionPart.Jacobian, by, way));

            // Through storage a group element has more coordinates than it moves in: its derivative is another matrix.
            if (!trace.ResultKind.IsGroup)
                CheckProgram(cost, $"{way} through storage", FunctionPrograms.JacobianThroughStorage(trace, by, way));
        }
    }

    /// <summary>
    /// The program in double-double (whether its formulas are right) and in double (what rounding does to them).
    /// </summary>
    private static void CheckProgram(RealisticCost cost, string way, FunctionProgram program)
    {
        Func<double[][], double[]> walk = cost.Oracle.InDouble(program);
        Func<DoubleDouble[][], DoubleDouble[]> exactWalk = cost.Oracle.InDoubleDouble(program);
        foreach (CostMode mode in cost.Modes)
        {
            CostSamples samples = CostSamples.Of(cost.Name, mode);
            foreach (CostSample element in samples.Elements.Take(3))
            {
                double[] scales = samples.EntryScales(element);
                Near.Check(
                    $"{way}, {mode}", element.Jacobian, samples.JacobianIn(exactWalk(element.Exact)), scales, 3e-14);
                Near.Check(
                    $"{way}, {mode}", element.Jacobian, samples.JacobianIn(walk(element.Arguments)), scales, 1e-13);
            }
        }
    }

    private static void CheckGradient(
        CostSamples samples, Parameter parameter, double[][] weights, IEnumerable<double[]> gradients)
    {
        foreach ((CostSample element, double[] gradient, double[] weight) in samples.Elements.Zip(gradients, weights))
        {
            DoubleDouble[][] derivatives = samples.DerivativesBy(parameter, element);
            DoubleDouble[] expected = [.. derivatives.Select(derivative => Exact.Dot(derivative, weight))];
            double scale = samples.RowScales(element).Zip(weight, (row, by) => row * Math.Abs(by)).Sum();
            double[] scales = [.. derivatives.Select(derivative => scale + derivative.Max(x => Math.Abs(x.Hi)))];
            Near.Check($"gradient by parameter {parameter.Index}", expected, gradient, scales, 1e-13);
        }
    }
}
