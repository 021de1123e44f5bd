using TheseusSharp.Kernels;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>
/// What <see cref="Linearizer"/> does, for a pack: elements of a batch side by side, one in each lane of a kernel.
/// Nothing is gathered or scattered, and no lane sees another. Allocates only when made; one thread at a time.
/// </summary>
internal sealed unsafe class PackLinearizer
{
    private readonly LinearizationPlan _plan;
    private readonly Workspace<double>[] _groups;
    private readonly Workspace<double>[] _kinds;
    private readonly Pinned<double> _data;
    private readonly Pinned<double> _blocks;
    private readonly Pinned<double> _hessian;
    private readonly Pinned<double> _gradient;

    public PackLinearizer(LinearizationPlan plan)
    {
        _plan = plan;
        Lanes = plan.Lanes;
        _groups = [.. plan.Groups.Select(group => group.NewWorkspace())];
        _kinds = [.. plan.Kinds.Select(kind => kind.NewWorkspace())];
        _data = new(Lanes * plan.Groups.Select(group => group.DataLength).DefaultIfEmpty().Max());
        _blocks = new(Lanes * plan.Groups.Where(group => group.GivesJacobian)
            .Select(group => group.Blocks.Sum(target => target.Length)).DefaultIfEmpty().Max());
        _hessian = new(checked(Lanes * plan.Structure.ValueCount));
        _gradient = new(Lanes * plan.Structure.Dimension);
    }

    /// <summary>How many elements lie side by side.</summary>
    public int Lanes { get; }

    /// <summary>H of the last linearization: as <see cref="BlockMatrix.Values"/>, each number in all lanes.</summary>
    public Span<double> Hessian => _hessian.Span;

    /// <summary>g of the last linearization, each number in all lanes.</summary>
    public Span<double> Gradient => _gradient.Span;

    /// <summary>½ Σ ρ(‖w·r‖²) in each lane.</summary>
    public void Objective(SolverState state, Span<double> costs)
    {
        costs.Clear();
        for (int k = 0; k < _plan.Groups.Length; k++)
            AddCosts(_plan.Groups[k], state, _groups[k], costs);
        KeepAlive(state);
    }

    /// <summary>Fills <see cref="Hessian"/> and <see cref="Gradient"/>.</summary>
    /// <param name="state">The values.</param>
    /// <param name="costs">Receives the objective of each lane.</param>
    public void Linearize(SolverState state, Span<double> costs)
    {
        Gradient.Clear();
        costs.Clear();
        for (int k = 0; k < _plan.Groups.Length; k++)
            if (_plan.Groups[k].IsConstant)
                AddCosts(_plan.Groups[k], state, _groups[k], costs);
            else
                Linearize(_plan.Groups[k], state, _groups[k], costs);
        KeepAlive(state);
    }

    /// <summary>The optimised variables of target ← x∘Exp(δ).</summary>
    /// <param name="state">The values x.</param>
    /// <param name="step">δ, each number in all lanes.</param>
    /// <param name="target">Receives the values.</param>
    public void Retract(SolverState state, Pinned<double> step, SolverState target)
    {
        for (int k = 0; k < _plan.Kinds.Length; k++)
            _plan.Kinds[k].RetractAcross(
                state[k].Pointer, step.Pointer, _plan.TangentOffsets[k].Pointer, target[k].Pointer,
                _plan.Problem.Tables[k].OptimizedCount, _kinds[k]);
        KeepAlive(state, step, target);
    }

    private void AddCosts(GroupPlan group, SolverState state, Workspace<double> workspace, Span<double> costs)
    {
        for (int cost = 0; cost < group.Count; cost++)
        {
            group.Columns.RunAcross(group.Objective, state, cost, workspace, _data.Pointer);
            for (int lane = 0; lane < costs.Length; lane++)
                costs[lane] += workspace.Outputs[lane];
        }
    }

    private void Linearize(GroupPlan group, SolverState state, Workspace<double> workspace, Span<double> costs)
    {
        for (int cost = 0; cost < group.Count; cost++)
        {
            group.Columns.RunAcross(group.Linearize, state, cost, workspace, _data.Pointer);
            for (int lane = 0; lane < costs.Length; lane++)
                costs[lane] += workspace.Outputs[lane];
            Add(group, cost, workspace.Outputs + Lanes);
        }
    }

    /// <summary>Adds what one cost function contributes.</summary>
    private void Add(GroupPlan group, int cost, double* row)
    {
        foreach (GradientTarget target in group.Gradients)
        {
            if (target.Offsets[cost] >= 0)
                VectorKernels.Add(row, _gradient.Pointer + (target.Offsets[cost] * Lanes), target.Length * Lanes);
            row += target.Length * Lanes;
        }

        if (group.GivesJacobian)
            row = FormBlocks(group, row, row + (group.Dimension * Lanes));
        foreach (BlockTarget target in group.Blocks)
        {
            BlockPlace place = target[cost];
            if (place.IsThere)
                Accumulation.AddAcross(
                    row, _hessian.Pointer + ((nint)place.Start * Lanes), target.Rows, target.Columns, place.Placing,
                    Lanes);
            row += target.Length * Lanes;
        }
    }

    /// <summary>ρ′·JᵀJ of one cost function, block after block.</summary>
    private double* FormBlocks(GroupPlan group, double* slopes, double* jacobian)
    {
        double* block = _blocks.Pointer;
        int p = 0, start = 0, other = 0;
        foreach (BlockTarget target in group.Blocks)
        {
            Accumulation.ProductAcross(
                slopes, jacobian + (other * Lanes), target.Rows, jacobian + (start * Lanes), target.Columns,
                group.Dimension, group.TangentLength, block, Lanes);
            block += target.Rows * target.Columns * Lanes;
            other += target.Rows;
            if (other == group.TangentLength)
                other = start += group.Gradients[p++].Length;
        }

        return _blocks.Pointer;
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
