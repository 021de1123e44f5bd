namespace TheseusSharp.Linear;

/// <summary>
/// One number of each of a few matrices, side by side in a vector register. Every lane sees the same operations in the
/// same order whatever the implementation, so that all of them give the same bits; no lane sees another.
/// </summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
/// <typeparam name="T">The number: double or float.</typeparam>
internal unsafe interface ILanes<TSelf, T>
    where TSelf : unmanaged, ILanes<TSelf, T>
    where T : unmanaged
{
    /// <summary>How many lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Whether the machine has 32 registers of this width, not 16: how large a tile may be.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TSelf Load(T* source);

    static abstract void Store(T* target, TSelf lanes);

    static abstract TSelf Add(TSelf left, TSelf right);

    static abstract TSelf Multiply(TSelf left, TSelf right);

    /// <summary>sum − left · right, rounded once.</summary>
    static abstract TSelf SubtractProduct(TSelf sum, TSelf left, TSelf right);

    static abstract TSelf Reciprocal(TSelf lanes);

    static abstract TSelf SquareRoot(TSelf lanes);

    /// <summary>
    /// In lanes that hold a negative number, and whose pivot is not finite, not positive, or not above rounding error
    /// (<see cref="FactorizationResult.PivotTolerance"/>, <see cref="RefinementLimits.PivotTolerance"/>): the row. In
    /// others, what they hold.
    /// </summary>
    /// <param name="failed">What the lanes hold.</param>
    /// <param name="pivot">The pivots.</param>
    /// <param name="entry">What was there before elimination.</param>
    /// <param name="row">The row.</param>
    static abstract TSelf Judge(TSelf failed, TSelf pivot, TSelf entry, int row);
}
