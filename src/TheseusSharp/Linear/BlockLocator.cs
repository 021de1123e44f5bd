namespace TheseusSharp.Linear;

/// <summary>Finds blocks of a matrix in the panels of its factor.</summary>
internal sealed class BlockLocator
{
    private readonly SymbolicFactorization _symbolic;
    private readonly int[] _firstScalars;
    private readonly int[] _fronts;

    /// <summary>Prepares for a factorization.</summary>
    public BlockLocator(SymbolicFactorization symbolic)
    {
        _symbolic = symbolic;
        ReadOnlySpan<int> order = symbolic.Order, sizes = symbolic.Structure.Sizes;
        _firstScalars = new int[order.Length];
        _fronts = new int[order.Length];
        int scalar = 0, front = 0;
        Front[] fronts = symbolic.Tree.Fronts;
        foreach (int block in order)
        {
            while (scalar >= fronts[front].FirstPivot + fronts[front].Pivots)
                front++;
            _firstScalars[block] = scalar;
            _fronts[block] = front;
            scalar += sizes[block];
        }
    }

    /// <summary>Refuses a block row that is not there.</summary>
    public static void Require(int block, BlockStructure structure, string name)
    {
        if ((uint)block >= (uint)structure.Count)
            throw new ArgumentOutOfRangeException(
                name, block, $"There is no such block row: the structure has {structure.Count}.");
    }

    /// <summary>The number of the front that eliminates a block row.</summary>
    public int FrontOf(int block) => _fronts[block];

    /// <summary>Whether block row a is eliminated before b.</summary>
    public bool IsBefore(int a, int b) => _firstScalars[a] < _firstScalars[b];

    /// <summary>Where a block of the factor is.</summary>
    /// <param name="later">The block row that is eliminated later, or the same.</param>
    /// <param name="earlier">The block row that is eliminated earlier.</param>
    /// <returns>The front; the block's first row and column in its panel. A negative row if it is not there.</returns>
    public (Front Front, int Row, int Column) Find(int later, int earlier)
    {
        Front front = _symbolic.Tree.Fronts[_fronts[earlier]];
        int column = _firstScalars[earlier] - front.FirstPivot, row = _firstScalars[later] - front.FirstPivot;
        return (front, row < front.Pivots ? row : FindRow(front, _firstScalars[later]), column);
    }

    private int FindRow(Front front, int scalar)
    {
        Run[] runs = _symbolic.Tree.RowRuns;
        int low = front.RowRuns.Start, high = front.RowRuns.End - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            Run run = runs[middle];
            if (scalar < run.Target)
                high = middle - 1;
            else if (scalar >= run.Target + run.Length)
                low = middle + 1;
            else
                return run.Source + scalar - run.Target;
        }

        return -1;
    }
}
