namespace TheseusSharp.Cli.Tests;

/// <summary>Small graphs as g2o texts.</summary>
internal static class Graphs
{
    private const string Unit = "1 0 0 1 0 1";

    /// <summary>A square in the plane, its last edge at odds with the others.</summary>
    public const string SquareEdges =
        $"""
        EDGE_SE2 10 11 1 0 1.5 {Unit}
        EDGE_SE2 11 12 1 0 1.5 {Unit}
        EDGE_SE2 12 13 1 0 1.5 {Unit}
        EDGE_SE2 13 10 1.1 0.1 1.6 {Unit}

        """;

    /// <summary>The same with poses.</summary>
    public const string Square =
        $"""
        VERTEX_SE2 10 0 0 0
        VERTEX_SE2 11 1.1 0 1.4
        VERTEX_SE2 12 1.1 1.1 3
        VERTEX_SE2 13 0 1.1 -1.5
        {SquareEdges}
        """;

    /// <summary>Information that is indefinite, in line 3.</summary>
    public const string Indefinite =
        """
        VERTEX_SE2 0 0 0 0
        VERTEX_SE2 1 1.1 0.3 0
        EDGE_SE2 0 1 1 0 0 1 2 0 1 0 1
        EDGE_SE2 1 0 -1.2 0 0 1 0 0 1 0 1

        """;

    /// <summary>A cost beyond the range of numbers.</summary>
    public const string Overflowing =
        """
        VERTEX_SE2 0 0 0 0
        VERTEX_SE2 1 1e200 0 0
        EDGE_SE2 0 1 1 0 0 1 0 0 1 0 1

        """;
}
