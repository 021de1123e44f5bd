using TheseusSharp.Kernels;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>
/// Gradients of a problem's scalars by its variables: the objective, μᵀg, μᵀ(g + Hδ). One thread at a time.
/// </summary>
internal sealed unsafe class AdjointEvaluator
{
    private readonly LinearizationPlan _plan;
    private readonly int[] _offsets;
    private readonly Dictionary<AdjointTarget, (GroupAdjoint[] Groups, Workspace<double>?[] Workspaces)> _kernels = [];
    private readonly Pinned<double>[] _directions;
    private Pinned<double> _rows = new(0);

    /// <summary>Makes room.</summary>
    /// <param name="plan">The plan of the problem.</param>
    /// <param name="isWanted">For each variable of the problem, whether its gradient is wanted.</param>
    public AdjointEvaluator(LinearizationPlan plan, bool[] isWanted)
    {
        _plan = plan;
        int[] all = plan.Problem.TangentOffsets;
        _offsets = [.. isWanted.Select((wanted, number) => wanted ? all[number] : -1)];
        Gradient = new(all[^1]);
        int longest = plan.Problem.Tables.Select(table => table.Kind.TangentLength).DefaultIfEmpty().Max();
        _directions = [.. Enumerable.Range(0, 3).Select(_ => new Pinned<double>(plan.Structure.Dimension + longest))];
    }

    /// <summary>The gradient by every variable's tangent, in the order of the problem's variables.</summary>
    public Pinned<double> Gradient { get; }

    /// <summary>μ, to be written before <see cref="Add"/>.</summary>
    public Span<double> Mu => _directions[0].Span[.._plan.Structure.Dimension];

    /// <summary>δ, to be written before <see cref="Add"/>.</summary>
    public Span<double> Delta => _directions[1].Span[.._plan.Structure.Dimension];

    /// <summary>w, to be written before <see cref="Add"/>.</summary>
    public Span<double> Weights => _directions[2].Span[.._plan.Structure.Dimension];

    /// <summary>Adds the gradient of a scalar at some values, times a scale, to <see cref="Gradient"/>.</summary>
    public void Add(AdjointTarget target, SolverState state, double scale)
    {
        (GroupAdjoint[] groups, Workspace<double>?[] workspaces) = KernelsOf(target);
        ReadOnlySpan<nint> directions =
            [(nint)_directions[0].Pointer, (nint)_directions[1].Pointer, (nint)_directions[2].Pointer];
        for (int k = 0; k < groups.Length; k++)
            if (workspaces[k] is { } workspace)
                groups[k].Add(state, directions, scale, Gradient.Pointer, _rows.Pointer, workspace);
        GC.KeepAlive(this);
        GC.KeepAlive(state);
    }

    private (GroupAdjoint[] Groups, Workspace<double>?[] Workspaces) KernelsOf(AdjointTarget target)
    {
        if (_kernels.TryGetValue(target, out (GroupAdjoint[] Groups, Workspace<double>?[] Workspaces) known))
            return known;
        GroupAdjoint[] groups = _plan.AdjointsOf(target, _offsets);
        Workspace<double>?[] workspaces = [.. groups.Select(group => group.NewWorkspace())];
        int rows = groups.Select(group => group.Lanes * group.OutputLength).DefaultIfEmpty().Max();
        if (rows > _rows.Length)
            _rows = new(rows);
        _kernels.Add(target, (groups, workspaces));
        return (groups, workspaces);
    }
}
