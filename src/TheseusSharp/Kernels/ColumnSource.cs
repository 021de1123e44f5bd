namespace TheseusSharp.Kernels;

/// <summary>Where the columns of one parameter come from: rows of numbers, by position or by index.</summary>
/// <param name="Data">The first number.</param>
/// <param name="Stride">How far apart the elements are; 0 if there is one for all.</param>
/// <param name="Index">Which element each lane takes; null for the lane's own.</param>
/// <param name="Length">How many numbers an element has.</param>
/// <param name="Base">How far in the first element lies: that of a single index.</param>
internal readonly unsafe record struct ColumnSource<T>(nint Data, nint Stride, nint Index, int Length, nint Base = 0)
    where T : unmanaged
{
    /// <summary>Whether every block gets the same columns.</summary>
    public bool IsShared => Stride == 0;

    /// <summary>Fills the columns of a block; lanes beyond the valid ones repeat the last of them.</summary>
    /// <param name="start">The element of the first lane.</param>
    /// <param name="valid">How many lanes have an element, at least 1.</param>
    /// <param name="lanes">How long columns are.</param>
    /// <param name="tile">The first column.</param>
    public void Gather(int start, int valid, int lanes, T* tile)
    {
        int lane = 0;
        if (!IsShared && Transposition.IsFast<T>())
        {
            if (Length >= 4)
                for (; lane <= valid - 4; lane += 4)
                    GatherFour(start + lane, lanes, tile + lane);
            else if (Length == 3 && typeof(T) == typeof(double))
                for (; lane <= valid - 4; lane += 4)
                    GatherFourThrees(start + lane, lanes, (double*)(tile + lane));
        }

        for (; lane < lanes; lane++)
            GatherOne(Element(start + Math.Min(lane, valid - 1)), lanes, tile + lane);
    }

    /// <summary>
    /// Four lanes at a time; the last columns overlap the ones before, so nothing is read past an element.
    /// </summary>
    private void GatherFour(int start, int lanes, T* tile)
    {
        T* a = Element(start), b = Element(start + 1), c = Element(start + 2), d = Element(start + 3);
        int k = 0;
        for (; k <= Length - 4; k += 4)
            Transposition.FourByFour(a + k, b + k, c + k, d + k, tile + (k * lanes), lanes);
        if (k == Length)
            return;
        k = Length - 4;
        Transposition.FourByFour(a + k, b + k, c + k, d + k, tile + (k * lanes), lanes);
    }

    private void GatherFourThrees(int start, int lanes, double* tile) => Transposition.FourByThree(
        (double*)Element(start), (double*)Element(start + 1), (double*)Element(start + 2), (double*)Element(start + 3),
        tile, lanes);

    private void GatherOne(T* element, int lanes, T* tile)
    {
        for (int k = 0; k < Length; k++)
            tile[k * lanes] = element[k];
    }

    /// <summary>How far from the first number the element of a position in the batch is.</summary>
    public nint OffsetOf(int position) => Base + ((Index == 0 ? position : ((int*)Index)[position]) * Stride);

    private T* Element(int position) => (T*)Data + OffsetOf(position);
}

/// <summary>Where output columns go: rows of numbers.</summary>
/// <param name="Data">The first number; null to drop the columns.</param>
/// <param name="Length">How many columns.</param>
/// <param name="Stride">How far apart the elements are.</param>
internal readonly unsafe record struct ColumnSink<T>(nint Data, int Length, nint Stride)
    where T : unmanaged
{
    /// <summary>Writes the valid lanes of a block.</summary>
    /// <param name="tile">The first column.</param>
    /// <param name="lanes">How long columns are.</param>
    /// <param name="start">The element of the first lane.</param>
    /// <param name="valid">How many lanes have an element.</param>
    public void Scatter(T* tile, int lanes, nint start, int valid)
    {
        if (Data == 0)
            return;
        T* target = (T*)Data + (start * Stride);
        int lane = 0;
        if (Transposition.IsFast<T>())
        {
            if (Length >= 4)
                for (; lane <= valid - 4; lane += 4)
                    ScatterFour(tile + lane, lanes, target + (lane * Stride));
            else if (Length == 2 && typeof(T) == typeof(double))
                for (; lane <= valid - 2; lane += 2)
                    ScatterTwo((double*)(tile + lane), lanes, (double*)(target + (lane * Stride)));
        }

        for (; lane < valid; lane++)
            for (int k = 0; k < Length; k++)
                target[(lane * Stride) + k] = tile[(k * lanes) + lane];
    }

    private void ScatterFour(T* tile, int lanes, T* target)
    {
        int k = 0;
        for (; k <= Length - 4; k += 4)
            Four(tile + (k * lanes), lanes, target + k);
        if (k < Length)
            Four(tile + ((Length - 4) * lanes), lanes, target + (Length - 4));
    }

    private void ScatterTwo(double* tile, int lanes, double* target) =>
        Transposition.TwoByTwo(tile, tile + lanes, target, target + Stride);

    private void Four(T* tile, int lanes, T* target) =>
        Transposition.FourByFour(tile, tile + lanes, tile + (2 * lanes), tile + (3 * lanes), target, Stride);
}
