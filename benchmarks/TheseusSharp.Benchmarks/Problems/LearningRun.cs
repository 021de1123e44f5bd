using System.Diagnostics;
using System.Globalization;
using TheseusSharp.Adjoints;
using TheseusSharp.Costs;
using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Benchmarks.Problems;

/// <summary>A batch of cubes of one structure, and a layer to solve it.</summary>
internal sealed class LearningRun
{
    private readonly TheseusLayer _layer;
    private readonly Values _values;
    private readonly Gradients _outer;
    private readonly Variable<Scalar> _logRadius = Variable.Scalar("log radius", VariableRole.Constant);
    private SolveResult? _last;

    public LearningRun(int poseCount, int batch, int threads)
    {
        PoseGraph graph = SyntheticCube.Generate(
            new() { Poses = poseCount, Seed = 1, RotationNoise = 0.02, OutlierRatio = 0.25 }).Graph;
        Variable<SE3<Scalar>>[] poses = Variable.Many<SE3<Scalar>>("pose", poseCount);
        Variable<SE3<Scalar>>[] measurements =
            Variable.Many<SE3<Scalar>>("measurement", graph.EdgeCount, VariableRole.Constant);
        int[] known = [.. Enumerable.Range(0, poseCount).Where(pose => pose % 10 == 0)];
        Variable<SE3<Scalar>>[] truths = Variable.Many<SE3<Scalar>>("truth", known.Length, VariableRole.Constant);
        Objective objective = Model(graph, poses, measurements);
        objective.AddColumns(
            Column.Of(poses, known), Column.Of(truths), Difference.Residual, CostWeight.Scale(100));
        _layer = new(
            objective.Compile(), new LevenbergMarquardt { Damping = 1e-3, Rule = DampingRule.Ratios },
            Backward.Implicit(HessianKind.GaussNewton),
            new() { MaxIterations = 10, StepSize = 0.75, Stopping = StoppingCriteria.None, Threads = threads });
        _values = new(batch);
        _values.Set(_logRadius, 3.0);
        _outer = new(batch);
        Fill(graph, poses, measurements, truths);
    }

    public (double Forward, double Backward) Time()
    {
        long start = Stopwatch.GetTimestamp();
        LayerPass pass = _layer.Forward(_values);
        double forward = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        start = Stopwatch.GetTimestamp();
        pass.Backward(_outer, wanted: [_logRadius]);
        double backward = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        _last = pass.Result;
        return (forward, backward);
    }

    public string Describe()
    {
        SolveTimes times = _last!.Summary.Times;
        int iterations = _last.Elements.Sum(element => element.Iterations);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"linearize {Ms(times.Linearize)}, factor {Ms(times.Factor)}, solve {Ms(times.Solve)}, " +
            $"retract {Ms(times.Retract)}, evaluate {Ms(times.Evaluate)}, total {Ms(times.Total)}; " +
            $"{iterations} iterations, {_last.Summary.FactorFlops / 1e6:F2} Mflop a factorization, " +
            $"{_last.Summary.SingleFactorizations} of them in single precision");
    }

    private static string Ms(TimeSpan time) => time.TotalMilliseconds.ToString("F2", CultureInfo.InvariantCulture);

    private Objective Model(
        PoseGraph graph, Variable<SE3<Scalar>>[] poses, Variable<SE3<Scalar>>[] measurements)
    {
        CostWeight weight = CostWeight.Diagonal(20, 20, 20, 50, 50, 50);
        var objective = new Objective();
        foreach (IGrouping<bool, int> edges in Enumerable.Range(0, graph.EdgeCount)
            .GroupBy(edge => graph.To[edge] == graph.From[edge] + 1))
            objective.AddColumns(
                Column.Of(poses, edges.Select(edge => graph.From[edge]).ToArray()),
                Column.Of(poses, edges.Select(edge => graph.To[edge]).ToArray()),
                Column.Of(measurements, edges.ToArray()), Between.Residual, weight,
                edges.Key ? null : RobustLoss.Welsch(_logRadius));
        objective.AddColumns(
            Column.Of(poses), Difference.To(SE3<Scalar>.Identity), CostWeight.Scale(Math.Sqrt(1e-3)));
        return objective;
    }

    /// <summary>Values of each element: the one graph, with noise of its own; and some outer gradient.</summary>
    private void Fill(
        PoseGraph graph, Variable<SE3<Scalar>>[] poses, Variable<SE3<Scalar>>[] measurements,
        Variable<SE3<Scalar>>[] truths)
    {
        var random = new Random(2);
        for (int element = 0; element < _values.BatchSize; element++)
        {
            for (int pose = 0; pose < poses.Length; pose++)
                _values.Set(poses[pose], element, Noisy(graph.Poses.Slice(7 * pose, 7), random));
            for (int edge = 0; edge < measurements.Length; edge++)
                _values.Set(measurements[edge], element, Noisy(graph.Measurements.Slice(7 * edge, 7), random));
            for (int k = 0; k < truths.Length; k++)
                _values.Set(truths[k], element, SE3<Float64>.FromStorage(Numbers(graph.Poses.Slice(70 * k, 7))));
        }

        double[] slope = new double[6 * _values.BatchSize];
        foreach (Variable<SE3<Scalar>> pose in poses)
        {
            for (int k = 0; k < slope.Length; k++)
                slope[k] = random.NextDouble() - 0.5;
            _outer.Set(pose, slope);
        }
    }

    private static SE3<Float64> Noisy(ReadOnlySpan<double> pose, Random random)
    {
        var tangent = new Float64[6];
        for (int k = 0; k < 6; k++)
            tangent[k] = (k < 3 ? 0.05 : 0.02) * ((2 * random.NextDouble()) - 1);
        return (SE3<Float64>.FromStorage(Numbers(pose)) * SE3<Float64>.Exp(new(tangent))).Normalize();
    }

    private static Float64[] Numbers(ReadOnlySpan<double> storage) =>
        Array.ConvertAll(storage.ToArray(), number => (Float64)number);
}
