using TheseusSharp.Kernels;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>
/// The cost functions of a group, or some of them, as kernels take them: where inputs come from, where outputs go.
/// Immutable once first blocks are marked; shared by threads and solves.
/// </summary>
internal sealed unsafe class CostColumns
{
    private readonly ProblemGroup _group;
    private readonly VariableColumn[] _inputs;
    private readonly Pinned<double> _data;

    /// <summary>All cost functions of a group.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="group">The group.</param>
    /// <param name="structure">The structure of H.</param>
    /// <param name="active">The parameters that are optimised in any cost function.</param>
    /// <param name="lanes">How many cost functions one run of a kernel takes.</param>
    public CostColumns(
        Problem problem, ProblemGroup group, BlockStructure structure, GroupParameter[] active, int lanes)
    {
        _group = group;
        Count = group.Count;
        Lanes = lanes;
        _inputs = [.. group.Layout.Parameters.Select(parameter => new VariableColumn(problem, parameter))];
        _data = Tile(group.Layout.Data);
        Gradients = [.. active.Select(parameter => new GradientTarget(problem, structure, parameter))];
        Blocks = [.. Pairs(problem, structure, active)];
    }

    /// <summary>Some of the cost functions, with what they contribute to one part of H and g.</summary>
    private CostColumns(CostColumns all, int[] costs, int[] partOfColumn, int part)
    {
        _group = all._group;
        Count = costs.Length;
        Lanes = all.Lanes;
        _inputs = Array.ConvertAll(all._inputs, input => input.Select(costs));
        _data = Tile(DataOf(costs));
        Gradients = Array.ConvertAll(all.Gradients, target => target.Select(costs, partOfColumn, part));
        Blocks = Array.ConvertAll(all.Blocks, target => target.Select(costs, partOfColumn, part));
    }

    public int Count { get; }

    /// <summary>How many cost functions one run of a kernel takes.</summary>
    public int Lanes { get; }

    /// <summary>The data in the order of lanes: block after block, column after column.</summary>
    public double* Data => _data.Pointer;

    public GradientTarget[] Gradients { get; }

    public BlockTarget[] Blocks { get; }

    /// <summary>Some of the cost functions, with those of their contributions that go to one part of H and g.</summary>
    /// <param name="costs">Which, ascending.</param>
    /// <param name="partOfColumn">For each block column of H, its part.</param>
    /// <param name="part">The part.</param>
    public CostColumns Select(int[] costs, int[] partOfColumn, int part) => new(this, costs, partOfColumn, part);

    /// <summary>Runs a kernel on one block of cost functions.</summary>
    /// <param name="program">The kernel.</param>
    /// <param name="state">The values.</param>
    /// <param name="start">The first cost function of the block.</param>
    /// <param name="valid">How many there are.</param>
    /// <param name="workspace">Memory; receives the outputs.</param>
    /// <param name="isFirst">
    /// Whether the workspace comes to the group with this block: if not, it holds what all blocks share.
    /// </param>
    public void Run(
        CompiledProgram<double> program, SolverState state, int start, int valid, Workspace<double> workspace,
        bool isFirst)
    {
        foreach (VariableColumn input in _inputs)
            input.Gather(state, start, valid, Lanes, workspace.Gathered, isFirst);
        double* tile = _data.Pointer + ((nint)start * _group.DataLength);
        program.Run(workspace.Gathered, tile, workspace.Outputs, workspace.Scratch);
    }

    /// <summary>Runs a kernel on one cost function in all lanes of a state: lanes are elements of a batch.</summary>
    /// <param name="program">The kernel.</param>
    /// <param name="state">The values, with as many lanes as the kernel.</param>
    /// <param name="cost">The cost function.</param>
    /// <param name="workspace">Memory; receives the outputs.</param>
    /// <param name="data">Memory for <see cref="GroupPlan.DataLength"/> columns; null if there are none.</param>
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
                if (target[cost] is { IsThere: true, Start: var start } && !isTaken[start])
                {
                    isTaken[start] = true;
                    target.MarkFirst(cost);
                }
    }

    /// <summary>The numbers of one cost function, each in all lanes.</summary>
    private void SpreadData(int cost, double* data)
    {
        int inBlock = cost % Lanes;
        double* source = _data.Pointer + ((nint)(cost - inBlock) * _group.DataLength) + inBlock;
        for (int column = 0; column < _group.DataLength; column++, source += Lanes, data += Lanes)
            new Span<double>(data, Lanes).Fill(*source);
    }

    /// <summary>The numbers of some cost functions, one after the other.</summary>
    private double[] DataOf(int[] costs)
    {
        int length = _group.DataLength;
        double[] numbers = new double[costs.Length * length];
        for (int k = 0; k < costs.Length; k++)
            _group.Layout.Data.AsSpan(costs[k] * length, length).CopyTo(numbers.AsSpan(k * length));
        return numbers;
    }

    private Pinned<double> Tile(double[] numbers)
    {
        int columns = _group.DataLength, blocks = (Count + Lanes - 1) / Lanes;
        var tile = new Pinned<double>(checked(blocks * columns * Lanes));
        if (columns == 0)
            return tile;
        fixed (double* data = numbers)
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
