using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Initialization;

/// <summary>
/// A pose graph as columns: edge e measures the pose of <see cref="To"/>[e] as seen from <see cref="From"/>[e]. A
/// view; the numbers stay with the caller.
/// </summary>
public readonly ref struct RelativePoses
{
    /// <summary>A view of columns.</summary>
    /// <param name="dimension">2 for SE2, 3 for SE3.</param>
    /// <param name="poseCount">How many poses there are.</param>
    /// <param name="from">Of each edge, the pose from which it measures.</param>
    /// <param name="to">Of each edge, the pose that it measures; an edge from a pose to itself is ignored.</param>
    /// <param name="measurements">
    /// Of each edge, the pose of <paramref name="to"/> in the frame of <paramref name="from"/>, as SE2 stores it
    /// ([x, y, cos θ, sin θ]) or SE3 ([x, y, z, qx, qy, qz, qw]); rotations must be of norm 1.
    /// </param>
    /// <param name="information">
    /// Of each edge, the symmetric information matrix of its residual Log(measurement⁻¹·from⁻¹·to), in full: 3×3 or
    /// 6×6, translation first. Positive semidefinite.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The dimension is neither 2 nor 3, the number of poses is negative, or an edge names a pose that does not exist.
    /// </exception>
    /// <exception cref="ArgumentException">A column is of the wrong length.</exception>
    public RelativePoses(
        int dimension,
        int poseCount,
        ReadOnlySpan<int> from,
        ReadOnlySpan<int> to,
        ReadOnlySpan<double> measurements,
        ReadOnlySpan<double> information)
    {
        if (dimension is not (2 or 3))
            throw new ArgumentOutOfRangeException(
                nameof(dimension), dimension, "Poses are of dimension 2 (SE2) or 3 (SE3).");
        ArgumentOutOfRangeException.ThrowIfNegative(poseCount);
        Dimension = dimension;
        PoseCount = poseCount;
        From = from;
        To = to;
        Measurements = measurements;
        Information = information;
        RequirePoses(from, poseCount, nameof(from));
        RequirePoses(to, poseCount, nameof(to));
        RequireLength(to.Length, from.Length, nameof(to));
        RequireLength(measurements.Length, from.Length * StorageLength, nameof(measurements));
        RequireLength(information.Length, from.Length * TangentLength * TangentLength, nameof(information));
    }

    /// <summary>2 for SE2, 3 for SE3.</summary>
    public int Dimension { get; }

    /// <summary>How many poses there are.</summary>
    public int PoseCount { get; }

    /// <summary>How many edges there are.</summary>
    public int EdgeCount => From.Length;

    /// <summary>Of each edge, the pose from which it measures.</summary>
    public ReadOnlySpan<int> From { get; }

    /// <summary>Of each edge, the pose that it measures.</summary>
    public ReadOnlySpan<int> To { get; }

    /// <summary>Of each edge, the pose of <see cref="To"/> in the frame of <see cref="From"/>.</summary>
    public ReadOnlySpan<double> Measurements { get; }

    /// <summary>Of each edge, its information matrix.</summary>
    public ReadOnlySpan<double> Information { get; }

    /// <summary>How many numbers store a pose.</summary>
    public int StorageLength => Dimension == 2 ? SE2<Float64>.StorageLength : SE3<Float64>.StorageLength;

    /// <summary>How many numbers a residual has.</summary>
    public int TangentLength => Dimension == 2 ? SE2<Float64>.TangentLength : SE3<Float64>.TangentLength;

    /// <summary>What one edge measured.</summary>
    /// <param name="edge">The edge.</param>
    public ReadOnlySpan<double> Measurement(int edge) => Measurements.Slice(edge * StorageLength, StorageLength);

    /// <summary>The information matrix of one edge, row by row.</summary>
    /// <param name="edge">The edge.</param>
    public ReadOnlySpan<double> InformationOf(int edge)
    {
        int length = TangentLength * TangentLength;
        return Information.Slice(edge * length, length);
    }

    internal static void RequirePoses(ReadOnlySpan<int> poses, int count, string name)
    {
        foreach (int pose in poses)
            if ((uint)pose >= (uint)count)
                throw new ArgumentOutOfRangeException(
                    name, pose, $"There are {count} poses, numbered from 0; found a reference to another.");
    }

    internal static void RequireLength(int found, int expected, string name)
    {
        if (found != expected)
            throw new ArgumentException($"Expected {expected} numbers, found {found}.", name);
    }
}
