using System.Runtime.CompilerServices;

namespace TheseusSharp.Kernels;

/// <summary>The columns that one run of a kernel needs, pinned and aligned to cache lines.</summary>
internal sealed unsafe class Workspace<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly T[] _memory;

    /// <summary>Allocates.</summary>
    public Workspace(int lanes, int gathered, int outputs, int scratch)
    {
        int padding = Alignment / Unsafe.SizeOf<T>();
        _memory = GC.AllocateArray<T>(((gathered + outputs + scratch) * lanes) + padding, pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref _memory[0]);
        start = (start + Alignment - 1) & -Alignment;
        Gathered = (T*)start;
        Outputs = Gathered + (gathered * lanes);
        Scratch = Outputs + (outputs * lanes);
    }

    public T* Gathered { get; }

    public T* Outputs { get; }

    public T* Scratch { get; }

    /// <summary>Keeps the memory alive while its pointers are in use.</summary>
    public void KeepAlive() => GC.KeepAlive(_memory);
}
