namespace TheseusSharp.Linear;

/// <summary>
/// A few consecutive rows of one matrix column, held in vector registers. The dense kernels are written once over this
/// interface; the implementations choose how many rows, in registers of which width. Every element sees the same
/// operations in the same order whatever the implementation, so that all of them give the same bits.
/// </summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
/// <typeparam name="T">The numbers: double or float.</typeparam>
internal unsafe interface IRows<TSelf, T>
    where TSelf : unmanaged, IRows<TSelf, T>
    where T : unmanaged
{
    /// <summary>How many rows.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(T* source);

    static abstract void Store(T* target, TSelf rows);

    /// <summary>rows · scale + sum, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf rows, T scale, TSelf sum);

    static abstract TSelf Subtract(TSelf left, TSelf right);

    static abstract TSelf Multiply(TSelf rows, T scale);
}

/// <summary>What may be the shortest tile: 8 rows, which all padded lengths are multiples of.</summary>
internal interface IShortRows<TSelf, T> : IRows<TSelf, T>
    where TSelf : unmanaged, IShortRows<TSelf, T>
    where T : unmanaged
{
    /// <summary>left · right + sum, row by row, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf sum);

    /// <summary>The sum of the rows: halves are added until one is left.</summary>
    static abstract T Sum(TSelf rows);
}
