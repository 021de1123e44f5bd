namespace TheseusSharp.Linearization;

/// <summary>The cost functions of a group that contribute to one part of H and g.</summary>
internal sealed class CostShare
{
    private CostShare(CostColumns all, int[] costs, int[] partOfColumn, int part)
    {
        Costs = costs;
        Columns = all.Select(costs, partOfColumn, part);
    }

    /// <summary>Their places in the group, ascending.</summary>
    public int[] Costs { get; }

    public CostColumns Columns { get; }

    /// <summary>The shares of all parts.</summary>
    /// <param name="group">The group.</param>
    /// <param name="partOfColumn">For each block column, its part.</param>
    /// <param name="count">How many parts there are.</param>
    public static CostShare[] Divide(GroupPlan group, int[] partOfColumn, int count)
    {
        var shares = new List<int>[count];
        for (int part = 0; part < count; part++)
            shares[part] = [];
        for (int cost = 0; cost < group.Count; cost++)
        {
            bool isHeld = true;
            foreach (GradientTarget target in group.Gradients)
            {
                int column = target.Columns[cost];
                if (column < 0)
                    continue;
                isHeld = false;
                List<int> share = shares[partOfColumn[column]];
                if (share.Count == 0 || share[^1] != cost)
                    share.Add(cost);
            }

            if (isHeld)
                shares[0].Add(cost); // For its cost.
        }

        return [.. shares.Select((costs, part) => new CostShare(group.Columns, [.. costs], partOfColumn, part))];
    }
}
