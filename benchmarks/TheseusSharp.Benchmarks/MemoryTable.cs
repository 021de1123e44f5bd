using System.Globalization;
using TheseusSharp.Adjoints;
using TheseusSharp.Costs;
using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Benchmarks;

/// <summary>What backward modes cost in memory, by the number of iterations.</summary>
/// <remarks>
/// <para>
/// The synthetic cube, Levenberg–Marquardt damped so much that every iteration gains, gradients by the radius of
/// Welsch's loss; one element, one thread, double. θ is all optimised poses: 7 numbers each.
/// </para>
/// <para>
/// <c>held</c> is what lives on with the forward pass's result until the backward pass: the solution, the report with a
/// record of every iteration, the tape. What the backward pass allocates is mostly the workspace of a thread. All are
/// medians of several rounds. The last column says by how many copies of θ the held memory grows with each
/// iteration, from the fewest to the most; implicit modes show what the report takes.
/// </para>
/// </remarks>
internal static class MemoryTable
{
    private const int Rounds = 7;

    private static readonly int[] s_iterations = [5, 10, 20, 40];

    private static readonly (string Name, Backward Mode)[] s_modes =
    [
        ("implicit, Gauss-Newton", Backward.Implicit(HessianKind.GaussNewton)),
        ("implicit, exact", Backward.Implicit(HessianKind.Exact)),
        ("direct loss", Backward.DirectLoss()),
        ("truncated(5)", Backward.Truncated(5)),
        ("unroll", Backward.Unroll()),
        ("unroll, checkpoint every 5", Backward.Unroll(5)),
    ];

    /// <summary>Prints the table.</summary>
    /// <param name="poses">How many poses the cube has.</param>
    public static void Print(int poses = 256)
    {
        var run = new MemoryRun(poses);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Memory of a forward and a backward pass, {poses} poses: one copy of all is {run.Copy / 1024.0:F1} KiB."));
        Console.WriteLine("KiB held between the passes (and allocated by the backward pass), by iterations:");
        Console.Write($"  {"mode",-28}");
        foreach (int iterations in s_iterations)
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"{iterations,20}"));
        Console.WriteLine("   copies of θ held per iteration");
        foreach ((string name, Backward mode) in s_modes)
            Print(run, name, mode);
    }

    private static void Print(MemoryRun run, string name, Backward mode)
    {
        Console.Write($"  {name,-28}");
        long[] held = new long[s_iterations.Length];
        for (int k = 0; k < held.Length; k++)
        {
            (held[k], long backward) = run.Measure(mode, s_iterations[k], Rounds);
            Console.Write(string.Create(
                CultureInfo.InvariantCulture, $"{held[k] / 1024.0,9:F1} ({backward / 1024.0,8:F1})"));
        }

        double perIteration = (held[^1] - held[0]) / (double)(s_iterations[^1] - s_iterations[0]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   {perIteration / run.Copy,7:F3}"));
    }

    private sealed class MemoryRun
    {
        private readonly Problem _problem;
        private readonly Values _values = new();
        private readonly Gradients _outer = new();
        private readonly Variable<Scalar> _logRadius = Variable.Scalar("log radius", VariableRole.Constant);

        public MemoryRun(int count)
        {
            PoseGraph graph = SyntheticCube.Generate(
                new() { Poses = count, Seed = 1, RotationNoise = 0.02, OutlierRatio = 0.25 }).Graph;
            Variable<SE3<Scalar>>[] poses = Variable.Many<SE3<Scalar>>("pose", count);
            var objective = new Objective();
            for (int edge = 0; edge < graph.EdgeCount; edge++)
                objective.Add(
                    poses[graph.From[edge]], poses[graph.To[edge]],
                    Between.Measured((SE3<Scalar>)Element(graph.Measurements.Slice(7 * edge, 7))),
                    loss: RobustLoss.Welsch(_logRadius));
            objective.Add(poses[0], Difference.To(SE3<Scalar>.Identity));
            _problem = objective.Compile();
            for (int k = 0; k < count; k++)
            {
                _values.Set(poses[k], Element(graph.Poses.Slice(7 * k, 7)));
                _outer.Set(poses[k], 0.1, -0.2, 0.3, 0.2, -0.1, 0.1);
            }

            _values.Set(_logRadius, 3.0);
            Copy = sizeof(double) * 7L * count;
        }

        /// <summary>The bytes of one copy of θ.</summary>
        public long Copy { get; }

        /// <summary>The bytes held between the passes, and those that the backward pass allocates.</summary>
        public (long Held, long Backward) Measure(Backward mode, int iterations, int rounds)
        {
            var options = new SolveOptions
            {
                MaxIterations = iterations,
                Stopping = StoppingCriteria.None,
                Threads = 1,
            };
            var layer = new TheseusLayer(
                _problem, new LevenbergMarquardt { Damping = 100, Rule = DampingRule.Constant }, mode, options);
            Measure(layer); // Compiles kernels.
            (long Held, long Backward)[] all = [.. Enumerable.Range(0, rounds).Select(_ => Measure(layer))];
            return (all.Select(one => one.Held).Order().ElementAt(rounds / 2),
                all.Select(one => one.Backward).Order().ElementAt(rounds / 2));
        }

        private (long Held, long Backward) Measure(TheseusLayer layer)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            LayerPass pass = layer.Forward(_values);
            long held = GC.GetTotalMemory(forceFullCollection: true) - before;
            if (pass.Result.First.Iterations != layer.Options.MaxIterations)
                throw new InvalidOperationException($"The solve ended early: {pass.Result.First.Message}");
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            pass.Backward(_outer, wanted: [_logRadius]);
            return (held, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        private static SE3<Float64> Element(ReadOnlySpan<double> storage) =>
            SE3<Float64>.FromStorage(Array.ConvertAll(storage.ToArray(), number => (Float64)number));
    }
}
