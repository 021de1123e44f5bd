namespace TheseusSharp.Linear;

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
/// <param name="IsTransposed">Whether the order of elimination put it above the diagonal.</param>
internal readonly record struct Placement(int Source, long Target, int Rows, int Columns, bool IsTransposed);

/// <summary>
/// One dense step of the factorization: n pivot columns, and m rows below them. The n columns (the panel: n rows padded
/// to a multiple of 8, then m rows padded likewise) stay as part of the factor; what they subtract from the m by m rest
/// (the update matrix) goes to the parent.
/// </summary>
internal sealed class Front
{
    /// <summary>Its parent; −1 for a root.</summary>
    public int Parent { get; set; } = -1;

    /// <summary>Its children, ascending.</summary>
    public required int[] Children { get; init; }

    /// <summary>The first pivot, as a scalar index in the order of elimination.</summary>
    public required int FirstPivot { get; init; }

    /// <summary>n.</summary>
    public required int Pivots { get; init; }

    /// <summary>m.</summary>
    public required int Rows { get; init; }

    /// <summary>n with padding: where the rows below the pivots start in the panel.</summary>
    public int PaddedPivots => FrontKernels.Padded(Pivots);

    /// <summary>m with padding: how far apart columns of the update matrix are.</summary>
    public int PaddedRows => FrontKernels.Padded(Rows);

    /// <summary>How far apart columns of the panel are.</summary>
    public int Height => PaddedPivots + PaddedRows;

    /// <summary>How many numbers the panel has.</summary>
    public long PanelLength => (long)Height * Pivots;

    /// <summary>How many numbers the update matrix has.</summary>
    public long UpdateLength => (long)PaddedRows * Rows;

    /// <summary>Where the panel starts in the factor.</summary>
    public long Panel { get; set; }

    /// <summary>Where the update matrix starts in the arena.</summary>
    public long Update { get; set; }

    /// <summary>The blocks of the matrix that it assembles.</summary>
    public required Placement[] Placements { get; init; }

    /// <summary>Its rows: from indices below the pivots to scalar indices in the order of elimination.</summary>
    public required Run[] RowRuns { get; init; }

    /// <summary>Its rows: from indices below the pivots to rows of the parent's panel.</summary>
    public Run[] ParentRuns { get; set; } = [];
}
