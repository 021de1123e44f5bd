using TheseusSharp.Kernels;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>Where the values of a parameter come from.</summary>
internal sealed unsafe class VariableColumn
{
    private readonly int _table;
    private readonly int _slot;
    private readonly int _length;
    private readonly bool _isShared;
    private readonly Pinned<int> _rows;

    public VariableColumn(Problem problem, GroupParameter parameter)
        : this(
            parameter.Table, parameter.Slot, parameter.Kind.StorageLength,
            Array.ConvertAll(parameter.Numbers, number => problem.Places[number].Row))
    {
    }

    private VariableColumn(int table, int slot, int length, int[] rows)
    {
        (_table, _slot, _length) = (table, slot, length);
        _rows = new(rows.Length);
        rows.CopyTo(_rows.Span);
        _isShared = rows.Length > 0 && !rows.AsSpan().ContainsAnyExcept(rows[0]);
    }

    /// <summary>The same for some cost functions only.</summary>
    public VariableColumn Select(int[] costs) =>
        new(_table, _slot, _length, Array.ConvertAll(costs, cost => _rows.Span[cost]));

    /// <summary>The numbers of one block of cost functions' variables.</summary>
    public void Gather(SolverState state, int start, int valid, int lanes, double* gathered, bool isFirst)
    {
        if (_isShared && !isFirst)
            return;
        new ColumnSource<double>((nint)state[_table].Pointer, _length, (nint)_rows.Pointer, _length)
            .Gather(start, valid, lanes, gathered + (_slot * lanes));
    }

    /// <summary>The numbers of one cost function's variable, in all lanes of a state.</summary>
    public void CopyAcross(SolverState state, int cost, int lanes, double* gathered)
    {
        if (_isShared && cost > 0)
            return;
        int length = _length * lanes;
        new ReadOnlySpan<double>(state[_table].Pointer + ((nint)_rows.Pointer[cost] * length), length)
            .CopyTo(new(gathered + (_slot * lanes), length));
    }
}
