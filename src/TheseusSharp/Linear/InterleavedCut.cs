namespace TheseusSharp.Linear;

/// <summary>How blocks are cut into pieces that fit the registers.</summary>
internal static class InterleavedCut
{
    /// <summary>The most columns of a tile.</summary>
    public const int TileColumns = 3;

    /// <summary>The most rows that a solve takes at once.</summary>
    public const int SolveRows = 6;

    /// <summary>How long each piece of a length is (the last may be shorter), none above a limit.</summary>
    public static int Piece(int length, int limit)
    {
        int pieces = (length + limit - 1) / limit;
        return (length + pieces - 1) / pieces;
    }
}
