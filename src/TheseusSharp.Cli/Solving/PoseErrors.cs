using System.Runtime.InteropServices;
using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Cli.Solving;

/// <summary>How far poses in space are from the truth, on average.</summary>
/// <param name="Position">The mean distance of positions.</param>
/// <param name="Degrees">The mean angle of the rotations between.</param>
internal readonly record struct PoseErrors(double Position, double Degrees)
{
    /// <summary>Compares poses as they lie, one by one: both must be held at the same place.</summary>
    /// <param name="truth">The true poses, stored as SE3.</param>
    /// <param name="poses">As many, stored alike.</param>
    public static PoseErrors Between(ReadOnlySpan<double> truth, ReadOnlySpan<double> poses)
    {
        int length = SE3<Float64>.StorageLength, count = truth.Length / length;
        double position = 0, angle = 0;
        for (int k = 0; k < truth.Length; k += length)
        {
            SE3<Float64> error = Pose(truth.Slice(k, length)).Between(Pose(poses.Slice(k, length)));
            position += (double)error.Translation.ToVector().Norm();
            angle += (double)error.Rotation.Log().Norm();
        }

        return new(position / count, double.RadiansToDegrees(angle / count));
    }

    private static SE3<Float64> Pose(ReadOnlySpan<double> storage) =>
        SE3<Float64>.FromStorage(MemoryMarshal.Cast<double, Float64>(storage));
}
