using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>
/// Batches of a small pose graph by every combination of options that is legal, the full product: solver × order of
/// elimination × layout × precision × threads × size of the batch.
/// </summary>
public sealed class SolveCrossTests
{
    private const int Poses = 9;

    private static readonly int[] s_batches = [1, 3, 8, 13, 64];
    private static readonly int[] s_threads = [1, 2, 5];

    /// <summary>The same poses and measurements by their numbers, in all batches.</summary>
    private static readonly Graph s_graph = new();

    public static TheoryData<LinearSolverKind, OrderingKind> Cases
    {
        get
        {
            var cases = new TheoryData<LinearSolverKind, OrderingKind>();
            foreach (LinearSolverKind solver in Enum.GetValues<LinearSolverKind>())
                foreach (OrderingKind ordering in Enum.GetValues<OrderingKind>())
                    if (ordering != OrderingKind.Given)
                        cases.Add(solver, ordering);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void All_options_lead_to_the_same_minimum_and_threads_and_batches_change_no_bit(
        LinearSolverKind solver, OrderingKind ordering)
    {
        foreach (BatchLayout layout in Enum.GetValues<BatchLayout>())
            foreach (LinearPrecision precision in Enum.GetValues<LinearPrecision>())
            {
                var options = new SolveOptions
                {
                    LinearSolver = solver,
                    Ordering = ordering,
                    Layout = layout,
                    Precision = precision,
                };
                if (layout == BatchLayout.Interleaved &&
                    solver is LinearSolverKind.Dense or LinearSolverKind.ConjugateGradients)
                    Assert.Throws<ArgumentException>(() => s_graph.Solve(1, options));
                else
                    Check(options);
            }
    }

    private static void Check(SolveOptions options)
    {
        Outcome[]? singles = options.Layout == BatchLayout.Automatic
            ? null : [.. Enumerable.Range(0, s_batches[^1]).Select(element => s_graph.SolveAlone(element, options))];
        foreach (int batch in s_batches)
        {
            Outcome[] first = s_graph.Solve(batch, options with { Threads = s_threads[0] });
            for (int element = 0; element < batch; element++)
            {
                Outcome expected = s_graph.Plain[element], found = first[element];
                Assert.True(expected.Status.IsConverged() && found.Status.IsConverged(), $"{options}: {found.Status}");
                Assert.InRange(found.Cost, expected.Cost * (1 - 1e-9), expected.Cost * (1 + 1e-9));
                if (singles is not null)
                    AssertSame(singles[element], found, options, batch);
            }

            foreach (int threads in s_threads[1..])
            {
                Outcome[] others = s_graph.Solve(batch, options with { Threads = threads });
                for (int element = 0; element < batch; element++)
                    AssertSame(first[element], others[element], options, batch);
            }
        }
    }

    private static void AssertSame(Outcome expected, Outcome found, SolveOptions options, int batch) => Assert.True(
        expected.Status == found.Status && expected.Iterations == found.Iterations && expected.Cost == found.Cost &&
        expected.Bits.AsSpan().SequenceEqual(found.Bits),
        $"{options}, batch of {batch}: {expected} or {found}");

    /// <summary>What became of an element.</summary>
    private sealed record Outcome(SolveStatus Status, int Iterations, double Cost, long[] Bits);

    /// <summary>A chain of poses with loop closures; measurements and start are each element's own.</summary>
    private sealed class Graph
    {
        private static readonly (int From, int To)[] s_edges =
            [.. Enumerable.Range(1, Poses - 1).Select(k => (k - 1, k)), (0, 4), (1, 6), (2, 8), (3, 7), (0, 8)];

        private readonly Variable<SE2<Scalar>>[] _poses =
            [.. Enumerable.Range(0, Poses).Select(k => Variable.SE2($"pose{k}"))];

        private readonly Variable<SE2<Scalar>>[] _motions =
            [.. s_edges.Select((_, k) => Variable.SE2($"motion{k}", VariableRole.Constant))];

        private readonly Problem _problem;

        public Graph()
        {
            var objective = new Objective();
            for (int k = 0; k < s_edges.Length; k++)
                objective.Add(
                    _poses[s_edges[k].From], _poses[s_edges[k].To], _motions[k], Between.Residual,
                    CostWeight.Diagonal(1, 2, 3));
            _problem = objective.Compile(new() { Held = [_poses[0]] });
            Plain = Solve(s_batches[^1], new()
            {
                LinearSolver = LinearSolverKind.Dense,
                Layout = BatchLayout.Separate,
                Precision = LinearPrecision.Double,
                Threads = 1,
            });
        }

        /// <summary>By the plainest solver.</summary>
        public Outcome[] Plain { get; }

        public Outcome[] Solve(int batch, SolveOptions options) => Solve([.. Enumerable.Range(0, batch)], options);

        public Outcome SolveAlone(int element, SolveOptions options) =>
            Solve([element], options with { Threads = 1 })[0];

        private Outcome[] Solve(int[] elements, SolveOptions options)
        {
            SolveResult result = new LevenbergMarquardt().Solve(_problem, ValuesOf(elements), options);
            return [.. result.Elements.Select(element => new Outcome(
                element.Status, element.Iterations, element.FinalCost,
                Numbers.Bits(result.Values, _poses, element.Element)))];
        }

        private Values ValuesOf(int[] elements)
        {
            var values = new Values(elements.Length);
            for (int k = 0; k < elements.Length; k++)
            {
                var random = new Random(elements[k]);
                SE2<Float64>[] truth =
                    [.. _poses.Select((_, pose) => Near(SE2<Float64>.From(pose, 0, 0.3), random, 0.5))];
                for (int pose = 0; pose < Poses; pose++)
                    values.Set(_poses[pose], k, Near(truth[pose], random, pose == 0 ? 0 : 0.1));
                for (int edge = 0; edge < s_edges.Length; edge++)
                    values.Set(
                        _motions[edge], k,
                        Near(truth[s_edges[edge].From].Between(truth[s_edges[edge].To]), random, 0.05));
            }

            return values;
        }

        private static SE2<Float64> Near(SE2<Float64> pose, Random random, double size)
        {
            double Noise() => size * ((2 * random.NextDouble()) - 1);
            return pose * SE2<Float64>.From(Noise(), Noise(), Noise());
        }
    }
}
