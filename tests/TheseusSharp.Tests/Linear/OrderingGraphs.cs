namespace TheseusSharp.Tests.Linear;

/// <summary>Graphs large enough to be dissected, by name, for theories.</summary>
internal static class OrderingGraphs
{
    public static readonly string[] All =
        ["line", "grid", "lattice", "flat", "meridians", "star", "complete", "pairless", "archipelago", "tree", "split",
            "caterpillar"];

    public static (int Count, (int First, int Second)[] Pairs) Create(string name) => name switch
    {
        "line" => (1500, [.. Enumerable.Range(1, 1499).Select(k => (k, k - 1))]),
        "grid" => (1600, Graphs.Grid(40, 40, 1)),
        "lattice" => (1000, Graphs.Grid(10, 10, 10)),
        "flat" => (400, Graphs.Random(400, 0.05, 11)),
        "meridians" => Meridians(30, 40),
        "star" => (300, [.. Enumerable.Range(1, 299).Select(k => (0, k))]),
        "complete" => (150, Graphs.Random(150, 1.1, 12)),
        "pairless" => (1000, []),
        "archipelago" => Archipelago(60),
        "tree" => (1000, [.. Enumerable.Range(1, 999).Select(k => (k, (k - 1) / 3))]),
        "split" => Split(Graphs.Grid(20, 20, 1), 400),
        "caterpillar" => (1200, [.. Enumerable.Range(1, 1199).Select(k => (k, k < 400 ? k - 1 : k % 400))]),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>Lines from pole to pole of a sphere, each node joined to the next line's, too.</summary>
    private static (int Count, (int First, int Second)[] Pairs) Meridians(int lines, int length)
    {
        var pairs = new List<(int, int)>();
        int count = lines * length;
        for (int k = 0; k < count; k++)
        {
            pairs.Add((k, k % length > 0 ? k - 1 : count));
            if (k % length == length - 1)
                pairs.Add((k, count + 1));
            pairs.Add((k, (k + length) % count));
        }

        return (count + 2, [.. pairs]);
    }

    /// <summary>Islands of different size without bridges.</summary>
    private static (int Count, (int First, int Second)[] Pairs) Archipelago(int islands)
    {
        var pairs = new List<(int, int)>();
        int count = 0;
        for (int k = 1; k <= islands; k++)
        {
            pairs.AddRange(Graphs.Grid(k % 9, 1 + (k % 7), 1).Select(p => (p.First + count, p.Second + count)));
            count += k % 9 * (1 + (k % 7));
        }

        return (count, [.. pairs]);
    }

    /// <summary>Each node of a graph as two blocks, both joined to all blocks of its neighbours.</summary>
    private static (int Count, (int First, int Second)[] Pairs) Split((int First, int Second)[] pairs, int count) =>
        (2 * count,
        [
            .. Enumerable.Range(0, count).Select(k => (k, k + count)),
            .. from pair in pairs
               from a in new[] { pair.First, pair.First + count }
               from b in new[] { pair.Second, pair.Second + count }
               select (a, b),
        ]);
}
