using TheseusSharp.Linear;

namespace TheseusSharp.Linearization;

/// <summary>
/// Divides the block columns of H, and the entries of g that belong to them, into parts to which cost functions
/// contribute about as much each, and few of them to two: in the order in which a breadth-first search from a remote
/// variable meets them.
/// </summary>
internal static class EquationParts
{
    /// <summary>For each block column, its part.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="count">How many parts.</param>
    public static int[] Divide(LinearizationPlan plan, int count)
    {
        long[] weights = Contributions(plan);
        long total = weights.Sum(), sum = 0;
        int[] parts = new int[weights.Length];
        foreach (int column in LevelOrder.Of(plan.Structure))
        {
            parts[column] = (int)Math.Min(count - 1, sum * count / Math.Max(1, total));
            sum += weights[column];
        }

        return parts;
    }

    /// <summary>About how many numbers cost functions contribute to each block column.</summary>
    private static long[] Contributions(LinearizationPlan plan)
    {
        long[] columns = new long[plan.Structure.Count];
        foreach (GroupPlan group in plan.Groups)
            foreach (GradientTarget target in group.Gradients)
                foreach (int column in target.Columns)
                    if (column >= 0)
                        columns[column] += group.RowLength;
        return columns;
    }
}
