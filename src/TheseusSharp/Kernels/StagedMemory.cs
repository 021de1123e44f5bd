namespace TheseusSharp.Kernels;

/// <summary>The numbers that one call of a staged kernel works on; kept for the next call.</summary>
internal sealed class StagedMemory<T>
    where T : unmanaged
{
    private readonly T[][] _rowExchange;

    public StagedMemory(StagedKernel<T> kernel)
    {
        int outputs = kernel.MaxOutputColumns, scratch = kernel.MaxScratchColumns;
        Items = new(kernel.Lanes, kernel.ItemColumns, outputs, scratch);
        Rows = new(kernel.Lanes, kernel.RowColumns + kernel.ItemColumns, outputs, scratch);
        Sums = new double[kernel.Plan.ItemExchange.Count];
        _rowExchange = new T[kernel.Plan.RowExchange.Count][];
        Array.Fill(_rowExchange, []);
    }

    public Workspace<T> Items { get; }

    public Workspace<T> Rows { get; }

    /// <summary>The sums over rows, as they grow.</summary>
    public double[] Sums { get; }

    /// <summary>What each row read from tables.</summary>
    public ReadOnlySpan<T[]> RowExchange => _rowExchange;

    /// <summary>Makes room for some rows.</summary>
    public void Reserve(int rows)
    {
        for (int k = 0; k < _rowExchange.Length; k++)
            if (_rowExchange[k].Length < rows)
                _rowExchange[k] = new T[rows];
    }
}
