using System.Globalization;
using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Data;

/// <summary>What fixes where a pose graph lies in the world, which relative measurements do not tell.</summary>
public enum Gauge
{
    /// <summary>The first pose of each connected component without a FIX record is held where it is.</summary>
    First,

    /// <summary>Only poses of FIX records are held. Without any, only damped methods have a system to solve.</summary>
    Free,
}

/// <summary>How a pose graph becomes a problem.</summary>
public sealed record PoseGraphProblemOptions
{
    /// <summary>What is made of information matrices.</summary>
    public InformationMode Information { get; init; } = InformationMode.Full;

    /// <summary>What fixes the graph in the world.</summary>
    public Gauge Gauge { get; init; } = Gauge.First;

    /// <summary>A robust loss on every edge, or none.</summary>
    public RobustLoss? Loss { get; init; }

    /// <summary>How kernels are compiled.</summary>
    public CompilerOptions Compiler { get; init; } = CompilerOptions.Default;
}

/// <summary>
/// A pose graph as a problem: a variable for each pose, and for each edge the cost ½‖w·Log(m⁻¹∘xᵢ⁻¹∘xⱼ)‖².
/// </summary>
public sealed class PoseGraphProblem
{
    private readonly Variable[] _poses;
    private readonly int[] _held;

    private PoseGraphProblem(PoseGraph graph, PoseGraphProblemOptions options, Variable[] poses, Objective objective)
    {
        Graph = graph;
        Objective = objective;
        _poses = poses;
        _held = options.Gauge == Gauge.First ? graph.Anchors() : graph.Fixed.ToArray();
        HeldByGauge = _held.Length - graph.Fixed.Length;
        Problem = objective.Compile(new()
        {
            Held = [.. _held.Select(pose => poses[pose]).Where(pose => objective.FindVariable(pose.Name) is not null)],
            Compiler = options.Compiler,
        });
    }

    /// <summary>The graph.</summary>
    public PoseGraph Graph { get; }

    /// <summary>One cost function for each edge.</summary>
    public Objective Objective { get; }

    /// <summary>The objective with poses held.</summary>
    public Problem Problem { get; }

    /// <summary>The variable of each pose, named <c>x</c> and its id.</summary>
    public IReadOnlyList<Variable> Poses => _poses;

    /// <summary>The poses held constant, ascending.</summary>
    public ReadOnlySpan<int> Held => _held;

    /// <summary>How many of them no FIX record asked for.</summary>
    public int HeldByGauge { get; }

    /// <summary>Makes a problem of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="options">How; by default full information, the first pose of each component held.</param>
    /// <exception cref="DataFormatException">Information matrices are not what the mode asks for.</exception>
    public static PoseGraphProblem Create(PoseGraph graph, PoseGraphProblemOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        options ??= new();
        return graph.Dimension == 2
            ? Create<SE2<Scalar>>(graph, options)
            : Create<SE3<Scalar>>(graph, options);
    }

    /// <summary>The poses of a graph as values of the problem's variables.</summary>
    /// <param name="poses">The storage of each pose, one after another.</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    public Values CreateValues(ReadOnlySpan<double> poses)
    {
        var values = new Values();
        values.SetMany(_poses, poses);
        return values;
    }

    /// <summary>The graph with solved poses.</summary>
    /// <param name="values">Values of the problem's variables.</param>
    /// <param name="element">The element of the batch.</param>
    public PoseGraph GraphWith(Values values, int element = 0)
    {
        ArgumentNullException.ThrowIfNull(values);
        var poses = new double[Graph.PoseCount * Graph.StorageLength];
        for (int pose = 0; pose < _poses.Length; pose++)
            values.CopyTo(_poses[pose], element, poses.AsSpan(pose * Graph.StorageLength, Graph.StorageLength));
        return Graph.WithPoses(poses);
    }

    /// <summary>What is held, in a sentence.</summary>
    public string DescribeGauge()
    {
        int asked = _held.Length - HeldByGauge;
        string names = string.Join(", ", _held.Take(3).Select(pose => _poses[pose].Name)) +
            (_held.Length > 3 ? ", …" : string.Empty);
        return _held.Length == 0 ? "free: no pose is held"
            : HeldByGauge == 0 ? $"{asked} pose(s) held as the file says: {names}"
            : $"{HeldByGauge} pose(s) held, the first of each component without FIX" +
              (asked > 0 ? $", and {asked} as the file says: {names}" : $": {names}");
    }

    private static PoseGraphProblem Create<TPose>(PoseGraph graph, PoseGraphProblemOptions options)
        where TPose : struct, ILieGroup<TPose, Scalar>
    {
        var poses = new Variable<TPose>[graph.PoseCount];
        for (int pose = 0; pose < poses.Length; pose++)
            poses[pose] = Variable.Of<TPose>("x" + graph.Ids[pose].ToString(CultureInfo.InvariantCulture));
        var objective = new Objective();
        if (graph.EdgeCount > 0)
            objective.AddColumns(
                Column.Of(poses, graph.From.ToArray()), Column.Of(poses, graph.To.ToArray()),
                Column.Data<TPose>(graph.Measurements.ToArray()), Between.Residual,
                CostWeight.SquareRootInformationColumn(graph.SquareRootInformation(options.Information)),
                options.Loss, name: "edge");
        return new(graph, options, poses, objective);
    }
}
