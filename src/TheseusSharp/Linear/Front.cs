namespace TheseusSharp.Linear;

/// <summary>
/// One dense step of the factorization: n pivot columns, and m rows below them. The n columns (the panel: n + m rows,
/// padded to a multiple of 8) stay as part of the factor; what they subtract from the m by m rest (the update matrix)
/// goes to the parent. The update matrix has its rows where the panel has them, modulo 8, so that both are aligned to
/// the same vectors.
/// </summary>
internal sealed class Front
{
    /// <summary>Its parent; −1 for a root.</summary>
    public required int Parent { get; init; }

    /// <summary>The first pivot, as a scalar index in the order of elimination.</summary>
    public required int FirstPivot { get; init; }

    /// <summary>n.</summary>
    public required int Pivots { get; init; }

    /// <summary>m.</summary>
    public required int Rows { get; init; }

    /// <summary>How far apart columns of the panel are.</summary>
    public int Height => FrontKernels.Padded(Pivots + Rows);

    /// <summary>How many numbers the panel has.</summary>
    public long PanelLength => (long)Height * Pivots;

    /// <summary>The row of the panel where the first vector of the update matrix starts: n, rounded down.</summary>
    public int UpdateTop => Pivots & -FrontKernels.Padding;

    /// <summary>How far apart columns of the update matrix are.</summary>
    public int UpdateHeight => Height - UpdateTop;

    /// <summary>How many numbers the update matrix has.</summary>
    public long UpdateLength => (long)UpdateHeight * Rows;

    /// <summary>Where the panel starts in the factor.</summary>
    public long Panel { get; set; }

    /// <summary>Where the update matrix starts in the arena.</summary>
    public long Update { get; set; }

    /// <summary>
    /// Whether it adds its update matrix into its parent's panel itself, at once, instead of waiting for the parent.
    /// </summary>
    public bool IsPushed { get; init; }

    /// <summary>Its children, ascending.</summary>
    public Section Children { get; set; }

    /// <summary>The blocks of the matrix that it assembles as they are stored.</summary>
    public Section Placements { get; set; }

    /// <summary>The blocks of the matrix that it assembles transposed.</summary>
    public Section Transposed { get; set; }

    /// <summary>Its rows: from rows of its panel to scalar indices in the order of elimination.</summary>
    public Section RowRuns { get; set; }

    /// <summary>
    /// Those of its rows that are pivots of the parent: from rows of its panel to rows of the parent's.
    /// </summary>
    public Section PivotRuns { get; set; }

    /// <summary>The rest of its rows likewise.</summary>
    public Section UpdateRuns { get; set; }

    /// <summary>The same front with its update matrix elsewhere.</summary>
    public Front WithUpdateAt(long start)
    {
        var moved = (Front)MemberwiseClone();
        moved.Update = start;
        return moved;
    }
}

/// <summary>Consecutive entries of a list.</summary>
/// <param name="Start">The first.</param>
/// <param name="Length">How many.</param>
internal readonly record struct Section(int Start, int Length)
{
    /// <summary>The entry after the last.</summary>
    public int End => Start + Length;
}

/// <summary>A piece of consecutive indices and where it goes.</summary>
/// <param name="Source">Its first index.</param>
/// <param name="Target">Where that goes.</param>
/// <param name="Length">How many follow one another on both sides.</param>
internal readonly record struct Run(int Source, int Target, int Length);

/// <summary>Where a block of the matrix goes in its front's panel.</summary>
/// <param name="Source">Its first number.</param>
/// <param name="Target">Where that goes.</param>
/// <param name="Rows">How many rows it has, as stored.</param>
/// <param name="Columns">How many columns it has, as stored.</param>
internal readonly record struct Placement(int Source, long Target, int Rows, int Columns);
