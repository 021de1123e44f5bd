using System.Globalization;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>Every criterion alone stops a solve, at the iteration that meets it, and says so.</summary>
public sealed class StoppingTests
{
    private static readonly Variable<Scalar> s_x = Variable.Scalar("x");

    /// <summary>r = (x² − 2, 0.1·x): converges quadratically at first, then linearly, to a cost above 0.</summary>
    private static readonly Problem s_problem = Compile();

    public static TheoryData<bool> Damped => [false, true];

    [Theory]
    [MemberData(nameof(Damped))]
    public void By_relative_cost_change(bool isDamped)
    {
        ElementResult result = Solve(isDamped, StoppingCriteria.None with { RelativeCostChange = 1e-5 });
        AssertFirst(
            result, SolveStatus.ConvergedByCost,
            k => Math.Abs(result.History[k].CostChange) <= 1e-5 * result.History[k - 1].Cost);
        Assert.Contains("1E-05", result.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Damped))]
    public void By_absolute_cost_change(bool isDamped)
    {
        ElementResult result = Solve(isDamped, StoppingCriteria.None with { AbsoluteCostChange = 2e-7 });
        AssertFirst(result, SolveStatus.ConvergedByCost, k => Math.Abs(result.History[k].CostChange) <= 2e-7);
        Assert.Contains("2E-07", result.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Damped))]
    public void By_gradient(bool isDamped)
    {
        ElementResult result = Solve(isDamped, StoppingCriteria.None with { Gradient = 1e-4 });
        Assert.Equal(SolveStatus.ConvergedByGradient, result.Status);
        Assert.True(result.GradientNorm <= 1e-4);
        Assert.All(result.History, record => Assert.True(record.GradientNorm > 1e-4));
        Assert.Contains("gradient is larger than 0.0001", result.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Damped))]
    public void By_step(bool isDamped)
    {
        ElementResult result = Solve(isDamped, StoppingCriteria.None with { RelativeStep = 1e-5 });
        AssertFirst(result, SolveStatus.ConvergedByStep, k => result.History[k].StepNorm <= 1e-5 * 1.4);
        Assert.Contains("1E-05 of its size", result.Message, StringComparison.Ordinal);
    }

    /// <summary>One variable that still moves keeps the others waiting.</summary>
    [Fact]
    public void By_step_only_if_every_variable_rests()
    {
        Variable<Scalar> slow = Variable.Scalar("slow"), still = Variable.Scalar("still");
        var objective = new Objective();
        objective.Add(slow, static x => x * x);
        objective.Add(still, static x => x - 1000);
        var values = new Values();
        values.Set(slow, 1);
        values.Set(still, 1000);
        SolveResult result = new GaussNewton().Solve(
            objective.Compile(), values, new() { Stopping = StoppingCriteria.None with { RelativeStep = 1e-3 } });
        Assert.Equal(SolveStatus.ConvergedByStep, result.First.Status);
        Assert.InRange(result.Values.Get(slow), 0, 1.1e-6);
    }

    [Fact]
    public void No_criterion_runs_all_iterations()
    {
        ElementResult result = Solve(isDamped: false, StoppingCriteria.None, 25);
        Assert.Equal(SolveStatus.IterationLimit, result.Status);
        Assert.Equal(25, result.Iterations);
        Assert.Contains("after 25 iterations", result.Message, StringComparison.Ordinal);
        Assert.True(result.IsUsable);
    }

    /// <summary>Rounding leaves adaptive damping nothing to gain; no criterion that is off may be named then.</summary>
    [Fact]
    public void No_criterion_with_adaptive_damping_ends_by_the_limit_or_for_want_of_descent()
    {
        ElementResult result = Solve(isDamped: true, StoppingCriteria.None, 200);
        Assert.Contains(result.Status, new[] { SolveStatus.IterationLimit, SolveStatus.NoDescent });
        Assert.True(result.IsUsable);
    }

    [Fact]
    public void No_iterations_evaluate_and_return_what_was_given()
    {
        var values = new Values();
        values.Set(s_x, 3);
        SolveResult result = new LevenbergMarquardt().Solve(s_problem, values, new() { MaxIterations = 0 });
        Assert.Equal(SolveStatus.IterationLimit, result.First.Status);
        Assert.Equal(0, result.First.Iterations);
        Assert.Equal(0.5 * (49 + 0.09), result.First.FinalCost, 1e-13);
        Assert.Equal(result.First.InitialCost, result.First.FinalCost);
        Assert.Equal(3, result.Values.Get(s_x));
        Assert.False(result.IsUsable, "A cost that is no lower is no answer.");
    }

    [Fact]
    public void Starting_at_the_minimum_takes_no_iteration()
    {
        var values = new Values();
        values.Set(s_x, Math.Sqrt(2 - 0.005));
        SolveResult result = new GaussNewton().Solve(s_problem, values);
        Assert.Equal(SolveStatus.ConvergedByGradient, result.First.Status);
        Assert.Equal(0, result.First.Iterations);
        Assert.True(result.IsUsable);
    }

    [Fact]
    public void As_many_iterations_as_anyone_could_ask_for()
    {
        ElementResult result = Solve(isDamped: false, StoppingCriteria.Default, int.MaxValue);
        Assert.True(result.Status.IsConverged(), result.Message);
    }

    [Theory]
    [InlineData(nameof(StoppingCriteria.RelativeCostChange))]
    [InlineData(nameof(StoppingCriteria.AbsoluteCostChange))]
    [InlineData(nameof(StoppingCriteria.Gradient))]
    [InlineData(nameof(StoppingCriteria.RelativeStep))]
    public void Tolerances_out_of_range_are_refused(string name)
    {
        foreach (double tolerance in (double[])[-1e-9, double.NaN])
        {
            StoppingCriteria stopping = name switch
            {
                nameof(StoppingCriteria.RelativeCostChange) => new() { RelativeCostChange = tolerance },
                nameof(StoppingCriteria.AbsoluteCostChange) => new() { AbsoluteCostChange = tolerance },
                nameof(StoppingCriteria.Gradient) => new() { Gradient = tolerance },
                _ => new() { RelativeStep = tolerance },
            };
            var exception = Assert.Throws<ArgumentOutOfRangeException>(() => Solve(false, stopping));
            Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Rounding at a cost of zero, up and down by any factor, is no divergence.</summary>
    [Fact]
    public void No_criterion_at_a_cost_of_zero_runs_all_iterations()
    {
        PairedProblem pair = NoisyGraphs.Create<SE3<Scalar>, SE3<DoubleDouble>>(6, seed: 1, noise: 0);
        ElementResult result = new GaussNewton().Solve(
            pair.Compile(), pair.Initial, new() { MaxIterations = 30, Stopping = StoppingCriteria.None }).First;
        Assert.Equal(SolveStatus.IterationLimit, result.Status);
        Assert.InRange(result.FinalCost, 0, 1e-25);
    }

    /// <summary>Numbers are written as everywhere, whatever the reader's culture.</summary>
    [Fact]
    public void Sentences_do_not_depend_on_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = culture;
            ElementResult result = Solve(isDamped: false, StoppingCriteria.None with { Gradient = 0.001 });
            Assert.Contains("0.001", result.Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>The criterion holds at the last iteration, and at none before.</summary>
    private static void AssertFirst(ElementResult result, SolveStatus status, Func<int, bool> holdsAt)
    {
        Assert.Equal(status, result.Status);
        Assert.True(result.IsUsable);
        Assert.InRange(result.Iterations, 2, 100);
        for (int k = 1; k <= result.Iterations; k++)
            Assert.Equal(k == result.Iterations, holdsAt(k));
    }

    private static ElementResult Solve(bool isDamped, StoppingCriteria stopping, int mostIterations = 100)
    {
        var values = new Values();
        values.Set(s_x, 3);
        Optimizer optimizer = isDamped ? new LevenbergMarquardt() : new GaussNewton();
        return optimizer.Solve(
            s_problem, values, new() { MaxIterations = mostIterations, Stopping = stopping }).First;
    }

    private static Problem Compile()
    {
        var objective = new Objective();
        objective.Add(s_x, static x => (x * x) - 2);
        objective.Add(s_x, static x => 0.1 * x);
        return objective.Compile();
    }
}
