using TheseusSharp.Kernels;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>
/// Evaluates a problem at given values: the objective, and the normal equations H·δ = −g of its Gauss–Newton model,
/// with H = Σ ρ′·JᵀJ and g = Σ ρ′·Jᵀe. Block by block: a kernel computes the products of a few cost functions, which go
/// into H while they are in the nearest cache. Allocates only when made; for one caller at a time.
/// </summary>
internal sealed unsafe class Linearizer
{
    private readonly LinearizationPlan _plan;
    private readonly CostEvaluator _evaluator;
    private readonly Workspace<double>[] _kinds;
    private readonly Workspace<double>?[] _kindAdjoints;
    private readonly LinearizationTeam? _team;
    private readonly Pinned<double> _gradient;

    /// <summary>Makes room for H and g.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="threads">
    /// How many threads work together, if that pays; the results are the same to the last bit.
    /// </param>
    public Linearizer(LinearizationPlan plan, int threads = 1)
        : this(plan, threads, LinearizationTeam.Pays(plan, threads))
    {
    }

    internal Linearizer(LinearizationPlan plan, int threads, bool isShared)
    {
        _plan = plan;
        _evaluator = new(plan);
        _kinds = [.. plan.Kinds.Select(kind => kind.NewWorkspace())];
        _kindAdjoints = new Workspace<double>?[plan.Kinds.Length];
        _team = isShared ? new(plan, threads, _evaluator) : null;
        _gradient = new(plan.Structure.Dimension);
        Hessian = new(plan.Structure);
    }

    /// <summary>H of the last linearization.</summary>
    public BlockMatrix Hessian { get; }

    /// <summary>Whether H is finite: it may overflow where cost and gradient do not.</summary>
    public bool HessianIsFinite() => DenseVector.IsFinite(Hessian.Values);

    /// <summary>g of the last linearization, in the order of the problem's variables.</summary>
    public Span<double> Gradient => _gradient.Span;

    /// <summary>The largest entry of <see cref="Gradient"/>; NaN if there is one among them.</summary>
    public double GradientNorm()
    {
        double largest = 0;
        foreach (double entry in Gradient)
            largest = Math.Max(largest, Math.Abs(entry)); // Max keeps a NaN.
        return largest;
    }

    /// <summary>½ Σ ρ(‖w·r‖²).</summary>
    public double Objective(SolverState state)
    {
        double sum = 0;
        if (_team is not null)
            sum = _team.Objective(state);
        else
            for (int k = 0; k < _plan.Groups.Length; k++)
                sum += _evaluator.Cost(k, state);
        KeepAlive(state);
        return sum;
    }

    /// <summary>Fills <see cref="Hessian"/> and <see cref="Gradient"/>.</summary>
    /// <returns>The objective.</returns>
    public double Linearize(SolverState state)
    {
        Gradient.Clear();
        double sum = 0;
        fixed (double* hessian = Hessian.Values)
        {
            var equations = new NormalEquations(hessian, _gradient.Pointer);
            if (_team is not null)
                sum = _team.Linearize(state, equations);
            else
                for (int k = 0; k < _plan.Groups.Length; k++)
                    sum += _plan.Groups[k].IsConstant ? _evaluator.Cost(k, state)
                        : _evaluator.Linearize(k, _plan.Groups[k].Columns, state, equations, null, []);
        }

        KeepAlive(state);
        return sum;
    }

    /// <summary>target ← x∘Exp(δ) for every optimised variable; the others are copied.</summary>
    /// <param name="state">The values x.</param>
    /// <param name="step">δ, in the order of the problem's variables.</param>
    /// <param name="target">Receives the values.</param>
    public void Retract(SolverState state, Pinned<double> step, SolverState target)
    {
        for (int k = 0; k < _plan.Kinds.Length; k++)
        {
            VariableTable table = _plan.Problem.Tables[k];
            int optimized = table.OptimizedCount * table.Kind.StorageLength;
            state[k].Span[optimized..].CopyTo(target[k].Span[optimized..]);
            _plan.Kinds[k].Retract(
                state[k].Pointer, step.Pointer, _plan.TangentOffsets[k].Pointer, target[k].Pointer,
                table.OptimizedCount, _kinds[k]);
        }

        KeepAlive(state, step, target);
    }

    /// <summary>
    /// The gradients by the values x and by the step δ from those by x∘Exp(δ), all in the order of the problem's
    /// optimised variables. Allocates when first called.
    /// </summary>
    public void RetractAdjoint(
        SolverState state, Pinned<double> step, Pinned<double> cotangent, Pinned<double> byValue, Pinned<double> byStep)
    {
        for (int k = 0; k < _plan.Kinds.Length; k++)
            _plan.Kinds[k].RetractAdjoint(
                state[k].Pointer, step.Pointer, cotangent.Pointer, _plan.TangentOffsets[k].Pointer, byValue.Pointer,
                byStep.Pointer, _plan.Problem.Tables[k].OptimizedCount,
                _kindAdjoints[k] ??= _plan.Kinds[k].NewAdjointWorkspace());
        KeepAlive(state, step, cotangent);
        KeepAlive(byValue, byStep);
    }

    /// <summary>The name of a cost function whose cost or derivatives are not finite; null if there is none.</summary>
    /// <param name="state">The values.</param>
    /// <param name="isCost">Whether it is the cost.</param>
    public string? FindNotFinite(SolverState state, out bool isCost)
    {
        isCost = false;
        string? name = null;
        for (int k = 0; k < _plan.Groups.Length && name is null; k++)
            name = FindNotFinite(_plan.Groups[k], state, _evaluator.OfGroup(k), out isCost);
        KeepAlive(state);
        return name;
    }

    private static string? FindNotFinite(
        GroupPlan group, SolverState state, Workspace<double> workspace, out bool isCost)
    {
        for (int start = 0; start < group.Count; start += group.Lanes)
        {
            int valid = Math.Min(group.Lanes, group.Count - start);
            group.Columns.Run(group.Linearize, state, start, valid, workspace, isFirst: start == 0);
            for (int number = 0; number < group.OutputLength * valid; number++)
            {
                (int output, int lane) = (number / valid, number % valid);
                isCost = output == 0;
                if (!double.IsFinite(workspace.Outputs[(output * group.Lanes) + lane]))
                    return group.NameOf(start + lane);
            }
        }

        isCost = false;
        return null;
    }

    /// <summary>Kernels run on addresses, which do not keep what they point into.</summary>
    private void KeepAlive(object first, object? second = null, object? third = null)
    {
        GC.KeepAlive(this);
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        GC.KeepAlive(third);
    }
}
