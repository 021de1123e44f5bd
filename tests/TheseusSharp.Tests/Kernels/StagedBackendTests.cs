using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Symbolics.Scalar>;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Functions of rows and tables give the same bits on every back-end, at every width.</summary>
public class StagedBackendTests
{
    private static readonly int[] s_rows = [0, 1, 2, 7, 8, 9, 17, 129, 600];

    private static readonly SimdWidth[] s_widths =
        [.. new[] { SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512 }.Where(WidthTheoryAttribute.IsAvailable)];

    [Theory]
    [InlineData(Precision.Double, 1)]
    [InlineData(Precision.Double, 3)]
    [InlineData(Precision.Single, 1)]
    [InlineData(Precision.Single, 3)]
    public void Sums_over_rows_agree(Precision precision, int count)
    {
        Function Make(CompilerOptions options) => Function.Compile<Table, Rows, Vector, Vector>(
            SumOverRows, [Shape.Table(5, 4), Shape.Rows(2), Shape.Vector(2)], options);
        foreach (int rows in s_rows)
            Check(Make, precision, rows, count, results: 2);
    }

    [Theory]
    [InlineData(Precision.Double, 1)]
    [InlineData(Precision.Double, 3)]
    [InlineData(Precision.Single, 1)]
    [InlineData(Precision.Single, 3)]
    public void Results_of_rows_agree(Precision precision, int count)
    {
        Function Make(CompilerOptions options) => Function.Compile<Table, Rows, Vector, Rows>(
            ResultOfRows, [Shape.Table(5, 4), Shape.Rows(2), Shape.Vector(2)], options);
        foreach (int rows in s_rows)
            Check(Make, precision, rows, count, results: 3 * rows);
    }

    /// <summary>A sum that feeds another sum, and reads of a table whose place depends on one.</summary>
    private static Vector SumOverRows(Table table, Rows rows, Vector x)
    {
        Scalar mean = 0.01 * Rows.Sum(Scalar.Sin(rows[0] * x[0]));
        Scalar spread = Rows.Sum((rows[1] - mean) * Scalar.Exp(table.Interpolate(rows[0] + mean, x[1])));
        return new(spread, table.Interpolate(1.5 + mean, 2.0 * x[0]));
    }

    private static Rows ResultOfRows(Table table, Rows rows, Vector x)
    {
        Scalar read = table.Interpolate(2.0 + rows[0], 1.0 + rows[1]);
        return Rows.Of(read * x[0], Scalar.Atan2(rows[0], x[1]), x[0]);
    }

    private static void Check(
        Func<CompilerOptions, Function> make, Precision precision, int rows, int count, int results)
    {
        if (precision == Precision.Double)
            Check<double>(make, rows, count, results);
        else
            Check<float>(make, rows, count, results);
    }

    private static void Check<T>(Func<CompilerOptions, Function> make, int rows, int count, int results)
        where T : unmanaged
    {
        var random = new Random(71);
        T[] table = KernelHarness.RandomNumbers<T>(20, random), x = KernelHarness.RandomNumbers<T>(2 * count, random);
        T[] data = KernelHarness.RandomNumbers<T>(2 * rows * count, random);
        CheckBackends<T>(make, [table, data.AsMemory(0, 2 * rows), x], rows, count, results);
        if (rows > 0)
            CheckBackends<T>(make, [table, Argument<T>.RowsOfEach(data, rows), x], rows, count, results);
    }

    private static void CheckBackends<T>(
        Func<CompilerOptions, Function> make, Argument<T>[] arguments, int rows, int count, int results)
        where T : unmanaged
    {
        T[] weights = KernelHarness.RandomNumbers<T>(results * count, new Random(72));
        ulong[]? expected = null;
        foreach (SimdWidth width in s_widths)
            foreach (KernelBackend backend in new[] { KernelBackend.Compiled, KernelBackend.Interpreter })
            {
                ulong[] found = Run(make(new(width, backend)), arguments, weights, rows, count);
                Assert.Equal(expected ?? found, found);
                expected = found;
            }
    }

    private static ulong[] Run<T>(Function function, Argument<T>[] arguments, T[] weights, int rows, int count)
        where T : unmanaged
    {
        T[] values = new T[weights.Length], again = new T[weights.Length];
        T[] jacobian = new T[weights.Length * function.JacobianColumns];
        T[] byTable = new T[20], byRows = new T[2 * rows * count], byX = new T[2 * count];
        function.Evaluate<T>(arguments, values);
        function.Jacobian<T>(arguments, again, jacobian);
        function.Gradient<T>(arguments, weights, [byTable, byRows, byX]);
        return [.. new[] { values, again, jacobian, byTable, byRows, byX }.SelectMany(array => array).Select(Bits.Of)];
    }
}
