namespace TheseusSharp.Modelling;

/// <summary>The numbers of all variables of one kind, all shared by the batch or none.</summary>
internal sealed class ValueTable(int length, int width)
{
    /// <summary>A batch at least this large is padded to a multiple of it: blocks of lanes start aligned.</summary>
    private const int Lanes = 8;

    private readonly int _pitch = width < Lanes ? width : (width + Lanes - 1) / Lanes * Lanes;
    private double[] _numbers = [];
    private List<int> _free = [];
    private int _rows;

    /// <summary>How many elements each variable has.</summary>
    public int Width => width;

    /// <summary>A row without numbers: elements that are never set stay NaN, which a solve reports.</summary>
    public int AddRow()
    {
        int row = _rows;
        if (_free.Count > 0)
        {
            row = _free[^1];
            _free.RemoveAt(_free.Count - 1);
        }
        else
        {
            if ((long)(_rows + 1) * length * _pitch > _numbers.Length)
                Array.Resize(ref _numbers, checked(Math.Max(4, 2 * _rows) * length * _pitch));
            _rows++;
        }

        _numbers.AsSpan(row * length * _pitch, length * _pitch).Fill(double.NaN);
        return row;
    }

    /// <summary>Gives a row back, to be used for another variable.</summary>
    public void RemoveRow(int row) => _free.Add(row);

    public void Write(int row, int element, ReadOnlySpan<double> storage)
    {
        int start = (row * length * _pitch) + element;
        for (int k = 0; k < storage.Length; k++)
            _numbers[start + (k * _pitch)] = storage[k];
    }

    public void Read(int row, int element, Span<double> storage)
    {
        int start = (row * length * _pitch) + element;
        for (int k = 0; k < storage.Length; k++)
            storage[k] = _numbers[start + (k * _pitch)];
    }

    public ValueTable Clone() =>
        new(length, width) { _numbers = (double[])_numbers.Clone(), _free = [.. _free], _rows = _rows };
}
