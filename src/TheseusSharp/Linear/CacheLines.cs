using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace TheseusSharp.Linear;

/// <summary>Asks for memory ahead of use, where no hardware foresees what is next; where that cannot be, does nothing.
/// </summary>
internal static unsafe class CacheLines
{
    private const int LineBytes = 64;

    /// <summary>Whether asking does anything.</summary>
    public static bool CanPrefetch => Sse.IsSupported;

    /// <summary>Asks for the lines of some memory; it need not be there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* start, int bytes)
    {
        if (!CanPrefetch)
            return;
        for (int line = 0; line < bytes; line += LineBytes)
            Sse.Prefetch0((byte*)start + line);
    }
}
