using System.Globalization;
using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public class OrderingOptionsTests
{
    private static readonly BlockStructure s_three = BlockStructure.Create([2, 1, 3], [(0, 1), (1, 2)]);

    [Fact]
    public void Wrong_use_is_refused_with_a_reason()
    {
        Refused<ArgumentException>(new() { Order = [0, 1, 2] }, "Order", "Automatic", "Given");
        Refused<ArgumentException>(new() { Kind = OrderingKind.Given }, "Order", "all 3 blocks", "found 0");
        Refused<ArgumentException>(new() { Kind = OrderingKind.Given, Order = [0, 1] }, "Order", "3", "2");
        Refused<ArgumentException>(new() { Kind = OrderingKind.Given, Order = [0, 1, 1] }, "Order", "Block 1", "twice");
        Refused<ArgumentException>(new() { Kind = OrderingKind.Given, Order = [0, 3, 1] }, "Order", "Block 3");
        Refused<ArgumentException>(new() { Last = [-1] }, "Last", "Block -1", "3");
        Refused<ArgumentException>(new() { Last = [2, 0, 2] }, "Last", "Block 2", "twice");
        Refused<ArgumentException>(new() { Last = [0, 1, 2, 0] }, "Last", "Block 0", "twice");
        Refused<ArgumentOutOfRangeException>(new() { Kind = (OrderingKind)9 }, "Kind", "NestedDissection");
        Refused<ArgumentOutOfRangeException>(new() { Threads = -1 }, "Threads");
        Refused<ArgumentNullException>(new() { Last = null! }, "Last");
        Assert.Throws<ArgumentNullException>(
            () => SymbolicFactorization.Analyze(s_three, (OrderingOptions)null!));
        Assert.Throws<ArgumentNullException>(() => SymbolicFactorization.Analyze(null!, OrderingOptions.Default));
    }

    [Fact]
    public void Natural_and_given_orders_are_kept_up_to_equivalence()
    {
        // On a chain eliminated from one end, the only equivalent order is the order itself.
        Assert.Equal([0, 1, 2], Analyze(new() { Kind = OrderingKind.Natural }).Order.ToArray());
        Assert.Equal([2, 1, 0], Analyze(new() { Kind = OrderingKind.Given, Order = [2, 1, 0] }).Order.ToArray());
        Assert.Equal([1, 2, 0], Analyze(new() { Kind = OrderingKind.Natural, Last = [0] }).Order.ToArray());
        Assert.Equal(
            [1, 2, 0], Analyze(new() { Kind = OrderingKind.Given, Order = [2, 1, 0], Last = [0, 2] }).Order.ToArray());
    }

    [Fact]
    public void The_cheaper_order_is_chosen_and_the_other_reported()
    {
        SymbolicFactorization symbolic = Analyze(Graphs.Grid(14, 14, 14), 14 * 14 * 14, OrderingKind.Automatic);
        SymbolicFactorization degree = Analyze(Graphs.Grid(14, 14, 14), 14 * 14 * 14, OrderingKind.MinimumDegree);
        SymbolicFactorization nested = Analyze(Graphs.Grid(14, 14, 14), 14 * 14 * 14, OrderingKind.NestedDissection);
        Assert.True(nested.Flops < degree.Flops);
        Assert.Equal(nested.Order.ToArray(), symbolic.Order.ToArray());
        Assert.Equal(nested.Ordering.Chosen, symbolic.Ordering.Chosen);
        Assert.Equal(degree.Ordering.Chosen, symbolic.Ordering.Rejected);
        Assert.True(symbolic.Ordering.IsAutomatic);
        Assert.Matches(
            @"^nested dissection: \d+\.\d+ Gflop \(minimum degree: \d+\.\d+\)$", symbolic.Ordering.ToString());
        Assert.Matches(@"^nested dissection: \d+\.\d+ Gflop$", nested.Ordering.ToString());
    }

    [Fact]
    public void Nested_dissection_is_chosen_only_where_it_is_cheaper()
    {
        foreach (string name in Graphs.All)
        {
            (int count, (int, int)[] pairs) = Graphs.Create(name);
            OrderingReport report = Analyze(pairs, count, OrderingKind.Automatic).Ordering;
            Assert.Equal(OrderingKind.MinimumDegree, report.Chosen.Kind); // small graphs: it is the same
        }
    }

    [Fact]
    public void Where_there_is_little_to_gain_minimum_degree_is_all()
    {
        OrderingReport report = Analyze(Graphs.Grid(3000, 2, 1), 6000, OrderingKind.Automatic).Ordering;
        Assert.Equal(OrderingKind.MinimumDegree, report.Chosen.Kind);
        Assert.Null(report.Rejected);
        Assert.Matches(
            @"^minimum degree: \d+\.\d+ Mflop \(nested dissection not tried: little to gain\)$", report.ToString());
    }

    [Fact]
    public void Reports_read_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            commas.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = commas;
            Assert.Equal(
                "given order: 0.00 Mflop, 2 blocks last",
                Analyze(new() { Kind = OrderingKind.Given, Order = [0, 1, 2], Last = [0, 1] }).Ordering.ToString());
            var report = new OrderingReport(
                new(OrderingKind.NestedDissection, 1, 0.98e9), new(OrderingKind.MinimumDegree, 1, 1.35e9), true, 0);
            Assert.Equal("nested dissection: 0.98 Gflop (minimum degree: 1.35)", report.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void Refused<T>(OrderingOptions options, params string[] parts)
        where T : ArgumentException
    {
        T error = Assert.Throws<T>(() => Analyze(options));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private static SymbolicFactorization Analyze(OrderingOptions options) =>
        SymbolicFactorization.Analyze(s_three, options);

    private static SymbolicFactorization Analyze((int, int)[] pairs, int count, OrderingKind kind) =>
        SymbolicFactorization.Analyze(
            BlockStructure.Create(Graphs.Sizes(count, [6]), pairs), new OrderingOptions { Kind = kind });
}
