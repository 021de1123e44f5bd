using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TheseusSharp.Kernels;

/// <summary>A chunk of machine code. Arguments: gathered, tiled, output, scratch and constant columns.</summary>
internal delegate void CompiledChunk(nint gathered, nint tiled, nint outputs, nint scratch, nint constants);

/// <summary>A kernel compiled to machine code.</summary>
/// <typeparam name="T">double or float.</typeparam>
internal sealed unsafe class CompiledKernel<T> : IKernel<T>
    where T : unmanaged
{
    private readonly CompiledChunk[] _chunks;
    private readonly T[] _constants;
    private readonly nint _constantColumns;

    /// <summary>Wraps compiled chunks.</summary>
    public CompiledKernel(CompiledChunk[] chunks, int lanes, AllocatedProgram program)
    {
        _chunks = chunks;
        Lanes = lanes;
        ScratchColumns = program.ScratchColumns;
        _constants = Numbers.Spread<T>(program.Constants, lanes);
        _constantColumns = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_constants));
    }

    /// <inheritdoc/>
    public int Lanes { get; }

    /// <inheritdoc/>
    public int ScratchColumns { get; }

    /// <inheritdoc/>
    public void Run(T* gathered, T* tiled, T* outputs, T* scratch)
    {
        foreach (CompiledChunk chunk in _chunks)
            chunk((nint)gathered, (nint)tiled, (nint)outputs, (nint)scratch, _constantColumns);
    }
}
