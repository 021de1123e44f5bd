using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public class OrderingTests
{
    public static TheoryData<string> GraphNames => [.. Graphs.All];

    public static TheoryData<string> LargeGraphNames => [.. OrderingGraphs.All];

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
    public void Minimum_degree_keeps_to_its_stages(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        BlockStructure structure = BlockStructure.Create(Graphs.Sizes(count, [3]), pairs);
        foreach (int stageCount in new[] { 2, 4, 20 })
        {
            var random = new Random(stageCount);
            int[] stages = [.. Enumerable.Range(0, count).Select(_ => random.Next(stageCount))];
            int[] order = MinimumDegree.Order(structure, stages, new bool[count]);
            Assert.Equal(Enumerable.Range(0, count), order.Order());
            Assert.Equal(stages.Order(), order.Select(block => stages[block]));
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
            foreach (OrderingKind kind in new[] { OrderingKind.MinimumDegree, OrderingKind.Natural })
                foreach (int[] last in Lasts(count))
                {
                    SymbolicFactorization symbolic = SymbolicFactorization.Analyze(
                        structure, new OrderingOptions { Kind = kind, Last = last });
                    (long nonZeros, double flops) = Eliminate(structure, symbolic.Order.ToArray());
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

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Last_blocks_are_last_whatever_the_kind(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        LastAreLast(count, pairs, [[6], [1, 2, 3, 6, 7, 9]]);
    }

    [Theory]
    [MemberData(nameof(LargeGraphNames))]
    public void Last_blocks_of_large_graphs_are_last_whatever_the_kind(string name)
    {
        (int count, (int, int)[] pairs) = OrderingGraphs.Create(name);
        LastAreLast(count, pairs, [[3, 6]]);
    }

    [Theory]
    [InlineData("islands")]
    [InlineData("grid3")]
    [InlineData("arrow")]
    [InlineData("random")]
    public void A_system_is_solved_with_blocks_held_back(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        foreach (int[] pattern in Graphs.SizePatterns)
            foreach (int[] last in Lasts(count))
            {
                BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, pattern), pairs, 40);
                using var solver = new MultifrontalCholesky(
                    SymbolicFactorization.Analyze(matrix.Structure, new OrderingOptions { Last = last }));
                double[] b = RandomMatrix.Vector(matrix.Structure.Dimension, 41), x = new double[b.Length];
                Assert.True(solver.Factor(matrix).Succeeded);
                solver.Solve(b, x);
                Assert.InRange(RandomMatrix.BackwardError(matrix, x, b), 0, 1e-13);
            }
    }

    [Fact]
    public void Few_blocks_held_back_cost_little()
    {
        BlockStructure structure = BlockStructure.Create(Graphs.Sizes(400, [3]), Graphs.Grid(20, 20, 1));
        foreach (OrderingKind kind in new[] { OrderingKind.MinimumDegree, OrderingKind.NestedDissection })
        {
            double free = SymbolicFactorization.Analyze(structure, new OrderingOptions { Kind = kind }).Flops;
            double held = SymbolicFactorization.Analyze(
                structure, new OrderingOptions { Kind = kind, Last = [0, 210] }).Flops;
            Assert.InRange(held / free, 0.8, 1.5);
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
        Assert.Throws<ArgumentException>(() => SymbolicFactorization.Analyze(structure, []));
        Assert.Throws<ArgumentException>(() => SymbolicFactorization.Analyze(structure, [0]));
        Assert.Throws<ArgumentException>(() => SymbolicFactorization.Analyze(structure, [0, 0]));
        Assert.Throws<ArgumentException>(() => SymbolicFactorization.Analyze(structure, [0, 2]));
    }

    private static void LastAreLast(int count, (int, int)[] pairs, int[][] patterns)
    {
        foreach (int[] pattern in patterns)
        {
            BlockStructure structure = BlockStructure.Create(Graphs.Sizes(count, pattern), pairs);
            foreach (int[] last in Lasts(count))
                foreach (OrderingKind kind in Enum.GetValues<OrderingKind>())
                {
                    int[] order = kind == OrderingKind.Given ? [.. Enumerable.Range(0, count).Reverse()] : [];
                    SymbolicFactorization symbolic = SymbolicFactorization.Analyze(
                        structure, new OrderingOptions { Kind = kind, Order = order, Last = last });
                    Assert.Equal(Enumerable.Range(0, count), symbolic.Order.ToArray().Order());
                    Assert.Equal(last.Order(), symbolic.Order[^last.Length..].ToArray().Order());
                    Assert.Equal(last.Length, symbolic.Ordering.LastCount);
                }
        }
    }

    /// <summary>Some sets of blocks to hold back: none, the first, some, all.</summary>
    private static int[][] Lasts(int count) => count == 0 ? [[]] :
    [
        [], [0], [count - 1],
        [.. Enumerable.Range(0, count).Where(k => k % 5 == 2)],
        [.. Enumerable.Range(0, count).Where(k => k % 3 != 0).Reverse()],
        [.. Enumerable.Range(0, count)],
    ];

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
