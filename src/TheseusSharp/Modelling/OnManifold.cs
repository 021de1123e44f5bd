using System.Globalization;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>Whether given numbers are elements of their group.</summary>
internal static unsafe class OnManifold
{
    /// <summary>Rounding of a value that was on the manifold when it was written with 7 digits.</summary>
    private const double Tolerance = 1e-6;

    /// <summary>Throws if an element of some data is off its manifold.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="data">The storages, one after another.</param>
    /// <exception cref="ArgumentException">An element is off its manifold; the message names it.</exception>
    public static void Require(ValueKind kind, ReadOnlySpan<double> data)
    {
        if (!kind.IsGroup || data.IsEmpty)
            return;
        var nearest = new double[data.Length];
        KindKernels kernels = KindKernels.Of(kind, CompilerOptions.Default);
        Workspace<double> workspace = kernels.NewWorkspace();
        fixed (double* values = data, target = nearest)
            kernels.Normalize(values, target, data.Length / kind.StorageLength, workspace);
        workspace.KeepAlive();
        for (int start = 0; start < data.Length; start += kind.StorageLength)
        {
            ReadOnlySpan<double> element = data.Slice(start, kind.StorageLength);
            if (IsOff(element, nearest.AsSpan(start, kind.StorageLength)))
                throw new ArgumentException(
                    $"Element {start / kind.StorageLength} of the data, {Text(element)}, is no {kind}: it is off the " +
                    "manifold. Normalise it.", nameof(data));
        }
    }

    /// <summary>Whether a value is off its manifold. NaN is not: it is trouble that a solve reports as a status.</summary>
    /// <param name="value">The value.</param>
    /// <param name="nearest">The nearest value on the manifold.</param>
    public static bool IsOff(ReadOnlySpan<double> value, ReadOnlySpan<double> nearest)
    {
        bool isOff = false;
        for (int k = 0; k < value.Length; k++)
        {
            if (!double.IsFinite(value[k]))
                return false;
            isOff |= !(Math.Abs(value[k] - nearest[k]) <= Tolerance);
        }

        return isOff;
    }

    /// <summary>The numbers of a value, for messages.</summary>
    public static string Text(ReadOnlySpan<double> value) => "[" + string.Join(
        ' ', value.ToArray().Select(number => number.ToString("G6", CultureInfo.InvariantCulture))) + "]";
}
