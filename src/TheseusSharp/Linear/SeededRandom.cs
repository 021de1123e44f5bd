using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// Numbers that look random and are the same in every run, on every platform: S. Vigna's splitmix64 (G. Steele,
/// D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
/// </summary>
internal struct SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 to below the limit.</summary>
    /// <param name="limit">At least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Below(int limit)
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)(((z ^ (z >> 31)) >> 32) * (uint)limit >> 32);
    }
}
