using TheseusSharp.Kernels;

namespace TheseusSharp.Linearization;

/// <summary>Runs the kernels of a problem's groups in the memory of one thread. Allocates only when made.</summary>
internal sealed unsafe class CostEvaluator
{
    private readonly LinearizationPlan _plan;
    private readonly Workspace<double>[] _groups;

    /// <summary>
    /// What the cost functions of one block contribute: rows of <see cref="GroupPlan.RowLength"/> numbers.
    /// </summary>
    private readonly Pinned<double> _rows;

    /// <summary>Kernel outputs of the cost functions of one block, for groups whose kernel gives J.</summary>
    private readonly Pinned<double> _outputs;

    public CostEvaluator(LinearizationPlan plan)
    {
        _plan = plan;
        _groups = [.. plan.Groups.Select(group => group.NewWorkspace())];
        _rows = new(plan.Groups.Select(group => group.Lanes * group.RowLength).DefaultIfEmpty().Max());
        _outputs = new(plan.Groups.Where(group => group.GivesJacobian)
            .Select(group => group.Lanes * group.OutputLength).DefaultIfEmpty().Max());
    }

    /// <summary>The memory of a group.</summary>
    public Workspace<double> OfGroup(int group) => _groups[group];

    /// <summary>The sum of the costs of a group, in order.</summary>
    public double Cost(int number, SolverState state) => Costs(number, state, 0, _plan.Groups[number].Count, null);

    /// <summary>The costs of some cost functions of a group.</summary>
    /// <param name="number">The group.</param>
    /// <param name="state">The values.</param>
    /// <param name="start">The first cost function, a multiple of the lanes.</param>
    /// <param name="end">The one after the last.</param>
    /// <param name="costs">Receives the costs; or null.</param>
    /// <returns>Their sum, in order.</returns>
    public double Costs(int number, SolverState state, int start, int end, double* costs)
    {
        GroupPlan group = _plan.Groups[number];
        Workspace<double> workspace = _groups[number];
        double sum = 0;
        for (int cost = start; cost < end; cost += group.Lanes)
        {
            int valid = Math.Min(group.Lanes, end - cost);
            group.Columns.Run(group.Objective, state, cost, valid, workspace, isFirst: cost == start);
            for (int lane = 0; lane < valid; lane++)
                sum += workspace.Outputs[lane];
            if (costs != null)
                new ReadOnlySpan<double>(workspace.Outputs, valid).CopyTo(new(costs + (cost - start), valid));
        }

        return sum;
    }

    /// <summary>Adds what cost functions contribute to H and g, one after the other.</summary>
    /// <param name="number">Their group.</param>
    /// <param name="columns">All of the group's, or some.</param>
    /// <param name="state">The values.</param>
    /// <param name="equations">H and g.</param>
    /// <param name="costs">Receives their costs; or null.</param>
    /// <param name="places">Where there, for each cost function; not looked at without.</param>
    /// <returns>The sum of their costs, in order.</returns>
    public double Linearize(
        int number, CostColumns columns, SolverState state, NormalEquations equations, double* costs,
        ReadOnlySpan<int> places)
    {
        GroupPlan group = _plan.Groups[number];
        double sum = 0;
        for (int start = 0; start < columns.Count; start += group.Lanes)
        {
            int valid = Math.Min(group.Lanes, columns.Count - start);
            equations.Prefetch(columns, start, valid);
            WriteRows(number, columns, state, start, valid);
            double* row = _rows.Pointer;
            for (int cost = start; cost < start + valid; cost++, row += group.RowLength)
            {
                sum += row[0];
                if (costs != null)
                    costs[places[cost]] = row[0];
                equations.Add(columns, cost, row);
            }
        }

        return sum;
    }

    /// <summary>What the cost functions of one block contribute, a row of numbers for each.</summary>
    /// <param name="number">The group.</param>
    /// <param name="columns">Its cost functions, or some of them; taken block after block from the first.</param>
    /// <param name="state">The values.</param>
    /// <param name="start">The first cost function of the block.</param>
    /// <param name="valid">How many there are, no more than lanes.</param>
    private void WriteRows(int number, CostColumns columns, SolverState state, int start, int valid)
    {
        double* rows = _rows.Pointer;
        GroupPlan group = _plan.Groups[number];
        Workspace<double> workspace = _groups[number];
        columns.Run(group.Linearize, state, start, valid, workspace, isFirst: start == 0);
        int length = group.OutputLength;
        double* target = group.GivesJacobian ? _outputs.Pointer : rows;
        new ColumnSink<double>((nint)target, length, length).Scatter(workspace.Outputs, group.Lanes, 0, valid);
        if (!group.GivesJacobian)
            return;
        for (int lane = 0; lane < valid; lane++, target += length, rows += group.RowLength)
        {
            int head = 1 + group.TangentLength;
            new ReadOnlySpan<double>(target, head).CopyTo(new(rows, head));
            FormBlocks(group, target + head, rows + head);
        }
    }

    /// <summary>ρ′·JᵀJ of one cost function, block after block.</summary>
    private static void FormBlocks(GroupPlan group, double* slopes, double* blocks)
    {
        double* jacobian = slopes + group.Dimension;
        int p = 0, start = 0, other = 0;
        foreach (BlockTarget target in group.Blocks)
        {
            Accumulation.Product(
                slopes, jacobian + other, target.Rows, jacobian + start, target.Columns, group.Dimension,
                group.TangentLength, blocks);
            blocks += target.Rows * target.Columns;
            other += target.Rows;
            if (other == group.TangentLength)
                other = start += group.Gradients[p++].Length;
        }
    }
}
