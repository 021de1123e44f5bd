using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Oracles;

/// <summary>
/// What a <see cref="TreeWalk"/> reads: one element of a batch, in the slots that its trace gave to the arguments.
/// </summary>
internal sealed class WalkInputs<T>
    where T : struct, IScalar<T>
{
    private WalkInputs(int slots, int columns)
    {
        Slots = new T[slots];
        Columns = new T[columns][];
    }

    /// <summary>The scalar inputs.</summary>
    public T[] Slots { get; }

    /// <summary>The columns of the row arrays, each as long as there are rows.</summary>
    public T[][] Columns { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; private set; }

    /// <summary>The tables by slot.</summary>
    public Dictionary<int, WalkTable<T>> Tables { get; } = [];

    /// <summary>Places one element.</summary>
    /// <param name="trace">The trace that gave the slots.</param>
    /// <param name="arguments">For each parameter its numbers: storage, rows one after another, table.</param>
    /// <param name="cotangents">Weights of the result, as a gradient program takes them.</param>
    public static WalkInputs<T> Of(FunctionTrace trace, T[][] arguments, params T[] cotangents)
    {
        bool byRow = trace.ResultKind is RowsKind;
        int weights = trace.ResultKind.TangentLength;
        var inputs = new WalkInputs<T>(trace.InputSlots + weights, trace.RowColumns + weights);
        foreach (Parameter parameter in trace.Parameters)
            inputs.Place(parameter, arguments[parameter.Index]);
        if (cotangents.Length > 0 && byRow)
            inputs.PlaceRows(cotangents, trace.RowColumns, weights);
        else if (cotangents.Length > 0)
            cotangents.CopyTo(inputs.Slots, trace.InputSlots);
        return inputs;
    }

    /// <summary>Plain scalar inputs, of a graph that no trace made.</summary>
    public static WalkInputs<T> Of(params T[] slots)
    {
        var inputs = new WalkInputs<T>(slots.Length, 0);
        slots.CopyTo(inputs.Slots, 0);
        return inputs;
    }

    private void Place(Parameter parameter, T[] argument)
    {
        if (parameter.Kind is TableKind table)
            Tables.Add(parameter.Slot, new(table.Shape, argument));
        else if (parameter.IsRows)
            PlaceRows(argument, parameter.Slot, parameter.Length);
        else
            argument.CopyTo(Slots, parameter.Slot);
    }

    private void PlaceRows(T[] data, int first, int columns)
    {
        Rows = data.Length / columns;
        for (int k = 0; k < columns; k++)
            Columns[first + k] = [.. Enumerable.Range(0, Rows).Select(row => data[(row * columns) + k])];
    }
}

/// <summary>
/// Multilinear interpolation by its definition: along one coordinate after the other, looking for the cell by comparing
/// with every grid line.
/// </summary>
internal sealed class WalkTable<T>(int[] shape, T[] entries)
    where T : struct, IScalar<T>
{
    /// <summary>The interpolant, or its derivative by the coordinates whose bit is set.</summary>
    public T Read(ReadOnlySpan<T> position, int derivative) => Read(position, derivative, 0, 0);

    /// <summary>The slice that an offset tells, interpolated along the coordinates from one on.</summary>
    private T Read(ReadOnlySpan<T> position, int derivative, int coordinate, int offset)
    {
        if (coordinate == shape.Length)
            return entries[offset];

        int size = shape[coordinate];
        T x = position[coordinate];
        bool differentiated = (derivative & (1 << coordinate)) != 0;
        var slices = new T[size];
        for (int k = 0; k < size; k++)
            slices[k] = Read(position, derivative, coordinate + 1, (offset * size) + k);
        T inside = Between(slices, x, differentiated);
        T below = differentiated ? 0 : slices[0];
        T above = differentiated ? 0 : slices[^1];
        T clamped = T.Where(x < 0, below, T.Where(x > size - 1, above, inside));
        return T.Where(T.EqualTo(x, x), clamped, x);
    }

    /// <summary>A grid line belongs to the cell above it; the last one to the cell below.</summary>
    private static T Between(T[] slices, T x, bool differentiated)
    {
        T result = 0;
        for (int cell = 0; cell < slices.Length - 1; cell++)
        {
            T slope = slices[cell + 1] - slices[cell];
            T here = differentiated ? slope : slices[cell] + ((x - cell) * slope);
            result = T.Where(x >= cell, here, result);
        }

        return result;
    }
}
