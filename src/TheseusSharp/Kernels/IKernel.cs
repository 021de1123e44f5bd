namespace TheseusSharp.Kernels;

/// <summary>
/// A program ready to run on blocks of lanes. Immutable; safe to run from several threads on memory of their own.
/// </summary>
/// <typeparam name="T">double or float.</typeparam>
internal unsafe interface IKernel<T>
    where T : unmanaged
{
    /// <summary>How many lanes a block has; the length of every column.</summary>
    int Lanes { get; }

    /// <summary>How many scratch columns a run needs.</summary>
    int ScratchColumns { get; }

    /// <summary>
    /// Runs one block. Columns are <see cref="Lanes"/> long; all pointers may be unaligned and must not overlap.
    /// </summary>
    /// <param name="gathered">The gathered input columns.</param>
    /// <param name="tiled">The tiled input columns.</param>
    /// <param name="outputs">The output columns, the flag column included.</param>
    /// <param name="scratch">The scratch columns.</param>
    void Run(T* gathered, T* tiled, T* outputs, T* scratch);
}
