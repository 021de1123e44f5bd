using System.Runtime.InteropServices;
using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

/// <summary>What solvers are tried with: kinds of structure, sizes of blocks, orders of elimination, damping.</summary>
internal static class CrossCases
{
    /// <summary>How many blocks come last in the order of that name.</summary>
    private const int LastCount = 4;

    /// <summary>Shapes of problems; points are coupled with others only.</summary>
    public static string[] Kinds { get; } =
    [
        "flat", "line", "grid", "meridians", "flat, points", "line, points", "grid, points", "meridians, points",
    ];

    /// <summary>Sizes of blocks, repeated; those of points are 3.</summary>
    public static int[][] SizePatterns { get; } = [[1], [3], [6], [7, 9], [3, 6, 2, 1]];

    /// <summary>Kinds of order; "Last" is the automatic one with some blocks held back.</summary>
    public static string[] Orderings { get; } =
    [
        nameof(OrderingKind.Automatic), nameof(OrderingKind.MinimumDegree), nameof(OrderingKind.NestedDissection),
        nameof(OrderingKind.Natural), nameof(OrderingKind.Given), nameof(OrderingOptions.Last),
    ];

    /// <summary>Factors λ of damping.</summary>
    public static double[] Lambdas { get; } = [0, 0.1];

    /// <summary>A positive definite matrix, and how many of its blocks, the last ones, are points.</summary>
    public static (BlockMatrix Matrix, int Points) Create(string kind, int[] pattern, int seed)
    {
        var random = new Random(seed);
        (int count, List<(int, int)> pairs) = Shape(kind.Split(',')[0], random, seed);
        int points = kind.EndsWith("points", StringComparison.Ordinal) ? 30 : 0;
        for (int point = 0; point < points; point++)
            for (int k = 0; k < 3; k++)
                pairs.Add((count + point, random.Next(count)));
        int[] sizes = [.. Graphs.Sizes(count, pattern), .. Graphs.Sizes(points, [3])];
        return (RandomMatrix.Create(sizes, [.. pairs], 121 + seed, diagonal: 1), points);
    }

    /// <summary>The analysis in an order of one of <see cref="Orderings"/>.</summary>
    public static SymbolicFactorization Analyze(BlockStructure structure, string ordering)
    {
        int[] shuffled = [.. Enumerable.Range(0, structure.Count)];
        new Random(structure.Count).Shuffle(shuffled);
        return SymbolicFactorization.Analyze(structure, ordering switch
        {
            nameof(OrderingKind.Given) => new OrderingOptions { Kind = OrderingKind.Given, Order = shuffled },
            nameof(OrderingOptions.Last) => new() { Last = shuffled[..Math.Min(LastCount, shuffled.Length)] },
            _ => new() { Kind = Enum.Parse<OrderingKind>(ordering) },
        });
    }

    /// <summary>Damping by λ times the diagonal; empty if λ is zero.</summary>
    public static double[] DampingOf(BlockMatrix matrix, double lambda)
    {
        if (lambda == 0)
            return [];
        double[] damping = new double[matrix.Structure.Dimension];
        Damping.Ellipsoidal(matrix, lambda, 0, double.MaxValue, damping);
        return damping;
    }

    /// <summary>Whether two vectors have the same bits.</summary>
    public static bool AreSame(ReadOnlySpan<double> x, ReadOnlySpan<double> y) =>
        MemoryMarshal.Cast<double, long>(x).SequenceEqual(MemoryMarshal.Cast<double, long>(y));

    private static (int Count, List<(int, int)> Pairs) Shape(string kind, Random random, int seed) => kind switch
    {
        "flat" => (30, [.. Graphs.Random(30, 0.1, seed)]),
        "line" => (50, [.. Enumerable.Range(1, 49).SelectMany(
            k => new[] { (k - 1, k), (Math.Max(0, k - random.Next(1, 4)), k) })]),
        "grid" => (48, [.. Graphs.Grid(6, 8, 1)]),
        "meridians" => (41, [.. Enumerable.Range(0, 5).SelectMany(m => Enumerable.Range(0, 8).Select(
            k => (k == 0 ? 40 : (8 * m) + k - 1, (8 * m) + k)))]),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
