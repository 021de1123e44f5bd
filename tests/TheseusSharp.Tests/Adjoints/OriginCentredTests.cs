using TheseusSharp.Adjoints;
using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Tests.Nonlinear;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>Direct loss minimisation as Theseus has it.</summary>
public sealed class OriginCentredTests
{
    private const double Epsilon = 1e-2;

    /// <summary>
    /// By its definition: an objective with one more cost √2·(εx − ½v) for each variable, one step of Gauss–Newton, the
    /// gradients of the original objective before and after.
    /// </summary>
    [Theory]
    [InlineData("linear", 300)]
    [InlineData("linear", 2)]
    [InlineData("curve", 300)]
    [InlineData("curve", 2)]
    public void It_is_the_formula_of_the_paper(string name, int iterations)
    {
        AdjointProblem problem = AdjointProblem.Of(name, 1);
        Gradients outer = problem.OuterGradient();
        LayerPass pass = Layer(problem, Backward.DirectLossOriginCentred(Epsilon), iterations).Forward(problem.Initial);
        Gradients found = pass.Backward(outer).Gradients;

        Values pulled = Pulled(problem, pass.Solution, outer);
        Gradients before = problem.Problem.Evaluate(pass.Solution).Backward();
        Gradients after = problem.Problem.Evaluate(pulled).Backward();

        foreach (Variable variable in problem.Constants)
            for (int k = 0; k < variable.Kind.TangentLength; k++)
            {
                double expected = (before.Of(variable)[k] - after.Of(variable)[k]) / Epsilon;
                Assert.Equal(expected, found.Of(variable)[k], 1e-10 * Math.Max(1, Math.Abs(expected)));
            }
    }

    [Fact]
    public void It_tends_to_the_implicit_gradient_with_epsilon()
    {
        foreach (string name in new[] { "linear", "curve" })
        {
            AdjointProblem problem = AdjointProblem.Of(name, 1);
            Gradients expected = Run(problem, Backward.Implicit(HessianKind.GaussNewton), 300).Gradients;
            double Error(double epsilon) => Difference(
                expected, Run(problem, Backward.DirectLossOriginCentred(epsilon), 300).Gradients);

            Assert.InRange(Error(1e-4), 0, 1e-2);
            Assert.InRange(Error(1e-3) / Error(1e-4), 5, 20);
        }
    }

    /// <summary>Only one end takes the step: here an inner gradient left over is divided by ε.</summary>
    [Fact]
    public void The_leak_grows_as_epsilon_falls()
    {
        AdjointProblem problem = AdjointProblem.Of("linear", 1);
        double Leak(double epsilon, int iterations) =>
            Run(problem, Backward.DirectLossOriginCentred(epsilon), iterations).Elements[0].Leak;
        Gradients expected = Run(problem, Backward.Implicit(HessianKind.GaussNewton), 300).Gradients;
        LayerGradients found = Run(problem, Backward.DirectLossOriginCentred(1e-3), 12);

        Assert.InRange(Leak(1e-3, 300), 0, 1e-8);
        Assert.InRange(Leak(1e-5, 12) / Leak(1e-3, 12), 30, 300);
        Assert.InRange(Leak(1e-3, 12), 1e-4, 1e-1);
        Assert.Equal(
            Leak(1e-3, 12) * Norm(found.Gradients), Difference(
                Run(problem, Backward.DirectLossOriginCentred(1e-3), 300).Gradients, found.Gradients),
            0.5 * Leak(1e-3, 12) * Norm(found.Gradients));
    }

    [Fact]
    public void Variables_on_groups_are_refused_with_the_mode_that_takes_them()
    {
        AdjointProblem problem = AdjointProblem.Of("SE2", 1);

        string message = Assert.Throws<ArgumentException>(
            () => new TheseusLayer(problem.Problem, new GaussNewton(), Backward.DirectLossOriginCentred())).Message;

        Assert.Contains("'x0' (SE2)", message, StringComparison.Ordinal);
        Assert.Contains("Backward.DirectLoss()", message, StringComparison.Ordinal);
        foreach (double epsilon in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Assert.Throws<ArgumentOutOfRangeException>(() => Backward.DirectLossOriginCentred(epsilon));
    }

    /// <summary>Where a step of Gauss–Newton on F + Σ‖εx − ½v‖² leads, by dense elimination.</summary>
    private static Values Pulled(AdjointProblem problem, Values solution, Gradients outer)
    {
        var linearizer = new Linearizer(LinearizationPlan.Of(problem.Problem));
        var state = new SolverState(problem.Problem);
        state.Load(solution, 0);
        linearizer.Linearize(state);
        double[,] hessian = Dense(linearizer.Hessian, 2 * Epsilon * Epsilon);
        int n = hessian.GetLength(0);

        // The cost c = √2·(εx − ½v) has the Jacobian √2·ε, so it adds √2·ε·c to the gradient.
        double[] v = [.. problem.Optimized.SelectMany(variable => outer.Of(variable).ToArray())];
        double[] x = [.. problem.Optimized.SelectMany(variable => Numbers.Of(solution, variable))];
        double root = Math.Sqrt(2);
        double[] right = [.. Enumerable.Range(0, n).Select(
            k => -linearizer.Gradient[k] - (root * Epsilon * root * ((Epsilon * x[k]) - (0.5 * v[k]))))];
        double[] step = DenseMatrix.Solve(hessian, right);
        Values pulled = solution.Clone();
        int next = 0;
        foreach (Variable variable in problem.Optimized)
        {
            double[] storage = Numbers.Of(solution, variable);
            for (int k = 0; k < storage.Length; k++)
                storage[k] += step[next++];
            pulled.Set(variable, storage);
        }

        return pulled;
    }

    private static double[,] Dense(BlockMatrix matrix, double shift)
    {
        int n = matrix.Structure.Dimension;
        var dense = new double[n, n];
        double[] unit = new double[n], column = new double[n];
        for (int j = 0; j < n; j++)
        {
            unit[j] = 1;
            matrix.Multiply(unit, column);
            unit[j] = 0;
            for (int i = 0; i < n; i++)
                dense[i, j] = column[i] + (i == j ? shift : 0);
        }

        return dense;
    }

    private static TheseusLayer Layer(AdjointProblem problem, Backward mode, int iterations) => new(
        problem.Problem, new LevenbergMarquardt { Damping = 1, Rule = DampingRule.Constant }, mode,
        new() { MaxIterations = iterations, Stopping = StoppingCriteria.None });

    private static LayerGradients Run(AdjointProblem problem, Backward mode, int iterations) =>
        Layer(problem, mode, iterations).Forward(problem.Initial).Backward(problem.OuterGradient());

    private static double Norm(Gradients a) =>
        Math.Sqrt(a.Variables.Sum(variable => a.Of(variable).ToArray().Sum(x => x * x)));

    private static double Difference(Gradients a, Gradients b) => Math.Sqrt(a.Variables.Sum(variable =>
        a.Of(variable).ToArray().Zip(b.Of(variable).ToArray(), (x, y) => (x - y) * (x - y)).Sum()));
}
