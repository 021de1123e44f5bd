using TheseusSharp.Kernels;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Machine code and the block interpreter give the same bits, wherever in a batch an element stands.</summary>
public class BackendTests
{
    private static readonly int[] s_counts = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 33, 127, 128, 129, 1000];

    private static readonly FunctionPart[] s_parts = [FunctionPart.Value, FunctionPart.Jacobian, FunctionPart.Gradient];

    public static TheoryData<string, Precision> Cases
    {
        get
        {
            var cases = new TheoryData<string, Precision>();
            foreach (string name in SampleFunctions.Names)
            {
                cases.Add(name, Precision.Double);
                cases.Add(name, Precision.Single);
            }

            return cases;
        }
    }

    [WidthTheory(SimdWidth.Bits128), MemberData(nameof(Cases))]
    public void Back_ends_agree_at_128_bits(string name, Precision precision) =>
        Check(name, precision, SimdWidth.Bits128);

    [WidthTheory(SimdWidth.Bits256), MemberData(nameof(Cases))]
    public void Back_ends_agree_at_256_bits(string name, Precision precision) =>
        Check(name, precision, SimdWidth.Bits256);

    [WidthTheory(SimdWidth.Bits512), MemberData(nameof(Cases))]
    public void Back_ends_agree_at_512_bits(string name, Precision precision) =>
        Check(name, precision, SimdWidth.Bits512);

    [Theory, MemberData(nameof(Cases))]
    public void Bad_element_changes_no_bit_of_another(string name, Precision precision)
    {
        if (precision == Precision.Double)
            BadElementHarmsNobody<double>(name);
        else
            BadElementHarmsNobody<float>(name);
    }

    [Fact]
    public void Large_sample_is_large()
    {
        KernelReport report = SampleFunctions.Make("large").Report(FunctionPart.Value);
        Assert.InRange(report.Instructions, 2000, 10000);
        Assert.InRange(report.Methods, 2, 40);
        Assert.InRange(report.ScratchColumns, 1, 1000);
    }

    private static void Check(string name, Precision precision, SimdWidth width)
    {
        if (precision == Precision.Double)
            BackEndsAgree<double>(name, width);
        else
            BackEndsAgree<float>(name, width);
    }

    private static void BackEndsAgree<T>(string name, SimdWidth width)
        where T : unmanaged
    {
        Function compiled = SampleFunctions.Make(name, new(width, KernelBackend.Compiled));
        Function interpreted = SampleFunctions.Make(name, new(width, KernelBackend.Interpreter));
        var random = new Random(1);
        foreach (int count in s_counts)
        {
            Batch<T> batch = Batch<T>.Sprinkled(compiled, count, random);
            foreach (FunctionPart part in s_parts)
                AssertSame(batch.Run(compiled, part), batch.Run(interpreted, part), $"{part}, {count} elements");
        }

        foreach (FunctionPart part in s_parts)
            PositionDoesNotMatter(compiled, part, Batch<T>.Sprinkled(compiled, 129, random), random);
    }

    /// <summary>The batch shuffled, and elements alone.</summary>
    private static void PositionDoesNotMatter<T>(Function function, FunctionPart part, Batch<T> batch, Random random)
        where T : unmanaged
    {
        PartResult<T> expected = batch.Run(function, part);
        int[] places = [.. Enumerable.Range(0, batch.Count)];
        random.Shuffle(places);
        PartResult<T> shuffled = batch.Pick(places).Run(function, part);
        for (int k = 0; k < places.Length; k++)
            Assert.Equal(expected.BitsOf(places[k]), shuffled.BitsOf(k));
        foreach (int place in places.AsSpan(0, 10))
            Assert.Equal(expected.BitsOf(place), batch.Pick([place]).Run(function, part).BitsOf(0));
    }

    private static void BadElementHarmsNobody<T>(string name)
        where T : unmanaged
    {
        const int count = 37, bad = 19;
        Function function = SampleFunctions.Make(name);
        var random = new Random(2);
        Batch<T> batch = Batch<T>.Regular(function, count, random);
        foreach (FunctionPart part in s_parts)
        {
            PartResult<T> expected = batch.Run(function, part);
            foreach (double value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, 1e30 })
            {
                PartResult<T> found = batch.WithElement(bad, value).Run(function, part);
                for (int k = 0; k < count; k++)
                    if (k != bad)
                        Assert.Equal(expected.BitsOf(k), found.BitsOf(k));
            }
        }
    }

    private static void AssertSame<T>(PartResult<T> expected, PartResult<T> found, string what)
        where T : unmanaged
    {
        for (int k = 0; k < expected.Count; k++)
            if (!expected.BitsOf(k).AsSpan().SequenceEqual(found.BitsOf(k)))
                Assert.Fail($"{what}: element {k} differs.");
    }

    /// <summary>Arguments and cotangents.</summary>
    private sealed record Batch<T>(T[][] Arguments, T[] Cotangents, int Count)
        where T : unmanaged
    {
        public static Batch<T> Regular(Function function, int count, Random random) => new(
            KernelHarness.RandomArguments<T>(function, count, random),
            KernelHarness.RandomNumbers<T>(count * function.JacobianRows, random),
            count);

        public static Batch<T> Sprinkled(Function function, int count, Random random)
        {
            Batch<T> batch = Regular(function, count, random);
            foreach (T[] numbers in batch.Arguments.Append(batch.Cotangents))
                KernelHarness.Sprinkle(numbers, random);
            return batch;
        }

        public PartResult<T> Run(Function function, FunctionPart part) =>
            KernelHarness.Run(function, part, Arguments, Count, Cotangents);

        public Batch<T> Pick(int[] places) => new(
            [.. Arguments.Select(numbers => KernelHarness.Pick(numbers, Count, places))],
            KernelHarness.Pick(Cotangents, Count, places),
            places.Length);

        /// <summary>With every number of one element replaced.</summary>
        public Batch<T> WithElement(int element, double value)
        {
            T[][] arguments = [.. Arguments.Select(numbers => (T[])numbers.Clone())];
            foreach (T[] numbers in arguments)
                numbers.AsSpan(element * (numbers.Length / Count), numbers.Length / Count).Fill(Bits.Narrow<T>(value));
            return this with { Arguments = arguments };
        }
    }
}
