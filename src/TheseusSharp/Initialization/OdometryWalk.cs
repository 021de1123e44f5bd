using System.Runtime.InteropServices;
using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Initialization;

/// <summary>One walk over a graph, composing measured motions from pose to pose.</summary>
internal sealed class OdometryWalk<TGroup>
    where TGroup : struct, ILieGroup<TGroup, Float64>
{
    private readonly PoseGraph _graph;
    private readonly Adjacency _edges;
    private readonly TGroup[] _poses;
    private readonly bool[] _isPlaced;
    private readonly Queue<int> _queue = new();

    public OdometryWalk(PoseGraph graph)
    {
        _graph = graph;
        _edges = new(graph);
        _poses = new TGroup[graph.PoseCount];
        _isPlaced = new bool[graph.PoseCount];
    }

    public double[] Run()
    {
        int[] starts = Starts();
        foreach (int pose in starts)
            Place(pose, _graph.HasPoses ? FromStorage(_graph.Pose(pose)) : TGroup.Identity);
        foreach (int pose in starts)
            FollowOdometry(pose);
        while (_queue.TryDequeue(out int pose))
            foreach (int edge in _edges.Of(pose))
                if (TryCross(edge, pose) is { } reached)
                    FollowOdometry(reached);
        return ToStorage();
    }

    /// <summary>The poses that are placed first.</summary>
    private int[] Starts()
    {
        PoseGraphComponents components = _graph.Components();
        var starts = new SortedSet<int>();
        bool[] isStarted = new bool[components.Count];
        foreach (int pose in _graph.Fixed)
        {
            int component = components.Numbers[pose];
            if (_graph.HasPoses || !isStarted[component])
                starts.Add(pose);
            isStarted[component] = true;
        }

        for (int component = 0; component < components.Count; component++)
            if (!isStarted[component])
                starts.Add(components.FirstPoses[component]);
        return [.. starts];
    }

    /// <summary>Walks up, then down the ids as far as edges lead to poses not placed yet.</summary>
    private void FollowOdometry(int start)
    {
        FollowOdometry(start, 1);
        FollowOdometry(start, -1);
    }

    private void FollowOdometry(int pose, int step)
    {
        while (Step(pose, step) is { } next)
            pose = next;
    }

    private int? Step(int pose, int step)
    {
        foreach (int edge in _edges.Of(pose))
            if (IsStep(_graph.Ids[pose], _graph.Ids[Other(edge, pose)], step) &&
                TryCross(edge, pose) is { } reached)
                return reached;
        return null;
    }

    /// <summary>Whether one id comes right after (1) or right before (−1) another, without overflow.</summary>
    private static bool IsStep(long from, long to, int step) =>
        step > 0 ? from < to && to - 1 == from : to < from && from - 1 == to;

    /// <summary>Places the pose at the other end of an edge.</summary>
    /// <returns>That pose; null if it has its place already.</returns>
    private int? TryCross(int edge, int pose)
    {
        int other = Other(edge, pose);
        if (_isPlaced[other])
            return null;
        TGroup measurement = FromStorage(_graph.Measurement(edge));
        TGroup motion = _graph.From[edge] == pose ? measurement : TGroup.InverseRule(measurement);
        Place(other, TGroup.NormalizeRule(TGroup.ComposeRule(_poses[pose], motion)));
        return other;
    }

    private int Other(int edge, int pose) =>
        _graph.From[edge] == pose ? _graph.To[edge] : _graph.From[edge];

    private void Place(int pose, TGroup value)
    {
        _poses[pose] = value;
        _isPlaced[pose] = true;
        _queue.Enqueue(pose);
    }

    private double[] ToStorage()
    {
        int length = _graph.StorageLength;
        double[] result = new double[_poses.Length * length];
        Span<Float64> storage = MemoryMarshal.Cast<double, Float64>(result.AsSpan());
        for (int k = 0; k < _poses.Length; k++)
            _poses[k].CopyTo(storage.Slice(k * length, length));
        return result;
    }

    private static TGroup FromStorage(ReadOnlySpan<double> storage) =>
        TGroup.FromStorage(MemoryMarshal.Cast<double, Float64>(storage));
}

/// <summary>The edges at each pose, ascending.</summary>
internal sealed class Adjacency
{
    private readonly int[] _starts;
    private readonly int[] _edges;

    public Adjacency(PoseGraph graph)
    {
        _starts = new int[graph.PoseCount + 1];
        foreach (int pose in graph.From)
            _starts[pose + 1]++;
        foreach (int pose in graph.To)
            _starts[pose + 1]++;
        for (int pose = 0; pose < graph.PoseCount; pose++)
            _starts[pose + 1] += _starts[pose];
        _edges = new int[2 * graph.EdgeCount];
        int[] next = _starts[..graph.PoseCount];
        for (int edge = 0; edge < graph.EdgeCount; edge++)
        {
            _edges[next[graph.From[edge]]++] = edge;
            _edges[next[graph.To[edge]]++] = edge;
        }
    }

    public ReadOnlySpan<int> Of(int pose) => _edges.AsSpan(_starts[pose].._starts[pose + 1]);
}
