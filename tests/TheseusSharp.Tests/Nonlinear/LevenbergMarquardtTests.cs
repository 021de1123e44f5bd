using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>Damping: what it adds, how it follows the gain.</summary>
public sealed class LevenbergMarquardtTests
{
    private static readonly double[] s_start = [3, -2, 1, 5, -4];

    [Theory]
    [InlineData(1e-3)]
    [InlineData(0.7)]
    [InlineData(40)]
    public void Constant_damping_solves_with_the_identity_added(double damping)
    {
        var linear = new LinearProblem();
        var optimizer = new LevenbergMarquardt { Rule = DampingRule.Constant, Damping = damping };
        double[] expected = s_start;
        for (int iterations = 1; iterations <= 3; iterations++)
        {
            expected = linear.Stepped(expected, _ => damping);
            SolveResult result = optimizer.Solve(
                linear.Problem, linear.ValuesOf(s_start), LinearProblem.Run(iterations));
            PairedProblem.AssertNear(expected, linear.NumbersOf(result.Values), 1e-12);
            Assert.All(result.First.History, record => Assert.Equal(damping, record.Damping));
        }
    }

    [Fact]
    public void Ellipsoidal_damping_adds_shares_of_the_diagonal_within_its_range()
    {
        var linear = new LinearProblem(1, 1e-2, 1, 30, 1);
        var optimizer = new LevenbergMarquardt
        {
            Rule = DampingRule.Constant,
            Damping = 0.5,
            IsEllipsoidal = true,
            DiagonalRange = (1e-2, 100),
        };
        SolveResult result = optimizer.Solve(linear.Problem, linear.ValuesOf(s_start), LinearProblem.Run(1));
        double[] diagonal = [.. Enumerable.Range(0, 5).Select(k => DenseMatrix.Gram(linear.A)[k, k])];
        Assert.True(diagonal.Min() < 1e-2 && diagonal.Max() > 100, "The test wants both ends of the range to matter.");
        double[] expected = linear.Stepped(s_start, entry => 0.5 * Math.Clamp(entry, 1e-2, 100));
        PairedProblem.AssertNear(expected, linear.NumbersOf(result.Values), 1e-9);
    }

    /// <summary>Measured in other units, x takes the same path; under spherical damping it does not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ellipsoidal_damping_does_not_depend_on_units(bool isEllipsoidal)
    {
        double[] units = [1, 8, 0.25, 64, 1.0 / 128];
        var plain = new LinearProblem();
        var scaled = new LinearProblem(units);
        var optimizer = new LevenbergMarquardt
        {
            Damping = 10,
            IsEllipsoidal = isEllipsoidal,
            DiagonalRange = (1e-30, 1e30),
        };
        double[] one = plain.NumbersOf(optimizer.Solve(
            plain.Problem, plain.ValuesOf(s_start), LinearProblem.Run(2)).Values);
        Values start = scaled.ValuesOf([.. s_start.Zip(units, (x, unit) => x / unit)]);
        double[] other = scaled.NumbersOf(optimizer.Solve(scaled.Problem, start, LinearProblem.Run(2)).Values);
        double difference = one.Zip(other.Zip(units, (x, unit) => x * unit), (a, b) => Math.Abs(a - b)).Max();
        if (isEllipsoidal)
            Assert.InRange(difference, 0, 1e-11);
        else
            Assert.True(difference > 1e-2, $"Spherical damping should depend on units: {difference}.");
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(0.3, false)]
    [InlineData(0.3, true)]
    public void The_gain_of_a_linear_problem_is_the_predicted_one_for_any_step_size(double stepSize, bool isEllipsoidal)
    {
        var linear = new LinearProblem();
        var optimizer = new LevenbergMarquardt { Damping = 3, IsEllipsoidal = isEllipsoidal };
        SolveResult result = optimizer.Solve(
            linear.Problem, linear.ValuesOf(s_start), LinearProblem.Run(5) with { StepSize = stepSize });
        Assert.All(result.First.History.Skip(1), record =>
        {
            double rounding = 1e-14 * record.Cost / record.CostChange;
            Assert.InRange(record.GainRatio, 1 - 1e-12 - rounding, 1 + 1e-12 + rounding);
        });
    }

    /// <summary>
    /// r = atan(x) from 10 overshoots until λ is large enough: λ, gain and acceptance replayed from the formulas.
    /// </summary>
    [Theory]
    [InlineData(DampingRule.Ratios)]
    [InlineData(DampingRule.Nielsen)]
    public void Damping_follows_its_rule(DampingRule rule)
    {
        Variable<Scalar> x = Variable.Scalar("x");
        var objective = new Objective();
        objective.Add(x, Scalar.Atan);
        var values = new Values();
        values.Set(x, 10);
        var optimizer = new LevenbergMarquardt
        {
            Rule = rule,
            Damping = 1e-3,
            UpRatio = 5,
            DownRatio = 4,
            AcceptedGain = 0.05,
            DampingRange = (1e-7, 1e7),
        };
        SolveResult result = optimizer.Solve(objective.Compile(), values, LinearProblem.Run(25));
        List<(double Damping, double Gain, bool IsAccepted)> expected = Replay(rule, 10, 1e-3, 25);
        Assert.Contains(expected, step => !step.IsAccepted);
        Assert.Contains(expected, step => step.IsAccepted);
        for (int k = 0; k < expected.Count; k++)
        {
            IterationRecord record = result.First.History[k + 1];
            Assert.Equal(expected[k].Damping, record.Damping, expected[k].Damping * 1e-9);
            Assert.Equal(expected[k].Gain, record.GainRatio, Math.Abs(expected[k].Gain) * 1e-6);
            Assert.Equal(expected[k].IsAccepted, record.IsAccepted);
        }
    }

    /// <summary>Where rounding predicts a rise, a rise that comes true gains nothing.</summary>
    [Theory]
    [InlineData(DampingRule.Nielsen)]
    [InlineData(DampingRule.Ratios)]
    public void A_rise_as_predicted_is_not_accepted(DampingRule rule)
    {
        StepControl control = new LevenbergMarquardt { Rule = rule }.NewControl();
        Assert.False(control.Accepts(new(Cost: 1, TrialCost: 2, Predicted: -1)));
        Assert.True(control.Accepts(new(Cost: 2, TrialCost: 1, Predicted: 1)));
    }

    [Fact]
    public void Adaptive_costs_never_rise()
    {
        Variable<Scalar> x = Variable.Scalar("x");
        var objective = new Objective();
        objective.Add(x, static x => Scalar.Sin(3 * x) + (0.1 * x * x));
        var values = new Values();
        values.Set(x, 4);
        SolveResult result = new LevenbergMarquardt().Solve(objective.Compile(), values);
        double[] costs = [.. result.First.History.Select(record => record.Cost)];
        Assert.Equal(costs.OrderDescending(), costs);
        Assert.True(result.First.Status.IsConverged(), result.First.Message);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        var linear = new LinearProblem();
        Values start = linear.ValuesOf(s_start);
        void Refused(LevenbergMarquardt optimizer, string name) => Assert.Contains(
            name,
            Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Solve(linear.Problem, start)).Message,
            StringComparison.Ordinal);

        Refused(new() { Damping = -1 }, nameof(LevenbergMarquardt.Damping));
        Refused(new() { Damping = double.NaN }, nameof(LevenbergMarquardt.Damping));
        Refused(new() { UpRatio = 1 }, nameof(LevenbergMarquardt.UpRatio));
        Refused(new() { DownRatio = 0.5 }, nameof(LevenbergMarquardt.DownRatio));
        Refused(new() { AcceptedGain = 1 }, nameof(LevenbergMarquardt.AcceptedGain));
        Refused(new() { DampingRange = (0, 1) }, nameof(LevenbergMarquardt.DampingRange));
        Refused(new() { DampingRange = (2, 1) }, nameof(LevenbergMarquardt.DampingRange));
        Refused(new() { DiagonalRange = (2, 1) }, nameof(LevenbergMarquardt.DiagonalRange));
    }

    private static List<(double Damping, double Gain, bool IsAccepted)> Replay(
        DampingRule rule, double x, double damping, int iterations)
    {
        var steps = new List<(double, double, bool)>();
        double rise = 2;
        for (int k = 0; k < iterations; k++)
        {
            double slope = 1 / (1 + (x * x)), residual = Math.Atan(x), gradient = slope * residual;
            double step = -gradient / ((slope * slope) + damping);
            double predicted = -((gradient * step) + (0.5 * slope * slope * step * step));
            double change = 0.5 * ((residual * residual) - Math.Pow(Math.Atan(x + step), 2));
            double gain = change / predicted;
            if (Math.Abs(residual) < 1e-6)
                break;
            steps.Add((damping, gain, gain > 0.05));
            if (gain > 0.05)
            {
                x += step;
                damping *= rule == DampingRule.Ratios ? 1 / 4.0 : Math.Max(1 / 4.0, 1 - Math.Pow((2 * gain) - 1, 3));
                rise = 2;
            }
            else
            {
                damping *= rule == DampingRule.Ratios ? 5 : rise;
                rise *= 2;
            }

            damping = Math.Clamp(damping, 1e-7, 1e7);
        }

        return steps;
    }
}
