using System.Runtime.CompilerServices;

namespace TheseusSharp.Linearization;

/// <summary>An array that the collector does not move: its address is good for as long as the array lives.</summary>
internal sealed unsafe class Pinned<T>
    where T : unmanaged
{
    private readonly T[] _array;

    /// <summary>Zeros.</summary>
    /// <param name="length">How many.</param>
    public Pinned(int length)
    {
        _array = GC.AllocateArray<T>(Math.Max(1, length), pinned: true);
        Length = length;
    }

    public int Length { get; }

    public T* Pointer => (T*)Unsafe.AsPointer(ref _array[0]);

    public Span<T> Span => _array.AsSpan(0, Length);
}
