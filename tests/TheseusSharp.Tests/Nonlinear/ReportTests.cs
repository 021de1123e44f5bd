using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>Reports tell what ran, and tell it truly.</summary>
public sealed class ReportTests
{
    private readonly PairedProblem _pair = NoisyGraphs.Create<SE2<Scalar>, SE2<DoubleDouble>>(30, seed: 2);

    [Fact]
    public void The_full_report_has_sizes_ordering_fill_kernels_costs_times_and_termination()
    {
        SolveResult result = new LevenbergMarquardt().Solve(_pair.Compile(), _pair.Initial);
        string report = result.Summary.FullReport();
        Says(report, "Levenberg–Marquardt", "29 optimised (87 coordinates), 1 constant");
        Says(report, $"{_pair.Objective.CostCount} in 1 groups ({3 * _pair.Objective.CostCount} residuals)");
        Says(report, "multifrontal Cholesky (", "ordering minimum degree", $"{result.Summary.Blocks} blocks");
        Says(report, $"{result.Summary.FactorNonZeros} numbers in the factor", "compiled", " bits");
        Says(report, FormattableString.Invariant($"{result.First.InitialCost:0.000000000e+00}"));
        Says(report, FormattableString.Invariant($"{result.First.FinalCost:0.000000000e+00}"));
        foreach (string part in (string[])["kernels", "setup", "linearize", "factor", "solve", "retract", "evaluate"])
            Says(report, part);
        Assert.EndsWith(result.First.Message, report, StringComparison.Ordinal);
        Assert.Equal(report, result.Summary.ToString());
    }

    [Fact]
    public void Sizes_are_those_of_the_problem()
    {
        Problem problem = _pair.Compile();
        SolveSummary sparse = new GaussNewton().Solve(problem, _pair.Initial).Summary;
        SolveSummary dense = new GaussNewton().Solve(
            problem, _pair.Initial, new() { LinearSolver = LinearSolverKind.Dense }).Summary;
        int pairs = _pair.Dense.Terms.Select(term => (term.Variables.Min(), term.Variables.Max()))
            .Where(pair => pair.Item1 > 0).Distinct().Count();
        Assert.Equal(29 + pairs, sparse.Blocks);
        Assert.Equal(87 * 88 / 2, dense.FactorNonZeros);
        Assert.InRange(sparse.FactorNonZeros, 9L * sparse.Blocks / 2, dense.FactorNonZeros);
        Assert.Equal(1, sparse.Threads);
        Assert.Same(problem, sparse.Problem);
        Assert.Equal("none", dense.Ordering);
    }

    [Theory]
    [InlineData(KernelBackend.Interpreter, SimdWidth.Bits256)]
    [InlineData(KernelBackend.Compiled, SimdWidth.Bits128)]
    public void The_back_end_and_the_width_are_those_asked_for(KernelBackend backend, SimdWidth width)
    {
        Problem problem = _pair.Objective.Compile(new()
        {
            Compiler = new() { Backend = backend, Width = width },
            Held = [_pair.Objective.FindVariable("x0")!],
        });
        SolveSummary summary = new GaussNewton().Solve(problem, _pair.Initial).Summary;
        Says(summary.FullReport(), $"{(int)width} bits", backend.ToString().ToLowerInvariant());
        Assert.All(summary.Kernels, kernel => Assert.Equal((backend, width), (kernel.Backend, kernel.Width)));
    }

    [Fact]
    public void The_brief_report_is_one_line()
    {
        SolveResult result = new GaussNewton().Solve(_pair.Compile(), _pair.Initial);
        string report = result.Summary.BriefReport();
        Assert.DoesNotContain('\n', report);
        Says(report, "Gauss–Newton", $"{result.First.Iterations} iterations", result.First.Message);
    }

    [Fact]
    public void A_second_solve_of_a_problem_reports_its_own_times()
    {
        Problem problem = _pair.Compile();
        new GaussNewton().Solve(problem, _pair.Initial);
        SolveTimes times = new GaussNewton().Solve(problem, _pair.Initial).Summary.Times;
        TimeSpan parts = times.Kernels + times.Setup + times.Linearize + times.Factor + times.Solve + times.Retract +
            times.Evaluate;
        Assert.True(parts <= times.Total, $"The parts take {parts}, the whole {times.Total}.");
        Assert.True(times.Linearize > TimeSpan.Zero && times.Factor > TimeSpan.Zero);
    }

    [Fact]
    public void A_batch_reports_counts_of_statuses_and_the_first_failure()
    {
        Variable<Scalar> x = Variable.Scalar("x");
        var objective = new Objective();
        objective.Add(x, static x => Scalar.Log(x) + 3, name: "log");
        var values = new Values(4);
        values.Set(x, 0.06, -1, 0.05, 0.04);
        SolveSummary summary = new GaussNewton().Solve(objective.Compile(), values, new() { Threads = 2 }).Summary;
        Says(summary.FullReport(), "NotFinite × 1", "Element 1: ", "'log'", "over 4 element(s)");
        string brief = summary.BriefReport();
        Assert.DoesNotContain('\n', brief);
        Says(brief, "4 elements, 3 converged", "1 unusable");
        Assert.DoesNotContain("NaN", brief, StringComparison.Ordinal);
    }

    private static void Says(string report, params string[] words) =>
        Assert.All(words, word => Assert.Contains(word, report, StringComparison.Ordinal));
}
