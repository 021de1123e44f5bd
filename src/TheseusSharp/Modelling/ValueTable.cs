namespace TheseusSharp.Modelling;

/// <summary>The numbers of all variables of one kind, all shared by the batch or none.</summary>
internal sealed class ValueTable(int length, int width)
{
    /// <summary>A batch at least this large is padded to a multiple of it: blocks of lanes start aligned.</summary>
    private const int Lanes = 8;

    private readonly int _pitch = width < Lanes ? width : (width + Lanes - 1) / Lanes * Lanes;
    private double[] _numbers = [];
    private int _rows;

    /// <summary>How many elements each variable has.</summary>
    public int Width => width;

    public int AddRow()
    {
        if ((_rows + 1) * length * _pitch > _numbers.Length)
            Array.Resize(ref _numbers, Math.Max(4, 2 * _rows) * length * _pitch);
        return _rows++;
    }

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

    public ValueTable Clone()
    {
        return new(length, width) { _numbers = (double[])_numbers.Clone(), _rows = _rows };
    }
}
