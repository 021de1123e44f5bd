using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Linear;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>Solves with factors in single precision end as those in double precision do.</summary>
public sealed class MixedPrecisionTests
{
    private const int Count = 13;

    private static readonly SolveOptions s_mixed =
        new() { Layout = BatchLayout.Interleaved, Precision = LinearPrecision.Mixed };

    private static readonly SolveOptions s_double = s_mixed with { Precision = LinearPrecision.Double };

    /// <summary>Two numbers whose sum is measured well, and whose difference as well as a weight says.</summary>
    private readonly Variable<Vector<Scalar>> _pair = Variable.Vector("pair", 2);
    private readonly Variable<Scalar> _weight = Variable.Scalar("weight", VariableRole.Constant);
    private readonly Problem _problem;

    public MixedPrecisionTests()
    {
        var objective = new Objective();
        objective.Add(_pair, static p => Scalar.Exp(p[0] + p[1]) - 2);
        objective.Add(_pair, static p => Scalar.Sin(p[0] + p[1]) - 0.5);
        objective.Add(_pair, _weight, static (p, w) => w * (p[0] - p[1] - 0.3));
        _problem = objective.Compile();
    }

    [Theory]
    [InlineData(BatchLayout.Interleaved)]
    [InlineData(BatchLayout.Separate)]
    public void Pose_graphs_are_solved_without_falling_back(BatchLayout layout)
    {
        foreach (Optimizer optimizer in (Optimizer[])[new LevenbergMarquardt(), new GaussNewton()])
        {
            PairedProblem pair = NoisyGraphs.Create<SE3<Scalar>, SE3<DoubleDouble>>(30, seed: 5);
            SolveResult result = pair.AssertSame(optimizer, s_mixed with { Layout = layout });
            SolveSummary summary = result.Summary;
            Assert.Equal(LinearPrecision.Mixed, summary.Precision);
            Assert.Equal((result.First.Iterations, 0), (summary.SingleFactorizations, summary.FallBacks));
            SolveResult expected = optimizer.Solve(pair.Compile(), pair.Initial, s_double);
            Assert.Equal((LinearPrecision.Double, 0L), (expected.Summary.Precision, expected.Summary.SingleFactorizations));
            Assert.Equal(expected.First.Status, result.First.Status);
            Assert.Equal(expected.First.Iterations, result.First.Iterations);
            Assert.Equal(expected.First.FinalCost, result.First.FinalCost, 1e-10 * expected.First.FinalCost);
        }
    }

    [Theory]
    [InlineData(BatchLayout.Interleaved)]
    [InlineData(BatchLayout.Separate)]
    public void Ill_conditioned_elements_fall_back_once_and_end_as_in_double_precision(BatchLayout layout)
    {
        foreach (Optimizer optimizer in (Optimizer[])[new LevenbergMarquardt { Damping = 1e-12 }, new GaussNewton()])
        {
            SolveResult mixed = optimizer.Solve(_problem, Batch(), With(s_mixed, layout));
            SolveResult exact = optimizer.Solve(_problem, Batch(), With(s_double, layout));
            Assert.Equal(Enumerable.Range(0, Count).Count(IsIll), mixed.Summary.FallBacks);
            Assert.True(mixed.Summary.SingleFactorizations > mixed.Summary.FallBacks + Count);
            for (int element = 0; element < Count; element++)
            {
                ElementResult expected = exact.Elements[element], found = mixed.Elements[element];
                Assert.Equal((expected.Status, expected.Message), (found.Status, found.Message));
                Assert.Equal(expected.Iterations, found.Iterations);
                Assert.Equal(expected.FinalCost, found.FinalCost, 1e-9 * Math.Max(expected.FinalCost, 1e-6));
                if (IsIll(element)) // in double precision from the first step on
                    Assert.Equal(
                        Numbers.Bits(exact.Values, _problem.Variables, element),
                        Numbers.Bits(mixed.Values, _problem.Variables, element));
            }
        }
    }

    [Fact]
    public void Undetermined_elements_are_singular_as_in_double_precision()
    {
        Values batch = Batch();
        batch.SetElement(_weight, 6, [0]);
        SolveResult mixed = new GaussNewton().Solve(_problem, batch, s_mixed);
        Assert.Equal(SolveStatus.Singular, mixed.Elements[6].Status);
        Assert.Equal(
            new GaussNewton().Solve(_problem, batch, s_double).Elements.Select(element => element.Message),
            mixed.Elements.Select(element => element.Message));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Elements_have_the_bits_of_single_solves(int threads)
    {
        Values batch = Batch();
        var optimizer = new LevenbergMarquardt { Damping = 1e-12 };
        for (int repeat = 0; repeat < 2; repeat++)
        {
            SolveResult result = optimizer.Solve(_problem, batch, s_mixed with { Threads = threads });
            for (int element = 0; element < Count; element++)
            {
                var alone = new Values();
                foreach (Variable variable in _problem.Variables)
                    alone.Set(variable, Numbers.Of(batch, variable, element));
                SolveResult single = optimizer.Solve(_problem, alone, s_mixed);
                Assert.Equal(IsIll(element) ? 1 : 0, single.Summary.FallBacks);
                Assert.Equal(
                    Numbers.Bits(single.Values, _problem.Variables),
                    Numbers.Bits(result.Values, _problem.Variables, element));
            }
        }
    }

    /// <summary>
    /// Steps repeated from checkpoints are those taken, also of an element whose first systems only were too
    /// ill-conditioned: its start is where the sum is hardly measured, from where it goes to where it is.
    /// </summary>
    [Theory]
    [InlineData(BatchLayout.Interleaved)]
    [InlineData(BatchLayout.Separate)]
    public void Checkpoints_repeat_steps_in_the_precision_they_were_taken_in(BatchLayout layout)
    {
        Gradients Gradient(Backward backward)
        {
            var layer = new TheseusLayer(
                _problem, new LevenbergMarquardt { Damping = 1e-12 }, backward,
                With(s_mixed, layout) with { MaxIterations = 7, Stopping = StoppingCriteria.None, Threads = 1 });
            Values batch = Batch();
            LayerPass pass = layer.Forward(batch);
            Assert.True(pass.Result.Summary.FallBacks > 0);
            var outer = new Gradients(Count);
            outer.Set(_pair, [.. Enumerable.Range(0, 2 * Count).Select(k => 1.0 + k)]);
            return pass.Backward(outer, wanted: [_weight]).Gradients;
        }

        Gradients plain = Gradient(Backward.Unroll()), repeated = Gradient(Backward.Unroll(3));
        for (int element = 0; element < Count; element++)
            Assert.Equal(plain.Of(_weight, element).ToArray(), repeated.Of(_weight, element).ToArray());
    }

    [Fact]
    public void Backward_passes_agree_with_double_precision()
    {
        double[] Gradient(SolveOptions options)
        {
            var layer = new TheseusLayer(
                _problem, new LevenbergMarquardt(), Backward.Implicit(HessianKind.GaussNewton), options);
            var outer = new Gradients(Count);
            outer.Set(_pair, [.. Enumerable.Range(0, 2 * Count).Select(k => 1.0 + k)]);
            Gradients gradients = layer.Forward(Batch()).Backward(outer, wanted: [_weight]).Gradients;
            return [.. Enumerable.Range(0, Count).Select(element => gradients.Of(_weight, element)[0])];
        }

        double[] mixed = Gradient(s_mixed), exact = Gradient(s_double);
        for (int element = 0; element < Count; element++)
            Assert.Equal(exact[element], mixed[element], (IsIll(element) ? 1e-5 : 1e-9) * (1 + Math.Abs(exact[element])));
    }

    [Fact]
    public void Reports_say_what_was_factored_in_what()
    {
        SolveSummary mixed = new GaussNewton().Solve(_problem, Batch(), s_mixed).Summary;
        Assert.Contains(
            $"mixed (as asked for): {mixed.SingleFactorizations} factorizations in single, of which " +
            $"{mixed.FallBacks} fell back to double", mixed.FullReport(), StringComparison.Ordinal);
        string exact = new GaussNewton().Solve(_problem, Batch(), s_double).Summary.FullReport();
        Assert.Contains("double (as asked for)", exact, StringComparison.Ordinal);
        SolveOptions automatic = new() { Layout = BatchLayout.Interleaved };
        SolveSummary own = new GaussNewton().Solve(_problem, Batch(), automatic).Summary;
        Assert.Equal(LinearPrecision.Double, own.Precision);
        Assert.Contains("estimated", own.PrecisionReason, StringComparison.Ordinal);
    }

    /// <summary>Where factoring is most of the work, and only there: by structure and lanes.</summary>
    [Theory]
    [InlineData(3, 8, LinearPrecision.Double)]
    [InlineData(12, 8, LinearPrecision.Mixed)]
    [InlineData(12, 4, LinearPrecision.Double)]
    [InlineData(12, 2, LinearPrecision.Double)]
    public void The_choice_is_by_what_is_estimated_to_be_faster(int side, int lanes, LinearPrecision expected)
    {
        var structure = BlockStructure.Create(
            Graphs.Sizes(side * side * side, [6]), Graphs.Grid(side, side, side));
        var plan = InterleavedPlan.Of(SymbolicFactorization.Analyze(structure));
        Assert.Equal(expected, ChosenPrecision.ByCost(plan, lanes).Precision);
    }

    /// <summary>A pivot that is rounding error in float ends a factorization there: it was one all the same.</summary>
    [Theory]
    [InlineData(BatchLayout.Interleaved)]
    [InlineData(BatchLayout.Separate)]
    public void A_factorization_that_fails_in_single_precision_is_counted(BatchLayout layout)
    {
        var alone = new Values();
        alone.Set(_pair, [0.1, 0.4]);
        alone.Set(_weight, 1e-6);
        SolveSummary summary = new GaussNewton().Solve(_problem, alone, With(s_mixed, layout)).Summary;
        Assert.Equal((1L, 1L), (summary.SingleFactorizations, summary.FallBacks));
    }

    [Fact]
    public void Unknown_precisions_are_refused() =>
        Assert.Equal("Precision", Assert.Throws<ArgumentOutOfRangeException>(() => new GaussNewton().Solve(
            _problem, Batch(), new() { Precision = (LinearPrecision)9 })).ParamName);

    /// <summary>Two coordinates are few: alone, only a sparse factor can be in single precision.</summary>
    [Fact]
    public void Dense_factors_are_in_double_precision()
    {
        SolveOptions options = With(s_mixed, BatchLayout.Separate) with { LinearSolver = LinearSolverKind.Automatic };
        SolveSummary summary = new GaussNewton().Solve(_problem, Batch(), options).Summary;
        Assert.Equal((LinearPrecision.Double, 0L), (summary.Precision, summary.SingleFactorizations));
        Assert.Contains("only sparse", summary.PrecisionReason, StringComparison.Ordinal);
    }

    private static bool IsIll(int element) => element % 3 == 1;

    private static SolveOptions With(SolveOptions options, BatchLayout layout) =>
        options with { Layout = layout, LinearSolver = LinearSolverKind.Sparse };

    private Values Batch()
    {
        var values = new Values(Count);
        for (int element = 0; element < Count; element++)
        {
            values.SetElement(_pair, element, [0.1 * element, 0.5 - (0.02 * element)]);
            values.SetElement(_weight, element, [IsIll(element) ? 1e-4 : 1]);
        }

        return values;
    }
}
