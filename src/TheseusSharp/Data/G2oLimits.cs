namespace TheseusSharp.Data;

/// <summary>How much a g2o file may hold before it is refused. All limits are at least 1.</summary>
public sealed record G2oLimits
{
    /// <summary>The limits that apply where none are given.</summary>
    public static G2oLimits Default { get; } = new();

    /// <summary>The largest size of a file, in bytes: 1 GiB unless told.</summary>
    public int MaxBytes
    {
        get;
        init => field = AtLeastOne(value);
    } = 1 << 30;

    /// <summary>The longest line, in bytes before its line feed: 1 MiB unless told.</summary>
    public int MaxLineLength
    {
        get;
        init => field = AtLeastOne(value);
    } = 1 << 20;

    /// <summary>The most poses: 10 million unless told.</summary>
    public int MaxPoses
    {
        get;
        init => field = AtLeastOne(value);
    } = 10_000_000;

    /// <summary>The most edges: 20 million unless told.</summary>
    public int MaxEdges
    {
        get;
        init => field = AtLeastOne(value);
    } = 20_000_000;

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}
