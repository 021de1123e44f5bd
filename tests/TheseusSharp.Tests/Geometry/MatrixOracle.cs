using TheseusSharp.Tests.Oracles;
using Matrix = TheseusSharp.Geometry.Matrix<TheseusSharp.Tests.Oracles.DoubleDouble>;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Tests.Oracles.DoubleDouble>;

namespace TheseusSharp.Tests.Geometry;

/// <summary>What laws are checked against and knows of no group: the matrix exponential, and differences.</summary>
internal static class MatrixOracle
{
    /// <summary>e^A by its Taylor series, scaled and squared; relative error 1e-30 times the size of A.</summary>
    public static Matrix Exp(Matrix a)
    {
        // Below 1/16 in size, 16 terms reach 1e-35.
        const int terms = 16;
        double size = a.Entries.ToArray().Sum(entry => Math.Abs(entry.Hi));
        int halvings = size > 0 ? Math.Max(0, Math.ILogB(size) + 5) : 0;
        Matrix scaled = Math.ScaleB(1, -halvings) * a;
        Matrix one = Matrix.Identity(a.Rows);
        Matrix sum = one;

        // Horner: 1 + A(1 + A/2(1 + A/3(…))).
        for (int k = terms; k >= 1; k--)
            sum = one + ((1.0 / (DoubleDouble)k) * (scaled * sum));
        for (int k = 0; k < halvings; k++)
            sum *= sum;
        return sum;
    }

    /// <summary>f'(0) by central differences at three steps, extrapolated (Richardson): error about 1e-20.</summary>
    public static Vector Derivative(Func<DoubleDouble, Vector> f)
    {
        // So long that where a step crosses from a series to a closed form, their difference (1e-19) hardly shows.
        Vector Slope(double step) => (f(step) - f(-step)) / (DoubleDouble)(2 * step);
        Vector coarse = Slope(1.0 / 1024), middle = Slope(1.0 / 2048), fine = Slope(1.0 / 4096);
        Vector first = ((4.0 * middle) - coarse) / (DoubleDouble)3.0;
        Vector second = ((4.0 * fine) - middle) / (DoubleDouble)3.0;
        return ((16.0 * second) - first) / (DoubleDouble)15.0;
    }
}
