using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>A parameter of a group's kernel that is a variable.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Slot">Its first input slot.</param>
/// <param name="Table">The table that its variables are in.</param>
/// <param name="Numbers">For each cost function, its variable's place in <see cref="Problem.Variables"/>.</param>
/// <param name="IsActive">Whether any of them is optimised.</param>
internal sealed record GroupParameter(ValueKind Kind, int Slot, int Table, int[] Numbers, bool IsActive);

/// <summary>What a group's kernel is made of and runs over.</summary>
/// <param name="Graph">The trace, with inputs where numbers differ within the group.</param>
/// <param name="Outputs">
/// The nodes of the weighted residual; then, with losses, of what each is taken of, then of each ρ(x).
/// </param>
/// <param name="Parameters">The parameters that are variables.</param>
/// <param name="DataSlots">The input slot of each data column.</param>
/// <param name="Data">The data: as many numbers as there are slots, for each cost function.</param>
internal sealed record GroupLayout(
    ExpressionGraph Graph, int[] Outputs, GroupParameter[] Parameters, int[] DataSlots, double[] Data);

/// <summary>
/// Cost functions with one trace: one kernel, columns of variables, columns of data. A number that is equal in the
/// whole group is part of the kernel. Immutable.
/// </summary>
public sealed class ProblemGroup
{
    private readonly CostGroup _source;
    private readonly int[] _order;
    private readonly string _names;

    internal ProblemGroup(CostGroup source, int[] order, GroupLayout layout)
    {
        Layout = layout;
        _source = source;
        _order = order;
        _names = GroupDescription.Names(source);
        Members = [.. source.Members];
    }

    /// <summary>How many cost functions there are.</summary>
    public int Count => _order.Length;

    /// <summary>How many entries each residual has.</summary>
    public int Dimension => _source.Trace.Dimension;

    /// <summary>The loss, if there is one: that of the first member (its radius may differ in others).</summary>
    public RobustLoss? Loss => Members[0].Loss;

    /// <summary>How many numbers each cost function brings that differ within the group.</summary>
    public int DataLength => Layout.DataSlots.Length;

    /// <summary>What its cost functions were added by.</summary>
    public IReadOnlyList<CostFunction> Members { get; }

    internal GroupLayout Layout { get; }

    /// <summary>How many losses a cost function has: none, one, or one for each entry.</summary>
    internal int LossCount => _source.Trace.LossCount;

    /// <summary>A line for people.</summary>
    public override string ToString() =>
        GroupDescription.Of(Count, _source.Trace.Parameters, Dimension, Loss, _names) + $" ({DataLength} data columns)";

    /// <summary>The name of a cost function by its place in the columns.</summary>
    internal string NameOf(int position)
    {
        int row = _order[position];
        foreach (CostFunction member in Members)
        {
            if (row < member.Count)
                return member.Count == 1 ? member.Name : $"{member.Name}[{row}]";
            row -= member.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(position));
    }
}
