using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Nonlinear;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>A cost function: from the storages of its variables to w·r, and ρ of ‖w·r‖².</summary>
internal sealed record DenseCost(
    int[] Variables, Func<DoubleDouble[][], DoubleDouble[]> Error,
    Func<DoubleDouble, DoubleDouble[][], DoubleDouble>? Rho = null);

/// <summary>
/// The implicit gradient with the Gauss–Newton Hessian by its definition: dense J and H, one solve for λ, and mixed
/// differences for ∂φ⟨∇F, λ⟩, all in double-double.
/// </summary>
internal sealed class DenseAdjoint
{
    /// <summary>Rounding (1e-31/h²) and what one extrapolation leaves (h⁴) are both near 1e-20.</summary>
    private static readonly DoubleDouble s_step = Math.ScaleB(1, -17);

    private readonly List<(ValueKind Kind, DoubleDouble[] Value, int Offset)> _variables = [];
    private int _dimension;

    public List<DenseCost> Costs { get; } = [];

    /// <summary>Adds a variable.</summary>
    /// <returns>Its number.</returns>
    public int Add(ValueKind kind, double[] value, bool isOptimized)
    {
        _variables.Add((kind, Exact.Of(value), isOptimized ? _dimension : -1));
        _dimension += isOptimized ? kind.TangentLength : 0;
        return _variables.Count - 1;
    }

    /// <summary>−∂φ⟨∇F, λ⟩ with H·λ = v, for every tangent coordinate of φ.</summary>
    public double[] Gradient(double[] cotangent, int by)
    {
        DoubleDouble[] lambda = Exact.Of(DenseMatrix.Solve(Hessian(), cotangent));
        var gradient = new double[_variables[by].Kind.TangentLength];
        foreach (DenseCost cost in Costs.Where(cost => cost.Variables.Contains(by)))
            for (int k = 0; k < gradient.Length; k++)
                gradient[k] -= (double)Mixed(cost, lambda, by, k);
        return gradient;
    }

    private double[,] Hessian()
    {
        var hessian = new double[_dimension, _dimension];
        foreach (DenseCost cost in Costs)
        {
            DoubleDouble squared = SquaredNorm(cost.Error(ArgumentsOf(cost)));
            double slope = cost.Rho is null ? 1
                : (double)Differences.Derivative(h => [cost.Rho(squared + h, ArgumentsOf(cost))])[0];
            (int Row, double[] Entries)[] columns = [.. Columns(cost)];
            foreach ((int i, double[] left) in columns)
                foreach ((int j, double[] right) in columns)
                    hessian[i, j] += slope * left.Zip(right, (a, b) => a * b).Sum();
        }

        return hessian;
    }

    private IEnumerable<(int Row, double[] Entries)> Columns(DenseCost cost)
    {
        for (int row = 0; row < _dimension; row++)
        {
            var direction = new DoubleDouble[_dimension];
            direction[row] = 1;
            DoubleDouble[] column = Differences.Derivative(h => cost.Error(ArgumentsOf(cost, direction, h)));
            if (column.Any(entry => (double)entry != 0))
                yield return (row, Array.ConvertAll(column, entry => (double)entry));
        }
    }

    private DoubleDouble Mixed(DenseCost cost, DoubleDouble[] lambda, int by, int coordinate)
    {
        DoubleDouble At(DoubleDouble t, DoubleDouble s)
        {
            DoubleDouble[][] arguments = ArgumentsOf(cost, lambda, t);
            int place = Array.IndexOf(cost.Variables, by);
            var tangent = new DoubleDouble[_variables[by].Kind.TangentLength];
            tangent[coordinate] = s;
            arguments[place] = Differences.Retract(_variables[by].Kind, arguments[place], tangent);
            DoubleDouble squared = SquaredNorm(cost.Error(arguments));
            return 0.5 * (cost.Rho?.Invoke(squared, arguments) ?? squared);
        }

        DoubleDouble Cross(DoubleDouble h) => (At(h, h) - At(h, -h) - At(-h, h) + At(-h, -h)) / (4.0 * h * h);
        DoubleDouble coarse = Cross(s_step), fine = Cross(0.5 * s_step);
        return fine + ((fine - coarse) / 3.0);
    }

    private DoubleDouble[][] ArgumentsOf(DenseCost cost) =>
        [.. cost.Variables.Select(number => _variables[number].Value)];

    /// <summary>With the optimised variables moved along a direction.</summary>
    private DoubleDouble[][] ArgumentsOf(DenseCost cost, DoubleDouble[] direction, DoubleDouble by) =>
        [.. cost.Variables.Select(number => Moved(_variables[number], direction, by))];

    private static DoubleDouble[] Moved(
        (ValueKind Kind, DoubleDouble[] Value, int Offset) variable, DoubleDouble[] direction, DoubleDouble by) =>
        variable.Offset < 0 ? variable.Value : Differences.Retract(
            variable.Kind, variable.Value,
            [.. direction.Skip(variable.Offset).Take(variable.Kind.TangentLength).Select(entry => by * entry)]);

    private static DoubleDouble SquaredNorm(DoubleDouble[] x) =>
        x.Aggregate((DoubleDouble)0, (sum, entry) => sum + (entry * entry));
}
