using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Benchmarks.Problems;
using TheseusSharp.Data;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>Ceres on one graph in all the settings that may be its best: each a process of its own.</summary>
internal sealed class CeresSides : IDisposable
{
    private readonly List<CeresPeer> _peers = [];
    private readonly PoseGraph _graph;
    private readonly IndependentCost _cost;

    /// <summary>Starts them.</summary>
    /// <param name="file">The g2o file of the edges.</param>
    /// <param name="start">That of the initial poses.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="threads">How many threads Ceres has. OpenBLAS has one, or else as many.</param>
    public CeresSides(string file, string start, PoseGraph graph, int threads)
    {
        (_graph, _cost) = (graph, new(graph));
        var options = new CeresOptions(start, Diagonal: true, PlaneManifold: graph.Dimension == 2, Threads: threads);
        foreach (int blas in threads == 1 ? (int[])[1] : [1, threads])
            foreach (bool postOrdering in (bool[])[false, true])
                if (CeresPeer.Start(file, options with { PostOrdering = postOrdering, BlasThreads = blas }) is { } peer)
                {
                    _peers.Add(peer);
                    Names.Add(
                        (postOrdering ? "Ceres, CHOLMOD orders" : "Ceres, orders J") +
                        (blas > 1 ? $", BLAS {blas} thr." : string.Empty));
                }
    }

    /// <summary>Each setting, in words.</summary>
    public List<string> Names { get; } = [];

    /// <summary>The processes.</summary>
    public IReadOnlyList<CeresPeer> Peers => _peers;

    /// <summary>The last runs, by side.</summary>
    public Dictionary<Side, CeresOutcome> Outcomes { get; } = [];

    /// <summary>A side that times one run of one process.</summary>
    /// <param name="number">Which process.</param>
    /// <param name="suffix">What its name has besides.</param>
    /// <param name="run">Runs it.</param>
    /// <param name="milliseconds">The time that counts.</param>
    public Side NewSide(int number, string suffix, Func<CeresPeer, CeresRun> run, Func<CeresRun, double> milliseconds)
    {
        Side? side = null;
        side = new(Names[number] + suffix, () =>
        {
            CeresRun done = run(_peers[number]);
            if (!Outcomes.ContainsKey(side!))
                Outcomes[side!] = new(done, _cost.OfCeres(_peers[number].Poses()));
            return milliseconds(done);
        });
        return side;
    }

    public void Dispose() => _peers.ForEach(peer => peer.Dispose());

    /// <summary>The cost of poses of ours, by the same judge.</summary>
    public double CostOf(ReadOnlySpan<double> poses) => _cost.Of(poses);

    /// <summary>The size of the graph, for people.</summary>
    public override string ToString() => _graph.ToString();
}

/// <summary>What one setting of Ceres came to.</summary>
/// <param name="Run">What it says itself.</param>
/// <param name="FinalCost">The cost of its poses, by our judge.</param>
internal sealed record CeresOutcome(CeresRun Run, double FinalCost);
