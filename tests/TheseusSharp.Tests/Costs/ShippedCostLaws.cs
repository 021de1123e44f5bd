using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Kernels;
using TheseusSharp.Tests.Linearization;
using TheseusSharp.Tests.Symbolics;

namespace TheseusSharp.Tests.Costs;

/// <summary>
/// What <see cref="Between"/> and <see cref="Difference"/> must satisfy for a group. A group inherits it by one line.
/// </summary>
public abstract class ShippedCostLaws<TGroup, TNumber>(Func<Random, TNumber> random)
    where TGroup : struct, ILieGroup<TGroup, Scalar>
    where TNumber : struct, ILieGroup<TNumber, Float64>
{
    private const int Samples = 11;

    private readonly Random _random = new(31);

    [Fact]
    public void Values_Jacobians_and_gradients_are_the_oracles()
    {
        FunctionCheck.Check(BetweenFunction(KernelBackend.Automatic), [.. Elements(3)]);
        FunctionCheck.Check(DifferenceFunction(KernelBackend.Automatic), [.. Elements(2)]);
    }

    [Fact]
    public void The_interpreter_gives_the_bits_of_compiled_code()
    {
        CheckBits(BetweenFunction, [.. Elements(3)]);
        CheckBits(DifferenceFunction, [.. Elements(2)]);
    }

    [Fact]
    public void Known_measurements_give_the_dense_sums()
    {
        var model = new DenseModel();
        var values = new Values();
        Variable<TGroup>[] x = Variable.Many<TGroup>("x", Samples);
        for (int k = 0; k < Samples; k++)
        {
            values.Set(x[k], random(_random));
            model.Add(x[k], Difference.To(Literal(random(_random))));
            model.Add(x[k], x[(k + 1) % Samples], Between.Measured(Literal(random(_random))));
        }

        Problem problem = model.Objective.Compile();

        Assert.Equal(2, problem.Groups.Count);
        Linearized.Of(problem, values).AssertNear(model.Linearize(problem, values));
    }

    [Fact]
    public void The_residual_is_the_step_from_what_was_measured()
    {
        for (int sample = 0; sample < Samples; sample++)
        {
            TNumber a = random(_random), m = random(_random);
            Vector<Float64> step = Step();
            AssertResidual(step, BetweenFunction, a, a.Compose(m).Compose(Exp(step)), m);
            AssertResidual(step, DifferenceFunction, m.Compose(Exp(step)), m);
        }
    }

    [Fact]
    public void The_residual_is_zero_where_the_measurement_is_met()
    {
        Vector<Float64> zero = Vector<Float64>.Zero(TNumber.TangentLength);
        for (int sample = 0; sample < Samples; sample++)
        {
            TNumber a = random(_random), m = random(_random);
            AssertResidual(zero, BetweenFunction, a, a.Compose(m), m);
            AssertResidual(zero, BetweenFunction, a, a, TNumber.Identity);
            AssertResidual(zero, DifferenceFunction, m, m);
        }
    }

    private static Function BetweenFunction(KernelBackend backend) =>
        Function.Compile<TGroup, TGroup, TGroup, Vector<Scalar>>(Between.Residual, options: new(Backend: backend));

    private static Function DifferenceFunction(KernelBackend backend) =>
        Function.Compile<TGroup, TGroup, Vector<Scalar>>(Difference.Residual, options: new(Backend: backend));

    private static TNumber Exp(Vector<Float64> tangent) => TNumber.ExpRule(tangent.AsSpan());

    private static TGroup Literal(TNumber value) =>
        TGroup.FromStorage(Array.ConvertAll(value.ToStorage(), static x => (Scalar)x.Value));

    /// <summary>Translation first, then rotation, each coordinate of its own size; below half a turn.</summary>
    private Vector<Float64> Step()
    {
        var step = new Float64[TNumber.TangentLength];
        for (int k = 0; k < step.Length; k++)
            step[k] = (0.1 * (k + 1)) + _random.NextDouble();
        return new(step);
    }

    private static void AssertResidual(
        Vector<Float64> expected, Func<KernelBackend, Function> function, params TNumber[] arguments)
    {
        double[] residual = new double[expected.Length];
        function(KernelBackend.Interpreter)
            .Evaluate([.. arguments.Select(x => (Argument<double>)Numbers(x))], residual);
        for (int k = 0; k < residual.Length; k++)
            Assert.Equal(expected[k], residual[k], 1e-13);
    }

    private static void CheckBits(Func<KernelBackend, Function> function, double[][][] elements)
    {
        double[][] arguments =
            [.. elements[0].Select((_, k) => elements.SelectMany(element => element[k]).ToArray())];
        Function compiled = function(KernelBackend.Compiled), interpreted = function(KernelBackend.Interpreter);
        foreach (FunctionPart part in new[] { FunctionPart.Value, FunctionPart.Jacobian })
        {
            PartResult<double> one = KernelHarness.Run(compiled, part, arguments, elements.Length, []);
            PartResult<double> other = KernelHarness.Run(interpreted, part, arguments, elements.Length, []);
            for (int k = 0; k < elements.Length; k++)
                Assert.Equal(one.BitsOf(k), other.BitsOf(k));
        }
    }

    private IEnumerable<double[][]> Elements(int arguments) => Enumerable.Range(0, Samples)
        .Select(_ => Enumerable.Range(0, arguments).Select(_ => Numbers(random(_random))).ToArray());

    private static double[] Numbers(TNumber value) => Array.ConvertAll(value.ToStorage(), static x => x.Value);
}

// Every group under the laws: one line each.
public sealed class Point2CostLaws() : ShippedCostLaws<Point2<Scalar>, Point2<Float64>>(Point2<Float64>.Random);

public sealed class Point3CostLaws() : ShippedCostLaws<Point3<Scalar>, Point3<Float64>>(Point3<Float64>.Random);

public sealed class SO2CostLaws() : ShippedCostLaws<SO2<Scalar>, SO2<Float64>>(SO2<Float64>.Random);

public sealed class SE2CostLaws() : ShippedCostLaws<SE2<Scalar>, SE2<Float64>>(SE2<Float64>.Random);

public sealed class SO3CostLaws() : ShippedCostLaws<SO3<Scalar>, SO3<Float64>>(SO3<Float64>.Random);

public sealed class SE3CostLaws() : ShippedCostLaws<SE3<Scalar>, SE3<Float64>>(SE3<Float64>.Random);
