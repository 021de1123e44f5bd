using TheseusSharp.Adjoints;
using TheseusSharp.Costs;
using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Benchmarks.Problems;

/// <summary>The synthetic cube, forward and backward.</summary>
internal sealed class MemoryRun
{
    private readonly Problem _problem;
    private readonly Values _values = new();
    private readonly Gradients _outer = new();
    private readonly Variable<Scalar> _logRadius = Variable.Scalar("log radius", VariableRole.Constant);

    public MemoryRun(int count)
    {
        PoseGraph graph = SyntheticCube.Generate(
            new() { Poses = count, Seed = 1, RotationNoise = 0.02, OutlierRatio = 0.25 }).Graph;
        Variable<SE3<Scalar>>[] poses = Variable.Many<SE3<Scalar>>("pose", count);
        var objective = new Objective();
        for (int edge = 0; edge < graph.EdgeCount; edge++)
            objective.Add(
                poses[graph.From[edge]], poses[graph.To[edge]],
                Between.Measured((SE3<Scalar>)Element(graph.Measurements.Slice(7 * edge, 7))),
                loss: RobustLoss.Welsch(_logRadius));
        objective.Add(poses[0], Difference.To(SE3<Scalar>.Identity));
        _problem = objective.Compile();
        for (int k = 0; k < count; k++)
        {
            _values.Set(poses[k], Element(graph.Poses.Slice(7 * k, 7)));
            _outer.Set(poses[k], 0.1, -0.2, 0.3, 0.2, -0.1, 0.1);
        }

        _values.Set(_logRadius, 3.0);
        Copy = sizeof(double) * 7L * count;
    }

    /// <summary>The bytes of one copy of θ.</summary>
    public long Copy { get; }

    /// <summary>The bytes held between the passes, and those that the backward pass allocates.</summary>
    public (long Held, long Backward) Measure(Backward mode, int iterations, int rounds)
    {
        var options = new SolveOptions
        {
            MaxIterations = iterations,
            Stopping = StoppingCriteria.None,
            Threads = 1,
        };
        var layer = new TheseusLayer(
            _problem, new LevenbergMarquardt { Damping = 100, Rule = DampingRule.Constant }, mode, options);
        Measure(layer); // Compiles kernels.
        (long Held, long Backward)[] all = [.. Enumerable.Range(0, rounds).Select(_ => Measure(layer))];
        return (all.Select(one => one.Held).Order().ElementAt(rounds / 2),
            all.Select(one => one.Backward).Order().ElementAt(rounds / 2));
    }

    private (long Held, long Backward) Measure(TheseusLayer layer)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        LayerPass pass = layer.Forward(_values);
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        if (pass.Result.First.Iterations != layer.Options.MaxIterations)
            throw new InvalidOperationException($"The solve ended early: {pass.Result.First.Message}");
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        pass.Backward(_outer, wanted: [_logRadius]);
        return (held, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private static SE3<Float64> Element(ReadOnlySpan<double> storage) =>
        SE3<Float64>.FromStorage(Array.ConvertAll(storage.ToArray(), number => (Float64)number));
}
