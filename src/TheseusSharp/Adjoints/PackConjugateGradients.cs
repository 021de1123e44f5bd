using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Adjoints;

/// <summary>
/// Solves with the exact Hessians of a pack by conjugate gradients, preconditioned with the factors of JᵀJ; lanes that
/// are done stop changing their solution. One thread at a time.
/// </summary>
internal sealed class PackConjugateGradients
{
    private readonly PackWorkspace _workspace;
    private readonly PackAdjointEvaluator _products;
    private readonly double[] _residual;
    private readonly double[] _preconditioned;
    private readonly double[] _direction;
    private readonly double[] _lambda;
    private readonly double[] _start;
    private readonly double[] _rho;
    private readonly double[] _factors;
    private readonly double[] _squares;
    private readonly bool[] _isDone;

    public PackConjugateGradients(PackWorkspace workspace)
    {
        _workspace = workspace;
        LinearizationPlan plan = workspace.Plan.Linearization;
        var optimized = new bool[plan.Problem.Variables.Count];
        optimized.AsSpan(0, plan.Problem.OptimizedCount).Fill(true);
        _products = new(plan, optimized);
        int n = plan.Structure.Dimension * workspace.Lanes;
        (_residual, _preconditioned) = (new double[n], new double[n]);
        (_direction, _lambda) = (new double[n], new double[n]);
        int lanes = workspace.Lanes;
        (_start, _rho) = (new double[lanes], new double[lanes]);
        (_factors, _squares) = (new double[lanes], new double[lanes]);
        _isDone = new bool[lanes];
    }

    /// <summary>Solves.</summary>
    /// <param name="cotangents">The right-hand sides.</param>
    /// <param name="solutions">
    /// The solutions with JᵀJ; replaced in lanes where the exact Hessian is positive definite and all converges.
    /// </param>
    /// <param name="isExact">Receives where that was.</param>
    public void Solve(ReadOnlySpan<double> cotangents, Span<double> solutions, Span<bool> isExact)
    {
        cotangents.CopyTo(_residual);
        solutions.CopyTo(_direction);
        _lambda.AsSpan().Clear();
        LaneKernels.Dot(_residual, _residual, _start);
        _start.CopyTo(_squares, 0);
        LaneKernels.Dot(_residual, _direction, _rho);
        for (int lane = 0; lane < _isDone.Length; lane++)
            _isDone[lane] = isExact[lane] = _start[lane] == 0;
        for (int iteration = 0; iteration < ImplicitBackward.MostIterations && !AllDone(); iteration++)
        {
            Advance(solutions, isExact);
            if (!AllDone())
                Turn();
        }

        for (int lane = 0; lane < _isDone.Length; lane++)
            if (!_isDone[lane])
                End(lane, ImplicitBackward.LooseTolerance, solutions, isExact);
    }

    /// <summary>Along the directions, as far as the curvature says.</summary>
    private void Advance(Span<double> solutions, Span<bool> isExact)
    {
        ReadOnlySpan<double> products = Products();
        LaneKernels.Dot(_direction, products, _factors);
        for (int lane = 0; lane < _isDone.Length; lane++)
        {
            if (!_isDone[lane] && !(_factors[lane] > 0))
                End(lane, ImplicitBackward.LooseTolerance, solutions, isExact); // Rounding, if little is left.
            _factors[lane] = _isDone[lane] ? 0 : _rho[lane] / _factors[lane];
        }

        LaneKernels.Combine(_lambda, _factors, _direction, _lambda);
        foreach (ref double factor in _factors.AsSpan())
            factor = -factor;
        LaneKernels.Combine(_residual, _factors, products, _residual);
        LaneKernels.Dot(_residual, _residual, _squares);
        for (int lane = 0; lane < _isDone.Length; lane++)
            if (!_isDone[lane] && IsSolved(lane, ImplicitBackward.ResidualTolerance))
                End(lane, ImplicitBackward.ResidualTolerance, solutions, isExact);
    }

    /// <summary>New directions.</summary>
    private void Turn()
    {
        _workspace.Solver.Solve(_residual, _preconditioned);
        LaneKernels.Dot(_residual, _preconditioned, _factors);
        for (int lane = 0; lane < _isDone.Length; lane++)
            (_rho[lane], _factors[lane]) = (_factors[lane], _factors[lane] / _rho[lane]);
        LaneKernels.Combine(_preconditioned, _factors, _direction, _direction);
    }

    /// <summary>The exact Hessians times the directions: the gradients, by θ, of ⟨∇F, direction⟩.</summary>
    private ReadOnlySpan<double> Products()
    {
        _products.Gradient.Span.Clear();
        _direction.CopyTo(_products.Mu);
        _products.Scales.Fill(1);
        _products.Add(AdjointTarget.Gradient, _workspace.Current);
        return _products.Gradient.Span[.._direction.Length];
    }

    private bool IsSolved(int lane, double tolerance) =>
        _squares[lane] <= tolerance * tolerance * _start[lane];

    /// <summary>A lane is done: its solution is taken if it is one.</summary>
    private void End(int lane, double tolerance, Span<double> solutions, Span<bool> isExact)
    {
        _isDone[lane] = true;
        isExact[lane] = IsSolved(lane, tolerance);
        if (isExact[lane])
            for (int k = lane; k < _lambda.Length; k += _isDone.Length)
                solutions[k] = _lambda[k];
    }

    private bool AllDone() => !_isDone.AsSpan().Contains(false);
}
