using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>What passes allocate, by the number of iterations.</summary>
public sealed class MemoryTests
{
    private const int Few = 5, Many = 105;

    /// <summary>What may vary between two runs of the same.</summary>
    private const long Slack = 4096;

    private static readonly LearnedPoseGraph<SE3<Scalar>, SE3<Float64>> s_graph = new(1);

    /// <summary>Damped so much that every iteration lowers the cost.</summary>
    private static LevenbergMarquardt Slow { get; } = new() { Damping = 100, Rule = DampingRule.Constant };

    [Theory]
    [InlineData("implicit")]
    [InlineData("exact")]
    [InlineData("direct")]
    public void Modes_at_the_solution_do_not_depend_on_iterations(string name)
    {
        Backward mode = name switch
        {
            "implicit" => Backward.Implicit(HessianKind.GaussNewton),
            "exact" => Backward.Implicit(HessianKind.Exact),
            _ => Backward.DirectLoss(),
        };
        (long fewForward, long fewBackward) = Allocated(mode, Few);
        (long manyForward, long manyBackward) = Allocated(mode, Many);
        (long fewPlain, long manyPlain) = (AllocatedBySolve(Few), AllocatedBySolve(Many));

        Assert.InRange(manyBackward, fewBackward - Slack, fewBackward + Slack);
        Assert.InRange(fewForward - fewPlain, -Slack, Slack);
        Assert.InRange(manyForward - manyPlain, -Slack, Slack);
    }

    [Fact]
    public void Unrolled_passes_store_at_most_three_copies_of_the_variables_for_an_iteration()
    {
        long copy = sizeof(double) * s_graph.Problem.Variables.Take(s_graph.Problem.OptimizedCount)
            .Sum(variable => variable.Kind.StorageLength);
        (long many, _) = Allocated(Backward.Unroll(), Many);
        long plain = AllocatedBySolve(Many);

        Assert.InRange((many - plain) / (double)(Many * copy), 0.9, 3);
    }

    /// <summary>Steps are differentiated in memory that is there; of steps repeated, one segment is kept.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Sweeping_back_over_more_steps_allocates_no_more(int every)
    {
        (_, long few) = Allocated(Backward.Unroll(every), Few);
        (_, long many) = Allocated(Backward.Unroll(every), Many);

        Assert.InRange(many, few - Slack, few + Slack);
    }

    /// <summary>A copy for every so many iterations, and two numbers for each.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void Checkpoints_store_that_much_less(int every)
    {
        long copy = sizeof(double) * s_graph.Problem.Variables.Take(s_graph.Problem.OptimizedCount)
            .Sum(variable => variable.Kind.StorageLength);
        (long all, _) = Allocated(Backward.Unroll(), Many);
        (long some, _) = Allocated(Backward.Unroll(every), Many);
        long dropped = Many - ((Many + every - 1) / every);

        Assert.InRange((all - some) / (double)(dropped * copy), 0.99, 1.2);
    }

    [Theory]
    [InlineData(1, 105)]
    [InlineData(4, 27)]
    [InlineData(1000, 1)]
    public void Tapes_hold_values_at_checkpoints_and_damping_everywhere(int every, int stored)
    {
        SolveTape[] tapes = [new(int.MaxValue, every)];
        Slow.Solve(s_graph.Problem, s_graph.Initial, OptionsOf(Many), tapes, default);

        TapeStep[] steps = tapes[0].Steps.ToArray();
        Assert.Equal(Many, steps.Length);
        Assert.Equal(stored, steps.Count(step => step.Values is not null));
        Assert.All(steps, step => Assert.Equal(Slow.Damping, step.Damping));
        Assert.NotNull(steps[0].Values);
    }

    [Fact]
    public void Truncated_passes_hold_no_more_than_their_iterations()
    {
        SolveTape[] tapes = [new(7)];
        Slow.Solve(s_graph.Problem, s_graph.Initial, OptionsOf(Many), tapes, default);

        Assert.Equal(7, tapes[0].Steps.Length);
        Assert.False(tapes[0].IsComplete);
    }

    private static SolveOptions OptionsOf(int iterations) =>
        new() { MaxIterations = iterations, Stopping = StoppingCriteria.None, Threads = 1 };

    private static (long Forward, long Backward) Allocated(Backward mode, int iterations)
    {
        var layer = new TheseusLayer(s_graph.Problem, Slow, mode, OptionsOf(iterations));
        Gradients outer = s_graph.OuterGradient();
        layer.Forward(s_graph.Initial).Backward(outer);
        LayerPass? pass = null;
        long forward = Least(() => pass = layer.Forward(s_graph.Initial));
        Assert.Equal(iterations, pass!.Result.First.Iterations);
        return (forward, Least(() => pass.Backward(outer)));
    }

    private static long AllocatedBySolve(int iterations) =>
        Least(() => Slow.Solve(s_graph.Problem, s_graph.Initial, OptionsOf(iterations)));

    private static long Least(Action action)
    {
        action();
        return Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }
}
