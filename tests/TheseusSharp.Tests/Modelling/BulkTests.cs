using System.Diagnostics;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using Xunit.Abstractions;

namespace TheseusSharp.Tests.Modelling;

/// <summary>Many cost functions, added one by one. Alone, since time is measured.</summary>
[Collection(nameof(BulkTests))]
[CollectionDefinition(nameof(BulkTests), DisableParallelization = true)]
public class BulkTests(ITestOutputHelper output)
{
    /// <summary>Shared machines are slow at times; a quadratic step would miss these limits by far more.</summary>
    private const double Slack = 4;

    /// <summary>Shorter times are noise: a pause of a busy machine is longer.</summary>
    private const double LeastSeconds = 0.05;

    [Fact]
    public void A_hundred_thousand_lambdas_are_one_group_in_linear_time()
    {
        (double few, double many) = CheckGrowth(count => AddLambdas(count), 20_000, 100_000);
        Objective objective = AddLambdas(100_000);

        Assert.Equal((100_000, 1), (objective.CostCount, objective.GroupCount));
        Assert.True(many < Slack * 2, $"100 000 took {many:F2} s, 20 000 {few:F2} s; 2 s are meant");
    }

    [Fact]
    public void A_hundred_thousand_lambdas_compile_to_one_column()
    {
        Objective objective = AddLambdas(100_000);
        Problem problem = objective.Compile();

        ProblemGroup group = Assert.Single(problem.Groups);
        Assert.Equal((100_000, 1), (group.Count, group.DataLength));
        var values = new Values();
        foreach (Variable variable in problem.Variables)
            values.Set(variable, 1);
        double expected = Enumerable.Range(0, 100_000).Sum(k => 0.5 * (1 - (0.5 * k)) * (1 - (0.5 * k)));
        Assert.Equal(expected, Evaluation.Objective(problem, values), 1e-12 * expected);
    }

    [Fact]
    public void Names_that_look_made_up_are_found_without_search()
    {
        double seconds = Seconds(() => AddNamed(50_000));

        output.WriteLine($"50 000 in {seconds:F3} s");
        Assert.True(seconds < 4, $"50 000 took {seconds:F2} s"); // 0.15 s when quiet; searched one by one, 9 s.
    }

    private static Objective AddLambdas(int count)
    {
        var objective = new Objective();
        Variable<Scalar>[] x = Variable.Many<Scalar>("x", 1000);
        for (int k = 0; k < count; k++)
        {
            double constant = 0.5 * k;
            objective.Add(x[k % x.Length], x => x - constant);
        }

        return objective;
    }

    private static void AddNamed(int count)
    {
        var objective = new Objective();
        var x = Variable.Scalar("x");
        for (int k = 0; k < count; k++)
            objective.Add(x, x => x, name: $"cost{count + k}");
    }

    /// <summary>Fails unless the time grows with the count; of several runs by turns the shortest tells.</summary>
    private (double Few, double Many) CheckGrowth(Action<int> add, int fewCount, int manyCount)
    {
        (double few, double many) = (double.MaxValue, double.MaxValue);
        for (int run = 0; run < 2; run++)
        {
            few = Math.Min(few, Seconds(() => add(fewCount)));
            many = Math.Min(many, Seconds(() => add(manyCount)));
        }

        output.WriteLine($"{fewCount} in {few:F3} s, {manyCount} in {many:F3} s");
        double growth = (double)manyCount / fewCount;
        Assert.True(
            many < Slack * growth * Math.Max(few, LeastSeconds),
            $"{growth} times as many took {many / few:F1} times as long");
        return (few, many);
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
