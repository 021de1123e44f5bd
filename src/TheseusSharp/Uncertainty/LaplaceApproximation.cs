using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Uncertainty;

/// <summary>
/// The Gaussian around a solution θ* with the Gauss–Newton Hessian as information: θ*∘Exp(δ), δ ~ N(0, T·H⁻¹), in the
/// right tangents of the optimised variables. If residuals are weighted by their true square-root information, it is the
/// Laplace approximation of their posterior.
/// </summary>
/// <remarks>
/// Covariances come from the sparse factor, column by column, without a dense inverse: the covariance of a variable of d
/// coordinates takes d solves. Not for use by several threads at once; dispose it to free the factor.
/// </remarks>
public sealed class LaplaceApproximation : IDisposable
{
    private readonly SolverWorkspace _workspace;
    private readonly Values _solution;
    private readonly int _element;

    private LaplaceApproximation(SolverWorkspace workspace, Values solution, int element, int failedRow)
    {
        _workspace = workspace;
        _solution = solution;
        _element = element;
        IsDefined = failedRow < 0;
        Message = IsDefined
            ? "The solution is determined in all directions."
            : $"There is no covariance: the linear system has no unique solution. {Singularity.Explain(workspace, failedRow)}";
    }

    /// <summary>Whether the information is positive definite. If not, nothing else may be asked.</summary>
    public bool IsDefined { get; }

    /// <summary>The same in a sentence; if it is not, which variables are not determined, and why.</summary>
    public string Message { get; }

    private Problem Problem => _workspace.Plan.Linearization.Problem;

    private ReadOnlySpan<int> Offsets => _workspace.Plan.Linearization.Structure.Offsets;

    /// <summary>Linearizes at a solution and factors its information.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="solution">A value for every variable.</param>
    /// <param name="element">The element of the batch.</param>
    /// <exception cref="ArgumentException">A variable has no value.</exception>
    public static LaplaceApproximation At(Problem problem, Values solution, int element = 0)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(solution);
        ArgumentOutOfRangeException.ThrowIfNegative(element);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(element, solution.BatchSize);
        var workspace = new SolverWorkspace(SolvePlan.Of(problem, LinearSolverKind.Automatic));
        workspace.Current.Load(solution, element);
        workspace.Linearizer.Linearize(workspace.Current);
        FactorizationResult factorization = problem.TangentLength == 0
            ? FactorizationResult.Success : workspace.Solver.Factor(workspace.Linearizer.Hessian);
        return new(workspace, solution, element, factorization.FailedRow);
    }

    /// <summary>The marginal covariance of a variable.</summary>
    /// <param name="variable">An optimised variable of d tangent coordinates.</param>
    /// <returns>d × d numbers, symmetric.</returns>
    /// <inheritdoc cref="Covariance(Variable, Variable)" path="/exception"/>
    public double[] Covariance(Variable variable) => Covariance(variable, variable);

    /// <summary>
    /// The marginal covariances of all optimised variables, at once: about three factorizations, however many there are.
    /// </summary>
    /// <returns>For each variable of d tangent coordinates d × d numbers, symmetric.</returns>
    /// <exception cref="InvalidOperationException">There is no covariance.</exception>
    public IReadOnlyDictionary<Variable, double[]> Covariances()
    {
        RequireDefined();
        var covariances = new Dictionary<Variable, double[]>(Problem.OptimizedCount);
        using SelectedInverse? inverse = (_workspace.Solver as MultifrontalCholesky)?.InvertSelected();
        for (int number = 0; number < Problem.OptimizedCount; number++)
        {
            Variable variable = Problem.Variables[number];
            if (inverse is null)
            {
                covariances.Add(variable, Covariance(variable));
                continue;
            }

            var covariance = new double[variable.Kind.TangentLength * variable.Kind.TangentLength];
            inverse.CopyBlock(number, number, covariance);
            covariances.Add(variable, covariance);
        }

        return covariances;
    }

    /// <summary>The covariance of two variables: E[δₐ·δᵦᵀ].</summary>
    /// <param name="a">An optimised variable of d tangent coordinates.</param>
    /// <param name="b">An optimised variable of e tangent coordinates.</param>
    /// <returns>d × e numbers, row-major.</returns>
    /// <exception cref="ArgumentException">A variable is not optimised in the problem.</exception>
    /// <exception cref="InvalidOperationException">There is no covariance.</exception>
    public double[] Covariance(Variable a, Variable b)
    {
        RequireDefined();
        (int first, int rows) = (OffsetOf(a), a.Kind.TangentLength);
        (int second, int columns) = (OffsetOf(b), b.Kind.TangentLength);
        var covariance = new double[rows * columns];
        var column = new double[Offsets[^1]];
        for (int k = 0; k < columns; k++)
        {
            column.AsSpan().Clear();
            column[second + k] = 1;
            _workspace.Solver.Solve(column, column);
            for (int row = 0; row < rows; row++)
                covariance[(row * columns) + k] = column[first + row];
        }

        return covariance;
    }

    /// <summary>Independent samples.</summary>
    /// <param name="count">How many: the batch of the result.</param>
    /// <param name="random">The source; seed it to repeat.</param>
    /// <param name="temperature">T: the covariance is T·H⁻¹.</param>
    /// <returns>The optimised variables' samples; the constant variables as in the solution.</returns>
    /// <exception cref="InvalidOperationException">There is no covariance.</exception>
    public Values Sample(int count, Random random, double temperature = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(temperature);
        ArgumentNullException.ThrowIfNull(random);
        RequireDefined();
        var samples = new Values(count);
        CopyConstants(samples);
        double scale = Math.Sqrt(temperature);
        Span<double> step = _workspace.Step.Span;
        for (int sample = 0; sample < count; sample++)
        {
            foreach (ref double entry in step)
                entry = scale * Normal(random);
            if (!step.IsEmpty)
                _workspace.Solver.SolveTransposed(step, step);
            _workspace.Linearizer.Retract(_workspace.Current, _workspace.Step, _workspace.Trial);
            _workspace.Trial.Store(samples, sample);
        }

        return samples;
    }

    /// <inheritdoc/>
    public void Dispose() => _workspace.Dispose();

    private void CopyConstants(Values samples)
    {
        for (int number = Problem.OptimizedCount; number < Problem.Variables.Count; number++)
        {
            Variable variable = Problem.Variables[number];
            var storage = new double[variable.Kind.StorageLength];
            _solution.CopyTo(variable, _element, storage);
            samples.Set(variable, storage);
        }
    }

    /// <summary>A number of mean 0 and variance 1 (G. E. P. Box, M. E. Muller, 1958).</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private int OffsetOf(Variable variable) => Problem.IsOptimized(variable)
        ? Offsets[Problem.NumberOf(variable)]
        : throw new ArgumentException($"Variable '{variable.Name}' is constant in the problem: it has no covariance.");

    private void RequireDefined()
    {
        if (!IsDefined)
            throw new InvalidOperationException(Message);
    }
}
