using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <summary>One call of a staged kernel: its memory, and what happens between kernels.</summary>
internal sealed unsafe class StagedRun<T>
    where T : unmanaged
{
    private readonly StagedKernel<T> _kernel;
    private readonly BoundArguments<T> _arguments;
    private readonly ColumnSource<T>? _cotangents;
    private readonly ColumnSink<T>[] _items;
    private readonly ColumnSink<T>[] _rows;
    private readonly nint[] _tables;
    private readonly StagedMemory<T> _memory;
    private int _start;
    private int _valid;

    public StagedRun(
        StagedKernel<T> kernel, BoundArguments<T> arguments, ColumnSource<T>? cotangents, ColumnSink<T>[] items,
        ColumnSink<T>[] rows, nint[] tables, StagedMemory<T> memory)
    {
        _kernel = kernel;
        _arguments = arguments;
        _cotangents = cotangents;
        _items = items;
        _rows = rows;
        _tables = tables;
        _memory = memory;
        memory.Reserve(arguments.Rows);
    }

    private int Lanes => _kernel.Lanes;

    private Workspace<T> Items => _memory.Items;

    private Workspace<T> RowSpace => _memory.Rows;

    private bool RowsAreWeighted => _kernel.Trace.ResultKind is RowsKind;

    /// <summary>Gathers what some elements share with all their rows.</summary>
    public void Begin(int start, int valid)
    {
        _start = start;
        _valid = valid;
        foreach (Parameter parameter in _kernel.Parameters)
            if (!parameter.IsRows && !parameter.IsTable)
                _arguments.Sources[parameter.Index].Gather(
                    start, valid, Lanes, Items.Gathered + (parameter.Slot * Lanes));
        if (_cotangents is { } weights && !RowsAreWeighted)
            weights.Gather(start, valid, Lanes, Items.Gathered + (_kernel.Trace.InputSlots * Lanes));
    }

    /// <summary>A stage over elements.</summary>
    public void OverItems(CompiledProgram<T> program, Stage stage)
    {
        program.Run(Items.Gathered, null, Items.Outputs, Items.Scratch);
        foreach (StageOutput output in stage.Outputs)
        {
            T* columns = Items.Outputs + (output.Column * Lanes);
            if (output.Kind == StageOutputKind.Result)
                Scatter(_items, output.Target, columns, _start, _valid);
            else if (output.Kind == StageOutputKind.Lookup)
                LookupItems(output, columns);
            else
                for (int lane = 0; lane < _valid; lane++)
                    AccumulateTable(output, columns + lane, _start + lane);
        }
    }

    /// <summary>A stage over the rows of one element.</summary>
    public void OverRows(CompiledProgram<T> program, Stage stage)
    {
        SpreadItemColumns();
        Array.Clear(_memory.Sums);
        for (int row = 0; row < _arguments.Rows; row += Lanes)
        {
            int valid = Math.Min(Lanes, _arguments.Rows - row);
            GatherRows(row, valid);
            program.Run(RowSpace.Gathered, null, RowSpace.Outputs, RowSpace.Scratch);
            foreach (StageOutput output in stage.Outputs)
                TakeRows(output, RowSpace.Outputs + (output.Column * Lanes), row, valid);
        }

        foreach (StageOutput output in stage.Outputs)
            if (output.Kind == StageOutputKind.Sum)
                new Span<T>(ItemExchange(output.Target), Lanes).Fill(Numbers.From<T>(_memory.Sums[output.Target]));
    }

    /// <summary>Keeps the memory alive to here.</summary>
    public void End()
    {
        Items.KeepAlive();
        RowSpace.KeepAlive();
    }

    private T* ItemExchange(int column) => Items.Gathered + ((_kernel.FirstItemExchange + column) * Lanes);

    /// <summary>Lanes beyond the valid ones repeat the last, as everything gathered does.</summary>
    private void LookupItems(StageOutput output, T* position)
    {
        var column = new Span<T>(ItemExchange(output.Target), Lanes);
        for (int lane = 0; lane < _valid; lane++)
            column[lane] = Lookup(output, position + lane, _start + lane);
        column[_valid..].Fill(column[_valid - 1]);
    }

    private void SpreadItemColumns()
    {
        T* shared = RowSpace.Gathered + (_kernel.RowColumns * Lanes);
        for (int column = 0; column < _kernel.ItemColumns; column++)
            new Span<T>(shared + (column * Lanes), Lanes).Fill(Items.Gathered[column * Lanes]);
    }

    private void GatherRows(int row, int valid)
    {
        foreach (Parameter parameter in _kernel.Parameters)
            if (parameter.IsRows)
                GatherRows(_arguments.Sources[parameter.Index], row, valid, parameter.Slot);
        if (_cotangents is { } weights && RowsAreWeighted)
            GatherRows(weights, row, valid, _kernel.Trace.RowColumns);
        for (int k = 0; k < _memory.RowExchange.Length; k++)
        {
            T* column = RowSpace.Gathered + ((_kernel.FirstRowExchange + k) * Lanes);
            _memory.RowExchange[k].AsSpan(row, valid).CopyTo(new(column, valid));
        }
    }

    private void GatherRows(ColumnSource<T> source, int row, int valid, int column)
    {
        nint first = source.Data + (_start * source.Stride * sizeof(T));
        var rows = new ColumnSource<T>(first, source.Length, 0, source.Length);
        rows.Gather(row, valid, Lanes, RowSpace.Gathered + (column * Lanes));
    }

    private void TakeRows(StageOutput output, T* columns, int row, int valid)
    {
        switch (output.Kind)
        {
            case StageOutputKind.Result:
                Scatter(_rows, output.Target, columns, ((nint)_start * _arguments.Rows) + row, valid);
                break;
            case StageOutputKind.Sum:
                for (int lane = 0; lane < valid; lane++)
                    _memory.Sums[output.Target] += Numbers.ToDouble(columns[lane]);
                break;
            case StageOutputKind.Lookup:
                for (int lane = 0; lane < valid; lane++)
                    _memory.RowExchange[output.Target][row + lane] = Lookup(output, columns + lane, _start);
                break;
            default:
                for (int lane = 0; lane < valid; lane++)
                    AccumulateTable(output, columns + lane, _start);
                break;
        }
    }

    private static void Scatter(ColumnSink<T>[] sinks, int column, T* values, nint start, int valid)
    {
        foreach (ColumnSink<T> sink in sinks)
        {
            if (column >= sink.Length)
            {
                column -= sink.Length;
                continue;
            }

            for (int lane = 0; sink.Data != 0 && lane < valid; lane++)
                ((T*)sink.Data)[((start + lane) * sink.Stride) + column] = values[lane];
            return;
        }
    }

    private T Lookup(StageOutput output, T* position, int element)
    {
        Parameter parameter = _kernel.TableAt(output.Key.Table);
        int[] shape = ((TableKind)parameter.Kind).Shape;
        ColumnSource<T> source = _arguments.Sources[parameter.Index];
        T* table = (T*)source.Data + source.OffsetOf(element);
        Span<double> coordinates = Position(position, shape.Length, stackalloc double[3]);
        return Numbers.From<T>(GridInterpolation.Evaluate(table, shape, coordinates, output.Key.Derivative));
    }

    private void AccumulateTable(StageOutput output, T* columns, int element)
    {
        Parameter parameter = _kernel.TableAt(output.Key.Table);
        if (_tables[parameter.Index] == 0)
            return;
        int[] shape = ((TableKind)parameter.Kind).Shape;
        T* table = (T*)_tables[parameter.Index] + _arguments.Sources[parameter.Index].OffsetOf(element);
        double cotangent = Numbers.ToDouble(columns[shape.Length * Lanes]);
        Span<double> coordinates = Position(columns, shape.Length, stackalloc double[3]);
        GridInterpolation.Accumulate(table, shape, coordinates, output.Key.Derivative, cotangent);
    }

    private Span<double> Position(T* columns, int dimensions, Span<double> position)
    {
        for (int k = 0; k < dimensions; k++)
            position[k] = Numbers.ToDouble(columns[k * Lanes]);
        return position[..dimensions];
    }
}
