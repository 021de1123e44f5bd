using TheseusSharp.Geometry;
using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Linearization;

/// <summary>Cost functions with so many derivatives that their products are formed outside the kernel.</summary>
public sealed class LargeJacobianTests
{
    [Theory]
    [InlineData(20, false)]
    [InlineData(20, true)]
    [InlineData(90, false)]
    [InlineData(90, true)]
    public void Normal_equations_are_those_of_the_dense_Jacobian(int length, bool isRobust)
    {
        Variable<Vector<Scalar>> a = Variable.Vector("a", length), b = Variable.Vector("b", length);
        var objective = new Objective();
        const int costs = 11;
        for (int k = 0; k < costs; k++)
        {
            double shift = 0.1 * k;
            objective.Add(
                a, b, (x, y) => new Vector<Scalar>(x.Dot(y) + shift, x.Dot(x) - (shift * y[0])), CostWeight.Scale(0.3),
                isRobust ? RobustLoss.Welsch(2.0) : null);
        }

        Problem problem = objective.Compile();
        LinearizationPlan plan = LinearizationPlan.Of(problem);
        Assert.Equal(length == 90, Assert.Single(plan.Groups).GivesJacobian);
        var values = new Values();
        double[] x = Numbers(length, 1), y = Numbers(length, 2);
        values.Set(a, x);
        values.Set(b, y);
        var state = new SolverState(problem);
        state.Load(values, 0);
        var linearizer = new Linearizer(plan);
        linearizer.Linearize(state);

        (double[,] hessian, double[] gradient) = Expected(x, y, costs, isRobust);
        double largest = hessian.Cast<double>().Max(Math.Abs);
        for (int i = 0; i < 2 * length; i++)
        {
            Assert.Equal(gradient[i], linearizer.Gradient[i], 1e-12 * largest);
            for (int j = 0; j <= i; j++)
                Assert.Equal(hessian[i, j], Entry(linearizer.Hessian, i, j, length), 1e-12 * largest);
        }
    }

    private static double Entry(BlockMatrix matrix, int i, int j, int length) =>
        matrix.Block(matrix.Structure.Find(i / length, j / length))[(j % length * length) + (i % length)];

    private static double[] Numbers(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (random.NextDouble() - 0.5) / Math.Sqrt(length))];
    }

    private static (double[,] Hessian, double[] Gradient) Expected(double[] x, double[] y, int costs, bool isRobust)
    {
        int n = x.Length;
        var hessian = new double[2 * n, 2 * n];
        var gradient = new double[2 * n];
        for (int k = 0; k < costs; k++)
        {
            double shift = 0.1 * k;
            double[] e = [0.3 * (Dot(x, y) + shift), 0.3 * (Dot(x, x) - (shift * y[0]))];
            double slope = isRobust ? Math.Exp(-Dot(e, e) / 2.0) : 1;
            var jacobian = new double[2, 2 * n];
            for (int i = 0; i < n; i++)
                (jacobian[0, i], jacobian[0, n + i], jacobian[1, i]) = (0.3 * y[i], 0.3 * x[i], 0.6 * x[i]);
            jacobian[1, n] = -0.3 * shift;
            for (int row = 0; row < 2; row++)
                for (int i = 0; i < 2 * n; i++)
                {
                    gradient[i] += slope * jacobian[row, i] * e[row];
                    for (int j = 0; j < 2 * n; j++)
                        hessian[i, j] += slope * jacobian[row, i] * jacobian[row, j];
                }
        }

        return (hessian, gradient);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();
}
