using System.Collections.Concurrent;

namespace TheseusSharp.Nonlinear;

/// <summary>
/// Workspaces of a plan that no one uses now: who learns solves again and again, and fresh memory is slow the first
/// time. Large ones are not kept. Safe from several threads.
/// </summary>
internal sealed class WorkspacePool(SolvePlan plan)
{
    /// <summary>A workspace with a larger factor than so many bytes is given back to the system.</summary>
    private const long MostBytes = 64L << 20;

    private readonly ConcurrentBag<LaneWorkspace> _separate = [];
    private readonly ConcurrentBag<LaneWorkspace> _packs = [];

    /// <summary>A workspace; the caller returns it, or disposes of it.</summary>
    /// <param name="isInterleaved">Whether it is for elements side by side.</param>
    public LaneWorkspace Rent(bool isInterleaved)
    {
        if (!(isInterleaved ? _packs : _separate).TryTake(out LaneWorkspace? workspace))
            workspace = isInterleaved ? new PackWorkspace(plan) : new SolverWorkspace(plan);
        workspace.Clock.Reset();
        return workspace;
    }

    /// <summary>Takes a workspace back that works as it should.</summary>
    public void Return(LaneWorkspace workspace)
    {
        ConcurrentBag<LaneWorkspace> bag = workspace.Lanes > 1 ? _packs : _separate;
        bool isSmall = plan.FactorNonZeros * workspace.Lanes * sizeof(double) <= MostBytes;
        if (isSmall && bag.Count < Environment.ProcessorCount)
            bag.Add(workspace);
        else
            workspace.Dispose();
    }
}
