using TheseusSharp.Kernels;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>An adjoint kernel of a group: where its inputs come from, where its outputs go. Immutable.</summary>
internal sealed unsafe class GroupAdjoint
{
    private readonly GroupPlan _plan;
    private readonly AdjointSlots _slots;
    private readonly AdjointTarget _target;
    private readonly CompiledProgram<double>? _program;
    private readonly Pinned<int>[] _directionOffsets;
    private readonly GroupParameter[] _active;
    private readonly (int Length, int[] Offsets)[] _targets;

    /// <summary>Compiles.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="plan">The plan of the group.</param>
    /// <param name="target">What is differentiated.</param>
    /// <param name="offsets">
    /// For each variable of the problem, where its gradient goes; negative for those that need none.
    /// </param>
    public GroupAdjoint(Problem problem, GroupPlan plan, AdjointTarget target, int[] offsets)
    {
        _plan = plan;
        _target = target;
        _slots = AdjointPrograms.Slots(plan.Group);
        _active = GroupPrograms.Active(plan.Group);
        GroupParameter[] by = Array.FindAll(
            plan.Group.Layout.Parameters, parameter => Array.Exists(parameter.Numbers, number => offsets[number] >= 0));
        _targets = [.. by.Select(parameter => (
            parameter.Kind.TangentLength, Array.ConvertAll(parameter.Numbers, number => offsets[number])))];
        _directionOffsets = [.. _active.Select(parameter => DirectionOffsets(problem, parameter))];
        OutputLength = _targets.Sum(part => part.Length);
        bool isNeeded = by.Length > 0 && (target == AdjointTarget.Cost || _active.Length > 0);
        _program = !isNeeded ? null
            : Compile(AdjointPrograms.Gradient(plan.Group, target, by), problem.Options.Compiler);
    }

    /// <summary>How many numbers the gradient of a cost function has.</summary>
    public int OutputLength { get; }

    public int Lanes => _plan.Lanes;

    /// <summary>Memory for one thread; null if the group contributes nothing.</summary>
    public Workspace<double>? NewWorkspace() => _program is null ? null : new(
        _program.Lanes, _slots.End(AdjointTarget.DampedStep), _program.OutputColumns, _program.ScratchColumns);

    /// <summary>Adds the gradients of all cost functions.</summary>
    /// <param name="state">The values.</param>
    /// <param name="directions">μ, δ and w, each followed by zeros for variables that are held.</param>
    /// <param name="scale">What they are multiplied by.</param>
    /// <param name="gradient">Is added to.</param>
    /// <param name="rows">Memory for <see cref="Lanes"/> times <see cref="OutputLength"/> numbers.</param>
    /// <param name="workspace">Memory.</param>
    public void Add(
        SolverState state, ReadOnlySpan<nint> directions, double scale, double* gradient, double* rows,
        Workspace<double> workspace)
    {
        for (int start = 0; start < _plan.Count; start += Lanes)
        {
            int valid = Math.Min(Lanes, _plan.Count - start);
            Gather(directions, start, valid, workspace.Gathered);
            _plan.Columns.Run(_program!, state, start, valid, workspace, isFirst: start == 0);
            new ColumnSink<double>((nint)rows, OutputLength, OutputLength).Scatter(workspace.Outputs, Lanes, 0, valid);
            for (int lane = 0; lane < valid; lane++)
                Add(start + lane, rows + (lane * OutputLength), scale, gradient);
        }
    }

    /// <summary>Adds the gradients of all cost functions in all lanes of a state.</summary>
    /// <param name="state">The values.</param>
    /// <param name="direction">μ, followed by zeros for variables that are held; each number in all lanes.</param>
    /// <param name="scales">What the gradients are multiplied by, one number a lane.</param>
    /// <param name="gradient">Is added to.</param>
    /// <param name="data">Memory for the data of one cost function.</param>
    /// <param name="workspace">Memory.</param>
    public void AddAcross(
        SolverState state, double* direction, double* scales, double* gradient, double* data,
        Workspace<double> workspace)
    {
        for (int cost = 0; cost < _plan.Count; cost++)
        {
            if (_target != AdjointTarget.Cost)
                CopyAcross(direction, cost, workspace.Gathered);
            _plan.Columns.RunAcross(_program!, state, cost, workspace, data);
            double* row = workspace.Outputs;
            foreach ((int length, int[] offsets) in _targets)
            {
                if (offsets[cost] >= 0)
                    LaneKernels.AddScaled(scales, row, gradient + (offsets[cost] * Lanes), length, Lanes);
                row += length * Lanes;
            }
        }
    }

    private void CopyAcross(double* direction, int cost, double* gathered)
    {
        int slot = _slots.First;
        for (int k = 0; k < _active.Length; slot += _active[k++].Kind.TangentLength)
        {
            int length = _active[k].Kind.TangentLength * Lanes;
            new ReadOnlySpan<double>(direction + ((nint)_directionOffsets[k].Pointer[cost] * Lanes), length)
                .CopyTo(new(gathered + (slot * Lanes), length));
        }
    }

    private void Add(int cost, double* row, double scale, double* gradient)
    {
        foreach ((int length, int[] offsets) in _targets)
        {
            if (offsets[cost] >= 0)
                for (int k = 0; k < length; k++)
                    gradient[offsets[cost] + k] += scale * row[k];
            row += length;
        }
    }

    private void Gather(ReadOnlySpan<nint> directions, int start, int valid, double* gathered)
    {
        int slot = _slots.First;
        for (int vector = 0; vector < (int)_target; vector++)
            for (int k = 0; k < _active.Length; slot += _active[k++].Kind.TangentLength)
                new ColumnSource<double>(
                    directions[vector], 1, (nint)_directionOffsets[k].Pointer, _active[k].Kind.TangentLength)
                    .Gather(start, valid, Lanes, gathered + (slot * Lanes));
    }

    private CompiledProgram<double> Compile(GroupProgram program, CompilerOptions options) =>
        CompiledProgram<double>.Compile(
            program.Graph, program.Outputs, KernelInputs.Tiled(program.Graph, _plan.Group.Layout.DataSlots), options);

    /// <summary>Where each cost function's part of a direction begins; held variables read zeros at the end.</summary>
    private static Pinned<int> DirectionOffsets(Problem problem, GroupParameter parameter)
    {
        int[] offsets = problem.TangentOffsets;
        var result = new Pinned<int>(parameter.Numbers.Length);
        for (int k = 0; k < result.Length; k++)
            result.Span[k] = offsets[Math.Min(parameter.Numbers[k], problem.OptimizedCount)];
        return result;
    }
}
