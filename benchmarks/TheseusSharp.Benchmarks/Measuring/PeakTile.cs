using TheseusSharp.Linear;

namespace TheseusSharp.Benchmarks.Measuring;

/// <summary>
/// The tallest tile of the dense kernels, as deep as they go at a time, again and again: all in the nearest cache.
/// </summary>
internal sealed unsafe class PeakTile : IDisposable
{
    /// <summary>How many rows a tile has: the 32 numbers of the tallest one of doubles.</summary>
    public const int Rows = 32;

    /// <summary>How many columns.</summary>
    public const int Columns = FrontKernels.TileColumns;

    /// <summary>How many products each number of it adds up.</summary>
    public const int Depth = FrontKernels.ChunkDepth;

    private const int Repetitions = 2000;
    private readonly NativeBuffer<double> _memory = new((Rows * (Depth + Columns)) + FrontKernels.ScratchLength);

    public PeakTile() => new Span<double>(_memory.Pointer, Rows * Depth).Fill(1e-3);

    /// <summary>Multiplications and additions of a run.</summary>
    public double Flops => 2.0 * Rows * Columns * Depth * Repetitions;

    public void Run()
    {
        double* a = _memory.Pointer, c = a + (Rows * Depth), scratch = c + (Rows * Columns);
        for (int k = 0; k < Repetitions; k++)
            FrontKernels.Default.Square(a, Rows, c, Rows, 0, Columns, Rows, Depth, scratch);
        GC.KeepAlive(_memory);
    }

    public void Dispose() => _memory.Dispose();
}
