using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Benchmarks;

/// <summary>
/// The figures that the documentation quotes: interleaved ratios to the peers, from one run of one process.
/// </summary>
internal static class Ratios
{
    /// <summary>Prints the report.</summary>
    /// <param name="smoke">One round of everything, to see that it runs.</param>
    public static void Print(bool smoke)
    {
        int rounds = smoke ? 2 : 300;
        Between(5000, rounds);
        Snavely(5000, rounds);
        Between(100_000, smoke ? 1 : 30);
        Snavely(100_000, smoke ? 1 : 30);
        Bandwidth(smoke);
        Compilation(smoke ? 2 : 20);
        Rows(smoke ? 2 : 20);
    }

    private static void Between(int count, int rounds)
    {
        var problem = new BetweenProblem(count);
        Console.WriteLine($"SE(3) between, full 6x6 weight, N = {count}; ns per factor, gather and scatter included");
        Console.WriteLine($"  value    {problem.Function.Report(FunctionPart.Value)}");
        Console.WriteLine($"  Jacobian {problem.Function.Report(FunctionPart.Jacobian)}");
        Console.WriteLine(
            $"  difference to the expert's C# {problem.DifferenceTo(problem.ManagedJacobian):E1}, " +
            $"the textbook's {problem.DifferenceTo(problem.TextbookJacobian):E1}");
        Table table = new(count, rounds);
        table.Add("r", problem.Residual);
        table.Add("r + J", problem.Jacobian);
        table.Add("r + J, float", problem.SingleJacobian);
        table.Add("r + J, interpreter", problem.InterpretedJacobian);
        table.Add("r, C# by an expert", problem.ManagedResidual);
        table.Add("r + J, C# by an expert", problem.ManagedJacobian);
        table.Add("r + J, C# by the textbook", problem.TextbookJacobian);
        if (NativePeers.IsAvailable)
        {
            table.Add("r, C++", problem.NativeResidual);
            table.Add("r + J, C++", problem.NativeJacobian);
        }

        table.Print("r + J");
    }

    private static void Snavely(int count, int rounds)
    {
        var problem = new SnavelyProblem(count);
        Console.WriteLine($"Snavely reprojection, N = {count}; ns per factor, gather and scatter included");
        Console.WriteLine($"  Jacobian {problem.Function.Report(FunctionPart.Jacobian)}");
        double difference = problem.DifferenceTo(problem.ManagedJacobian);
        Console.WriteLine($"  difference to the expert's C# {difference:E1} of the largest entry");
        Table table = new(count, rounds);
        table.Add("r", problem.Residual);
        table.Add("r + J", problem.Jacobian);
        table.Add("r + J, C# by an expert", problem.ManagedJacobian);
        if (NativePeers.IsAvailable)
            table.Add("r + J, C++", problem.NativeJacobian);
        table.Print("r + J");
    }

    private static void Bandwidth(bool smoke)
    {
        if (!NativePeers.IsAvailable)
            return;
        nuint count = smoke ? 100_000u : 8_000_000u;
        Console.WriteLine(
            $"Memory: copy {NativePeers.BandwidthCopy(count, 5):F1} GB/s, " +
            $"triad {NativePeers.BandwidthTriad(count, 5):F1} GB/s (one thread). " +
            "An r + J between factor writes 624 bytes and reads 344.");
        Console.WriteLine();
    }

    private static void Compilation(int rounds)
    {
        Timing[] times = Interleaved.Run(rounds, CompileAndRunBetween);
        Console.WriteLine(
            "Compilation of the between kernel (r + J), from lambda to first result: " +
            $"{times[0].Minimum / 1e6:F1} ms min, {times[0].Median / 1e6:F1} ms median");
        Console.WriteLine();
    }

    private static void CompileAndRunBetween()
    {
        Function function = BetweenProblem.Trace().WithRespectTo(0, 1);
        var pose = new double[] { 0, 0, 0, 0, 0, 0, 1 };
        function.Jacobian([pose, pose, pose, new double[36]], new double[6], new double[72]);
    }

    /// <summary>A function of its own for each number of rows, compiled by its first call with that many.</summary>
    private static void Rows(int rounds)
    {
        double few = double.MaxValue, many = double.MaxValue;
        for (int round = 0; round < rounds; round++)
        {
            few = Math.Min(few, CompileRows(10));
            many = Math.Min(many, CompileRows(100_000));
        }

        Console.WriteLine(
            $"Rows, compilation in the first call: {few:F2} ms for 10 rows, {many:F2} ms for 100 000 (minima)");
    }

    private static double CompileRows(int rows)
    {
        Function function = Function.Compile(
            (Scalar a, Scalar b, Symbolics.Rows xy) => Symbolics.Rows.Of(xy[1] - (a * Scalar.Exp(b * xy[0]))),
            [Shape.Rows(2)]);
        double[] one = [1.0], data = new double[2 * rows], values = new double[rows], jacobian = new double[2 * rows];
        function.Jacobian([one, one, data], values, jacobian);
        return function.Report(FunctionPart.Jacobian).CompileTime.TotalMilliseconds;
    }

    private sealed class Table(int count, int rounds)
    {
        private readonly List<string> _names = [];
        private readonly List<Action> _actions = [];

        public void Add(string name, Action action)
        {
            _names.Add(name);
            _actions.Add(action);
        }

        public void Print(string reference)
        {
            Timing[] times = Interleaved.Run(rounds, [.. _actions]);
            Timing unit = times[_names.IndexOf(reference)];
            for (int k = 0; k < times.Length; k++)
                Console.WriteLine(
                    $"  {_names[k],-26} {times[k].Per(count)}   {times[k].Minimum / unit.Minimum,6:F2} x (min) " +
                    $"{times[k].Median / unit.Median,6:F2} x (median) of {reference}");
            Console.WriteLine();
        }
    }
}
