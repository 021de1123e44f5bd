using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>Whole solves end where an independent dense solver ends.</summary>
public sealed class WholeSolveTests
{
    private static readonly SolveOptions s_tight = new()
    {
        MaxIterations = 300,
        Stopping = new() { RelativeCostChange = 1e-15, AbsoluteCostChange = 0, Gradient = 0, RelativeStep = 1e-13 },
    };

    public static TheoryData<string> OptimizerNames => ["gn", "lm", "lm ratios", "lm ellipsoidal"];

    [Theory]
    [MemberData(nameof(OptimizerNames))]
    public void Curve_fit(string optimizer)
    {
        var pair = new PairedProblem();
        Variable<Vector<Scalar>> curve = pair.Add(Variable.Vector("curve", 2), [1, 0.5]);
        Variable<Scalar> offset = pair.Add(Variable.Scalar("offset"), [0.4]);
        var random = new Random(1);
        for (int k = 0; k < 40; k++)
        {
            double t = k / 10.0, y = (1.3 * Math.Exp(-0.7 * t)) + 0.2 + (0.05 * (random.NextDouble() - 0.5));
            pair.Objective.Add(curve, offset, (c, o) => (c[0] * Scalar.Exp(-c[1] * t)) + o - y, CostWeight.Scale(3));
            pair.Dense.Terms.Add(new([0, 1], x => [3 * ((x[0][0] * DoubleDouble.Exp(-x[0][1] * t)) + x[1][0] - y)]));
        }

        Assert.Equal(1, pair.Objective.GroupCount);
        pair.AssertSame(Optimizer(optimizer), s_tight);
    }

    [Theory]
    [MemberData(nameof(OptimizerNames))]
    public void Noisy_graph_in_the_plane(string optimizer) =>
        NoisyGraphs.Create<SE2<Scalar>, SE2<DoubleDouble>>(12, seed: 3).AssertSame(Optimizer(optimizer), s_tight);

    [Theory]
    [MemberData(nameof(OptimizerNames))]
    public void Noisy_graph_in_space(string optimizer) =>
        NoisyGraphs.Create<SE3<Scalar>, SE3<DoubleDouble>>(8, seed: 4).AssertSame(Optimizer(optimizer), s_tight);

    [Fact]
    public void Noisy_graph_of_rotations() =>
        NoisyGraphs.Create<SO3<Scalar>, SO3<DoubleDouble>>(9, seed: 5).AssertSame(new LevenbergMarquardt(), s_tight);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Robust_losses_among_outliers(bool isWelsch)
    {
        const double Radius = 2;
        static DoubleDouble Welsch(DoubleDouble x) => Radius - (Radius * DoubleDouble.Exp(-x / Radius));
        static DoubleDouble Huber(DoubleDouble x) =>
            (double)x <= Radius ? x : (2.0 * DoubleDouble.Sqrt(Radius * x)) - Radius;
        PairedProblem pair = NoisyGraphs.Create<SE2<Scalar>, SE2<DoubleDouble>>(
            10, seed: 6, outliers: 3, isWelsch ? RobustLoss.Welsch(Radius) : RobustLoss.Huber(Radius),
            isWelsch ? Welsch : Huber);
        pair.AssertSame(new LevenbergMarquardt(), s_tight);
    }

    /// <summary>Poses, points and a scale: costs of several kinds over variables of several kinds.</summary>
    [Fact]
    public void Variables_of_mixed_kinds()
    {
        PairedProblem pair = NoisyGraphs.Create<SE2<Scalar>, SE2<DoubleDouble>>(6, seed: 7);
        Variable<Scalar> scale = pair.Add(Variable.Scalar("scale"), [0.8]);
        int number = pair.NumberOf(scale);
        var random = new Random(8);
        for (int k = 0; k < 3; k++)
        {
            Variable<Point2<Scalar>> point = pair.Add(
                Variable.Point2($"point{k}"), [3 * random.NextDouble(), 3 * random.NextDouble()]);
            for (int pose = 0; pose < 6; pose += 2)
                AddSighting(pair, pose, point, scale, [random.NextDouble(), random.NextDouble()]);
        }

        pair.Objective.Add(scale, static s => s - 1.1, CostWeight.Scale(2));
        pair.Dense.Terms.Add(new([number], x => [2 * (x[0][0] - 1.1)]));
        pair.AssertSame(new LevenbergMarquardt(), s_tight);
    }

    /// <summary>One variable in two places of a cost function is differentiated by both.</summary>
    [Fact]
    public void A_variable_given_twice()
    {
        Variable<Vector<Scalar>> x = Variable.Vector("x", 2);
        static Vector<Scalar> Residual(Vector<Scalar> u, Vector<Scalar> v) =>
            new((u[0] * v[1]) - 1, u[1] + (v[0] * v[0]) - 2.5, u[0] - (0.5 * v[1]));
        Objective twice = new(), once = new();
        twice.Add(x, x, Residual);
        once.Add(x, static x => Residual(x, x));
        var values = new Values();
        values.Set(x, 2, 0.3);

        // To the end: near it, by cost alone, rounding decides which of the two stops an iteration sooner.
        SolveOptions options = s_tight with { Stopping = StoppingCriteria.None, MaxIterations = 15 };
        SolveResult found = new GaussNewton().Solve(twice.Compile(), values, options);
        SolveResult expected = new GaussNewton().Solve(once.Compile(), values, options);
        Assert.True(expected.IsUsable);
        PairedProblem.AssertNear(Numbers.Of(expected.Values, x), Numbers.Of(found.Values, x), 1e-12);
        for (int k = 0; k < 4; k++)
            Assert.Equal(expected.First.History[k].Cost, found.First.History[k].Cost, 1e-12);
    }

    [Fact]
    public void Solvers_agree()
    {
        PairedProblem pair = NoisyGraphs.Create<SE3<Scalar>, SE3<DoubleDouble>>(15, seed: 9);
        Problem problem = pair.Compile();
        SolveResult Run(LinearSolverKind kind) =>
            new LevenbergMarquardt().Solve(problem, pair.Initial, s_tight with { LinearSolver = kind });
        SolveResult dense = Run(LinearSolverKind.Dense), sparse = Run(LinearSolverKind.Sparse);
        SolveResult automatic = Run(LinearSolverKind.Automatic);
        Assert.Contains("dense", dense.Summary.LinearSolver, StringComparison.Ordinal);
        Assert.Contains("multifrontal", sparse.Summary.LinearSolver, StringComparison.Ordinal);
        Assert.Equal(sparse.Summary.LinearSolver, automatic.Summary.LinearSolver);
        Assert.Equal(Numbers.Bits(sparse.Values, problem.Variables), Numbers.Bits(automatic.Values, problem.Variables));
        Assert.Equal(dense.First.FinalCost, sparse.First.FinalCost, 1e-12 * dense.First.FinalCost);
        foreach (Variable variable in problem.Variables)
            PairedProblem.AssertNear(
                Numbers.Of(dense.Values, variable), Numbers.Of(sparse.Values, variable), 1e-9);
    }

    /// <summary>Steps good to 1e-8 lead to the same place.</summary>
    [Fact]
    public void Conjugate_gradients_agree_with_a_factorization()
    {
        PairedProblem pair = NoisyGraphs.Create<SE3<Scalar>, SE3<DoubleDouble>>(15, seed: 9);
        Problem problem = pair.Compile();
        SolveResult factored = new LevenbergMarquardt().Solve(problem, pair.Initial, s_tight);
        SolveResult iterated = new LevenbergMarquardt().Solve(
            problem, pair.Initial, s_tight with { LinearSolver = LinearSolverKind.ConjugateGradients });
        Assert.Contains("conjugate gradients", iterated.Summary.LinearSolver, StringComparison.Ordinal);
        Assert.Equal((1, 0), (iterated.Summary.Lanes, iterated.Summary.FactorNonZeros));
        Assert.True(iterated.First.Status.IsConverged());
        Assert.Equal(factored.First.FinalCost, iterated.First.FinalCost, 1e-12 * factored.First.FinalCost);
        foreach (Variable variable in problem.Variables)
            PairedProblem.AssertNear(
                Numbers.Of(factored.Values, variable), Numbers.Of(iterated.Values, variable), 1e-7);
    }

    private static void AddSighting(
        PairedProblem pair, int pose, Variable<Point2<Scalar>> point, Variable<Scalar> scale, double[] seen)
    {
        var variable = (Variable<SE2<Scalar>>)pair.Objective.FindVariable($"x{pose}")!;
        pair.Objective.Add(
            variable, point, scale,
            (x, p, s) => (s * x.ActInverse(p).ToVector()) - new Vector<Scalar>(seen[0], seen[1]));
        DoubleDouble[] Residual(DoubleDouble[][] x)
        {
            var local = new DoubleDouble[2];
            SE2<DoubleDouble>.ActInverseRule(SE2<DoubleDouble>.FromStorage(x[0]), x[1], local);
            return [(x[2][0] * local[0]) - seen[0], (x[2][0] * local[1]) - seen[1]];
        }

        pair.Dense.Terms.Add(new([pose, pair.NumberOf(point), pair.NumberOf(scale)], Residual));
    }

    private static Optimizer Optimizer(string name) => name switch
    {
        "gn" => new GaussNewton(),
        "lm" => new LevenbergMarquardt(),
        "lm ratios" => new LevenbergMarquardt { Rule = DampingRule.Ratios },
        _ => new LevenbergMarquardt { IsEllipsoidal = true },
    };
}
