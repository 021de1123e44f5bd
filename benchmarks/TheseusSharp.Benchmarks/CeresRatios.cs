using System.Globalization;
using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Data;
using TheseusSharp.Initialization;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Benchmarks;

/// <summary>
/// One Gauss–Newton iteration on real pose graphs, ours and Ceres', one thread each, taking turns within one run. A
/// ratio is printed only where both sides start from the same cost.
/// </summary>
internal static class CeresRatios
{
    /// <summary>From this iteration on nothing is set up any more, on either side.</summary>
    private const int FirstSteady = 2;

    private const double CostAgreement = 1e-9;

    /// <summary>Where Ceres would reject a Gauss–Newton step that raises the cost, it takes damped ones.</summary>
    private static readonly Case[] s_cases =
    [
        new("sphere2500", Chordal: false, CeresMethod.GaussNewton),
        new("parking-garage", Chordal: false, CeresMethod.GaussNewton),
        new("torus3D", Chordal: true, CeresMethod.GaussNewton),
        new("cubicle", Chordal: true, CeresMethod.LevenbergMarquardt),
        new("city10000", Chordal: false, CeresMethod.GaussNewton),
        new("manhattan", Chordal: true, CeresMethod.LevenbergMarquardt),
    ];

    /// <summary>Prints the report.</summary>
    /// <param name="folder">Where the g2o files are.</param>
    /// <param name="rounds">How many turns each side takes.</param>
    /// <param name="only">The name of one data set, or null for all.</param>
    public static void Print(string folder, int rounds, string? only = null)
    {
        Console.WriteLine("ms per Gauss-Newton iteration (linearize, factor, solve, retract, evaluate), 1 thread,");
        Console.WriteLine("diagonal information, steady iterations (of Ceres those that lower the cost),");
        Console.WriteLine($"{rounds} alternating rounds: minimum / median");
        foreach (Case test in s_cases)
        {
            string file = Path.Combine(folder, test.Name + ".g2o");
            if (only is not null && only != test.Name)
                continue;
            if (File.Exists(file))
                Compare(test, file, rounds);
            else
                Console.WriteLine($"{test.Name}: {file} is not there");
        }
    }

    private static void Compare(Case test, string file, int rounds)
    {
        PoseGraph graph = G2o.Read(file);
        if (test.Chordal)
            graph = graph.WithPoses(PoseGraphInitialization.Chordal(graph, InformationMode.Diagonal));
        string start = Path.GetTempFileName();
        try
        {
            G2o.Write(graph, start);
            var options = new CeresOptions(start, Diagonal: true, PlaneManifold: graph.Dimension == 2);
            using CeresPeer? ordered = CeresPeer.Start(file, options);
            using CeresPeer? postordered = CeresPeer.Start(file, options with { PostOrdering = true });
            var ours = new Ours(graph);
            Console.WriteLine($"{test.Name}: {graph}, from {(test.Chordal ? "chordal" : "the file's")} values");
            if (ordered is null || postordered is null)
            {
                for (int round = 0; round < rounds; round++)
                    ours.Run();
                ours.Print();
                return;
            }

            Console.WriteLine($"  {ordered.Version()}");
            Alternate(
                ours, new Peer("Ceres", ordered, test.Method),
                new Peer("Ceres, CHOLMOD orders", postordered, test.Method), rounds);
        }
        finally
        {
            File.Delete(start);
        }
    }

    private static void Alternate(Ours ours, Peer ordered, Peer postordered, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            ours.Run();
            ordered.Run();
            postordered.Run();
        }

        ours.Print();
        ordered.Print();
        postordered.Print();
        if (!ours.StartsAs(ordered) || !ours.StartsAs(postordered))
        {
            Console.WriteLine("  no ratio: the two sides do not start from the same cost");
            return;
        }

        if (ordered.Sorted().Length == 0 || postordered.Sorted().Length == 0)
        {
            Console.WriteLine("  no ratio: one side has no steady iteration that lowers the cost");
            return;
        }

        double[] best = ordered.Sorted()[0] < postordered.Sorted()[0] ? ordered.Sorted() : postordered.Sorted();
        double[] mine = ours.Sorted();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  ratio to Ceres' faster ordering: {best[0] / mine[0]:F2} of minima, " +
            $"{Median(best) / Median(mine):F2} of medians"));
    }

    private static double Median(double[] sorted) => sorted[sorted.Length / 2];

    private sealed record Case(string Name, bool Chordal, CeresMethod Method);

    /// <summary>A side of the comparison: the times of its steady iterations, in ms.</summary>
    private abstract class Side(string name)
    {
        protected const int Iterations = 6;

        protected List<double> Times { get; } = [];

        public double InitialCost { get; protected set; }

        protected double FinalCost { get; set; }

        protected virtual string Details => string.Empty;

        public abstract void Run();

        /// <summary>Whether both start from the same cost; false if either is not a number.</summary>
        public bool StartsAs(Side other) =>
            Math.Abs(InitialCost - other.InitialCost) <= CostAgreement * InitialCost;

        public double[] Sorted() => [.. Times.Order()];

        public void Print()
        {
            double[] sorted = Sorted();
            string times = sorted.Length == 0 ? "no steady iteration"
                : string.Create(CultureInfo.InvariantCulture, $"{sorted[0],7:F2} / {Median(sorted),7:F2}");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {name,-24}{times}   cost {InitialCost:E9} -> {FinalCost:E9} {Details}"));
        }
    }

    private sealed class Ours : Side
    {
        private readonly PoseGraphProblem _problem;
        private readonly Values _initial;
        private readonly SolveOptions _options =
            new() { MaxIterations = Iterations, Stopping = StoppingCriteria.None, Threads = 1 };

        private SolveTimes? _split;

        public Ours(PoseGraph graph)
            : base("TheseusSharp")
        {
            _problem = PoseGraphProblem.Create(graph, new() { Information = InformationMode.Diagonal });
            _initial = _problem.CreateValues(graph.Poses);
            Run();
            Times.Clear();
        }

        protected override string Details => string.Create(
            CultureInfo.InvariantCulture,
            $"(last run: linearize {Per(_split!.Linearize)}, factor {Per(_split.Factor)}, solve {Per(_split.Solve)})");

        public override void Run()
        {
            SolveResult result = new GaussNewton().Solve(_problem.Problem, _initial, _options);
            (InitialCost, FinalCost) = (result.First.InitialCost, result.First.FinalCost);
            _split = result.Summary.Times;
            IReadOnlyList<IterationRecord> history = result.First.History;
            for (int k = FirstSteady; k < history.Count; k++)
                Times.Add((history[k].Elapsed - history[k - 1].Elapsed).TotalMilliseconds);
        }

        private static string Per(TimeSpan time) =>
            (time.TotalMilliseconds / Iterations).ToString("F2", CultureInfo.InvariantCulture);
    }

    private sealed class Peer(string name, CeresPeer ceres, CeresMethod method) : Side(name)
    {
        protected override string Details => method == CeresMethod.GaussNewton ? string.Empty : "(damped)";

        public override void Run()
        {
            CeresRun run = ceres.Iterate(Iterations, method);
            (InitialCost, FinalCost) = (run.InitialCost, run.FinalCost);
            for (int k = FirstSteady; k < run.IterationSeconds.Length; k++)
                if (run.Costs[k] < run.Costs[k - 1])
                    Times.Add(1e3 * run.IterationSeconds[k]);
        }
    }
}
