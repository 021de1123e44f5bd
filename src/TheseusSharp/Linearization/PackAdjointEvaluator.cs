using TheseusSharp.Kernels;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>
/// What <see cref="AdjointEvaluator"/> does, for a pack: elements of a batch side by side. One thread at a time.
/// </summary>
internal sealed unsafe class PackAdjointEvaluator
{
    private readonly LinearizationPlan _plan;
    private readonly int[] _offsets;
    private readonly Dictionary<AdjointTarget, (GroupAdjoint[] Groups, Workspace<double>?[] Workspaces)> _kernels = [];
    private readonly Pinned<double> _mu;
    private readonly Pinned<double> _data;
    private readonly Pinned<double> _scales;

    /// <summary>Makes room.</summary>
    /// <param name="plan">The plan of the problem.</param>
    /// <param name="isWanted">For each variable of the problem, whether its gradient is wanted.</param>
    public PackAdjointEvaluator(LinearizationPlan plan, bool[] isWanted)
    {
        _plan = plan;
        int[] all = plan.Problem.TangentOffsets;
        _offsets = [.. isWanted.Select((wanted, number) => wanted ? all[number] : -1)];
        Gradient = new(all[^1] * plan.Lanes);
        int longest = plan.Problem.Tables.Select(table => table.Kind.TangentLength).DefaultIfEmpty().Max();
        _mu = new((plan.Structure.Dimension + longest) * plan.Lanes);
        _data = new(plan.Groups.Select(group => group.DataLength).DefaultIfEmpty().Max() * plan.Lanes);
        _scales = new(plan.Lanes);
    }

    /// <summary>The gradient by every variable's tangent, each number in all lanes.</summary>
    public Pinned<double> Gradient { get; }

    /// <summary>μ, each number in all lanes: to be written before <see cref="Add"/>.</summary>
    public Span<double> Mu => _mu.Span[..(_plan.Structure.Dimension * _plan.Lanes)];

    /// <summary>What each lane's gradient is multiplied by before it is added.</summary>
    public Span<double> Scales => _scales.Span;

    /// <summary>Adds the gradient of the cost, or of μᵀg, times the scales, to <see cref="Gradient"/>.</summary>
    public void Add(AdjointTarget target, SolverState state)
    {
        (GroupAdjoint[] groups, Workspace<double>?[] workspaces) = KernelsOf(target);
        for (int k = 0; k < groups.Length; k++)
            if (workspaces[k] is { } workspace)
                groups[k].AddAcross(state, _mu.Pointer, _scales.Pointer, Gradient.Pointer, _data.Pointer, workspace);
        GC.KeepAlive(this);
        GC.KeepAlive(state);
    }

    private (GroupAdjoint[] Groups, Workspace<double>?[] Workspaces) KernelsOf(AdjointTarget target)
    {
        if (target is not (AdjointTarget.Cost or AdjointTarget.Gradient))
            throw new ArgumentOutOfRangeException(nameof(target), target, "Packs know the cost and μᵀg only.");
        if (!_kernels.TryGetValue(target, out (GroupAdjoint[] Groups, Workspace<double>?[] Workspaces) known))
        {
            GroupAdjoint[] groups = _plan.AdjointsOf(target, _offsets);
            known = (groups, [.. groups.Select(group => group.NewWorkspace())]);
            _kernels.Add(target, known);
        }

        return known;
    }
}
