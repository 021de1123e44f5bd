using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>What a batch shares and what each element has of its own: the caller says, lengths do not.</summary>
public class BatchOfRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(50)]
    public void A_plain_row_array_serves_every_element(int batch)
    {
        double[] sums = new double[batch];
        SumOfScaledRows().Evaluate([Ones(batch), Ones(100)], sums);
        Assert.All(sums, sum => Assert.Equal(100, sum));
    }

    [Fact]
    public void Rows_of_each_element_are_its_own()
    {
        double[] sums = new double[2];
        SumOfScaledRows().Evaluate([Ones(2), Argument<double>.RowsOfEach(new double[] { 1, 2, 3, 4 }, 2)], sums);
        Assert.Equal([3, 7], sums);
    }

    [Fact]
    public void Rows_that_do_not_divide_among_elements_are_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => SumOfScaledRows().Evaluate(
            [Ones(2), Argument<double>.RowsOfEach(new double[] { 1, 2, 3 }, 2)], new double[2]));
        Assert.Contains("Argument 1", error.Message, StringComparison.Ordinal);
    }

    /// <summary>65 536 × 65 537 wraps to 65 536 in 32 bits.</summary>
    [Fact]
    public void A_product_of_counts_beyond_32_bits_is_refused()
    {
        Function function = Function.Compile((Scalar a, Rows x) => Rows.Of(a * x[0]), [Shape.Rows(1)]);
        Assert.Throws<ArgumentException>(() => function.Evaluate([Ones(65536), Ones(65537)], new double[65536]));
    }

    [Fact]
    public void The_gradient_goes_to_the_table_that_a_single_index_names()
    {
        Function function = Function.Compile((Table t, Scalar x) => t.Interpolate(x), [Shape.Table(2)]);
        double[] tables = [0, 1, 2, 3, 4, 5], byTables = new double[6];
        Argument<double> third = Argument<double>.Gather(tables, new[] { 2 });
        function.Gradient([third, new[] { 0.25 }], new[] { 1.0 }, byTables, default(Memory<double>));
        Assert.Equal([0, 0, 0, 0, 0.75, 0.25], byTables);
    }

    [Fact]
    public void A_function_that_computes_nothing_compiles()
    {
        Function function = Function.Compile((Table t) => (Scalar)5.0, [Shape.Table(2)]);
        double[] byTable = new double[2];
        function.Gradient([new double[] { 1, 2 }], new[] { 1.0 }, byTable);
        Assert.Equal([0, 0], byTable);
        Assert.Equal(0, function.Report(FunctionPart.Gradient).Instructions);
    }

    [Fact]
    public void A_sum_over_rows_allocates_little_after_the_first_call()
    {
        Function function = SumOfScaledRows();
        double[] scale = Ones(1), data = Ones(100_000), sum = new double[1];
        for (int warmUp = 0; warmUp < 3; warmUp++)
            function.Evaluate([scale, data], sum);
        long before = GC.GetAllocatedBytesForCurrentThread();
        function.Evaluate([scale, data], sum);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    private static Function SumOfScaledRows() =>
        Function.Compile((Scalar a, Rows x) => Rows.Sum(a * x[0]), [Shape.Rows(1)]);

    private static double[] Ones(int count)
    {
        double[] ones = new double[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
