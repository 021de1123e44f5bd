using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>What Gauss–Newton does, by theory, on problems that show it.</summary>
public sealed class GaussNewtonTests
{
    private static readonly double[] s_start = [3, -2, 1, 5, -4];

    [Fact]
    public void A_linear_problem_takes_one_step()
    {
        var linear = new LinearProblem();
        SolveResult result = new GaussNewton().Solve(
            linear.Problem, linear.ValuesOf(s_start), LinearProblem.Run(1));
        PairedProblem.AssertNear(linear.Minimum(), linear.NumbersOf(result.Values), 1e-13);
        Assert.Equal(SolveStatus.IterationLimit, result.First.Status);
        Assert.InRange(result.First.GradientNorm, 0, 1e-13);
    }

    [Fact]
    public void Half_a_step_halves_the_error_each_time()
    {
        var linear = new LinearProblem();
        double[] minimum = linear.Minimum();
        double[] error = [.. s_start.Zip(minimum, (x, m) => x - m)];
        for (int iterations = 1; iterations <= 6; iterations++)
        {
            SolveResult result = new GaussNewton().Solve(
                linear.Problem, linear.ValuesOf(s_start), LinearProblem.Run(iterations) with { StepSize = 0.5 });
            double share = Math.ScaleB(1, -iterations);
            PairedProblem.AssertNear(
                [.. minimum.Zip(error, (m, e) => m + (share * e))], linear.NumbersOf(result.Values), 1e-13);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    [InlineData(0.1)]
    public void The_gain_of_a_linear_problem_is_the_predicted_one_for_any_step_size(double stepSize)
    {
        var linear = new LinearProblem();
        SolveResult result = new GaussNewton().Solve(
            linear.Problem, linear.ValuesOf(s_start), LinearProblem.Run(1) with { StepSize = stepSize });
        IterationRecord step = result.First.History[1];
        Assert.Equal(1, step.GainRatio, 1e-12);
        Assert.True(step.CostChange > 0.1, "The step should have gained.");
        Assert.Equal(result.First.InitialCost - result.First.FinalCost, step.CostChange, 1e-12);
    }

    /// <summary>Newton's iteration for √2, digit by digit.</summary>
    [Fact]
    public void History_tells_every_iteration()
    {
        Variable<Scalar> x = Variable.Scalar("x");
        SolveResult result = Solve(x, static x => (x * x) - 2, 1, LinearProblem.Run(3));
        double[] iterates = [1, 1.5, 17 / 12.0, 577 / 408.0];
        Assert.Equal(577 / 408.0, result.Values.Get(x), 1e-15);
        Assert.Equal(3, result.First.Iterations);
        for (int k = 0; k < iterates.Length; k++)
        {
            IterationRecord record = result.First.History[k];
            double residual = Square(iterates[k]) - 2;
            Assert.Equal(k, record.Iteration);
            Assert.True(record.IsAccepted);
            Assert.Equal(0.5 * residual * residual, record.Cost, 1e-15);
            Assert.Equal(k == 0 ? 0 : Math.Abs(iterates[k] - iterates[k - 1]), record.StepNorm, 1e-15);
            double before = iterates[Math.Max(0, k - 1)];
            Assert.Equal(Math.Abs(2 * before * (Square(before) - 2)), record.GradientNorm, 1e-14);
            Assert.Equal(0, record.Damping);
        }
    }

    /// <summary>Newton's iteration for x³ − 2x + 2 from 0 goes back and forth between 0 and 1 (cost 2 and ½).</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void The_best_values_of_an_oscillation_are_returned(int iterations)
    {
        Variable<Scalar> x = Variable.Scalar("x");
        SolveResult result = Solve(x, static x => (x * x * x) - (2 * x) + 2, 0, new() { MaxIterations = iterations });
        Assert.Equal([2, 0.5, 2, 0.5], result.First.History.Take(4).Select(record => record.Cost));
        Assert.Equal(SolveStatus.IterationLimit, result.First.Status);
        Assert.Equal(1, result.Values.Get(x));
        Assert.Equal(0.5, result.First.FinalCost);
        Assert.True(result.IsUsable);
    }

    /// <summary>
    /// The step on atan overshoots more the further out it starts: from 1.3 it converges; from 1.5 it runs to where the
    /// gradient vanishes, with a higher cost than the start, whose values are returned: that is not convergence.
    /// </summary>
    [Fact]
    public void Ending_above_the_best_is_not_convergence()
    {
        Variable<Scalar> x = Variable.Scalar("x");
        SolveResult near = Solve(x, Scalar.Atan, 1.3, new());
        Assert.True(near.First.Status.IsConverged(), near.First.Message);
        Assert.Equal(0, near.Values.Get(x), 1e-9);

        Variable<Scalar> y = Variable.Scalar("y");
        SolveResult far = Solve(y, Scalar.Atan, 1.5, new());
        Assert.Equal(SolveStatus.Diverged, far.First.Status);
        Assert.Equal(1.5, far.Values.Get(y));
    }

    /// <summary>∛x: each step leads from x to −2x, so costs grow without bound.</summary>
    [Fact]
    public void Costs_far_above_the_best_are_divergence()
    {
        Variable<Scalar> x = Variable.Scalar("x");
        SolveResult result = Solve(
            x, static x => x * Scalar.Exp(Scalar.Log(x * x) * (-1 / 3.0)), 1, new() { MaxIterations = 200 });
        Assert.Equal(SolveStatus.Diverged, result.First.Status);
        Assert.False(result.IsUsable);
        Assert.Equal(1, result.Values.Get(x));
        Assert.Equal(0.5, result.First.FinalCost, 1e-15);
        Assert.Contains("above the best", result.First.Message, StringComparison.Ordinal);
    }

    /// <summary>The step on log x + 3 from 1 leads to −2, which has no logarithm.</summary>
    [Fact]
    public void A_trial_that_is_not_finite_is_divergence()
    {
        Variable<Scalar> x = Variable.Scalar("x");
        SolveResult result = Solve(x, static x => Scalar.Log(x) + 3, 1, new());
        Assert.Equal(SolveStatus.Diverged, result.First.Status);
        Assert.False(result.IsUsable);
        Assert.Equal(1, result.Values.Get(x));
        Assert.Equal(4.5, result.First.FinalCost);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        var linear = new LinearProblem();
        Values start = linear.ValuesOf(s_start);
        void Refused(SolveOptions options, string name) => Assert.Contains(
            name,
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new GaussNewton().Solve(linear.Problem, start, options)).Message,
            StringComparison.Ordinal);

        Refused(new() { StepSize = 0 }, nameof(SolveOptions.StepSize));
        Refused(new() { StepSize = 1.5 }, nameof(SolveOptions.StepSize));
        Refused(new() { StepSize = double.NaN }, nameof(SolveOptions.StepSize));
        Refused(new() { MaxIterations = -1 }, nameof(SolveOptions.MaxIterations));
        Refused(new() { Threads = -1 }, nameof(SolveOptions.Threads));
    }

    private static double Square(double x) => x * x;

    private static SolveResult Solve(
        Variable<Scalar> x, Func<Scalar, Scalar> residual, double start, SolveOptions options)
    {
        var objective = new Objective();
        objective.Add(x, residual);
        var values = new Values();
        values.Set(x, start);
        return new GaussNewton().Solve(objective.Compile(), values, options);
    }
}
