using System.Runtime.InteropServices;
using TheseusSharp.Geometry;
using TheseusSharp.Initialization;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Initialization;

/// <summary>A pose graph with known poses; random information, cross terms included.</summary>
internal sealed class SyntheticGraph<TGroup>
    where TGroup : struct, ILieGroup<TGroup, Float64>
{
    private readonly int _length = TGroup.StorageLength;
    private readonly int _tangent = TGroup.TangentLength;

    private SyntheticGraph(double[] truth, int[] component, (int From, int To)[] edges)
    {
        Truth = truth;
        Component = component;
        From = [.. edges.Select(edge => edge.From)];
        To = [.. edges.Select(edge => edge.To)];
        Measurements = new double[edges.Length * _length];
        Information = new double[edges.Length * _tangent * _tangent];
    }

    /// <summary>The poses that the measurements were made from.</summary>
    public double[] Truth { get; }

    /// <summary>Of each pose, its component.</summary>
    public int[] Component { get; }

    public int[] From { get; }

    public int[] To { get; }

    public double[] Measurements { get; }

    public double[] Information { get; }

    public int PoseCount => Component.Length;

    public RelativePoses Graph => new(TGroup.PointLength, PoseCount, From, To, Measurements, Information);

    /// <summary>Components, each a random tree and further edges, in a random direction each.</summary>
    public static SyntheticGraph<TGroup> Create(
        int poses, int components, int furtherEdges, double noise, int seed, Func<Random, TGroup> pose)
    {
        var random = new Random(seed);
        int[] component = [.. Enumerable.Range(0, poses).Select(k => k < components ? k : random.Next(components))];
        var edges = new List<(int, int)>();
        for (int k = components; k < poses; k++)
            edges.Add(Shuffled(k, Member(component, k, component[k], random), random));
        for (int k = 0; k < furtherEdges; k++)
        {
            int from = random.Next(poses);
            edges.Add(Shuffled(from, Member(component, poses, component[from], random), random));
        }

        double[] truth = new double[poses * TGroup.StorageLength];
        var graph = new SyntheticGraph<TGroup>(truth, component, [.. edges]);
        for (int k = 0; k < poses; k++)
            graph.Store(pose(random), truth, k);
        graph.Measure(noise, random);
        return graph;
    }

    public TGroup Pose(double[] poses, int k) =>
        TGroup.FromStorage(MemoryMarshal.Cast<double, Float64>(poses.AsSpan(k * _length, _length)));

    public void Store(TGroup pose, double[] poses, int k) =>
        pose.CopyTo(MemoryMarshal.Cast<double, Float64>(poses.AsSpan(k * _length, _length)));

    /// <summary>‖Log(a⁻¹·b)‖, the largest entry.</summary>
    public double Distance(TGroup a, TGroup b)
    {
        var tangent = new Float64[_tangent];
        TGroup.LogRule(TGroup.BetweenRule(a, b), tangent);
        return tangent.Max(entry => Math.Abs(entry));
    }

    /// <summary>½Σ rᵀΩr.</summary>
    public double Objective(double[] poses)
    {
        double sum = 0;
        var r = new Float64[_tangent];
        for (int e = 0; e < From.Length; e++)
        {
            TGroup between = TGroup.BetweenRule(Pose(poses, From[e]), Pose(poses, To[e]));
            TGroup.LogRule(TGroup.BetweenRule(Pose(Measurements, e), between), r);
            for (int i = 0; i < _tangent; i++)
                for (int j = 0; j < _tangent; j++)
                    sum += r[i] * Information[(((e * _tangent) + i) * _tangent) + j] * r[j];
        }

        return 0.5 * sum;
    }

    private static int Member(int[] component, int below, int wanted, Random random)
    {
        int[] members = [.. Enumerable.Range(0, below).Where(k => component[k] == wanted)];
        return members[random.Next(members.Length)];
    }

    private static (int From, int To) Shuffled(int a, int b, Random random) =>
        random.Next(2) == 0 ? (a, b) : (b, a);

    private void Measure(double noise, Random random)
    {
        for (int e = 0; e < From.Length; e++)
        {
            Float64[] error = [.. Enumerable.Range(0, _tangent).Select(_ => (Float64)(noise * Signed(random)))];
            TGroup exact = TGroup.BetweenRule(Pose(Truth, From[e]), Pose(Truth, To[e]));
            Store(TGroup.NormalizeRule(TGroup.ComposeRule(exact, TGroup.ExpRule(error))), Measurements, e);
            Span<double> information = Information.AsSpan(e * _tangent * _tangent, _tangent * _tangent);
            double[] root = [.. Enumerable.Range(0, information.Length).Select(_ => Signed(random))];
            for (int i = 0; i < _tangent; i++)
            {
                information[i * (_tangent + 1)] = 0.1;
                for (int j = 0; j < _tangent; j++)
                    for (int k = 0; k < _tangent; k++)
                        information[(i * _tangent) + j] += root[(i * _tangent) + k] * root[(j * _tangent) + k];
            }
        }
    }

    private static double Signed(Random random) => (2 * random.NextDouble()) - 1;
}
