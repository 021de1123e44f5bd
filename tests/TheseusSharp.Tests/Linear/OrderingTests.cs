using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public class OrderingTests
{
    public static TheoryData<string> GraphNames => [.. Graphs.All];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Minimum_degree_is_a_permutation(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        foreach (int[] pattern in Graphs.SizePatterns)
        {
            int[] order = MinimumDegree.Order(BlockStructure.Create(Graphs.Sizes(count, pattern), pairs));
            Assert.Equal(Enumerable.Range(0, count), order.Order());
        }
    }

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Symbolic_counts_equal_those_of_eliminating_by_hand(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        foreach (int[] pattern in Graphs.SizePatterns)
        {
            BlockStructure structure = BlockStructure.Create(Graphs.Sizes(count, pattern), pairs);
            foreach (int[] order in new[] { MinimumDegree.Order(structure), [.. Enumerable.Range(0, count)] })
            {
                SymbolicFactorization symbolic = SymbolicFactorization.Analyze(structure, order);
                (long nonZeros, double flops) = Eliminate(structure, order);
                Assert.Equal(nonZeros, symbolic.FactorNonZeros);
                Assert.Equal(flops, symbolic.Flops);
                Assert.True(symbolic.FactorLength >= nonZeros);
            }
        }
    }

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Minimum_degree_is_about_as_good_as_the_exact_one(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        foreach (int[] pattern in Graphs.SizePatterns)
        {
            BlockStructure structure = BlockStructure.Create(Graphs.Sizes(count, pattern), pairs);
            (_, double approximate) = Eliminate(structure, MinimumDegree.Order(structure));
            (_, double exact) = Eliminate(structure, null);
            Assert.True(approximate <= 1.25 * exact, $"{approximate} flops, exact minimum degree {exact}");
        }
    }

    [Fact]
    public void A_tree_is_ordered_without_fill()
    {
        (int count, (int, int)[] pairs) = Graphs.Create("forest");
        BlockStructure structure = BlockStructure.Create(Graphs.Sizes(count, [1]), pairs);
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(structure);
        Assert.Equal(count + pairs.Length, symbolic.FactorNonZeros);
    }

    [Fact]
    public void Hubs_go_last_and_cost_no_quadratic_time()
    {
        const int Count = 200_000;
        (int, int)[] pairs =
        [
            .. Enumerable.Range(1, Count - 1).Select(k => (0, k)),
            .. Enumerable.Range(2, Count - 2).Select(k => (1, k)),
        ];
        int[] sizes = new int[Count];
        sizes.AsSpan().Fill(1);
        SymbolicFactorization symbolic = SymbolicFactorization.Analyze(BlockStructure.Create(sizes, pairs));
        Assert.Equal(Count + pairs.Length, symbolic.FactorNonZeros);
    }

    [Fact]
    public void A_given_order_must_be_a_permutation()
    {
        BlockStructure structure = BlockStructure.Create([1, 1], []);
        Assert.Throws<ArgumentException>(() => SymbolicFactorization.Analyze(structure, [0]));
        Assert.Throws<ArgumentException>(() => SymbolicFactorization.Analyze(structure, [0, 0]));
        Assert.Throws<ArgumentException>(() => SymbolicFactorization.Analyze(structure, [0, 2]));
    }

    /// <summary>
    /// Eliminates on an adjacency matrix, in a given order or always by exact (external) minimum degree.
    /// </summary>
    private static (long NonZeros, double Flops) Eliminate(BlockStructure structure, int[]? order)
    {
        int count = structure.Count;
        int[] sizes = structure.Sizes.ToArray();
        bool[,] adjacent = new bool[count, count];
        for (int j = 0; j < count; j++)
            foreach (int i in structure.Column(j))
                adjacent[i, j] = adjacent[j, i] = i != j;
        var left = Enumerable.Range(0, count).ToHashSet();
        long nonZeros = 0;
        double flops = 0;
        for (int step = 0; step < count; step++)
        {
            int pivot = order?[step] ?? left.MinBy(i => left.Where(k => adjacent[i, k]).Sum(k => sizes[k]));
            left.Remove(pivot);
            int[] below = [.. left.Where(k => adjacent[pivot, k])];
            for (int k = 0; k < sizes[pivot]; k++)
            {
                long length = sizes[pivot] - k + below.Sum(i => (long)sizes[i]);
                nonZeros += length;
                flops += (double)length * length;
            }

            foreach (int i in below)
                foreach (int k in below)
                    adjacent[i, k] = i != k;
        }

        return (nonZeros, flops);
    }
}
