using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>Gradients through the solver against Richardson-extrapolated differences of whole solves.</summary>
public sealed class LayerGradientTests
{
    private const double Step = 2e-4;

    private static readonly SolveOptions s_converged = new()
    {
        MaxIterations = 200,
        Stopping = StoppingCriteria.None with { Gradient = 1e-13, RelativeStep = 1e-15 },
    };

    public static TheoryData<string, string> ConvergedModes => new()
    {
        { "SE2", "exact" }, { "SE2", "unroll" }, { "SE3", "exact" }, { "SE3", "unroll" },
    };

    public static TheoryData<string, string> Optimizers => new()
    {
        { "SE2", "gn" }, { "SE2", "lm" }, { "SE2", "ellipsoidal" }, { "SE2", "short" },
        { "SE3", "gn" }, { "SE3", "lm" }, { "SE3", "ellipsoidal" },
    };

    [Theory]
    [MemberData(nameof(ConvergedModes))]
    public void At_convergence(string group, string mode)
    {
        Backward backward = mode == "exact" ? Backward.Implicit(HessianKind.Exact) : Backward.Unroll();
        if (group == "SE2")
            Check(
                new LearnedPoseGraph<SE2<Scalar>, SE2<Float64>>(1), new LevenbergMarquardt(), backward, s_converged,
                1e-6);
        else
            Check(
                new LearnedPoseGraph<SE3<Scalar>, SE3<Float64>>(2), new LevenbergMarquardt(), backward, s_converged,
                1e-6);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Unrolled_for_few_iterations(string group, string kind)
    {
        Optimizer optimizer = kind switch
        {
            "lm" => new LevenbergMarquardt { Damping = 0.1, Rule = DampingRule.Constant },
            "ellipsoidal" =>
                new LevenbergMarquardt { Damping = 0.1, Rule = DampingRule.Constant, IsEllipsoidal = true },
            _ => new GaussNewton(),
        };
        var options = new SolveOptions
        {
            MaxIterations = 3,
            Stopping = StoppingCriteria.None,
            StepSize = kind == "short" ? 0.4 : 0.9,
        };
        if (group == "SE2")
            Check(
                new LearnedPoseGraph<SE2<Scalar>, SE2<Float64>>(3), optimizer, Backward.Unroll(), options, 1e-6,
                withInitial: true);
        else
            Check(
                new LearnedPoseGraph<SE3<Scalar>, SE3<Float64>>(4), optimizer, Backward.Unroll(), options, 1e-6,
                withInitial: true);
    }

    [Fact]
    public void Direct_loss_tends_to_the_implicit_gradient_with_the_Gauss_Newton_Hessian()
    {
        var graph = new LearnedPoseGraph<SE3<Scalar>, SE3<Float64>>(5);
        Gradients expected = GradientsOf(graph, Backward.Implicit(HessianKind.GaussNewton));
        double Error(double epsilon)
        {
            Gradients direct = GradientsOf(graph, Backward.DirectLoss(epsilon));
            return expected.Variables.Max(variable =>
                direct.Of(variable).ToArray().Zip(expected.Of(variable).ToArray(), (a, b) => Math.Abs(a - b)).Max());
        }

        Assert.InRange(Error(1e-3), 0, 1e-5);
        Assert.InRange(Error(1e-1) / Error(1e-2), 30, 300); // Symmetric: the bias is of second order.
    }

    private static Gradients GradientsOf(LearnedPoseGraph<SE3<Scalar>, SE3<Float64>> graph, Backward backward)
    {
        var layer = new TheseusLayer(graph.Problem, new LevenbergMarquardt(), backward, s_converged);
        return layer.Forward(graph.Initial).Backward(graph.OuterGradient()).Gradients;
    }

    private static void Check<TSymbolic, TPose>(
        LearnedPoseGraph<TSymbolic, TPose> graph, Optimizer optimizer, Backward backward, SolveOptions options,
        double tolerance, bool withInitial = false)
        where TSymbolic : struct, ILieGroup<TSymbolic, Scalar>
        where TPose : struct, ILieGroup<TPose, Float64>
    {
        var layer = new TheseusLayer(graph.Problem, optimizer, backward, options);
        LayerPass pass = layer.Forward(graph.Initial);
        var variables = new List<Variable> { graph.Measurement, graph.Weight, graph.LogRadius };
        if (withInitial)
            variables.Add(graph.FirstPose);
        LayerGradients gradients = pass.Backward(graph.OuterGradient(), wanted: variables);

        Assert.Equal(GradientStatus.Defined, gradients.Elements[0].Status);
        foreach (Variable variable in variables)
            for (int k = 0; k < variable.Kind.TangentLength; k++)
            {
                double expected = Difference(graph, layer, pass.Solution, variable, k);
                Assert.Equal(
                    expected, gradients.Gradients.Of(variable)[k], tolerance * Math.Max(1, Math.Abs(expected)));
            }
    }

    /// <summary>Central differences at two steps, extrapolated.</summary>
    private static double Difference<TSymbolic, TPose>(
        LearnedPoseGraph<TSymbolic, TPose> graph, TheseusLayer layer, Values reference, Variable variable,
        int coordinate)
        where TSymbolic : struct, ILieGroup<TSymbolic, Scalar>
        where TPose : struct, ILieGroup<TPose, Float64>
    {
        double Loss(double size) => graph.OuterLoss(
            layer.Forward(graph.Nudged(variable, 0, coordinate, size)).Solution, reference, 0);
        double coarse = (Loss(Step) - Loss(-Step)) / (2 * Step);
        double fine = (Loss(Step / 2) - Loss(-Step / 2)) / Step;
        return ((4 * fine) - coarse) / 3;
    }
}
