using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Adjoints;

/// <summary>
/// What <see cref="ImplicitBackward"/> does, for a pack: elements of a batch side by side. What is out of the ordinary
/// in a lane, a singular H above all, is left to be done alone. One thread at a time.
/// </summary>
internal sealed class ImplicitPack : IDisposable
{
    private readonly HessianKind _kind;
    private readonly PackWorkspace _workspace;
    private readonly PackAdjointEvaluator _evaluator;
    private readonly Lazy<PackConjugateGradients> _conjugateGradients;
    private readonly double[] _cotangent;
    private readonly double[] _lambda;
    private readonly double[] _byObjective;
    private readonly double[] _costs;
    private readonly double[] _gradientNorms;
    private readonly int[] _failedRows;
    private readonly bool[] _isLoaded;

    /// <summary>Makes room.</summary>
    /// <param name="plan">The plan of the problem.</param>
    /// <param name="isWanted">For each variable of the problem, whether its gradient is wanted.</param>
    /// <param name="kind">With which Hessian.</param>
    /// <param name="precision">
    /// In what precision matrices are factored, if they are only solved with once; preconditioners are in double.
    /// </param>
    public ImplicitPack(SolvePlan plan, bool[] isWanted, HessianKind kind, LinearPrecision precision)
    {
        _kind = kind;
        if (kind != HessianKind.GaussNewton)
            precision = LinearPrecision.Double;
        _workspace = (PackWorkspace)plan.Workspaces.Rent(isInterleaved: true, precision: precision);
        _evaluator = new(plan.Linearization, isWanted);
        _conjugateGradients = new(() => new(_workspace));
        int n = plan.Linearization.Structure.Dimension * Lanes;
        (_cotangent, _lambda) = (new double[n], new double[n]);
        (_byObjective, _costs, _gradientNorms) = (new double[Lanes], new double[Lanes], new double[Lanes]);
        (_failedRows, _isLoaded) = (new int[Lanes], new bool[Lanes]);
    }

    public int Lanes => _workspace.Lanes;

    /// <summary>The values of the element that is loaded next.</summary>
    public SolverState Staging => _workspace.Staging;

    /// <summary>Takes the values in <see cref="Staging"/>, and outer gradients, into a lane.</summary>
    public void Load(int lane, ReadOnlySpan<double> cotangent, double byObjective)
    {
        _workspace.Load(lane);
        _isLoaded[lane] = true;
        LaneKernels.SetLane(cotangent, lane, Lanes, _cotangent);
        _byObjective[lane] = byObjective;
    }

    /// <summary>Computes the gradients of all lanes.</summary>
    /// <param name="outcomes">Receives what became of each; null where the lane is to be done alone.</param>
    public void Run(Span<ElementGradient?> outcomes)
    {
        RestOthers();
        Linearize();
        _workspace.FactorAndSolve([], _cotangent, _lambda, _failedRows);
        Span<bool> isExact = stackalloc bool[Lanes];
        if (_kind != HessianKind.GaussNewton)
            _conjugateGradients.Value.Solve(_cotangent, _lambda, isExact);
        _lambda.CopyTo(_evaluator.Mu);
        _evaluator.Scales.Fill(-1);
        _evaluator.Add(AdjointTarget.Gradient, _workspace.Current);
        for (int lane = 0; lane < Lanes; lane++)
            outcomes[lane] = _failedRows[lane] >= 0 ? null : new(
                isExact[lane] || _kind != HessianKind.Exact ? GradientStatus.Defined : GradientStatus.Undefined,
                isExact[lane] ? HessianKind.Exact : HessianKind.GaussNewton, _gradientNorms[lane], 0);
    }

    /// <summary>The gradient by every variable's tangent, of one lane.</summary>
    public void CopyGradient(int lane, Span<double> gradient) =>
        LaneKernels.CopyLane(_evaluator.Gradient.Span, lane, Lanes, gradient);

    public void Dispose() => _workspace.Plan.Workspaces.Return(_workspace);

    private void RestOthers()
    {
        int busy = Array.IndexOf(_isLoaded, true);
        for (int lane = 0; lane < Lanes; lane++)
            if (!_isLoaded[lane])
            {
                _workspace.Rest(lane, busy);
                ClearLane(_cotangent, lane); // Zeros are solved at once.
                _byObjective[lane] = 0;
            }

        _isLoaded.AsSpan().Clear();
    }

    /// <summary>
    /// Linearizes, and adds what comes by the objective: it depends on φ directly, and on θ* through what is left of
    /// its gradient.
    /// </summary>
    private void Linearize()
    {
        _workspace.Linearize(_costs, _gradientNorms);
        _evaluator.Gradient.Span.Clear();
        if (!_byObjective.AsSpan().ContainsAnyExcept(0.0))
            return;
        LaneKernels.Combine(_cotangent, _byObjective, _workspace.Linearizer.Gradient, _cotangent);
        _byObjective.CopyTo(_evaluator.Scales);
        _evaluator.Add(AdjointTarget.Cost, _workspace.Current);
        _evaluator.Gradient.Span[.._cotangent.Length].Clear();
        for (int lane = 0; lane < Lanes; lane++)
            if (_byObjective[lane] == 0)
                ClearLane(_evaluator.Gradient.Span, lane); // Zero times what no one asked for, infinite perhaps.
    }

    private void ClearLane(Span<double> numbers, int lane)
    {
        for (int k = lane; k < numbers.Length; k += Lanes)
            numbers[k] = 0;
    }
}
