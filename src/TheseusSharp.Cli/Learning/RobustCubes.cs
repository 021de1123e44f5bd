using TheseusSharp.Adjoints;
using TheseusSharp.Costs;
using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Cli.Learning;

/// <summary>
/// Synthetic cubes of one structure as a batch of problems: Welsch's loss on loop closures, its radius an input.
/// </summary>
internal sealed class RobustCubes
{
    /// <summary>With a bad radius convergence is slow, and the last digits are no better than the first.</summary>
    private const int MaxIterations = 20;

    /// <summary>Half the squared distance of a pose to the truth, in the tangent space.</summary>
    private static readonly Function s_distance =
        Function.Compile((SE3<Scalar> pose, SE3<Scalar> truth) => 0.5 * truth.Local(pose).SquaredNorm());

    private readonly Variable<SE3<Scalar>>[] _poses;
    private readonly Variable<SE3<Scalar>>[] _measurements;
    private readonly TheseusLayer _layer;
    private readonly double[] _truth;

    /// <summary>Generates cubes, and makes a problem of their structure.</summary>
    /// <param name="options">What to generate; the structure follows from the seed.</param>
    /// <param name="count">How many, of seeds one after another.</param>
    public RobustCubes(SyntheticCubeOptions options, int count)
    {
        Graphs = [.. Enumerable.Range(0, count).Select(element => SyntheticCube.Generate(
            options with { StructureSeed = options.Seed, Seed = options.Seed + element }))];
        PoseGraph structure = Graphs[0].Graph;
        _poses = Variable.Many<SE3<Scalar>>("pose", structure.PoseCount);
        _measurements = Variable.Many<SE3<Scalar>>("measurement", structure.EdgeCount, VariableRole.Constant);
        _layer = new(
            Model(structure, options).Compile(new() { Held = [_poses[0]] }),
            new LevenbergMarquardt { Damping = 1e-3 }, Backward.Implicit(HessianKind.GaussNewton),
            new() { MaxIterations = MaxIterations });
        Values = new(count);
        _truth = new double[_poses.Length * count * SE3<Scalar>.StorageLength];
        for (int element = 0; element < count; element++)
            Fill(element);
    }

    /// <summary>The graphs, one for each element of the batch.</summary>
    public IReadOnlyList<SyntheticPoseGraph> Graphs { get; }

    /// <summary>The logarithm of the radius of the loss, in squared units.</summary>
    public Variable<Scalar> LogRadius { get; } = Variable.Scalar("log radius", VariableRole.Constant);

    /// <summary>Measurements and initial poses; <see cref="LogRadius"/> has a value once it is set.</summary>
    public Values Values { get; }

    /// <summary>Solves all, with a way back.</summary>
    /// <param name="cancellation">Stops at the next iteration.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public LayerPass Forward(CancellationToken cancellation)
    {
        LayerPass pass = _layer.Forward(Values, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return pass;
    }

    /// <summary>Solves all.</summary>
    /// <param name="onIteration">Called after each iteration; may be null.</param>
    /// <param name="cancellation">Stops at the next iteration.</param>
    public SolveResult Solve(Action<IterationRecord>? onIteration, CancellationToken cancellation) =>
        _layer.Optimizer.Solve(
            _layer.Problem, Values, _layer.Options with { OnIteration = onIteration }, cancellation);

    /// <summary>How far poses are from the truth: the mean of half the squared distance.</summary>
    /// <param name="solution">The poses.</param>
    public double Loss(Values solution)
    {
        var losses = new double[_poses.Length * Graphs.Count];
        s_distance.Evaluate([Numbers(solution), _truth], losses);
        return losses.Average();
    }

    /// <summary>The gradient of <see cref="Loss"/> by the poses.</summary>
    /// <param name="solution">The poses.</param>
    public Gradients Slope(Values solution)
    {
        int count = Graphs.Count, tangent = SE3<Scalar>.TangentLength;
        var cotangents = new double[_poses.Length * count];
        var slopes = new double[cotangents.Length * tangent];
        cotangents.AsSpan().Fill(1.0 / cotangents.Length);
        s_distance.Gradient([Numbers(solution), _truth], cotangents, slopes, default);
        var gradients = new Gradients(count);
        for (int pose = 1; pose < _poses.Length; pose++)
            gradients.Set(_poses[pose], slopes.AsSpan(pose * count * tangent, count * tangent));
        return gradients;
    }

    /// <summary>The poses of one graph, one after another.</summary>
    /// <param name="values">Values of the poses.</param>
    /// <param name="element">Which graph.</param>
    public double[] PosesOf(Values values, int element)
    {
        int length = SE3<Scalar>.StorageLength;
        var poses = new double[_poses.Length * length];
        for (int pose = 0; pose < _poses.Length; pose++)
            values.CopyTo(_poses[pose], element, poses.AsSpan(pose * length, length));
        return poses;
    }

    private Objective Model(PoseGraph structure, SyntheticCubeOptions options)
    {
        double translation = 1 / options.TranslationNoise, rotation = 1 / options.RotationNoise;
        CostWeight weight = CostWeight.Diagonal(translation, translation, translation, rotation, rotation, rotation);
        int[] from = structure.From.ToArray(), to = structure.To.ToArray();
        var objective = new Objective();
        foreach (IGrouping<bool, int> group in Enumerable.Range(0, from.Length).GroupBy(k => to[k] == from[k] + 1))
        {
            int[] edges = [.. group];
            objective.AddColumns(
                Column.Of(_poses, Array.ConvertAll(edges, edge => from[edge])),
                Column.Of(_poses, Array.ConvertAll(edges, edge => to[edge])),
                Column.Of(_measurements, edges), Between.Residual, weight,
                group.Key ? null : RobustLoss.Welsch(LogRadius), group.Key ? "step" : "closure");
        }

        return objective;
    }

    private void Fill(int element)
    {
        PoseGraph graph = Graphs[element].Graph;
        int length = SE3<Scalar>.StorageLength;
        for (int pose = 0; pose < _poses.Length; pose++)
        {
            Values.SetElement(_poses[pose], element, graph.Pose(pose));
            Graphs[element].GroundTruth.Slice(pose * length, length)
                .CopyTo(_truth.AsSpan(((pose * Graphs.Count) + element) * length));
        }

        for (int edge = 0; edge < _measurements.Length; edge++)
            Values.SetElement(_measurements[edge], element, graph.Measurement(edge));
    }

    /// <summary>All poses, each for element after element.</summary>
    private double[] Numbers(Values values)
    {
        int length = SE3<Scalar>.StorageLength;
        var numbers = new double[_truth.Length];
        for (int k = 0; k < _poses.Length * Graphs.Count; k++)
            values.CopyTo(_poses[k / Graphs.Count], k % Graphs.Count, numbers.AsSpan(k * length, length));
        return numbers;
    }
}
