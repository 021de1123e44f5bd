using TheseusSharp.Adjoints;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>What has to be equal to the last bit.</summary>
public sealed class BitsTests
{
    private const int Batch = 5;

    public static TheoryData<string> Problems => [.. AdjointProblem.Names];

    public static TheoryData<string, string> ProblemsAndModes =>
        AdjointProblem.NamesWith("gn", "auto", "unroll", "truncated", "direct");

    [Theory]
    [MemberData(nameof(ProblemsAndModes))]
    public void Two_threads_and_single_elements(string name, string mode)
    {
        AdjointProblem problem = AdjointProblem.Of(name, Batch);
        foreach (BatchLayout layout in new[] { BatchLayout.Separate, BatchLayout.Interleaved })
        {
            Gradients one = Run(problem, ModeOf(mode), threads: 1, layout);
            Gradients two = Run(problem, ModeOf(mode), threads: 2, layout);
            for (int element = 0; element < Batch; element++)
            {
                AdjointProblem single = problem.Element(element);
                var layer = new TheseusLayer(
                    problem.Problem, new LevenbergMarquardt(), ModeOf(mode), new() { Layout = layout });
                Gradients alone = layer.Forward(single.Initial)
                    .Backward(AdjointProblem.ElementOf(problem.OuterGradient(), element), new[] { 0.3 }).Gradients;

                Assert.Equal(AdjointProblem.Bits(one, element), AdjointProblem.Bits(two, element));
                Assert.Equal(AdjointProblem.Bits(one, element), AdjointProblem.Bits(alone));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Truncated_after_as_many_iterations_as_performed_is_unrolled(string name)
    {
        AdjointProblem problem = AdjointProblem.Of(name, Batch);
        Gradients unrolled = Run(problem, Backward.Unroll(), iterations: 4, withInitial: true);
        foreach (int n in new[] { 4, 5, 100 })
        {
            Gradients truncated = Run(problem, Backward.Truncated(n), iterations: 4, withInitial: true);
            for (int element = 0; element < Batch; element++)
                Assert.Equal(AdjointProblem.Bits(unrolled, element), AdjointProblem.Bits(truncated, element));
        }
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Truncated_is_unrolled_from_the_iterate_before(string name)
    {
        AdjointProblem problem = AdjointProblem.Of(name, Batch);
        Optimizer optimizer = new LevenbergMarquardt { Damping = 0.3, Rule = DampingRule.Constant };
        Gradients truncated = Run(problem, Backward.Truncated(2), iterations: 5, optimizer: optimizer);
        Values before = optimizer.Solve(problem.Problem, problem.Initial, Exactly(3)).Values;
        Gradients unrolled = Run(
            problem with { Initial = before }, Backward.Unroll(), iterations: 2, optimizer: optimizer);
        for (int element = 0; element < Batch; element++)
            Assert.Equal(AdjointProblem.Bits(unrolled, element), AdjointProblem.Bits(truncated, element));
    }

    [Theory]
    [MemberData(nameof(ProblemsAndModes))]
    public void A_bad_element_leaves_its_neighbours_alone(string name, string mode)
    {
        AdjointProblem problem = AdjointProblem.Of(name, 3);
        Gradients expected = Run(problem, ModeOf(mode));
        var bad = problem.Initial.Clone();
        Variable poisoned = problem.Constants.First(variable => !variable.Kind.IsGroup);
        double[] nan = new double[poisoned.Kind.StorageLength];
        nan.AsSpan().Fill(double.NaN);
        bad.SetElement(poisoned, 1, nan);

        LayerPass pass = new TheseusLayer(problem.Problem, new LevenbergMarquardt(), ModeOf(mode)).Forward(bad);
        LayerGradients found = pass.Backward(problem.OuterGradient(), Enumerable.Repeat(0.3, 3).ToArray());

        Assert.Equal(SolveStatus.NotFinite, pass.Result.Elements[1].Status);
        Assert.Equal(GradientStatus.SolveFailed, found.Elements[1].Status);
        Assert.All(AdjointProblem.Bits(found.Gradients, 1), bits => Assert.Equal(0, bits));
        Assert.Equal(AdjointProblem.Bits(expected, 0), AdjointProblem.Bits(found.Gradients, 0));
        Assert.Equal(AdjointProblem.Bits(expected, 2), AdjointProblem.Bits(found.Gradients, 2));
    }

    [Theory]
    [MemberData(nameof(ProblemsAndModes))]
    public void A_value_shared_by_the_batch_and_its_copies(string name, string mode)
    {
        AdjointProblem problem = AdjointProblem.Of(name, Batch);
        var spread = new Values(Batch);
        foreach (Variable variable in problem.Problem.Variables)
            for (int element = 0; element < Batch; element++)
            {
                var storage = new double[variable.Kind.StorageLength];
                problem.Initial.CopyTo(variable, element, storage);
                spread.SetElement(variable, element, storage);
            }

        Gradients shared = Run(problem, ModeOf(mode));
        Gradients copies = Run(problem with { Initial = spread }, ModeOf(mode));
        for (int element = 0; element < Batch; element++)
            Assert.Equal(AdjointProblem.Bits(shared, element), AdjointProblem.Bits(copies, element));
        foreach (Variable variable in problem.Constants)
        {
            double[] sum = shared.SumOf(variable);
            for (int k = 0; k < sum.Length; k++)
            {
                double expected = 0;
                for (int element = 0; element < Batch; element++)
                    expected += shared.Of(variable, element)[k];
                Assert.Equal(expected, sum[k]);
            }
        }
    }

    private static Backward ModeOf(string mode) => mode switch
    {
        "gn" => Backward.Implicit(HessianKind.GaussNewton),
        "unroll" => Backward.Unroll(),
        "truncated" => Backward.Truncated(2),
        "direct" => Backward.DirectLoss(),
        _ => Backward.Implicit(),
    };

    private static Gradients Run(
        AdjointProblem problem, Backward mode, int threads = 1, BatchLayout layout = BatchLayout.Automatic)
    {
        var layer = new TheseusLayer(
            problem.Problem, new LevenbergMarquardt(), mode, new() { Threads = threads, Layout = layout });
        double[] byObjective = [.. Enumerable.Repeat(0.3, problem.Initial.BatchSize)];
        return layer.Forward(problem.Initial).Backward(problem.OuterGradient(), byObjective).Gradients;
    }

    private static Gradients Run(
        AdjointProblem problem, Backward mode, int iterations, bool withInitial = false, Optimizer? optimizer = null)
    {
        var layer = new TheseusLayer(
            problem.Problem, optimizer ?? new LevenbergMarquardt { Damping = 0.3 }, mode, Exactly(iterations));
        LayerPass pass = layer.Forward(problem.Initial);
        Assert.All(pass.Result.Elements, element =>
            Assert.Equal(iterations, element.History.Count(record => record.IsAccepted) - 1));
        return pass.Backward(
            problem.OuterGradient(), wanted: withInitial ? [.. problem.Problem.Variables] : null).Gradients;
    }

    private static SolveOptions Exactly(int iterations) =>
        new() { MaxIterations = iterations, Stopping = StoppingCriteria.None };
}
