using System.Runtime.InteropServices;
using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Initialization;

/// <summary>
/// The translations that minimise the objective ½Σ rᵀΩr, r = Log(measurement⁻¹·xᵢ⁻¹·xⱼ), the rotations being given.
/// Then r is affine in tⱼ − tᵢ: r = r₀ + [B; 0]·(tⱼ − tᵢ). So this is linear least squares, whatever the rotations.
/// </summary>
internal static class Translations
{
    /// <summary>Estimates the translations of the poses that are not held.</summary>
    /// <param name="graph">The measurements.</param>
    /// <param name="system">The system of this graph.</param>
    /// <param name="poses">
    /// The poses: held ones and rotations are read, of the others the translations are written.
    /// </param>
    /// <returns>−1, or a pose that the information does not determine.</returns>
    public static int Estimate<TGroup>(RelativePoses graph, GroundedSystem system, Span<double> poses)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        int size = graph.Dimension, length = TGroup.StorageLength;
        double[] translations = new double[graph.PoseCount * size];
        for (int pose = 0; pose < graph.PoseCount; pose++)
            poses.Slice(pose * length, size).CopyTo(translations.AsSpan(pose * size));
        AddEdges<TGroup>(graph, system, poses, translations);
        int undetermined = system.Solve();
        if (undetermined >= 0)
            return undetermined;
        for (int pose = 0; pose < graph.PoseCount; pose++)
            translations.AsSpan(pose * size, size).CopyTo(poses[(pose * length)..]);
        return -1;
    }

    /// <summary>The weight BᵀΩB, and BᵀΩr₀ on the other side.</summary>
    private static void AddEdges<TGroup>(
        RelativePoses graph, GroundedSystem system, ReadOnlySpan<double> poses, double[] translations)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        int size = graph.Dimension;
        Span<double> slope = stackalloc double[size * size], residual = stackalloc double[TGroup.TangentLength];
        Span<double> information = stackalloc double[size * size], product = stackalloc double[size * size];
        Span<double> weight = stackalloc double[size * size], prediction = stackalloc double[size * size];
        Span<double> gradient = stackalloc double[size], weightedOffset = stackalloc double[size];
        prediction.Clear();
        SmallMatrix.SetDiagonal(size, 1, prediction);
        system.Begin(vectors: 1, translations);
        for (int edge = 0; edge < graph.EdgeCount; edge++)
        {
            Linearize<TGroup>(graph, edge, poses, slope, residual);
            SplitInformation(graph.InformationOf(edge), residual, information, gradient);
            SmallMatrix.Multiply(size, information, slope, product);
            SmallMatrix.MultiplyTransposed(size, slope, product, weight);
            weightedOffset.Clear();
            SmallMatrix.AddTransposedProduct(size, slope, gradient, weightedOffset);
            system.Add(graph.From[edge], graph.To[edge], prediction, weight, weightedOffset);
        }
    }

    /// <summary>r₀ and B, from the residuals at tⱼ − tᵢ = 0 and at unit vectors.</summary>
    private static void Linearize<TGroup>(
        RelativePoses graph, int edge, ReadOnlySpan<double> poses, Span<double> slope, Span<double> residual)
        where TGroup : struct, ILieGroup<TGroup, Float64>
    {
        int size = graph.Dimension, length = TGroup.StorageLength;
        Span<Float64> tail = stackalloc Float64[length], head = stackalloc Float64[length];
        Span<Float64> result = stackalloc Float64[TGroup.TangentLength];
        MemoryMarshal.Cast<double, Float64>(poses.Slice(graph.From[edge] * length, length)).CopyTo(tail);
        MemoryMarshal.Cast<double, Float64>(poses.Slice(graph.To[edge] * length, length)).CopyTo(head);
        tail[..size].Clear();
        head[..size].Clear();
        TGroup predicted = TGroup.ComposeRule(
            TGroup.FromStorage(tail),
            TGroup.FromStorage(MemoryMarshal.Cast<double, Float64>(graph.Measurement(edge))));
        TGroup.LogRule(TGroup.BetweenRule(predicted, TGroup.FromStorage(head)), result);
        MemoryMarshal.Cast<Float64, double>(result).CopyTo(residual);
        for (int c = 0; c < size; c++)
        {
            head[c] = 1;
            TGroup.LogRule(TGroup.BetweenRule(predicted, TGroup.FromStorage(head)), result);
            head[c] = 0;
            for (int r = 0; r < size; r++)
                slope[(r * size) + c] = result[r] - residual[r];
        }
    }

    /// <summary>The part of Ω that belongs to translations, and the part of −Ω·r₀.</summary>
    private static void SplitInformation(
        ReadOnlySpan<double> full, ReadOnlySpan<double> residual, Span<double> information, Span<double> gradient)
    {
        int size = gradient.Length;
        for (int r = 0; r < size; r++)
        {
            ReadOnlySpan<double> row = full.Slice(r * residual.Length, residual.Length);
            row[..size].CopyTo(information[(r * size)..]);
            gradient[r] = 0;
            for (int c = 0; c < row.Length; c++)
                gradient[r] -= row[c] * residual[c];
        }
    }
}
