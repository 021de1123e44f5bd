using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>
/// Random expressions of group elements: fused or not, differentiated either way, in a kernel or walked.
/// </summary>
public class RandomMotionTests
{
    private const int Count = 25;

    [Fact]
    public void Rotations_of_the_plane() => ForAll<SO2<Scalar>, SO2<Float64>>();

    [Fact]
    public void Motions_of_the_plane() => ForAll<SE2<Scalar>, SE2<Float64>>();

    [Fact]
    public void Rotations_of_space() => ForAll<SO3<Scalar>, SO3<Float64>>();

    [Fact]
    public void Motions_of_space() => ForAll<SE3<Scalar>, SE3<Float64>>();

    private static void ForAll<TGroup, TNumbers>()
        where TGroup : struct, ILieGroup<TGroup, Scalar>
        where TNumbers : struct, ILieGroup<TNumbers, Float64>
    {
        for (int seed = 0; seed < Count; seed++)
        {
            Function function = RandomMotions<TGroup>.Draw(seed, out string text);
            var sampler = new CostSampler(seed, CostMode.Random, single: false);
            double[][] arguments =
            [
                sampler.Element<TNumbers>(), sampler.Element<TNumbers>(), sampler.Uniform(TNumbers.TangentLength),
                sampler.Uniform(TNumbers.PointLength),
            ];
            Check($"Seed {seed}: {text}", function, arguments);
        }
    }

    private static void Check(string what, Function function, double[][] arguments)
    {
        var oracle = new WalkedFunction(function.Trace);
        DoubleDouble[][] exact = Exact.Of(arguments);
        DoubleDouble[] value = oracle.Value(exact), jacobian = oracle.Jacobian(exact);
        double scale = 1 + jacobian.Max(x => Math.Abs(x.Hi));
        double[] scales = Array.ConvertAll(jacobian, _ => scale);
        foreach (DifferentiationMode way in Near.Ways)
        {
            FunctionTrace trace = function.Trace;
            FunctionProgram program = FunctionPrograms.Make(trace, FunctionPart.Jacobian, trace.Parameters, way);
            DoubleDouble[] walked = oracle.InDoubleDouble(program)(exact);
            Near.Check($"{what}, value", value, walked.AsSpan(0, value.Length), scales, 1e-13);
            Near.Check($"{what}, {way}", jacobian, walked.AsSpan(value.Length), scales, 1e-13);
        }

        double[] values = new double[value.Length], slopes = new double[jacobian.Length];
        function.Jacobian([.. arguments.Select(argument => (Argument<double>)argument)], values, slopes);
        Near.Check($"{what}, value of the kernel", value, values, scales, 1e-13);
        Near.Check($"{what}, Jacobian of the kernel", jacobian, slopes, scales, 1e-13);
    }
}
