using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>
/// Sums and copies of vectors that lie side by side, entry after entry, lane after lane: each lane is summed in order, on its
/// own. The number of lanes is even.
/// </summary>
internal static unsafe class LaneKernels
{
    /// <summary>For each lane, xᵀ·y.</summary>
    /// <param name="x">Entries of x.</param>
    /// <param name="y">As many of y.</param>
    /// <param name="results">Receives a sum for each lane.</param>
    public static void Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> results)
    {
        int lanes = RequireLanes(x.Length, results.Length);
        Require.Length(y.Length, x.Length, nameof(y));
        fixed (double* first = x, second = y)
            for (int lane = 0; lane < lanes; lane += 2)
            {
                Vector128<double> sum = default;
                for (int k = lane; k < x.Length; k += lanes)
                    sum += Vector128.Load(first + k) * Vector128.Load(second + k);
                sum.CopyTo(results[lane..]);
            }
    }

    /// <summary>For each lane, xᵀ·diag(w)·x.</summary>
    /// <param name="weights">Entries of w.</param>
    /// <param name="x">As many of x.</param>
    /// <param name="results">Receives a sum for each lane.</param>
    public static void WeightedSquares(ReadOnlySpan<double> weights, ReadOnlySpan<double> x, Span<double> results)
    {
        int lanes = RequireLanes(x.Length, results.Length);
        Require.Length(weights.Length, x.Length, nameof(weights));
        fixed (double* first = weights, second = x)
            for (int lane = 0; lane < lanes; lane += 2)
            {
                Vector128<double> sum = default;
                for (int k = lane; k < x.Length; k += lanes)
                {
                    var entry = Vector128.Load(second + k);
                    sum += Vector128.Load(first + k) * entry * entry;
                }

                sum.CopyTo(results[lane..]);
            }
    }

    /// <summary>For each lane, the largest size of an entry; NaN if one is NaN.</summary>
    /// <param name="x">Entries of x.</param>
    /// <param name="results">Receives a number for each lane.</param>
    public static void LargestSize(ReadOnlySpan<double> x, Span<double> results)
    {
        int lanes = RequireLanes(x.Length, results.Length);
        fixed (double* first = x)
            for (int lane = 0; lane < lanes; lane += 2)
            {
                Vector128<double> largest = default;
                for (int k = lane; k < x.Length; k += lanes)
                    largest = Vector128.Max(largest, Vector128.Abs(Vector128.Load(first + k))); // Keeps a NaN.
                largest.CopyTo(results[lane..]);
            }
    }

    /// <summary>The diagonal of one lane's matrix.</summary>
    /// <param name="structure">Its structure.</param>
    /// <param name="values">The numbers of all lanes' matrices.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="diagonal">Receives one number for each scalar row.</param>
    public static void CopyDiagonal(
        BlockStructure structure, ReadOnlySpan<double> values, int lane, Span<double> diagonal)
    {
        Require.Length(diagonal.Length, structure.Dimension, nameof(diagonal));
        int lanes = RequireLanes(values.Length, values.Length / Math.Max(1, structure.ValueCount));
        for (int j = 0; j < structure.Count; j++)
        {
            int size = structure.Sizes[j], start = structure.ValueStarts[structure.ColumnStarts[j]];
            for (int k = 0; k < size; k++)
                diagonal[structure.Offsets[j] + k] = values[((start + (k * (size + 1))) * lanes) + lane];
        }
    }

    /// <summary>target ← target + s·x for some entries, s being a number for each lane.</summary>
    public static void AddScaled(double* scales, double* x, double* target, int entries, int lanes)
    {
        for (int k = 0; k < entries; k++, x += lanes, target += lanes)
            for (int lane = 0; lane < lanes; lane += 2)
                (Vector128.Load(target + lane) + (Vector128.Load(scales + lane) * Vector128.Load(x + lane)))
                    .Store(target + lane);
    }

    /// <summary>target ← x + s·y, s being a number for each lane; the target may be x or y.</summary>
    public static void Combine(
        ReadOnlySpan<double> x, ReadOnlySpan<double> scales, ReadOnlySpan<double> y, Span<double> target)
    {
        int lanes = RequireLanes(x.Length, scales.Length);
        Require.Length(y.Length, x.Length, nameof(y));
        Require.Length(target.Length, x.Length, nameof(target));
        fixed (double* first = x, second = y, factors = scales, result = target)
            for (int lane = 0; lane < lanes; lane += 2)
            {
                var factor = Vector128.Load(factors + lane);
                for (int k = lane; k < x.Length; k += lanes)
                    (Vector128.Load(first + k) + (factor * Vector128.Load(second + k))).Store(result + k);
            }
    }

    /// <summary>Takes one lane out of several.</summary>
    public static void CopyLane(ReadOnlySpan<double> x, int lane, int lanes, Span<double> target)
    {
        for (int k = 0; k < target.Length; k++)
            target[k] = x[(k * lanes) + lane];
    }

    /// <summary>Puts numbers into one lane of several.</summary>
    public static void SetLane(ReadOnlySpan<double> x, int lane, int lanes, Span<double> target)
    {
        for (int k = 0; k < x.Length; k++)
            target[(k * lanes) + lane] = x[k];
    }

    /// <summary>target ← target + s·a·b in every lane.</summary>
    public static void AddProduct(double* scale, double* a, double* b, double* target, int lanes)
    {
        for (int lane = 0; lane < lanes; lane++)
            target[lane] += scale[lane] * b[lane] * a[lane];
    }

    private static int RequireLanes(int length, int lanes)
    {
        if (lanes < 2 || lanes % 2 != 0 || length % lanes != 0)
            throw new ArgumentException($"{length} numbers do not lie in {lanes} lanes, or these are not even.");
        return lanes;
    }
}
