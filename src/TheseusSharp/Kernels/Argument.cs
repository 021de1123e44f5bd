namespace TheseusSharp.Kernels;

/// <summary>
/// The numbers for one parameter of a function: elements one after another, each as many numbers as the parameter
/// stores. One element serves the whole batch. Arrays and memory convert implicitly; nothing is copied.
/// </summary>
/// <typeparam name="T">double or float.</typeparam>
public readonly struct Argument<T>
    where T : unmanaged
{
    private Argument(int rowsPerElement, ReadOnlyMemory<T> data)
    {
        RowsPerElement = rowsPerElement;
        Data = data;
    }

    private Argument(ReadOnlyMemory<T> data, int stride, ReadOnlyMemory<int>? index, TiledArguments<T>? tile)
    {
        Data = data;
        Stride = stride;
        Index = index;
        Tile = tile;
    }

    internal ReadOnlyMemory<T> Data { get; }

    /// <summary>How far apart elements are; 0 for "as long as the parameter".</summary>
    internal int Stride { get; }

    /// <summary>Which elements; null for all in order, which an index of none is not.</summary>
    internal ReadOnlyMemory<int>? Index { get; }

    internal TiledArguments<T>? Tile { get; }

    /// <summary>How many rows of a row array each element has; 0 if all share one.</summary>
    internal int RowsPerElement { get; }

    /// <summary>Elements one after another.</summary>
    public static implicit operator Argument<T>(T[] data) => new(data, 0, null, null);

    /// <summary>Elements one after another.</summary>
    public static implicit operator Argument<T>(ReadOnlyMemory<T> data) => new(data, 0, null, null);

    /// <summary>Elements one after another.</summary>
    public static implicit operator Argument<T>(Memory<T> data) => new(data, 0, null, null);

    /// <summary>Elements told by index, as a cost function names its variables.</summary>
    /// <param name="data">The elements.</param>
    /// <param name="index">For each element of the batch, which one it takes; checked against the data.</param>
    /// <param name="stride">How far apart elements are; 0 if they touch.</param>
    public static Argument<T> Gather(ReadOnlyMemory<T> data, ReadOnlyMemory<int> index, int stride = 0) =>
        new(data, stride, index, null);

    /// <summary>Elements with gaps between them.</summary>
    /// <param name="data">The elements.</param>
    /// <param name="stride">How far apart they are.</param>
    public static Argument<T> Strided(ReadOnlyMemory<T> data, int stride) => new(data, stride, null, null);

    /// <summary>A row array for each element; without this, one row array serves the batch.</summary>
    /// <param name="data">The rows of the first element, then those of the second, and so on.</param>
    /// <param name="rows">How many rows each element has, at least 1.</param>
    public static Argument<T> RowsOfEach(ReadOnlyMemory<T> data, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return new(rows, data);
    }

    /// <summary>From an array already in lane order.</summary>
    /// <param name="tile">The array that holds this parameter's columns.</param>
    public static Argument<T> Tiled(TiledArguments<T> tile)
    {
        ArgumentNullException.ThrowIfNull(tile);
        return new(default, 0, null, tile);
    }
}

/// <summary>
/// Arguments put into lane order once, for functions that are called again and again: nothing is left to gather.
/// </summary>
/// <typeparam name="T">double or float.</typeparam>
public sealed class TiledArguments<T>
    where T : unmanaged
{
    internal TiledArguments(int count, int columns, int lanes)
    {
        Count = count;
        Columns = columns;
        Lanes = lanes;
        Blocks = (count + lanes - 1) / lanes;
        Data = GC.AllocateUninitializedArray<T>(Math.Max(1, checked(Blocks * columns * lanes)), pinned: true);
    }

    /// <summary>How many elements there are.</summary>
    public int Count { get; }

    internal int Columns { get; }

    internal int Lanes { get; }

    internal int Blocks { get; }

    internal T[] Data { get; }
}
