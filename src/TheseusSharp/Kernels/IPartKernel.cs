namespace TheseusSharp.Kernels;

/// <summary>A part of a function, ready to run over a batch. Immutable; safe from several threads.</summary>
internal interface IPartKernel<T>
    where T : unmanaged
{
    /// <summary>What it came out as; of several kernels, the largest.</summary>
    KernelReport Report { get; }

    /// <summary>Lanes of a block of the item kernel.</summary>
    int Lanes { get; }

    /// <summary>Runs over the batch.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="cotangents">The weights of the result, for a gradient.</param>
    /// <param name="items">Where the item outputs go, one sink after another.</param>
    /// <param name="rows">Where the row outputs go.</param>
    /// <param name="tables">For each parameter, where a table's gradient is added; 0 to drop it.</param>
    void Run(
        BoundArguments<T> arguments, ColumnSource<T>? cotangents, ReadOnlySpan<ColumnSink<T>> items,
        ReadOnlySpan<ColumnSink<T>> rows,
        ReadOnlySpan<nint> tables);
}
