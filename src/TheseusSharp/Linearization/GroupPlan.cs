using TheseusSharp.Kernels;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>
/// All that linearizing a group needs but values: two kernels, where their inputs come from, where their outputs go.
/// Immutable; shared by threads and solves.
/// </summary>
internal sealed unsafe class GroupPlan
{
    /// <summary>The place of a block that is not there: a variable of the pair is held constant.</summary>
    public const int Absent = -1;

    /// <summary>Makes a unit quaternion of four, and lies in the range of every polynomial.</summary>
    private const double HarmlessInput = 0.5;

    private readonly ProblemGroup _group;
    private readonly Pinned<double> _data;
    private readonly VariableColumn[] _inputs;

    public GroupPlan(Problem problem, ProblemGroup group, BlockStructure structure)
    {
        _group = group;
        CompilerOptions options = problem.Options.Compiler;
        GroupParameter[] active = GroupPrograms.Active(group);
        IsConstant = active.Length == 0;
        (Objective, Linearize) = Compile(options);
        GivesJacobian = !IsConstant && GroupPrograms.GivesJacobian(group);
        _inputs = [.. group.Layout.Parameters.Select(parameter => new VariableColumn(problem, parameter))];
        _data = Tile();
        Gradients = [.. active.Select(parameter => new GradientTarget(problem, structure, parameter))];
        Blocks = [.. Pairs(problem, structure, active)];
        TangentLength = Gradients.Sum(target => target.Length);
        OutputLength = 1 + TangentLength + (GivesJacobian
            ? Dimension * (1 + TangentLength)
            : Blocks.Sum(target => target.Rows * target.Columns));
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

    /// <summary>How many numbers the linearization of a cost function has, cost included.</summary>
    public int OutputLength { get; }

    public GradientTarget[] Gradients { get; }

    public BlockTarget[] Blocks { get; }

    /// <summary>How many numbers each cost function brings.</summary>
    public int DataLength => _group.DataLength;

    /// <summary>How many gathered columns a kernel has.</summary>
    public int GatheredColumns => _group.Layout.Parameters.Length == 0 ? 0
        : _group.Layout.Parameters.Max(parameter => parameter.Slot + parameter.Kind.StorageLength);

    /// <summary>Memory for one thread to run the kernels.</summary>
    public Workspace<double> NewWorkspace() => new(
        Lanes, GatheredColumns, Math.Max(Objective.OutputColumns, Linearize.OutputColumns),
        Math.Max(Objective.ScratchColumns, Linearize.ScratchColumns));

    /// <summary>Runs a kernel on one block of cost functions.</summary>
    /// <param name="program">One of the two kernels.</param>
    /// <param name="state">The values.</param>
    /// <param name="start">The first cost function of the block.</param>
    /// <param name="valid">How many there are.</param>
    /// <param name="workspace">Memory; receives the outputs.</param>
    public void Run(
        CompiledProgram<double> program, SolverState state, int start, int valid, Workspace<double> workspace)
    {
        foreach (VariableColumn input in _inputs)
            input.Gather(state, start, valid, Lanes, workspace.Gathered);
        double* tile = _data.Pointer + ((nint)start * _group.DataLength);
        program.Run(workspace.Gathered, tile, workspace.Outputs, workspace.Scratch);
    }

    /// <summary>Runs a kernel on one cost function in all lanes of a state: lanes are elements of a batch.</summary>
    /// <param name="program">One of the two kernels.</param>
    /// <param name="state">The values, with as many lanes as the kernel.</param>
    /// <param name="cost">The cost function.</param>
    /// <param name="workspace">Memory; receives the outputs.</param>
    /// <param name="data">Memory for <see cref="DataLength"/> columns; null if there are none.</param>
    public void RunAcross(
        CompiledProgram<double> program, SolverState state, int cost, Workspace<double> workspace, double* data)
    {
        foreach (VariableColumn input in _inputs)
            input.CopyAcross(state, cost, Lanes, workspace.Gathered);
        SpreadData(cost, data);
        program.Run(workspace.Gathered, data, workspace.Outputs, workspace.Scratch);
    }

    /// <summary>
    /// Marks the blocks that come first to their place in H, if linearized group after group: they need no zeros there.
    /// </summary>
    /// <param name="isTaken">For each number of H, whether a block that starts there has come; is added to.</param>
    public void MarkFirst(bool[] isTaken)
    {
        for (int cost = 0; cost < Count; cost++)
            foreach (BlockTarget target in Blocks)
                if (target.TryGet(cost, out int start, out _) && !isTaken[start])
                {
                    isTaken[start] = true;
                    target.MarkFirst(cost);
                }
    }

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

    private void RunOnce(CompiledProgram<double> program)
    {
        Workspace<double> workspace = NewWorkspace();
        new Span<double>(workspace.Gathered, GatheredColumns * Lanes).Fill(HarmlessInput);
        program.Run(workspace.Gathered, _data.Pointer, workspace.Outputs, workspace.Scratch);
        workspace.KeepAlive();
    }

    /// <summary>The numbers of one cost function, each in all lanes.</summary>
    private void SpreadData(int cost, double* data)
    {
        int inBlock = cost % Lanes;
        double* source = _data.Pointer + ((nint)(cost - inBlock) * DataLength) + inBlock;
        for (int column = 0; column < DataLength; column++, source += Lanes, data += Lanes)
            new Span<double>(data, Lanes).Fill(*source);
    }

    /// <summary>The data in the order of lanes: block after block, column after column.</summary>
    private Pinned<double> Tile()
    {
        int columns = _group.DataLength, blocks = (Count + Lanes - 1) / Lanes;
        var tile = new Pinned<double>(checked(blocks * columns * Lanes));
        if (columns == 0)
            return tile;
        fixed (double* data = _group.Layout.Data)
        {
            var source = new ColumnSource<double>((nint)data, columns, 0, columns);
            for (int start = 0; start < Count; start += Lanes)
                source.Gather(
                    start, Math.Min(Lanes, Count - start), Lanes, tile.Pointer + ((nint)start * columns));
        }

        return tile;
    }

    private static IEnumerable<BlockTarget> Pairs(Problem problem, BlockStructure structure, GroupParameter[] active)
    {
        for (int p = 0; p < active.Length; p++)
            for (int q = p; q < active.Length; q++)
                yield return new(problem, structure, active[p], active[q]);
    }
}

/// <summary>Where the values of a parameter come from.</summary>
internal sealed unsafe class VariableColumn
{
    private readonly int _table;
    private readonly int _slot;
    private readonly int _length;
    private readonly bool _isShared;
    private readonly Pinned<int> _rows;

    public VariableColumn(Problem problem, GroupParameter parameter)
    {
        _table = parameter.Table;
        _slot = parameter.Slot;
        _length = parameter.Kind.StorageLength;
        _rows = new(parameter.Numbers.Length);
        for (int k = 0; k < _rows.Length; k++)
            _rows.Span[k] = problem.Places[parameter.Numbers[k]].Row;
        _isShared = !_rows.Span.ContainsAnyExcept(_rows.Span[0]);
    }

    public void Gather(SolverState state, int start, int valid, int lanes, double* gathered)
    {
        if (_isShared && start > 0)
            return;
        new ColumnSource<double>((nint)state[_table].Pointer, _length, (nint)_rows.Pointer, _length)
            .Gather(start, valid, lanes, gathered + (_slot * lanes));
    }

    /// <summary>The numbers of one cost function's variable, in all lanes of a state.</summary>
    public void CopyAcross(SolverState state, int cost, int lanes, double* gathered)
    {
        if (_isShared && cost > 0)
            return;
        int length = _length * lanes;
        new ReadOnlySpan<double>(state[_table].Pointer + ((nint)_rows.Pointer[cost] * length), length)
            .CopyTo(new(gathered + (_slot * lanes), length));
    }
}

/// <summary>Where the gradients by a parameter go.</summary>
internal sealed class GradientTarget
{
    public GradientTarget(Problem problem, BlockStructure structure, GroupParameter parameter)
    {
        Length = parameter.Kind.TangentLength;
        Offsets = Array.ConvertAll(parameter.Numbers, number =>
            number < problem.OptimizedCount ? structure.Offsets[number] : GroupPlan.Absent);
    }

    public int Length { get; }

    /// <summary>For each cost function, where in the gradient.</summary>
    public int[] Offsets { get; }
}

/// <summary>How a block of a cost function goes into its place.</summary>
[Flags]
internal enum Placing
{
    AsItIs = 1,

    Transposed = 2,

    /// <summary>One variable in two places of a cost function: the block and its transpose.</summary>
    Both = AsItIs | Transposed,

    /// <summary>Nothing was there before: the block replaces what a linearization before left.</summary>
    First = 4,
}

/// <summary>Where the blocks (q, p) of JᵀJ go.</summary>
internal sealed class BlockTarget
{
    private readonly int[] _starts;
    private readonly Placing[] _placings;

    public BlockTarget(Problem problem, BlockStructure structure, GroupParameter p, GroupParameter q)
    {
        Rows = q.Kind.TangentLength;
        Columns = p.Kind.TangentLength;
        bool isDiagonal = ReferenceEquals(p, q);
        _starts = new int[p.Numbers.Length];
        _placings = new Placing[p.Numbers.Length];
        for (int k = 0; k < _starts.Length; k++)
            _starts[k] = Place(problem, structure, p.Numbers[k], q.Numbers[k], isDiagonal, out _placings[k]);
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Where in the matrix's numbers a cost function's block goes, and how.</summary>
    public bool TryGet(int cost, out int start, out Placing placing)
    {
        (start, placing) = (_starts[cost], _placings[cost]);
        return start >= 0;
    }

    /// <summary>A cost function's block is the first to come to its place.</summary>
    public void MarkFirst(int cost) => _placings[cost] |= Placing.First;

    private static int Place(
        Problem problem, BlockStructure structure, int p, int q, bool isDiagonal, out Placing placing)
    {
        placing = isDiagonal || q > p ? Placing.AsItIs : q < p ? Placing.Transposed : Placing.Both;
        return p >= problem.OptimizedCount || q >= problem.OptimizedCount
            ? GroupPlan.Absent : structure.ValueStarts[structure.Find(p, q)];
    }
}
