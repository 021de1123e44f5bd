using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using Xunit.Abstractions;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Symbolics.Scalar>;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Functions write only where they should, run on several threads, and allocate next to nothing.</summary>
public class FunctionMemoryTests(ITestOutputHelper output)
{
    private const int Margin = 40;
    private const double Guard = 12345.5;

    public static TheoryData<string> Names => [.. SampleFunctions.Names];

    [Theory, MemberData(nameof(Names))]
    public void Nothing_around_the_results_is_touched(string name)
    {
        Function compiled = SampleFunctions.Make(name);
        Function interpreted = SampleFunctions.Make(name, new(Backend: KernelBackend.Interpreter));
        foreach (int count in new[] { 1, 2, 3, 8, 11, 19 })
            foreach (Function function in new[] { compiled, interpreted })
            {
                CheckMargins<double>(function, count);
                CheckMargins<float>(function, count);
            }
    }

    [Fact]
    public void Two_threads_share_a_function()
    {
        Function function = SampleFunctions.Make("between");
        const int count = 100;
        double[][] arguments = KernelHarness.RandomArguments<double>(function, count, new Random(61));
        double[] cotangents = KernelHarness.RandomNumbers<double>(count * 6, new Random(62));
        FunctionPart[] parts = [FunctionPart.Value, FunctionPart.Jacobian, FunctionPart.Gradient];
        ulong[][] Run(FunctionPart part)
        {
            PartResult<double> result = KernelHarness.Run(function, part, arguments, count, cotangents);
            return [.. Enumerable.Range(0, count).Select(result.BitsOf)];
        }

        // The first calls race, too: both threads ask for kernels that are not yet compiled.
        var found = new ulong[2][][][];
        var threads = new Thread[2];
        for (int k = 0; k < 2; k++)
        {
            int thread = k;
            threads[k] = new(() => found[thread] = [.. Enumerable.Range(0, 60).Select(call => Run(parts[call % 3]))]);
            threads[k].Start();
        }

        foreach (Thread thread in threads)
            thread.Join();
        foreach (ulong[][][] calls in found)
            for (int call = 0; call < calls.Length; call++)
                Assert.Equal(found[0][call % 3], calls[call]);
    }

    [Fact]
    public void Call_allocates_little_and_independently_of_the_batch()
    {
        Function function = SampleFunctions.Make("between");
        foreach (FunctionPart part in new[] { FunctionPart.Value, FunctionPart.Jacobian, FunctionPart.Gradient })
        {
            long few = AllocatedBy(function, part, 10), many = AllocatedBy(function, part, 5000);
            output.WriteLine($"{part}: {few} bytes a call for 10 elements, {many} for 5000");
            Assert.Equal(few, many);
            Assert.InRange(many, 0, 2000);
        }
    }

    /// <summary>Calls at the same time get memory of their own.</summary>
    [Fact]
    public void Spare_memory_is_not_shared_by_calls_at_the_same_time()
    {
        Function function = Function.Compile<Vector, Scalar>(static x => x.SquaredNorm(), [Shape.Vector(3)]);
        double[] x = KernelHarness.RandomNumbers<double>(3 * 2000, new Random(63));
        var expected = new double[2000];
        function.Evaluate([x], expected);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            var values = new double[2000];
            function.Evaluate([x], values);
            Assert.Equal(expected, values);
        });
    }

    private static long AllocatedBy(Function function, FunctionPart part, int count)
    {
        double[][] numbers = KernelHarness.RandomArguments<double>(function, count, new Random(64));
        Argument<double>[] arguments = [.. numbers.Select(argument => (Argument<double>)argument)];
        double[] values = new double[count * 6], jacobian = new double[count * 6 * function.JacobianColumns];
        Memory<double>[] gradients =
            [.. function.Trace.Parameters.Select(parameter => new double[count * parameter.Kind.TangentLength])];
        long least = long.MaxValue;
        for (int call = 0; call < 5; call++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            if (part == FunctionPart.Value)
                function.Evaluate(arguments, values);
            else if (part == FunctionPart.Jacobian)
                function.Jacobian(arguments, values, jacobian);
            else
                function.Gradient(arguments, values, gradients);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    /// <summary>Every array lies between guards, inputs included; inputs stay as they are.</summary>
    private static void CheckMargins<T>(Function function, int count)
        where T : unmanaged
    {
        T[][] arguments = [.. KernelHarness.RandomArguments<T>(function, count, new Random(65)).Select(Guarded)];
        T[][] copies = [.. arguments.Select(numbers => (T[])numbers.Clone())];
        T[] values = Guarded(new T[count * function.ResultLength]), again = [.. values];
        T[] jacobian = Guarded(new T[count * function.JacobianRows * function.JacobianColumns]);
        T[] cotangents = Guarded(KernelHarness.RandomNumbers<T>(count * function.JacobianRows, new Random(66)));
        T[][] gradients = [.. function.Trace.Parameters.Select(p => Guarded(new T[count * p.Kind.TangentLength]))];

        Argument<T>[] given = [.. arguments.Select(numbers => (Argument<T>)Inner(numbers))];
        function.Evaluate<T>(given, Inner(values));
        function.Jacobian<T>(given, Inner(again), Inner(jacobian));
        function.Gradient<T>(given, Inner(cotangents), [.. gradients.Select(Inner)]);

        Assert.All([values, again, jacobian, .. gradients], CheckGuards);
        for (int k = 0; k < arguments.Length; k++)
            Assert.Equal(copies[k], arguments[k]);
    }

    private static T[] Guarded<T>(T[] numbers)
        where T : unmanaged
    {
        var guarded = new T[numbers.Length + (2 * Margin)];
        Array.Fill(guarded, Bits.Narrow<T>(Guard));
        numbers.CopyTo(guarded, Margin);
        return guarded;
    }

    private static Memory<T> Inner<T>(T[] guarded) => guarded.AsMemory(Margin, guarded.Length - (2 * Margin));

    private static void CheckGuards<T>(T[] guarded)
        where T : unmanaged
    {
        for (int k = 0; k < Margin; k++)
        {
            Assert.Equal(Guard, Bits.Widen(guarded[k]));
            Assert.Equal(Guard, Bits.Widen(guarded[^(k + 1)]));
        }
    }
}
