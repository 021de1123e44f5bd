using TheseusSharp.Adjoints;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>Steps repeated from checkpoints are those taken: gradients equal the plain ones to the last bit.</summary>
public sealed class CheckpointTests
{
    private const int Iterations = 7;

    public static TheoryData<string, string> Problems =>
        AdjointProblem.NamesWith("gn", "short", "constant", "nielsen", "ratios", "ellipsoidal");

    [Theory]
    [MemberData(nameof(Problems))]
    public void Gradients_have_the_bits_of_the_plain_unroll(string name, string optimizer)
    {
        AdjointProblem problem = AdjointProblem.Of(name, 2);
        foreach (BatchLayout layout in new[] { BatchLayout.Separate, BatchLayout.Interleaved })
            CheckBits(problem, optimizer, layout);
    }

    private static void CheckBits(AdjointProblem problem, string optimizer, BatchLayout layout)
    {
        Gradients expected = Run(problem, optimizer, Backward.Unroll(), layout);
        foreach (int every in new[] { 1, 2, 3, Iterations, 100 })
        {
            Gradients found = Run(problem, optimizer, Backward.Unroll(every), layout);
            for (int element = 0; element < 2; element++)
                Assert.Equal(AdjointProblem.Bits(expected, element), AdjointProblem.Bits(found, element));
        }
    }

    /// <summary>Rejections raise λ; steps past the best values are not differentiated.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Rejected_steps_and_steps_past_the_best_are_left_out(int every)
    {
        Variable<Scalar> x = Variable.Scalar("x"), a = Variable.Scalar("a", VariableRole.Constant);
        var objective = new Objective();
        objective.Add(x, a, (u, v) => Scalar.Atan(u) - v);
        Problem problem = objective.Compile();
        (Optimizer, double)[] runs =
            [(new LevenbergMarquardt(), 3), (new GaussNewton(), 1.3), (new GaussNewton(), 1.5)];
        foreach ((Optimizer optimizer, double start) in runs)
        {
            var values = new Values();
            values.Set(x, start);
            values.Set(a, 0.1);
            long[] Bits(Backward mode)
            {
                var layer = new TheseusLayer(
                    problem, optimizer, mode, new() { MaxIterations = 12, Stopping = StoppingCriteria.None });
                var outer = new Gradients();
                outer.Set(x, 3);
                return AdjointProblem.Bits(layer.Forward(values).Backward(outer, wanted: [x, a]).Gradients);
            }

            Assert.Equal(Bits(Backward.Unroll()), Bits(Backward.Unroll(every)));
        }
    }

    [Fact]
    public void They_agree_with_differences_of_whole_solves()
    {
        AdjointProblem problem = AdjointProblem.Of("SE3", 2);
        GradientCheckReport report = GradientCheck.Run(
            Layer(problem, "ellipsoidal", Backward.Unroll(3)), problem.Initial,
            new() { Variables = [.. problem.Problem.Variables] });

        Assert.True(report.Verdict == GradientVerdict.Passed && report.Unchecked.Count == 0, report.ToString());
        Assert.Contains("checkpoint every 3", report.ToString(), StringComparison.Ordinal);
    }

    private static Gradients Run(AdjointProblem problem, string optimizer, Backward mode, BatchLayout layout) =>
        Layer(problem, optimizer, mode, layout).Forward(problem.Initial).Backward(
            problem.OuterGradient(), new[] { 0.3, -0.2 }, [.. problem.Problem.Variables]).Gradients;

    private static TheseusLayer Layer(
        AdjointProblem problem, string optimizer, Backward mode, BatchLayout layout = BatchLayout.Automatic) => new(
        problem.Problem,
        AdjointProblem.Optimizer(optimizer),
        mode,
        new()
        {
            MaxIterations = Iterations,
            Stopping = StoppingCriteria.None,
            Layout = layout,
            StepSize = optimizer == "gn" ? 1 : 0.75,
        });
}
