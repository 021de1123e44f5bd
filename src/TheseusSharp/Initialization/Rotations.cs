using System.Runtime.InteropServices;
using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Initialization;

/// <summary>
/// The relaxation of the rotations: minimise Σ κ·‖Rᵢ·Rᵢⱼ − Rⱼ‖² over matrices, then take the nearest rotations.
/// </summary>
/// <remarks>
/// The rows of the matrices decouple: row k of Rⱼ is predicted as Rᵢⱼᵀ times row k of Rᵢ. So they are right-hand sides
/// of one system.
/// </remarks>
internal static class Rotations
{
    /// <summary>Estimates the rotations of the poses that are not held.</summary>
    /// <param name="graph">The measurements.</param>
    /// <param name="system">The system of this graph.</param>
    /// <param name="isHeld">Of each pose, whether it is held.</param>
    /// <param name="poses">The poses: held ones are read, of the others the rotations are written.</param>
    /// <returns>−1, or a pose that the information does not determine.</returns>
    public static int Estimate<TGroup>(
        RelativePoses graph, GroundedSystem system, ReadOnlySpan<bool> isHeld, Span<double> poses)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        int size = graph.Dimension, length = TGroup.StorageLength;
        double[] matrices = new double[graph.PoseCount * size * size];
        for (int pose = 0; pose < graph.PoseCount; pose++)
            if (isHeld[pose])
                CopyRotation<TGroup>(poses.Slice(pose * length, length), matrices.AsSpan(pose * size * size), size);
        AddEdges<TGroup>(graph, system, matrices);
        int undetermined = system.Solve();
        if (undetermined >= 0)
            return undetermined;
        for (int pose = 0; pose < graph.PoseCount; pose++)
            if (!isHeld[pose])
                Project(
                    matrices.AsSpan(pose * size * size, size * size),
                    poses.Slice((pose * length) + size, length - size));
        return -1;
    }

    private static void AddEdges<TGroup>(RelativePoses graph, GroundedSystem system, double[] matrices)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        int size = graph.Dimension;
        Span<double> rotation = stackalloc double[size * size], transpose = stackalloc double[size * size];
        Span<double> weight = stackalloc double[size * size];
        weight.Clear();
        system.Begin(size, matrices);
        for (int edge = 0; edge < graph.EdgeCount; edge++)
        {
            CopyRotation<TGroup>(graph.Measurement(edge), rotation, size);
            SmallMatrix.Transpose(size, rotation, transpose);
            SmallMatrix.SetDiagonal(size, MeanRotationInformation(graph, edge), weight);
            system.Add(graph.From[edge], graph.To[edge], transpose, weight, weightedOffset: default);
        }
    }

    /// <summary>
    /// κ. By it, ‖Rᵢ·Rᵢⱼ − Rⱼ‖² ≈ 2‖θ‖² weighs an error θ as the objective does, on average over its directions.
    /// </summary>
    private static double MeanRotationInformation(RelativePoses graph, int edge)
    {
        ReadOnlySpan<double> information = graph.InformationOf(edge);
        int length = graph.TangentLength;
        double sum = 0;
        for (int k = graph.Dimension; k < length; k++)
            sum += information[k * (length + 1)];
        return sum / (length - graph.Dimension);
    }

    private static void CopyRotation<TGroup>(ReadOnlySpan<double> pose, Span<double> rotation, int size)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        Matrix<Float64> matrix =
            TGroup.MatrixRule(TGroup.FromStorage(MemoryMarshal.Cast<double, Float64>(pose)));
        for (int r = 0; r < size; r++)
            for (int c = 0; c < size; c++)
                rotation[(r * size) + c] = matrix[r, c];
    }

    private static void Project(ReadOnlySpan<double> matrix, Span<double> rotation)
    {
        if (rotation.Length == 2)
            NearestRotation.InPlane(matrix, rotation);
        else
            NearestRotation.InSpace(matrix, rotation);
    }
}
