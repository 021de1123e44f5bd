using System.Runtime.InteropServices;
using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Initialization;

/// <summary>
/// A starting point for a pose graph from its measurements alone: first all rotations by one linear least-squares
/// problem, then all translations by another. L. Carlone, R. Tron, K. Daniilidis, F. Dellaert, "Initialization
/// techniques for 3D SLAM: a survey on rotation estimation and its use in pose graph optimization", ICRA 2015.
/// </summary>
/// <remarks>
/// <para>
/// Rotations: matrices instead of rotations minimise Σ κ·‖Rᵢ·Rᵢⱼ − Rⱼ‖², κ being the mean of the rotational diagonal of
/// an edge's information; each is then replaced by the nearest rotation. Translations: with these rotations, the
/// residual is affine in the translations, and they minimise the very objective of the pose graph.
/// </para>
/// <para>
/// Without noise the result is exact. With noise it depends on which poses are held, and is what the name says: for the
/// optimum, start Gauss–Newton or Levenberg–Marquardt from it.
/// </para>
/// <para>
/// The cost is that of one ordering and two factorizations with blocks of size 3 (2 in the plane). Deterministic; a
/// call shares nothing with others.
/// </para>
/// </remarks>
public static class ChordalInitialization
{
    /// <summary>Finds poses that agree with the measurements.</summary>
    /// <param name="graph">The measurements.</param>
    /// <param name="held">
    /// Poses that keep their value. In each connected component in which none is, the first pose is held at the
    /// identity.
    /// </param>
    /// <param name="heldPoses">Of each held pose, its value, stored as measurements are.</param>
    /// <returns>The poses; or why there are none: numerical trouble is a result, not an exception.</returns>
    /// <exception cref="ArgumentException">
    /// A pose is held twice, or <paramref name="heldPoses"/> is of the wrong length.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A held pose does not exist.</exception>
    public static ChordalResult Solve(
        RelativePoses graph, ReadOnlySpan<int> held = default, ReadOnlySpan<double> heldPoses = default) =>
        graph.Dimension == 2
            ? Solve<SE2<Float64>>(graph, held, heldPoses)
            : Solve<SE3<Float64>>(graph, held, heldPoses);

    private static ChordalResult Solve<TGroup>(
        RelativePoses graph, ReadOnlySpan<int> held, ReadOnlySpan<double> heldPoses)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        HeldPoses anchors = HeldPoses.Choose(graph, held);
        double[] poses = Initial<TGroup>(graph, held, heldPoses);
        if (FindNotFinite(graph) is int edge and >= 0)
            return ChordalResult.NotFinite(edge, pose: -1);
        if (FindNotFinite(poses) is int number and >= 0)
            return ChordalResult.NotFinite(edge: -1, number / TGroup.StorageLength);

        using var system = new GroundedSystem(graph.Dimension, anchors.IsHeld, graph.From, graph.To);
        int undetermined = Rotations.Estimate<TGroup>(graph, system, anchors.IsHeld, poses);
        if (undetermined < 0)
            undetermined = Translations.Estimate<TGroup>(graph, system, poses);
        if (undetermined >= 0)
            return ChordalResult.Singular(undetermined);
        return FindNotFinite(poses) is int last and >= 0
            ? ChordalResult.NotFinite(edge: -1, last / TGroup.StorageLength)
            : ChordalResult.Solved(poses, anchors.Poses);
    }

    /// <summary>The identity, except where poses are given.</summary>
    private static double[] Initial<TGroup>(
        RelativePoses graph, ReadOnlySpan<int> held, ReadOnlySpan<double> heldPoses)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        int length = TGroup.StorageLength;
        RelativePoses.RequireLength(heldPoses.Length, held.Length * length, nameof(heldPoses));
        double[] poses = new double[graph.PoseCount * length];
        for (int pose = 0; pose < graph.PoseCount; pose++)
            TGroup.Identity.CopyTo(MemoryMarshal.Cast<double, Float64>(poses.AsSpan(pose * length, length)));
        for (int k = 0; k < held.Length; k++)
            heldPoses.Slice(k * length, length).CopyTo(poses.AsSpan(held[k] * length));
        return poses;
    }

    /// <summary>The first edge of which a number is not finite; −1 if there is none.</summary>
    private static int FindNotFinite(RelativePoses graph)
    {
        int measurement = FindNotFinite(graph.Measurements), information = FindNotFinite(graph.Information);
        int first = measurement < 0 ? int.MaxValue : measurement / graph.StorageLength;
        int second = information < 0 ? int.MaxValue : information / (graph.TangentLength * graph.TangentLength);
        int edge = Math.Min(first, second);
        return edge == int.MaxValue ? -1 : edge;
    }

    private static int FindNotFinite(ReadOnlySpan<double> numbers)
    {
        for (int k = 0; k < numbers.Length; k++)
            if (!double.IsFinite(numbers[k]))
                return k;
        return -1;
    }
}
