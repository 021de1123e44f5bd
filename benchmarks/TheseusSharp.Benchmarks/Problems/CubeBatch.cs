using TheseusSharp.Data;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Benchmarks.Problems;

/// <summary>
/// A batch over one synthetic cube: the elements share measurements and have initial poses of their own. Iterations are
/// those of Levenberg–Marquardt with constant damping: every step is taken, so that all elements do equal work.
/// </summary>
internal sealed class CubeBatch
{
    private readonly PoseGraphProblem _problem;
    private readonly Values _values;

    /// <summary>Makes the batch.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="batch">How many elements.</param>
    public CubeBatch(PoseGraph graph, int batch)
    {
        _problem = PoseGraphProblem.Create(graph);
        _values = new(batch);
        var random = new Random(1);
        Span<double> pose = stackalloc double[graph.StorageLength];
        for (int element = 0; element < batch; element++)
            for (int k = 0; k < graph.PoseCount; k++)
            {
                graph.Pose(k).CopyTo(pose);
                for (int c = 0; c < 3; c++)
                    pose[c] += 0.01 * (random.NextDouble() - 0.5);
                _values.SetElement(_problem.Poses[k], element, pose);
            }
    }

    /// <summary>A cube without outliers, a fifth of its poses closing one loop each.</summary>
    public static PoseGraph GraphOf(int poses) => SyntheticCube.Generate(
        new() { Poses = poses, Seed = 1, MaxLoopClosures = 1, OutlierRatio = 0 }).Graph;

    /// <summary>Iterates.</summary>
    /// <param name="iterations">How many iterations.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="onIteration">Is told of each.</param>
    /// <param name="precision">In what precision systems are factored.</param>
    public SolveResult Solve(
        int iterations, int threads, Action<IterationRecord>? onIteration = null,
        LinearPrecision precision = LinearPrecision.Automatic) =>
        new LevenbergMarquardt { Damping = 1, Rule = DampingRule.Constant }.Solve(
            _problem.Problem, _values, new()
            {
                MaxIterations = iterations,
                Stopping = StoppingCriteria.None,
                Threads = threads,
                OnIteration = onIteration,
                Precision = precision,
            });
}
