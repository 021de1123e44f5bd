using System.Collections.Concurrent;

namespace TheseusSharp.Nonlinear;

/// <summary>
/// Workspaces of a plan that no one uses now: who learns solves again and again, and fresh memory is slow the first
/// time. Keeps no more than fits a fixed room. Safe from several threads.
/// </summary>
internal sealed class WorkspacePool(SolvePlan plan)
{
    private readonly ConcurrentDictionary<
        (bool IsInterleaved, int Threads, LinearPrecision Precision), ConcurrentBag<LaneWorkspace>> _bags = new();
    private long _room = 256L << 20;

    /// <summary>A workspace; the caller returns it, or disposes of it.</summary>
    /// <param name="isInterleaved">Whether it is for elements side by side.</param>
    /// <param name="threads">How many threads work on one element together; 1 for elements side by side.</param>
    /// <param name="precision">In what precision it factors matrices; not automatic.</param>
    public LaneWorkspace Rent(
        bool isInterleaved, int threads = 1, LinearPrecision precision = LinearPrecision.Double)
    {
        if (Bag(isInterleaved, threads, precision).TryTake(out LaneWorkspace? workspace))
            Interlocked.Add(ref _room, BytesOf(workspace));
        else
            workspace = isInterleaved
                ? new PackWorkspace(plan, precision) : new SolverWorkspace(plan, threads, precision);
        workspace.Clock.Reset();
        return workspace;
    }

    /// <summary>Takes a workspace back that works as it should.</summary>
    public void Return(LaneWorkspace workspace)
    {
        long bytes = BytesOf(workspace);
        if (Interlocked.Add(ref _room, -bytes) >= 0)
        {
            Bag(workspace.Lanes > 1, workspace.Threads, workspace.Precision).Add(workspace);
            return;
        }

        Interlocked.Add(ref _room, bytes);
        workspace.Dispose();
    }

    /// <summary>The factor and H, the most of it; in mixed precision also the factor that a fall-back adds.</summary>
    private long BytesOf(LaneWorkspace workspace)
    {
        long factor = plan.FactorNonZeros * sizeof(double);
        if (workspace.Precision == LinearPrecision.Mixed)
            factor += plan.FactorNonZeros * sizeof(float);
        return (factor + ((long)plan.Linearization.Structure.ValueCount * sizeof(double))) * workspace.Lanes;
    }

    private ConcurrentBag<LaneWorkspace> Bag(bool isInterleaved, int threads, LinearPrecision precision) =>
        _bags.GetOrAdd((isInterleaved, threads, precision), static _ => []);
}
