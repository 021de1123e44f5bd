namespace TheseusSharp.Linear;

/// <summary>Blocks that are eliminated after all others.</summary>
internal static class LastBlocks
{
    /// <summary>Marks some of the blocks.</summary>
    /// <param name="count">How many blocks there are.</param>
    /// <param name="last">Those to be marked.</param>
    public static bool[] Mark(int count, IReadOnlyList<int> last)
    {
        bool[] isLast = new bool[count];
        foreach (int block in last)
            isLast[block] = true;
        return isLast;
    }

    /// <summary>Moves the marked blocks to the end; otherwise keeps the order.</summary>
    public static int[] MoveToEnd(int[] order, bool[] isLast)
    {
        int kept = 0, held = 0;
        int[] heldBack = new int[order.Length];
        foreach (int block in order)
            if (isLast[block])
                heldBack[held++] = block;
            else
                order[kept++] = block;
        heldBack.AsSpan(0, held).CopyTo(order.AsSpan(kept));
        return order;
    }
}
