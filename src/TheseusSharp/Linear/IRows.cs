namespace TheseusSharp.Linear;

/// <summary>
/// A few consecutive rows of one matrix column, held in vector registers. The dense kernels are written once over this
/// interface; the implementations choose how many rows, in registers of which width. Every element sees the same
/// operations in the same order whatever the implementation, so that all of them give the same bits.
/// </summary>
internal unsafe interface IRows<T>
    where T : unmanaged, IRows<T>
{
    /// <summary>How many rows.</summary>
    static abstract int Count { get; }

    static abstract T Load(double* source);

    static abstract void Store(double* target, T rows);

    /// <summary>rows · scale + sum, rounded once.</summary>
    static abstract T MultiplyAdd(T rows, double scale, T sum);

    static abstract T Subtract(T left, T right);

    static abstract T Multiply(T rows, double scale);
}

/// <summary>8 rows: the shortest tile, which all padded lengths are multiples of.</summary>
internal interface IEightRows<T> : IRows<T>
    where T : unmanaged, IEightRows<T>
{
    /// <summary>left · right + sum, row by row, rounded once.</summary>
    static abstract T MultiplyAdd(T left, T right, T sum);

    /// <summary>The sum of the rows: halves are added until one is left.</summary>
    static abstract double Sum(T rows);
}
