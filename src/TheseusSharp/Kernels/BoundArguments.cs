using System.Buffers;

namespace TheseusSharp.Kernels;

/// <summary>The arguments of one call: checked, pinned, and as column sources.</summary>
internal sealed unsafe class BoundArguments<T> : IDisposable
    where T : unmanaged
{
    private readonly List<MemoryHandle> _pins = [];

    /// <summary>A source for each parameter.</summary>
    public ColumnSource<T>[] Sources { get; private init; } = [];

    /// <summary>How many elements the batch has.</summary>
    public int Count { get; private set; } = -1;

    /// <summary>How many rows the row arrays have; −1 if there are none.</summary>
    public int Rows { get; private set; } = -1;

    /// <summary>The tiled columns, if any.</summary>
    public TiledArguments<T>? Tile { get; private set; }

    /// <summary>Checks and pins.</summary>
    /// <exception cref="ArgumentException">A count does not fit; the message names the argument.</exception>
    public static BoundArguments<T> Bind(IReadOnlyList<Parameter> parameters, ReadOnlySpan<Argument<T>> arguments)
    {
        if (arguments.Length != parameters.Count)
            throw new ArgumentException(
                $"The function has {parameters.Count} parameters; {arguments.Length} arguments were given.");
        var bound = new BoundArguments<T> { Sources = new ColumnSource<T>[parameters.Count] };
        try
        {
            bound.SettleRows(parameters, arguments);
            for (int k = 0; k < arguments.Length; k++)
                bound.Sources[k] = arguments[k].Tile is { } tile
                    ? bound.Tiled(tile, k)
                    : bound.Bind(parameters[k], arguments[k]);
            if (bound.Count < 0)
                bound.Count = 1;
            return bound;
        }
        catch
        {
            bound.Dispose();
            throw;
        }
    }

    /// <summary>Pins numbers that are one element each.</summary>
    public nint Pin(ReadOnlyMemory<T> memory)
    {
        MemoryHandle handle = memory.Pin();
        _pins.Add(handle);
        return (nint)handle.Pointer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MemoryHandle pin in _pins)
            pin.Dispose();
    }

    /// <summary>The first row array tells the number of rows; the others must agree.</summary>
    private void SettleRows(IReadOnlyList<Parameter> parameters, ReadOnlySpan<Argument<T>> arguments)
    {
        for (int k = 0; k < arguments.Length; k++)
        {
            if (!parameters[k].IsRows)
                continue;
            if (arguments[k].Stride != 0 || arguments[k].Index is not null)
                throw new ArgumentException(
                    $"Argument {k}: the rows of {parameters[k].Kind} come one after another, without index or stride.");
            int each = arguments[k].RowsPerElement, total = arguments[k].Data.Length / parameters[k].Length;
            int rows = each > 0 ? each : total;
            bool isWhole = (long)total * parameters[k].Length == arguments[k].Data.Length && (rows == 0 || total % rows == 0);
            if (!isWhole || (Rows >= 0 && rows != Rows))
                throw new ArgumentException(
                    $"Argument {k}: expected {parameters[k].Kind} with {(Rows < 0 ? "some" : Rows)} rows" +
                    $"{(each > 0 ? " for each element" : string.Empty)}; found {arguments[k].Data.Length} numbers.");
            if (each > 0)
                Settle(total / each, k);
            Rows = rows;
        }
    }

    private ColumnSource<T> Tiled(TiledArguments<T> tile, int argument)
    {
        if (Tile is not null && !ReferenceEquals(Tile, tile))
            throw new ArgumentException(
                $"Argument {argument}: all tiled arguments of a call come from one TiledArguments.");
        Tile = tile;
        Settle(tile.Count, argument);
        return default;
    }

    private ColumnSource<T> Bind(Parameter parameter, Argument<T> argument)
    {
        if (parameter.IsRows)
        {
            nint stridePerElement = argument.RowsPerElement > 0 ? (nint)Rows * parameter.Length : 0;
            return new(Pin(argument.Data), stridePerElement, 0, parameter.Length);
        }

        int stride = argument.Stride == 0 ? parameter.Length : argument.Stride;
        int elements = (argument.Data.Length + stride - parameter.Length) / stride;
        CheckShape(parameter, argument, stride, elements);
        nint data = Pin(argument.Data);
        if (argument.Index is { } index)
        {
            CheckIndex(index.Span, elements, parameter.Index);
            if (index.Length == 1)
                return new(data, 0, 0, parameter.Length, (nint)index.Span[0] * stride);
            Settle(index.Length, parameter.Index);
            MemoryHandle pin = index.Pin();
            _pins.Add(pin);
            return new(data, stride, (nint)pin.Pointer, parameter.Length);
        }

        if (elements == 1)
            return new(data, 0, 0, parameter.Length);
        Settle(elements, parameter.Index);
        return new(data, stride, 0, parameter.Length);
    }

    private static void CheckShape(Parameter parameter, Argument<T> argument, int stride, int elements)
    {
        bool dense = argument.Stride == 0;
        if (stride < parameter.Length || (dense && elements * parameter.Length != argument.Data.Length))
            throw new ArgumentException(
                $"Argument {parameter.Index}: expected elements of {parameter.Length} numbers ({parameter.Kind}), " +
                $"found {argument.Data.Length} numbers at stride {stride}.");
    }

    private static void CheckIndex(ReadOnlySpan<int> index, int elements, int argument)
    {
        for (int k = 0; k < index.Length; k++)
            if ((uint)index[k] >= (uint)elements)
                throw new ArgumentException(
                    $"Argument {argument}: index {k} is {index[k]}, but there are {elements} elements.");
    }

    private void Settle(int count, int argument)
    {
        if (Count < 0 || Count == 1)
            Count = count;
        else if (count != Count && count != 1)
            throw new ArgumentException(
                $"Argument {argument} has {count} elements; the batch has {Count}. " +
                "Give one element, or as many as the batch.");
    }
}
