using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Data;

/// <summary>
/// Poses in the plane or in space and measured motions between pairs of them: the content of a pose graph file, as flat
/// arrays. Immutable.
/// </summary>
/// <remarks>
/// <para>
/// Poses are numbered from 0: first those that were given values, in their order; then those that only edges mention,
/// in the order of first mention. Poses and measurements are stored as <see cref="SE2{T}"/> [x, y, cos θ, sin θ] and
/// <see cref="SE3{T}"/> [x, y, z, qx, qy, qz, qw] store them, <see cref="StorageLength"/> numbers each, rotations of
/// norm 1.
/// </para>
/// <para>
/// Edge k says: <c>x[From[k]]⁻¹∘x[To[k]]</c> was measured as m, and its error Log(m⁻¹∘x[From]⁻¹∘x[To]) has the given
/// information matrix, in tangent order (translation, then rotation).
/// </para>
/// </remarks>
public sealed partial class PoseGraph
{
    private readonly long[] _ids;
    private readonly double[] _poses;
    private readonly int[] _from;
    private readonly int[] _to;
    private readonly double[] _measurements;
    private readonly double[] _information;
    private readonly int[] _edgeLines;
    private readonly int[] _fixed;

    internal PoseGraph(PoseGraphArrays arrays)
    {
        Source = arrays.Source;
        Dimension = arrays.Dimension;
        HasPoses = arrays.HasPoses;
        _ids = arrays.Ids;
        _poses = arrays.Poses;
        _from = arrays.From;
        _to = arrays.To;
        _measurements = arrays.Measurements;
        _information = arrays.Information;
        _edgeLines = arrays.EdgeLines;
        _fixed = arrays.Fixed;
    }

    private PoseGraph(PoseGraph other, double[] poses)
    {
        Source = other.Source;
        Dimension = other.Dimension;
        HasPoses = true;
        _ids = other._ids;
        _poses = poses;
        _from = other._from;
        _to = other._to;
        _measurements = other._measurements;
        _information = other._information;
        _edgeLines = other._edgeLines;
        _fixed = other._fixed;
    }

    /// <summary>The file that the graph was read from; null if it came from a stream or a program.</summary>
    public string? Source { get; }

    /// <summary>2 for motions of the plane, 3 for motions of space.</summary>
    public int Dimension { get; }

    /// <summary>How many numbers store a pose: 4 in the plane, 7 in space.</summary>
    public int StorageLength => PoseStorage.Length(Dimension);

    /// <summary>How many tangent coordinates a pose has: 3 in the plane, 6 in space.</summary>
    public int TangentLength => PoseStorage.TangentLength(Dimension);

    /// <summary>What a pose is, to variables and cost functions: SE2 or SE3.</summary>
    public ValueKind PoseKind => Dimension == 2 ? SE2<Scalar>.FixedKind : SE3<Scalar>.FixedKind;

    /// <summary>How many poses there are.</summary>
    public int PoseCount => _ids.Length;

    /// <summary>How many edges there are.</summary>
    public int EdgeCount => _from.Length;

    /// <summary>Whether every pose was given a value. If not, none was.</summary>
    public bool HasPoses { get; }

    /// <summary>The id of each pose.</summary>
    public ReadOnlySpan<long> Ids => _ids;

    /// <summary>The values of the poses, <see cref="StorageLength"/> numbers each; empty without values.</summary>
    public ReadOnlySpan<double> Poses => _poses;

    /// <summary>The number of the pose that each edge starts from.</summary>
    public ReadOnlySpan<int> From => _from;

    /// <summary>The number of the pose that each edge leads to.</summary>
    public ReadOnlySpan<int> To => _to;

    /// <summary>The measured motions, <see cref="StorageLength"/> numbers each.</summary>
    public ReadOnlySpan<double> Measurements => _measurements;

    /// <summary>
    /// The information matrices as given, symmetric, row-major, <see cref="TangentLength"/>² numbers each.
    /// </summary>
    public ReadOnlySpan<double> Information => _information;

    /// <summary>The line of each edge in its file, counted from 1; 0 where a program made the edge.</summary>
    public ReadOnlySpan<int> EdgeLines => _edgeLines;

    /// <summary>The numbers of the poses that are to stay where they are, ascending.</summary>
    public ReadOnlySpan<int> Fixed => _fixed;

    /// <summary>One pose's numbers.</summary>
    /// <param name="number">The pose's number.</param>
    /// <exception cref="InvalidOperationException">The graph has no values.</exception>
    public ReadOnlySpan<double> Pose(int number)
    {
        if (!HasPoses)
            throw new InvalidOperationException(
                "The graph has no pose values: initialise them first, for instance by PoseGraphInitialization.");
        return _poses.AsSpan(number * StorageLength, StorageLength);
    }

    /// <summary>One edge's measured motion.</summary>
    /// <param name="edge">The edge's number.</param>
    public ReadOnlySpan<double> Measurement(int edge) =>
        _measurements.AsSpan(edge * StorageLength, StorageLength);

    /// <summary>The same graph with other values of the poses.</summary>
    /// <param name="poses">
    /// <see cref="PoseCount"/> × <see cref="StorageLength"/> numbers; copied, and rotations normalised.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The length is wrong, a number is not finite, or a rotation's norm is further than 0.01 from 1.
    /// </exception>
    public PoseGraph WithPoses(ReadOnlySpan<double> poses)
    {
        int length = StorageLength;
        if (poses.Length != PoseCount * length)
            throw new ArgumentException(
                $"Expected {PoseCount} poses of {length} numbers, {PoseCount * length} in all; found {poses.Length}.",
                nameof(poses));
        double[] copy = poses.ToArray();
        for (int k = 0; k < PoseCount; k++)
            PoseStorage.Normalize(Dimension, copy.AsSpan(k * length, length), $"pose {_ids[k]}", nameof(poses));
        return new(this, copy);
    }

    /// <summary>The sizes, for people.</summary>
    public override string ToString() => $"{PoseKind} pose graph of {PoseCount} poses and {EdgeCount} edges";
}

/// <summary>What a <see cref="PoseGraph"/> is made of, checked by whoever fills it in.</summary>
internal readonly record struct PoseGraphArrays(
    string? Source,
    int Dimension,
    bool HasPoses,
    long[] Ids,
    double[] Poses,
    int[] From,
    int[] To,
    double[] Measurements,
    double[] Information,
    int[] EdgeLines,
    int[] Fixed);
