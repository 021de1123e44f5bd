using TheseusSharp.Kernels;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>
/// All that linearizing a group needs but values: two kernels, and the cost functions as they take them.
/// Immutable; shared by threads and solves.
/// </summary>
internal sealed class GroupPlan
{
    /// <summary>The place of a block that is not there: a variable of the pair is held constant.</summary>
    public const int Absent = -1;

    /// <summary>Makes a unit quaternion of four, and lies in the range of every polynomial.</summary>
    private const double HarmlessInput = 0.5;

    private readonly ProblemGroup _group;

    public GroupPlan(Problem problem, ProblemGroup group, BlockStructure structure)
    {
        _group = group;
        CompilerOptions options = problem.Options.Compiler;
        GroupParameter[] active = GroupPrograms.Active(group);
        IsConstant = active.Length == 0;
        (Objective, Linearize) = Compile(options);
        GivesJacobian = !IsConstant && GroupPrograms.GivesJacobian(group);
        Columns = new(problem, group, structure, active, Lanes);
        TangentLength = Gradients.Sum(target => target.Length);
        RowLength = 1 + TangentLength + Blocks.Sum(target => target.Length);
        OutputLength = GivesJacobian ? 1 + TangentLength + (Dimension * (1 + TangentLength)) : RowLength;
        WarmUp();
    }

    /// <summary>Computes the cost.</summary>
    public CompiledProgram<double> Objective { get; }

    /// <summary>Computes the cost, the gradient and the blocks of JᵀJ.</summary>
    public CompiledProgram<double> Linearize { get; }

    /// <summary>Whether nothing in the group is optimised.</summary>
    public bool IsConstant { get; }

    /// <summary>Whether the second kernel gives ρ′ and J in place of the blocks.</summary>
    public bool GivesJacobian { get; }

    public ProblemGroup Group => _group;

    public int Count => _group.Count;

    /// <summary>How many entries each residual has.</summary>
    public int Dimension => _group.Dimension;

    /// <summary>How many columns J has.</summary>
    public int TangentLength { get; }

    /// <summary>How many cost functions one run of a kernel takes.</summary>
    public int Lanes => Objective.Lanes;

    /// <summary>How many numbers the second kernel gives for a cost function, cost included.</summary>
    public int OutputLength { get; }

    /// <summary>The cost functions.</summary>
    public CostColumns Columns { get; }

    public GradientTarget[] Gradients => Columns.Gradients;

    public BlockTarget[] Blocks => Columns.Blocks;

    /// <summary>How many numbers a cost function contributes: its cost, its gradient, its blocks of JᵀJ.</summary>
    public int RowLength { get; }

    /// <summary>How many numbers each cost function brings.</summary>
    public int DataLength => _group.DataLength;

    /// <summary>How many gathered columns a kernel has.</summary>
    public int GatheredColumns => _group.Layout.Parameters.Length == 0 ? 0
        : _group.Layout.Parameters.Max(parameter => parameter.Slot + parameter.Kind.StorageLength);

    /// <summary>Memory for one thread to run the kernels.</summary>
    public Workspace<double> NewWorkspace() => new(
        Lanes, GatheredColumns, Math.Max(Objective.OutputColumns, Linearize.OutputColumns),
        Math.Max(Objective.ScratchColumns, Linearize.ScratchColumns));

    /// <summary>The name of a cost function.</summary>
    public string NameOf(int position) => _group.NameOf(position);

    /// <summary>Both kernels, at the same time: the larger one takes most of a first solve's start.</summary>
    private (CompiledProgram<double> Objective, CompiledProgram<double> Linearize) Compile(CompilerOptions options)
    {
        CompiledProgram<double> objective = null!, linearize = null!;
        Concurrently.Run(
            () => linearize = IsConstant ? null! : Compile(GroupPrograms.Linearize(_group), options),
            () => objective = Compile(GroupPrograms.Objective(_group), options));
        return (objective, linearize ?? objective);
    }

    private CompiledProgram<double> Compile(GroupProgram program, CompilerOptions options) =>
        CompiledProgram<double>.Compile(
            program.Graph, program.Outputs, KernelInputs.Tiled(program.Graph, _group.Layout.DataSlots), options);

    /// <summary>Runs both kernels once, so that the JIT's work is done and accounted for here.</summary>
    private void WarmUp() => Concurrently.Run(() => RunOnce(Linearize), () => RunOnce(Objective));

    private unsafe void RunOnce(CompiledProgram<double> program)
    {
        Workspace<double> workspace = NewWorkspace();
        new Span<double>(workspace.Gathered, GatheredColumns * Lanes).Fill(HarmlessInput);
        program.Run(workspace.Gathered, Columns.Data, workspace.Outputs, workspace.Scratch);
        workspace.KeepAlive();
    }
}
