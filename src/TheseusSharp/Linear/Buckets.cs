using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>Sorting by small numbers, in linear time.</summary>
internal static class Buckets
{
    /// <summary>Sorts items by their keys; items of one key stay in order.</summary>
    /// <param name="keys">The key of each item.</param>
    /// <param name="count">Above the largest key.</param>
    /// <returns>Where the items of each key start, and their number at the end; the items.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (int[] Starts, int[] Items) Sort(int[] keys, int count)
    {
        int[] starts = new int[count + 1], items = GC.AllocateUninitializedArray<int>(keys.Length);
        foreach (int key in keys)
            starts[key]++;
        for (int key = 1; key <= count; key++)
            starts[key] += starts[key - 1];
        for (int item = keys.Length - 1; item >= 0; item--)
            items[--starts[keys[item]]] = item;
        return (starts, items);
    }
}
