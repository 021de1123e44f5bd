using BenchmarkDotNet.Attributes;
using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Benchmarks.Problems;

namespace TheseusSharp.Benchmarks;

/// <summary>SE(3) between with a full weight: ours, and the peers. The ratio column compares with ours.</summary>
public class BetweenBenchmarks
{
    private BetweenProblem _problem = new(8);

    [Params(5000, 100_000)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup() => _problem = new(N);

    [Benchmark(Baseline = true)]
    public void Jacobian() => _problem.Jacobian();

    [Benchmark]
    public void Residual() => _problem.Residual();

    [Benchmark]
    public void JacobianSingle() => _problem.SingleJacobian();

    [Benchmark]
    public void JacobianInterpreter() => _problem.InterpretedJacobian();

    [Benchmark]
    public void JacobianExpertCSharp() => _problem.ManagedJacobian();

    [Benchmark]
    public void JacobianTextbookCSharp() => _problem.TextbookJacobian();

    [Benchmark]
    [BenchmarkCategory(NativePeers.Category)]
    public void JacobianCPlusPlus() => _problem.NativeJacobian();
}

/// <summary>Snavely reprojection: ours, and the peers.</summary>
public class SnavelyBenchmarks
{
    private SnavelyProblem _problem = new(8);

    [Params(5000, 100_000)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup() => _problem = new(N);

    [Benchmark(Baseline = true)]
    public void Jacobian() => _problem.Jacobian();

    [Benchmark]
    public void Residual() => _problem.Residual();

    [Benchmark]
    public void JacobianExpertCSharp() => _problem.ManagedJacobian();

    [Benchmark]
    [BenchmarkCategory(NativePeers.Category)]
    public void JacobianCPlusPlus() => _problem.NativeJacobian();
}
