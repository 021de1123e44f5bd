namespace TheseusSharp.Tests.Linear;

/// <summary>Graphs by name, for theories.</summary>
internal static class Graphs
{
    public static readonly string[] All =
        ["empty", "one", "pairless", "chain", "loop", "grid", "grid3", "star", "arrow", "dense", "forest",
            "random", "islands"];

    public static readonly int[][] SizePatterns =
        [[1], [2], [3], [4], [5], [6], [7], [9], [6, 3], [3, 6, 2, 1], [1, 2, 3, 6, 7, 9], [17, 1]];

    public static (int Count, (int First, int Second)[] Pairs) Create(string name) => name switch
    {
        "empty" => (0, []),
        "one" => (1, []),
        "pairless" => (9, []),
        "chain" => (40, Chain(40)),
        "loop" => (40, [.. Chain(40), (0, 39), (3, 20), (3, 20), (20, 3)]),
        "grid" => (64, Grid(8, 8, 1)),
        "grid3" => (64, Grid(4, 4, 4)),
        "star" => (60, [.. Enumerable.Range(1, 59).Select(k => (0, k))]),
        "arrow" => (50, [.. Chain(50), .. Enumerable.Range(0, 49).Select(k => (k, 49))]),
        "dense" => (20, Random(20, 1.1, 1)),
        "forest" => (60, [.. Enumerable.Range(3, 57).Select(k => (k, (k * 7 % k) / 2))]),
        "random" => (70, Random(70, 0.05, 2)),
        "islands" => (80, [.. Random(40, 0.1, 3), .. Random(40, 0.1, 4).Select(p => (p.First + 40, p.Second + 40))]),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public static int[] Sizes(int count, int[] pattern) =>
        [.. Enumerable.Range(0, count).Select(k => pattern[k % pattern.Length])];

    public static (int First, int Second)[] Grid(int x, int y, int z)
    {
        var pairs = new List<(int, int)>();
        for (int k = 0; k < x * y * z; k++)
        {
            if ((k % x) + 1 < x)
                pairs.Add((k, k + 1));
            if ((k / x % y) + 1 < y)
                pairs.Add((k + x, k));
            if ((k / (x * y)) + 1 < z)
                pairs.Add((k, k + (x * y)));
        }

        return [.. pairs];
    }

    public static (int First, int Second)[] Random(int count, double density, int seed)
    {
        var random = new Random(seed);
        var pairs = new List<(int, int)>();
        for (int i = 0; i < count; i++)
            for (int j = 0; j < i; j++)
                if (random.NextDouble() < density)
                    pairs.Add(random.Next(2) == 0 ? (i, j) : (j, i));
        return [.. pairs];
    }

    private static (int First, int Second)[] Chain(int count) =>
        [.. Enumerable.Range(1, Math.Max(0, count - 1)).Select(k => (k - 1, k))];
}
