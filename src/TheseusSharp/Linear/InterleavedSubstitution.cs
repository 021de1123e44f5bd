namespace TheseusSharp.Linear;

/// <summary>Solves with rows of the factor: cuts them into what fits the kernels.</summary>
internal unsafe ref struct InterleavedSubstitution<TLanes, T>
    where TLanes : unmanaged, ILanes<TLanes, T>
    where T : unmanaged
{
    private readonly T* _factor;
    private readonly InterleavedRun* _runs;

    /// <summary>The right-hand side, or the solution, in the order of the matrix.</summary>
    private readonly T* _outside;
    private InterleavedRows<T> _rows;

    /// <summary>Begins a solve.</summary>
    /// <param name="factor">The factors.</param>
    /// <param name="runs">The columns of the rows.</param>
    /// <param name="y">A vector in the order of elimination.</param>
    /// <param name="outside">The right-hand side, or the solution, in the order of the matrix.</param>
    public InterleavedSubstitution(T* factor, InterleavedRun* runs, T* y, T* outside)
    {
        _factor = factor;
        _runs = runs;
        _outside = outside;
        _rows.Vector = y;
    }

    /// <summary>One row of y ← L⁻¹·right, after those above it.</summary>
    /// <param name="row">The row, followed by the next one.</param>
    public void Forward(InterleavedColumn* row)
    {
        Enter(row);
        int height = InterleavedCut.Piece(row->Size, InterleavedCut.SolveRows);
        for (int above = 0; above < row->Size; above += height)
        {
            Place(row, above);
            Forward(Math.Min(height, row->Size - above));
        }
    }

    /// <summary>One row of solution ← L⁻ᵀ·y, after those below it.</summary>
    /// <param name="row">The row, followed by the next one.</param>
    public void Backward(InterleavedColumn* row)
    {
        Enter(row);
        int height = InterleavedCut.Piece(row->Size, InterleavedCut.SolveRows);
        for (int above = (row->Size - 1) / height * height; above >= 0; above -= height)
        {
            Place(row, above);
            Backward(Math.Min(height, row->Size - above));
        }
    }

    private static nint Wide(int length) => (nint)length * TLanes.Count;

    private void Enter(InterleavedColumn* row)
    {
        _rows.Runs = _runs + row->Runs;
        _rows.RunsEnd = _runs + row[1].Runs;
        _rows.Stride = Wide(row->Size);
        _rows.Own = _rows.Vector + Wide(row->Position);
    }

    private void Place(InterleavedColumn* row, int above)
    {
        _rows.Above = above;
        _rows.Factor = _factor + Wide(row->Start + above);
        _rows.Triangle = _factor + Wide(row->Diagonal + ((row->Size + 1) * above));
        _rows.Outside = _outside + Wide(row->Offset + above);
    }

    private readonly void Forward(int height)
    {
        switch (height)
        {
            case 1: InterleavedRows<TLanes, T, One>.Forward(in _rows); break;
            case 2: InterleavedRows<TLanes, T, Two>.Forward(in _rows); break;
            case 3: InterleavedRows<TLanes, T, Three>.Forward(in _rows); break;
            case 4: InterleavedRows<TLanes, T, Four>.Forward(in _rows); break;
            case 5: InterleavedRows<TLanes, T, Five>.Forward(in _rows); break;
            default: InterleavedRows<TLanes, T, Six>.Forward(in _rows); break;
        }
    }

    private readonly void Backward(int height)
    {
        switch (height)
        {
            case 1: InterleavedRows<TLanes, T, One>.Backward(in _rows); break;
            case 2: InterleavedRows<TLanes, T, Two>.Backward(in _rows); break;
            case 3: InterleavedRows<TLanes, T, Three>.Backward(in _rows); break;
            case 4: InterleavedRows<TLanes, T, Four>.Backward(in _rows); break;
            case 5: InterleavedRows<TLanes, T, Five>.Backward(in _rows); break;
            default: InterleavedRows<TLanes, T, Six>.Backward(in _rows); break;
        }
    }
}
