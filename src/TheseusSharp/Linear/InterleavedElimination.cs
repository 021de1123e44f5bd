using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>Eliminates block columns: cuts their blocks into tiles.</summary>
internal unsafe ref struct InterleavedElimination<TLanes, T>
    where TLanes : unmanaged, ILanes<TLanes, T>
    where T : unmanaged
{
    private readonly InterleavedMemory<T> _memory;
    private readonly InterleavedColumn* _allColumns;
    private readonly InterleavedProduct* _products;
    private readonly int _tileRows;

    /// <summary>How many scalar columns the block column has, and how many each tile has, or fewer.</summary>
    private int _columns;
    private int _width;

    /// <summary>The block of the factor, and the diagonal block of its column.</summary>
    private T* _block;
    private T* _diagonal;

    /// <summary>What the matrix has of the block.</summary>
    private T* _source;
    private InterleavedTile<T> _tile;

    public InterleavedElimination(
        in InterleavedMemory<T> memory, InterleavedColumn* columns, InterleavedProduct* products, int tileRows)
    {
        _memory = memory;
        _allColumns = columns;
        _products = products;
        _tileRows = tileRows;
    }

    /// <summary>Computes a block of the factor.</summary>
    /// <param name="block">The block; all that it depends on is known.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Finish(InterleavedBlock* block)
    {
        ref readonly InterleavedColumn row = ref _allColumns[block->Row], column = ref _allColumns[block->Column];
        _columns = column.Size;
        _width = InterleavedCut.Piece(_columns, InterleavedCut.TileColumns);
        _tile.RightStride = Wide(_columns);
        _tile.LeftStride = Wide(row.Size);
        _tile.Products = _products + block->Products;
        _tile.ProductsEnd = _products + block[1].Products;
        _block = _memory.Factor + Wide(block->Target);
        _diagonal = _memory.Factor + Wide(column.Diagonal);
        FindSource(block->Source);
        if (block->Row == block->Column)
        {
            FactorDiagonal(column.Offset);
            return;
        }

        for (int first = 0; first < _columns; first += _width)
            SolveRows(0, row.Size, first);
    }

    private static nint Wide(int length) => (nint)length * TLanes.Count;

    private void FindSource(int source)
    {
        if (source == InterleavedBlock.None)
        {
            _source = _memory.Zeros;
            (_tile.SourceRow, _tile.SourceColumn) = (0, 0);
        }
        else if (source >= 0)
        {
            _source = _memory.Values + Wide(source);
            (_tile.SourceRow, _tile.SourceColumn) = (TLanes.Count, _tile.LeftStride);
        }
        else
        {
            _source = _memory.Values + Wide(~source);
            (_tile.SourceRow, _tile.SourceColumn) = (_tile.RightStride, TLanes.Count);
        }
    }

    /// <summary>Sets the tile up for the rows and columns of the block from these on.</summary>
    private void Place(int row, int column)
    {
        _tile.Left = _memory.Factor + Wide(row);
        _tile.Right = _memory.Factor + Wide(column);
        _tile.OwnLeft = _block + Wide(row);
        _tile.OwnRight = _diagonal + Wide(column);
        _tile.OwnDepth = column;
        _tile.Target = _tile.OwnLeft + (column * _tile.LeftStride);
        _tile.Triangle = _tile.OwnRight + (column * _tile.RightStride);
        _tile.Source = _source + (row * _tile.SourceRow) + (column * _tile.SourceColumn);
    }

    /// <summary>Pivots, and what is below them in the block.</summary>
    /// <param name="offset">The first row in the order of the matrix.</param>
    private void FactorDiagonal(int offset)
    {
        bool isDamped = _memory.Damping != null;
        nint stride = isDamped ? TLanes.Count : 0;
        T* damping = isDamped ? _memory.Damping + Wide(offset) : _memory.Zeros;
        for (int first = 0; first < _columns; first += _width)
        {
            int width = Math.Min(_width, _columns - first);
            Place(first, first);
            FactorPivots(width, damping + (first * stride), stride, offset + first);
            SolveRows(first + width, _columns, first);
        }
    }

    private readonly void FactorPivots(int width, T* damping, nint stride, int row)
    {
        switch (width)
        {
            case 1: InterleavedPivot<TLanes, T, One>.Factor(in _tile, damping, stride, row, _memory.Failed); break;
            case 2: InterleavedPivot<TLanes, T, Two>.Factor(in _tile, damping, stride, row, _memory.Failed); break;
            default: InterleavedPivot<TLanes, T, Three>.Factor(in _tile, damping, stride, row, _memory.Failed); break;
        }
    }

    /// <summary>Tiles of some rows of the block, below known pivots.</summary>
    private void SolveRows(int row, int end, int column)
    {
        int width = Math.Min(_width, _columns - column);
        if (row == end)
            return;
        int piece = InterleavedCut.Piece(end - row, _tileRows);
        for (; row < end; row += piece)
        {
            Place(row, column);
            Solve(Math.Min(piece, end - row), width);
        }
    }

    private readonly void Solve(int height, int width)
    {
        switch (width)
        {
            case 1: Solve<One>(height); break;
            case 2: Solve<Two>(height); break;
            default: Solve<Three>(height); break;
        }
    }

    private readonly void Solve<TWidth>(int height)
        where TWidth : struct, ILength
    {
        switch (height)
        {
            case 1: InterleavedTile<TLanes, T, One, TWidth>.Solve(in _tile); break;
            case 2: InterleavedTile<TLanes, T, Two, TWidth>.Solve(in _tile); break;
            case 3: InterleavedTile<TLanes, T, Three, TWidth>.Solve(in _tile); break;
            case 4: InterleavedTile<TLanes, T, Four, TWidth>.Solve(in _tile); break;
            case 5: InterleavedTile<TLanes, T, Five, TWidth>.Solve(in _tile); break;
            default: InterleavedTile<TLanes, T, Six, TWidth>.Solve(in _tile); break;
        }
    }
}
