namespace TheseusSharp.Linear;

/// <summary>
/// One number of each of a few matrices, side by side in a vector register. Every lane sees the same operations in the
/// same order whatever the implementation, so that all of them give the same bits; no lane sees another.
/// </summary>
internal unsafe interface ILanes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>How many lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Whether the machine has 32 registers of this width, not 16: how large a tile may be.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract T Load(double* source);

    static abstract void Store(double* target, T lanes);

    static abstract T Add(T left, T right);

    static abstract T Multiply(T left, T right);

    /// <summary>sum − left · right, rounded once.</summary>
    static abstract T SubtractProduct(T sum, T left, T right);

    static abstract T Reciprocal(T lanes);

    static abstract T SquareRoot(T lanes);

    /// <summary>
    /// In lanes that hold a negative number, and whose pivot is not finite, not positive, or not above rounding error
    /// (<see cref="FactorizationResult.PivotTolerance"/>): the row. In others, what they hold.
    /// </summary>
    /// <param name="failed">What the lanes hold.</param>
    /// <param name="pivot">The pivots.</param>
    /// <param name="entry">What was there before elimination.</param>
    /// <param name="row">The row.</param>
    static abstract T Judge(T failed, T pivot, T entry, double row);
}
