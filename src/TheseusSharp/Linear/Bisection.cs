using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// Halves graphs by small vertex separators: found on a coarse graph from several starts, improved on each finer one
/// (B. Hendrickson, E. Rothberg; G. Karypis, V. Kumar, 1998).
/// </summary>
internal sealed class Bisection
{
    /// <summary>Separators are first looked for in graphs of an eighth of the vertices, within these bounds.</summary>
    private const int LeastCoarse = 40;
    private const int MostCoarse = 100;

    /// <summary>How much heavier than the average a coarse vertex may be.</summary>
    private const double Unevenness = 1.5;

    /// <summary>From how many vertices separators are grown.</summary>
    private const int Starts = 4;

    private const int Passes = 8;

    /// <summary>
    /// To eliminate a separator of more scalars takes over 50 million operations: then a few percent of them are worth
    /// more than another attempt.
    /// </summary>
    private const int HeavySeparator = 550;

    /// <summary>How many attempts are made then.</summary>
    private const int MostAttempts = 4;

    private readonly SeparatorSearch _search;
    private readonly List<(DissectionGraph Graph, int[] Groups)> _levels = [];
    private SeededRandom _random;

    /// <summary>Makes room for graphs up to a size.</summary>
    /// <param name="graph">The largest graph.</param>
    /// <param name="seed">Of what is left to chance.</param>
    public Bisection(DissectionGraph graph, int seed)
    {
        _search = new(graph);
        _random = new((ulong)seed);
    }

    /// <summary>A separator, the best of some attempts.</summary>
    /// <param name="graph">The graph; it has a vertex at least.</param>
    /// <param name="attempts">How many attempts, at least 1; more if the first one's separator is heavy.</param>
    /// <returns>
    /// For each vertex, 0 or 1 for the side that it is on, or <see cref="SeparatorSearch.Separator"/>. A side is empty
    /// if the graph has no separator.
    /// </returns>
    public byte[] Find(DissectionGraph graph, int attempts)
    {
        byte[] best = FindOnce(graph);
        double least = _search.Cost;
        if (_search.Weight > HeavySeparator)
            attempts = MostAttempts;
        for (int k = 1; k < attempts; k++)
        {
            byte[] side = FindOnce(graph);
            if (_search.Cost < least)
                (best, least) = (side, _search.Cost);
        }

        return best;
    }

    private byte[] FindOnce(DissectionGraph graph)
    {
        DissectionGraph coarsest = Coarsen(graph);
        byte[] side = FindInitial(coarsest);
        _search.Load(coarsest, side);
        for (int level = _levels.Count - 1; level >= 0; level--)
        {
            (DissectionGraph finer, int[] groups) = _levels[level];
            side = Project(side, groups);
            _search.Load(finer, side);
            _search.Refine(Passes);
        }

        return side;
    }

    private DissectionGraph Coarsen(DissectionGraph graph)
    {
        int target = Math.Clamp(graph.Count / 8, LeastCoarse, MostCoarse);
        int heaviest = Math.Max(1, (int)(Unevenness * graph.TotalWeight / target));
        _levels.Clear();
        while (graph.Count > target)
        {
            (int[] groups, int count) = Coarsening.Match(graph, heaviest, ref _random);
            if (count > 0.9 * graph.Count)
                break;
            _levels.Add((graph, groups));
            graph = graph.Contract(groups, count);
        }

        return graph;
    }

    private byte[] FindInitial(DissectionGraph graph)
    {
        byte[] best = new byte[graph.Count], side = new byte[graph.Count];
        double least = double.PositiveInfinity;
        for (int k = 0; k < Starts; k++)
        {
            _search.Grow(graph, side, _random.Below(graph.Count));
            _search.Refine(Passes);
            if (_search.Cost >= least)
                continue;
            least = _search.Cost;
            (best, side) = (side, best);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static byte[] Project(byte[] side, int[] groups)
    {
        byte[] finer = new byte[groups.Length];
        for (int v = 0; v < finer.Length; v++)
            finer[v] = side[groups[v]];
        return finer;
    }
}
