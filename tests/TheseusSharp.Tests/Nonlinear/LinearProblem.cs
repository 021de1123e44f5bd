using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>½‖A·x + b‖² for a random A of full rank, x split into two variables.</summary>
internal sealed class LinearProblem
{
    private const int Rows = 9, FirstLength = 2, Length = 5;

    /// <param name="units">What the columns of A are multiplied by: the units that x is measured in.</param>
    public LinearProblem(params double[] units)
    {
        var random = new Random(5);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Length; j++)
                A[i, j] = ((2 * random.NextDouble()) - 1) * (units.Length > 0 ? units[j] : 1);
            B[i] = (2 * random.NextDouble()) - 1;
        }

        var objective = new Objective();
        for (int i = 0; i < Rows; i++)
        {
            int row = i;
            objective.Add(First, Second, (x, y) => RowOf(row, x.Concat(y)));
        }

        Problem = objective.Compile();
    }

    public double[,] A { get; } = new double[Rows, Length];

    public double[] B { get; } = new double[Rows];

    public Problem Problem { get; }

    public Variable<Vector<Scalar>> First { get; } = Variable.Vector("first", FirstLength);

    public Variable<Vector<Scalar>> Second { get; } = Variable.Vector("second", Length - FirstLength);

    public Values ValuesOf(params double[] x)
    {
        var values = new Values();
        values.Set(First, x[..FirstLength]);
        values.Set(Second, x[FirstLength..]);
        return values;
    }

    public double[] NumbersOf(Values values) => [.. Numbers.Of(values, First), .. Numbers.Of(values, Second)];

    /// <summary>The minimum, by the normal equations.</summary>
    public double[] Minimum() => DenseMatrix.Solve(
        DenseMatrix.Gram(A), [.. DenseMatrix.MultiplyTransposed(A, B).Select(entry => -entry)]);

    /// <summary>x after one step of (AᵀA + D)·δ = −Aᵀ(A·x + b).</summary>
    public double[] Stepped(double[] x, Func<double, double> dampingOfDiagonal)
    {
        double[,] damped = DenseMatrix.Gram(A);
        for (int k = 0; k < Length; k++)
            damped[k, k] += dampingOfDiagonal(damped[k, k]);
        double[] gradient = DenseMatrix.MultiplyTransposed(A, DenseMatrix.MultiplyAdd(A, x, B));
        double[] step = DenseMatrix.Solve(damped, gradient);
        return [.. x.Zip(step, (xi, delta) => xi - delta)];
    }

    /// <summary>Exactly so many iterations.</summary>
    public static SolveOptions Run(int iterations) =>
        new() { MaxIterations = iterations, Stopping = StoppingCriteria.None };

    private Scalar RowOf(int row, Vector<Scalar> x)
    {
        Scalar sum = B[row];
        for (int j = 0; j < x.Length; j++)
            sum += A[row, j] * x[j];
        return sum;
    }
}
