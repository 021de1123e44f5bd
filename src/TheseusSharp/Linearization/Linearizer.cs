using TheseusSharp.Kernels;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>
/// Evaluates a problem at given values: the objective, and the normal equations H·δ = −g of its Gauss–Newton model,
/// with H = Σ ρ′·JᵀJ and g = Σ ρ′·Jᵀe. Block by block: a kernel computes the products of a few cost functions, which go
/// into H while they are in the nearest cache. Allocates only when made; one thread at a time.
/// </summary>
internal sealed unsafe class Linearizer
{
    private readonly LinearizationPlan _plan;
    private readonly Workspace<double>[] _groups;
    private readonly Workspace<double>[] _kinds;
    private readonly Workspace<double>?[] _kindAdjoints;
    private readonly Pinned<double> _rows;
    private readonly Pinned<double> _blocks;
    private readonly Pinned<double> _gradient;

    public Linearizer(LinearizationPlan plan)
    {
        _plan = plan;
        _groups = [.. plan.Groups.Select(group => group.NewWorkspace())];
        _kinds = [.. plan.Kinds.Select(kind => kind.NewWorkspace())];
        _kindAdjoints = new Workspace<double>?[plan.Kinds.Length];
        _rows = new(plan.Groups.Select(group => group.Lanes * group.OutputLength).DefaultIfEmpty().Max());
        _blocks = new(plan.Groups.Where(group => group.GivesJacobian)
            .Select(group => group.Blocks.Sum(target => target.Rows * target.Columns)).DefaultIfEmpty().Max());
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
        for (int k = 0; k < _plan.Groups.Length; k++)
            sum += Objective(_plan.Groups[k], state, _groups[k]);
        KeepAlive(state);
        return sum;
    }

    /// <summary>Fills <see cref="Hessian"/> and <see cref="Gradient"/>.</summary>
    /// <returns>The objective.</returns>
    public double Linearize(SolverState state)
    {
        Gradient.Clear();
        double sum = 0;
        for (int k = 0; k < _plan.Groups.Length; k++)
            sum += _plan.Groups[k].IsConstant
                ? Objective(_plan.Groups[k], state, _groups[k])
                : Linearize(_plan.Groups[k], state, _groups[k]);
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
                state[k].Pointer, step.Pointer, _plan.TangentOffsets[k].Pointer, target[k].Pointer, table.OptimizedCount,
                _kinds[k]);
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
            name = FindNotFinite(_plan.Groups[k], state, _groups[k], out isCost);
        KeepAlive(state);
        return name;
    }

    private static string? FindNotFinite(
        GroupPlan group, SolverState state, Workspace<double> workspace, out bool isCost)
    {
        for (int start = 0; start < group.Count; start += group.Lanes)
        {
            int valid = Math.Min(group.Lanes, group.Count - start);
            group.Run(group.Linearize, state, start, valid, workspace);
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

    private static double Objective(GroupPlan group, SolverState state, Workspace<double> workspace)
    {
        double sum = 0;
        for (int start = 0; start < group.Count; start += group.Lanes)
        {
            int valid = Math.Min(group.Lanes, group.Count - start);
            group.Run(group.Objective, state, start, valid, workspace);
            for (int lane = 0; lane < valid; lane++)
                sum += workspace.Outputs[lane];
        }

        return sum;
    }

    private double Linearize(GroupPlan group, SolverState state, Workspace<double> workspace)
    {
        int length = group.OutputLength;
        var rows = new ColumnSink<double>((nint)_rows.Pointer, length, length);
        double sum = 0;
        fixed (double* hessian = Hessian.Values)
            for (int start = 0; start < group.Count; start += group.Lanes)
            {
                int valid = Math.Min(group.Lanes, group.Count - start);
                group.Run(group.Linearize, state, start, valid, workspace);
                rows.Scatter(workspace.Outputs, group.Lanes, 0, valid);
                for (int lane = 0; lane < valid; lane++)
                {
                    double* row = _rows.Pointer + (lane * length);
                    sum += row[0];
                    Add(group, start + lane, row + 1, hessian);
                }
            }

        return sum;
    }

    /// <summary>Adds what one cost function contributes.</summary>
    private void Add(GroupPlan group, int cost, double* row, double* hessian)
    {
        foreach (GradientTarget target in group.Gradients)
        {
            if (target.Offsets[cost] >= 0)
                VectorKernels.Add(row, _gradient.Pointer + target.Offsets[cost], target.Length);
            row += target.Length;
        }

        if (group.GivesJacobian)
            row = FormBlocks(group, row, row + group.Dimension);
        foreach (BlockTarget target in group.Blocks)
        {
            if (target.TryGet(cost, out int start, out Placing placing))
                Accumulation.Add(row, hessian + start, target.Rows, target.Columns, placing);
            row += target.Rows * target.Columns;
        }
    }

    /// <summary>ρ′·JᵀJ of one cost function, block after block.</summary>
    private double* FormBlocks(GroupPlan group, double* slopes, double* jacobian)
    {
        double* block = _blocks.Pointer;
        int p = 0, start = 0, other = 0;
        foreach (BlockTarget target in group.Blocks)
        {
            Accumulation.Product(
                slopes, jacobian + other, target.Rows, jacobian + start, target.Columns, group.Dimension,
                group.TangentLength, block);
            block += target.Rows * target.Columns;
            other += target.Rows;
            if (other == group.TangentLength)
                other = start += group.Gradients[p++].Length;
        }

        return _blocks.Pointer;
    }
}
