using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>One cost function of a <see cref="DenseSolver"/>.</summary>
/// <param name="Variables">Which variables it takes.</param>
/// <param name="Residual">From their storages to w·r.</param>
/// <param name="Rho">The robust loss; null for none.</param>
internal sealed record DenseTerm(
    int[] Variables, Func<DoubleDouble[][], DoubleDouble[]> Residual, Func<DoubleDouble, DoubleDouble>? Rho = null);

/// <summary>
/// The oracle of whole solves: damped Gauss–Newton on full matrices, with values, residuals and derivatives (by
/// differences) in double-double. Shares nothing with the library but the group formulas, which have their own oracles.
/// </summary>
internal sealed class DenseSolver
{
    private readonly List<(ValueKind Kind, bool IsHeld)> _variables = [];
    private readonly List<DoubleDouble[]> _values = [];
    private readonly List<int> _offsets = [0];

    public List<DenseTerm> Terms { get; } = [];

    /// <summary>Adds a variable.</summary>
    /// <returns>Its number.</returns>
    public int AddVariable(ValueKind kind, double[] initial, bool isHeld = false)
    {
        _variables.Add((kind, isHeld));
        _values.Add(Exact.Of(initial));
        _offsets.Add(_offsets[^1] + (isHeld ? 0 : kind.TangentLength));
        return _variables.Count - 1;
    }

    /// <summary>The numbers of a variable.</summary>
    public double[] ValueOf(int variable) => Array.ConvertAll(_values[variable], x => (double)x);

    public double Cost() => (double)Cost(_values);

    /// <summary>Iterates until steps are rounding error; returns the cost there.</summary>
    public double Solve(int mostIterations = 300)
    {
        double damping = 1e-6;
        for (int iteration = 0; iteration < mostIterations; iteration++)
        {
            (double[,] hessian, double[] gradient) = Linearize();
            for (int i = 0; i < gradient.Length; i++)
                hessian[i, i] += damping;
            double[] step = DenseMatrix.Solve(hessian, [.. gradient.Select(entry => -entry)]);
            List<DoubleDouble[]> trial = Moved(step);
            bool isLower = (double)(Cost(trial) - Cost(_values)) < 0;
            if (isLower)
                for (int k = 0; k < trial.Count; k++)
                    _values[k] = trial[k];
            damping = isLower ? Math.Max(damping / 10, 1e-14) : damping * 10;
            if (step.Max(Math.Abs) < 1e-12)
                return Cost();
        }

        throw new InvalidOperationException($"The dense solver did not converge in {mostIterations} iterations.");
    }

    private DoubleDouble Cost(List<DoubleDouble[]> values)
    {
        DoubleDouble sum = 0;
        foreach (DenseTerm term in Terms)
        {
            DoubleDouble squared = SquaredNorm(term.Residual([.. term.Variables.Select(k => values[k])]));
            sum += 0.5 * (term.Rho?.Invoke(squared) ?? squared);
        }

        return sum;
    }

    private static DoubleDouble SquaredNorm(DoubleDouble[] x) =>
        x.Aggregate((DoubleDouble)0, (sum, entry) => sum + (entry * entry));

    private List<DoubleDouble[]> Moved(double[] step)
    {
        var moved = new List<DoubleDouble[]>(_values);
        for (int k = 0; k < moved.Count; k++)
            if (!_variables[k].IsHeld)
                moved[k] = Differences.Retract(
                    _variables[k].Kind, _values[k], Exact.Of(step[_offsets[k].._offsets[k + 1]]));
        return moved;
    }

    /// <summary>Σ ρ′·JᵀJ and Σ ρ′·Jᵀe.</summary>
    private (double[,] Hessian, double[] Gradient) Linearize()
    {
        var hessian = new double[_offsets[^1], _offsets[^1]];
        var gradient = new double[_offsets[^1]];
        foreach (DenseTerm term in Terms)
        {
            DoubleDouble[][] arguments = [.. term.Variables.Select(k => _values[k])];
            DoubleDouble[] residual = term.Residual(arguments);
            double slope = term.Rho is null ? 1
                : (double)Differences.Derivative(by => [term.Rho(SquaredNorm(residual) + by)])[0];
            List<(int Row, double[] Column)> columns = Columns(term, arguments);
            foreach ((int i, double[] left) in columns)
            {
                gradient[i] += slope * left.Zip(residual, (a, b) => a * (double)b).Sum();
                foreach ((int j, double[] right) in columns)
                    hessian[i, j] += slope * left.Zip(right, (a, b) => a * b).Sum();
            }
        }

        return (hessian, gradient);
    }

    /// <summary>The columns of a term's Jacobian, and where they belong.</summary>
    private List<(int Row, double[] Column)> Columns(DenseTerm term, DoubleDouble[][] arguments)
    {
        var columns = new List<(int, double[])>();
        for (int argument = 0; argument < arguments.Length; argument++)
        {
            int variable = term.Variables[argument];
            for (int row = _offsets[variable]; row < _offsets[variable + 1]; row++)
            {
                var moved = (DoubleDouble[][])arguments.Clone();
                DoubleDouble[] At(DoubleDouble by)
                {
                    var tangent = new DoubleDouble[_variables[variable].Kind.TangentLength];
                    tangent[row - _offsets[variable]] = by;
                    moved[argument] = Differences.Retract(_variables[variable].Kind, arguments[argument], tangent);
                    return term.Residual(moved);
                }

                columns.Add((row, Array.ConvertAll(Differences.Derivative(At), x => (double)x)));
            }
        }

        return columns;
    }
}
