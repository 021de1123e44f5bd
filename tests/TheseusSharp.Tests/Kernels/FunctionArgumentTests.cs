using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Symbolics.Scalar>;

namespace TheseusSharp.Tests.Kernels;

/// <summary>The ways to hand over numbers: by position, by index, with gaps, one for all, in lane order.</summary>
public class FunctionArgumentTests
{
    private static readonly int[] s_counts = [1, 2, 5, 8, 16, 17, 100];

    // Five numbers an element: transposed four at a time, with one left over.
    private static readonly Function s_function = Function.Compile<Vector, Vector, Vector>(
        static (x, y) => new(x[0] + y[1], x[4] * y[0], x[1] - x[3], x[2]), [Shape.Vector(5), Shape.Vector(2)]);

    public static TheoryData<bool> Backends => [true, false];

    [Theory, MemberData(nameof(Backends))]
    public void Index_and_stride_choose_elements(bool isCompiled)
    {
        Function function = isCompiled ? s_function : Interpreted();
        var random = new Random(51);
        foreach (int stride in new[] { 0, 5, 6, 13 })
            foreach (int count in s_counts)
            {
                double[] store = KernelHarness.RandomNumbers<double>((29 * Math.Max(stride, 5)) + 5, random);
                double[] y = KernelHarness.RandomNumbers<double>(2 * count, random);
                int[] index = [.. Enumerable.Range(0, count).Select(_ => random.Next(30))];
                double[] x = [.. index.SelectMany(k => store[(k * Math.Max(stride, 5))..][..5])];
                Argument<double> gathered = Argument<double>.Gather(stride == 0 ? store[..150] : store, index, stride);
                CheckSame(function, [x, y], [gathered, y], count);
            }
    }

    /// <summary>How numbers are moved depends on how many an element has.</summary>
    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Single)]
    public void Elements_of_every_length_come_in_and_go_out(Precision precision)
    {
        for (int length = 1; length <= 13; length++)
            if (precision == Precision.Double)
                CheckMoves<double>(length);
            else
                CheckMoves<float>(length);
    }

    [Theory, MemberData(nameof(Backends))]
    public void Stride_leaves_gaps(bool isCompiled)
    {
        Function function = isCompiled ? s_function : Interpreted();
        var random = new Random(52);
        foreach (int count in s_counts)
        {
            // The last element needs no gap behind it.
            double[] store = KernelHarness.RandomNumbers<double>((9 * (count - 1)) + 5, random);
            double[] y = KernelHarness.RandomNumbers<double>(2 * count, random);
            double[] x = [.. Enumerable.Range(0, count).SelectMany(k => store[(9 * k)..][..5])];
            CheckSame(function, [x, y], [Argument<double>.Strided(store, 9), y], count);
        }
    }

    /// <summary>However it is given: plain, by an index of one, tiled.</summary>
    [Theory, MemberData(nameof(Backends))]
    public void One_element_serves_the_whole_batch(bool isCompiled)
    {
        Function function = isCompiled ? s_function : Interpreted();
        Function tiled = function.WithTiled(1);
        var random = new Random(53);
        foreach (int count in s_counts)
        {
            double[] x = KernelHarness.RandomNumbers<double>(5 * count, random);
            double[] y = KernelHarness.RandomNumbers<double>(2, random), among = [7, 7, .. y, 7, 7];
            double[] repeated = [.. Enumerable.Range(0, count).SelectMany(_ => y)];
            CheckSame(function, [x, repeated], [x, y], count);
            CheckSame(function, [x, repeated], [x, Argument<double>.Gather(among, new[] { 1 })], count);
            CheckSame(function, [x, repeated], tiled, [x, Argument<double>.Tiled(tiled.Tile<double>(y))], count);
            double[] single = x[..5], ys = KernelHarness.RandomNumbers<double>(2 * count, random);
            double[] singles = [.. Enumerable.Range(0, count).SelectMany(_ => single)];
            CheckSame(function, [singles, ys], [Argument<double>.Gather(x, new[] { 0 }), ys], count);
        }
    }

    [Theory, MemberData(nameof(Backends))]
    public void Tiled_arguments_give_the_same_bits(bool isCompiled)
    {
        Function function = isCompiled ? s_function : Interpreted();
        var random = new Random(54);
        foreach (int count in s_counts)
        {
            double[] x = KernelHarness.RandomNumbers<double>(5 * count, random);
            double[] y = KernelHarness.RandomNumbers<double>(2 * count, random);
            Function both = function.WithTiled(0, 1), second = function.WithTiled(1);
            TiledArguments<double> tile = both.Tile<double>(x, y);
            Assert.Equal(count, tile.Count);
            CheckSame(function, [x, y], both, [Argument<double>.Tiled(tile), Argument<double>.Tiled(tile)], count);
            CheckSame(function, [x, y], second, [x, Argument<double>.Tiled(second.Tile<double>(y))], count);
        }
    }

    [Fact]
    public void Memory_at_any_offset_is_taken_in_place()
    {
        double[] x = KernelHarness.RandomNumbers<double>(5 * 16, new Random(55));
        double[] y = KernelHarness.RandomNumbers<double>(2 * 16, new Random(56));
        for (int offset = 0; offset < 9; offset++)
        {
            double[] holder = new double[x.Length + offset];
            x.CopyTo(holder, offset);
            CheckSame(s_function, [x, y], [holder.AsMemory(offset), (ReadOnlyMemory<double>)y], 16);
        }
    }

    [Fact]
    public void Index_of_none_is_an_empty_batch()
    {
        Argument<double> none = Argument<double>.Gather(new double[50], Array.Empty<int>());
        s_function.Evaluate([none, new double[2]], []);
        Assert.Throws<ArgumentException>(() => s_function.Evaluate([none, new double[2]], new double[40]));
    }

    [Fact]
    public void Tables_are_chosen_by_index_too()
    {
        Function read = Function.Compile<Table, Scalar, Scalar>(
            static (table, x) => table.Interpolate(x), [Shape.Table(3)]);
        double[] tables = [1, 2, 4, 10, 20, 40], positions = [0.5, 1.5, 1.5, 0.5];
        Argument<double> chosen = Argument<double>.Gather(tables, new[] { 0, 1, 0, 1 });
        var values = new double[4];
        read.Evaluate([chosen, positions], values);
        Assert.Equal([1.5, 30, 3, 15], values);

        double[] byTable = new double[6], byPosition = new double[4];
        read.Gradient([chosen, positions], new double[] { 1, 2, 4, 8 }, byTable, byPosition);
        Assert.Equal([0.5, 2.5, 2, 4, 5, 1], byTable);
        Assert.Equal([1, 40, 8, 80], byPosition);
    }

    [Fact]
    public void Table_may_remain_unread()
    {
        Function ignores = Function.Compile<Table, Scalar, Scalar>(static (_, x) => 2.0 * x, [Shape.Table(3, 50)]);
        double[] values = new double[1], byTable = new double[150], byX = new double[1];
        ignores.Evaluate([new double[150], new double[] { 3 }], values);
        Assert.Equal([6], values);
        ignores.Gradient([new double[150], new double[] { 3 }], new double[] { 1 }, byTable, byX);
        Assert.Equal([2], byX);
        Assert.All(byTable, number => Assert.Equal(0, number));
    }

    /// <summary>The negative of each number, in reverse order, by position and by index.</summary>
    private static void CheckMoves<T>(int length)
        where T : unmanaged
    {
        Function reverse = Function.Compile<Vector, Vector>(
            x => new([.. Enumerable.Range(1, x.Length).Select(k => -x[^k])]), [Shape.Vector(length)]);
        foreach (int count in s_counts)
        {
            var random = new Random(57);
            T[] x = KernelHarness.RandomNumbers<T>(length * count, random);
            T[] backwards = [.. x.Chunk(length).Reverse().SelectMany(element => element)];
            int[] index = [.. Enumerable.Range(0, count).Select(k => count - 1 - k)];
            var values = new T[x.Length];
            reverse.Evaluate<T>([x], values);
            Assert.Equal(backwards.Reverse().Select(Negative), values);
            reverse.Evaluate<T>([Argument<T>.Gather(x, index)], values);
            Assert.Equal(x.Reverse().Select(Negative), values);
        }
    }

    private static T Negative<T>(T number)
        where T : unmanaged => Bits.Narrow<T>(-Bits.Widen(number));

    private static Function Interpreted() => Function.Compile<Vector, Vector, Vector>(
        static (x, y) => new(x[0] + y[1], x[4] * y[0], x[1] - x[3], x[2]), [Shape.Vector(5), Shape.Vector(2)],
        new(Backend: KernelBackend.Interpreter));

    private static void CheckSame(Function function, Argument<double>[] plain, Argument<double>[] other, int count) =>
        CheckSame(function, plain, function, other, count);

    /// <summary>Values, Jacobians and gradients, of plain arguments and of the same numbers given otherwise.</summary>
    private static void CheckSame(
        Function function, Argument<double>[] plain, Function otherFunction, Argument<double>[] other, int count)
    {
        double[] Run(Function runs, Argument<double>[] arguments)
        {
            double[] values = new double[4 * count], again = new double[4 * count], jacobian = new double[28 * count];
            double[] byX = new double[5 * count], byY = new double[2 * count];
            runs.Evaluate(arguments, values);
            runs.Jacobian(arguments, again, jacobian);
            runs.Gradient(arguments, values, byX, byY);
            return [.. values, .. again, .. jacobian, .. byX, .. byY];
        }

        Assert.Equal(Run(function, plain), Run(otherFunction, other));
    }
}
