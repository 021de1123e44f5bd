namespace TheseusSharp.Tests.Linear;

/// <summary>
/// Few combinations that stand for all: of any few axes every combination of levels is among them. Defects that so many
/// axes together bring about are found as by the full product.
/// </summary>
internal static class Covering
{
    /// <summary>Rows of a level for each axis; the same for the same seed.</summary>
    /// <param name="levels">How many levels each axis has.</param>
    /// <param name="strength">Of how many axes all combinations are wanted.</param>
    /// <param name="seed">Of what is random.</param>
    public static List<int[]> Rows(int[] levels, int strength, int seed)
    {
        var random = new Random(seed);
        List<int[]> subsets = [.. Subsets(levels.Length, strength)];
        HashSet<string> missing = [];
        foreach (int[] axes in subsets)
            foreach (int[] values in Product([.. axes.Select(axis => levels[axis])]))
                missing.Add(Key(axes, values));
        var rows = new List<int[]>();
        while (missing.Count > 0)
        {
            int[] best = Enumerable.Range(0, 20).Select(_ => Candidate(levels, missing.First(), random))
                .MaxBy(row => subsets.Count(axes => missing.Contains(Key(axes, row, axes))))!;
            foreach (int[] axes in subsets)
                missing.Remove(Key(axes, best, axes));
            rows.Add(best);
        }

        return rows;
    }

    /// <summary>All combinations of levels.</summary>
    public static IEnumerable<int[]> Product(int[] levels)
    {
        IEnumerable<int[]> rows = [[]];
        foreach (int count in levels)
            rows = rows.SelectMany(row => Enumerable.Range(0, count).Select(level => (int[])[.. row, level]));
        return rows;
    }

    private static IEnumerable<int[]> Subsets(int count, int size) => Product([.. Enumerable.Repeat(count, size)])
        .Where(axes => axes.Zip(axes.Skip(1), (a, b) => a < b).All(isAscending => isAscending));

    /// <summary>A random row with a combination that is missing.</summary>
    private static int[] Candidate(int[] levels, string missing, Random random)
    {
        int[] row = [.. levels.Select(count => random.Next(count))];
        foreach (string part in missing.Split(' '))
            row[int.Parse(part.Split(':')[0])] = int.Parse(part.Split(':')[1]);
        return row;
    }

    private static string Key(int[] axes, int[] row, int[] places) =>
        Key(axes, [.. places.Select(place => row[place])]);

    private static string Key(int[] axes, int[] values) =>
        string.Join(' ', axes.Zip(values, (axis, value) => $"{axis}:{value}"));
}
