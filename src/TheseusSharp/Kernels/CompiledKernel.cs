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

    /// <summary>Wraps compiled chunks.</summary>
    public CompiledKernel(CompiledChunk[] chunks, int lanes, AllocatedProgram program)
    {
        _chunks = chunks;
        Lanes = lanes;
        ScratchColumns = program.ScratchColumns;
        _constants = Spread(program.Constants, lanes);
        Constants = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _constants[0]);
    }

    /// <inheritdoc/>
    public int Lanes { get; }

    /// <inheritdoc/>
    public int ScratchColumns { get; }

    private nint Constants { get; }

    /// <inheritdoc/>
    public void Run(T* gathered, T* tiled, T* outputs, T* scratch)
    {
        foreach (CompiledChunk chunk in _chunks)
            chunk((nint)gathered, (nint)tiled, (nint)outputs, (nint)scratch, Constants);
    }

    /// <summary>Every literal in every lane, on the pinned heap and aligned for the widest vectors.</summary>
    private static T[] Spread(IReadOnlyList<double> constants, int lanes)
    {
        T[] columns = GC.AllocateUninitializedArray<T>(Math.Max(1, constants.Count) * lanes, pinned: true);
        for (int k = 0; k < constants.Count; k++)
            columns.AsSpan(k * lanes, lanes).Fill(Numbers.From<T>(constants[k]));
        return columns;
    }
}
