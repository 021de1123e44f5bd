using System.Runtime.InteropServices;

namespace TheseusSharp.Linear;

/// <summary>
/// Numbers outside the managed heap, aligned to 64 bytes: vectors never straddle cache lines, and a pointer is
/// good for the life of the buffer.
/// </summary>
/// <typeparam name="T">The numbers.</typeparam>
internal unsafe class NativeBuffer<T> : SafeHandle
    where T : unmanaged
{
    /// <summary>Readable numbers past the end: kernels read up to a tile further than they use.</summary>
    private const int Margin = 64;

    /// <summary>Allocates.</summary>
    /// <param name="length">How many numbers.</param>
    /// <param name="isCleared">Whether they are zeros; if not, they must be written before they matter.</param>
    public NativeBuffer(long length, bool isCleared = true)
        : base(0, ownsHandle: true)
    {
        nuint bytes = checked((nuint)(length + Margin) * (nuint)sizeof(T));
        handle = (nint)NativeMemory.AlignedAlloc(bytes, 64);
        if (isCleared)
            NativeMemory.Clear((void*)handle, bytes);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The first number.</summary>
    public T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, typeof(ILinearSolver));
            return (T*)handle;
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}

/// <summary>Zeroed doubles likewise.</summary>
/// <param name="length">How many numbers.</param>
internal sealed class NativeBuffer(long length) : NativeBuffer<double>(length);
