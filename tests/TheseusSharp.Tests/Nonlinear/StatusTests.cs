using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>Numerical trouble is a status that tells the truth; the best values seen are returned.</summary>
public sealed class StatusTests
{
    private readonly Variable<Scalar> _x = Variable.Scalar("x");
    private readonly Objective _objective = new();

    [Fact]
    public void A_cost_that_is_not_finite_at_the_start_is_named()
    {
        for (int k = 0; k < 20; k++)
            _objective.Add(_x, x => Scalar.Log(x + (k - 13)), name: $"log{k}");
        SolveResult result = Solve(new LevenbergMarquardt(), 13);
        Assert.Equal(SolveStatus.NotFinite, result.First.Status);
        Assert.Contains("'log0'", result.First.Message, StringComparison.Ordinal);
        Assert.Equal(0, result.First.Iterations);
        Assert.False(result.IsUsable);
        Assert.Equal(13, result.Values.Get(_x));
    }

    [Fact]
    public void Of_a_column_of_cost_functions_the_one_is_named()
    {
        Variable<Scalar>[] many = Variable.Many<Scalar>("v", 30);
        _objective.AddColumns(Column.Of(many), static x => Scalar.Log(x), name: "logs");
        var values = new Values();
        foreach (Variable<Scalar> variable in many)
            values.Set(variable, variable.Name == "v17" ? -1 : 2);
        ElementResult result = new GaussNewton().Solve(_objective.Compile(), values).First;
        Assert.Equal(SolveStatus.NotFinite, result.Status);
        Assert.Contains("'logs[17]'", result.Message, StringComparison.Ordinal);
    }

    /// <summary>Cost and gradient are finite, H is not: that is no lack of measurements.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Derivatives_whose_square_overflows_are_not_finite(bool isDamped)
    {
        _objective.Add(_x, static x => (1e160 * x) - 1, name: "steep");
        ElementResult result = Solve(isDamped ? new LevenbergMarquardt() : new GaussNewton(), 1e-100).First;
        Assert.True(double.IsFinite(result.InitialCost) && double.IsFinite(result.GradientNorm));
        Assert.Equal(SolveStatus.NotFinite, result.Status);
        Assert.Contains("the derivatives of 'steep'", result.Message, StringComparison.Ordinal);
    }

    /// <summary>√x at 0: a finite cost without a derivative.</summary>
    [Fact]
    public void A_derivative_that_is_not_finite_is_named()
    {
        _objective.Add(_x, static x => x - 3, name: "fine");
        _objective.Add(_x, static x => 1 + Scalar.Sqrt(x), name: "root");
        SolveResult result = Solve(new LevenbergMarquardt(), 0);
        Assert.Equal(SolveStatus.NotFinite, result.First.Status);
        Assert.Equal(5, result.First.FinalCost);
        Assert.Contains("derivative", result.First.Message, StringComparison.Ordinal);
        Assert.Contains("'root'", result.First.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("cost is not finite", result.First.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trial_that_is_not_finite_is_rejected_and_the_solve_goes_on()
    {
        _objective.Add(_x, static x => Scalar.Log(x) + 3);
        SolveResult result = Solve(new LevenbergMarquardt(), 1);
        Assert.Contains(result.First.History, record => !double.IsFinite(record.CostChange) && !record.IsAccepted);
        Assert.True(result.First.Status.IsConverged(), result.First.Message);
        Assert.Equal(Math.Exp(-3), result.Values.Get(_x), 1e-8);
    }

    /// <summary>λ has to rise by more than 1e5 at once; that many rejections in a row are no convergence.</summary>
    [Theory]
    [InlineData(DampingRule.Nielsen)]
    [InlineData(DampingRule.Ratios)]
    public void Many_rejections_in_a_row_are_gone_through(DampingRule rule)
    {
        _objective.Add(_x, Scalar.Atan);
        SolveResult result = Solve(new LevenbergMarquardt { Rule = rule, Damping = 1e-12 }, 100);
        IterationRecord[] history = [.. result.First.History.Skip(1)];
        IterationRecord[] rejected = [.. history.TakeWhile(record => !record.IsAccepted)];
        Assert.True(history[rejected.Length].Damping > 1e5 * history[0].Damping);
        Assert.InRange(rejected.Length, 4, 10);
        Assert.Equal(0, result.Values.Get(_x), 1e-6);
    }

    /// <summary>
    /// 2 − x falls towards a wall at 1 and starts there: no step gains. Damping makes steps as small as one likes,
    /// which is not convergence.
    /// </summary>
    [Theory]
    [InlineData(100, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(100, 1e3)]
    public void A_wall_is_no_convergence(double beyond, double otherCost)
    {
        _objective.Add(_x, x => Scalar.Where(x <= 1, 2 - x, beyond));
        _objective.Add(_x, x => otherCost + (0 * x));
        SolveResult result = Solve(new LevenbergMarquardt(), 1);
        Assert.Equal(SolveStatus.NoDescent, result.First.Status);
        Assert.False(result.IsUsable, "Nothing was gained.");
        Assert.Equal(1, result.Values.Get(_x));
    }

    /// <summary>The same at a kink: the cost rises behind it, however short the step.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void A_kink_is_no_convergence(double otherCost)
    {
        _objective.Add(_x, static x => Scalar.Where(x <= 1, 2 - x, (0.5 * x) + 0.5));
        _objective.Add(_x, x => otherCost + (0 * x));
        SolveResult result = Solve(new LevenbergMarquardt(), 1);
        Assert.Equal(SolveStatus.NoDescent, result.First.Status);
        Assert.Equal(1, result.Values.Get(_x));
    }

    [Fact]
    public void Cancelled_before_it_begins()
    {
        _objective.Add(_x, static x => x - 3);
        using var source = new CancellationTokenSource();
        source.Cancel();
        SolveResult result = new GaussNewton().Solve(_objective.Compile(), Start(1), null, source.Token);
        Assert.Equal(SolveStatus.Cancelled, result.First.Status);
        Assert.Equal(0, result.First.Iterations);
        Assert.Equal(1, result.Values.Get(_x));
        Assert.False(result.IsUsable);
    }

    [Fact]
    public void Cancelled_by_the_callback()
    {
        _objective.Add(_x, Scalar.Atan);
        using var source = new CancellationTokenSource();
        SolveOptions options = new()
        {
            OnIteration = record =>
            {
                if (record.Iteration == 2)
                    source.Cancel();
            },
        };
        SolveResult result = new GaussNewton().Solve(_objective.Compile(), Start(1), options, source.Token);
        Assert.Equal(SolveStatus.Cancelled, result.First.Status);
        Assert.Equal(2, result.First.Iterations);
        Assert.True(result.IsUsable, "Two good steps are a usable result.");
        Assert.Contains("ancelled", result.First.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_empty_objective_is_solved(bool isDamped)
    {
        SolveResult result = Optimizer(isDamped).Solve(_objective.Compile(), new Values());
        Assert.True(result.First.Status.IsConverged());
        Assert.Equal(0, result.First.FinalCost);
        Assert.NotEmpty(result.Summary.FullReport());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_all_held_nothing_is_to_be_done(bool isDamped)
    {
        _objective.Add(_x, static x => x - 3);
        SolveResult result = Optimizer(isDamped).Solve(_objective.Compile(new() { Held = [_x] }), Start(1));
        Assert.True(result.First.Status.IsConverged());
        Assert.Equal(2, result.First.FinalCost);
        Assert.Equal(1, result.Values.Get(_x));
    }

    [Fact]
    public void Costs_of_numbers_alone_count()
    {
        _objective.AddColumns(Column.Data<Scalar>(new double[] { 1, 2, 3 }), static x => x);
        _objective.Add(_x, static x => x - 3);
        SolveResult result = Solve(new GaussNewton(), 1);
        Assert.Equal(7, result.First.FinalCost, 1e-14);
        Assert.Equal(3, result.Values.Get(_x), 1e-14);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Zero_residuals_are_the_end(bool isDamped)
    {
        _objective.Add(_x, static x => x - 3);
        SolveResult result = Solve(Optimizer(isDamped), 3);
        Assert.Equal(SolveStatus.ConvergedByGradient, result.First.Status);
        Assert.Equal(0, result.First.FinalCost);
        Assert.Equal(0, result.First.Iterations);
    }

    private static Optimizer Optimizer(bool isDamped) => isDamped ? new LevenbergMarquardt() : new GaussNewton();

    private Values Start(double x)
    {
        var values = new Values();
        values.Set(_x, x);
        return values;
    }

    private SolveResult Solve(Optimizer optimizer, double start) =>
        optimizer.Solve(_objective.Compile(), Start(start));
}
