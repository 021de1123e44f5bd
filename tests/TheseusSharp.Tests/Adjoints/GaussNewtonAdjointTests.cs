using TheseusSharp.Adjoints;
using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Nonlinear;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>The implicit gradient with the Gauss–Newton Hessian against its definition in double-double.</summary>
public sealed class GaussNewtonAdjointTests
{
    private const int Poses = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void SE2_graph(int seed) => Check<SE2<Scalar>, SE2<Float64>, SE2<DoubleDouble>>(seed);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void SE3_graph(int seed) => Check<SE3<Scalar>, SE3<Float64>, SE3<DoubleDouble>>(seed);

    /// <summary>Gradients by a held pose, measurements, a diagonal, a scale, a full matrix and a radius.</summary>
    private static void Check<TSymbolic, TPose, TExact>(int seed)
        where TSymbolic : struct, ILieGroup<TSymbolic, Scalar>
        where TPose : struct, ILieGroup<TPose, Float64>
        where TExact : struct, ILieGroup<TExact, DoubleDouble>
    {
        var random = new Random(seed);
        int n = TPose.TangentLength;
        Variable<TSymbolic>[] x = Variable.Many<TSymbolic>("x", Poses);
        Variable<TSymbolic> m = Variable.Of<TSymbolic>("m", VariableRole.Constant);
        Variable<Vector<Scalar>> diagonal = Variable.Vector("diagonal", n, VariableRole.Constant);
        Variable<Vector<Scalar>> matrix = Variable.Vector("matrix", n * n, VariableRole.Constant);
        Variable<Scalar> scale = Variable.Scalar("scale", VariableRole.Constant);
        Variable<Scalar> radius = Variable.Scalar("radius", VariableRole.Constant);
        var objective = new Objective();
        for (int k = 1; k < Poses; k++)
            objective.Add(x[k - 1], x[k], m, Between.Residual, CostWeight.Diagonal(diagonal));
        objective.Add(x[0], x[3], m, Between.Residual, CostWeight.Scale(scale), RobustLoss.Welsch(radius));
        objective.Add(x[1], x[3], m, Between.Residual, CostWeight.SquareRootInformation(matrix));
        Problem problem = objective.Compile(new() { Held = [x[0]] });

        var values = new Values();
        foreach (Variable<TSymbolic> pose in x)
            values.Set(pose, Random(0.5));
        values.Set(m, Random(0.4));
        values.Set(diagonal, AdjointProblem.Numbers(random, n, 0.3, 1.2));
        values.Set(matrix, AdjointProblem.Numbers(random, n * n));
        values.Set(scale, 1.3);
        values.Set(radius, 0.5);
        LayerPass pass = new TheseusLayer(
            problem, new LevenbergMarquardt(), Backward.Implicit(HessianKind.GaussNewton)).Forward(values);
        var adjoint = new AdjointProblem(problem, values);
        Gradients outer = adjoint.OuterGradient(seed), found = pass.Backward(outer).Gradients;

        var dense = new DenseAdjoint();
        foreach (Variable variable in problem.Variables)
            dense.Add(variable.Kind, Numbers.Of(pass.Solution, variable), problem.IsOptimized(variable));
        for (int k = 1; k < Poses; k++)
            dense.Costs.Add(new(
                NumbersOf(x[k - 1], x[k], m, diagonal), s => [.. Residual(s).Zip(s[3], (r, w) => w * r)]));
        dense.Costs.Add(new(
            NumbersOf(x[0], x[3], m, scale, radius), s => [.. Residual(s).Select(r => s[3][0] * r)],
            (squared, s) => Welsch(squared, DoubleDouble.Exp(s[4][0]))));
        dense.Costs.Add(new(NumbersOf(x[1], x[3], m, matrix), s => Product(s[3], Residual(s))));
        double[] cotangent = [.. adjoint.Optimized.SelectMany(variable => outer.Of(variable).ToArray())];

        foreach (Variable variable in adjoint.Constants)
        {
            double[] expected = dense.Gradient(cotangent, NumbersOf(variable)[0]);
            double largest = expected.Max(Math.Abs);
            Assert.True(largest > 1e-4, $"{variable.Name}: {largest}");
            for (int k = 0; k < expected.Length; k++)
                Assert.Equal(expected[k], found.Of(variable)[k], 1e-10 * largest);
        }

        TPose Random(double size) => TPose.ExpRule(
            Array.ConvertAll(AdjointProblem.Numbers(random, n, size), entry => (Float64)entry));

        int[] NumbersOf(params Variable[] variables) => Array.ConvertAll(variables, problem.NumberOf);

        static DoubleDouble[] Residual(DoubleDouble[][] s)
        {
            var tangent = new DoubleDouble[TExact.TangentLength];
            TExact.LogRule(
                TExact.BetweenRule(
                    TExact.FromStorage(s[2]), TExact.BetweenRule(TExact.FromStorage(s[0]), TExact.FromStorage(s[1]))),
                tangent);
            return tangent;
        }
    }

    private static DoubleDouble Welsch(DoubleDouble x, DoubleDouble radius) =>
        radius * (1.0 - DoubleDouble.Exp(-x / radius));

    private static DoubleDouble[] Product(DoubleDouble[] matrix, DoubleDouble[] x) =>
    [
        .. Enumerable.Range(0, x.Length).Select(i => x.Select((entry, j) => matrix[(i * x.Length) + j] * entry)
            .Aggregate((a, b) => a + b)),
    ];
}
