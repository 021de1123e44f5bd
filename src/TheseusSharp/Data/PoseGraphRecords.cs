using System.Runtime.InteropServices;

namespace TheseusSharp.Data;

/// <summary>An id and where it stands.</summary>
internal readonly record struct IdAt(long Id, int Line = 0, int Column = 0);

/// <summary>The ends of an edge and where they stand.</summary>
internal readonly record struct EdgeEnds(
    long From, long To, int Line = 0, int FromColumn = 0, int ToColumn = 0);

/// <summary>
/// Records of a pose graph as they come, in any order, ids as in the file; then numbered, then made a graph. Whoever
/// adds has checked the numbers.
/// </summary>
internal sealed class PoseGraphRecords(int dimension)
{
    private readonly IdNumbers _given = new();
    private IdNumbers _numbers = new();
    private readonly List<double> _poses = [];
    private readonly List<EdgeEnds> _edges = [];
    private readonly List<double> _measurements = [];
    private readonly List<double> _information = [];

    public int Dimension => dimension;

    public int EdgeCount => _edges.Count;

    public List<IdAt> Fixed { get; } = [];

    /// <summary>The number of poses that were given a value.</summary>
    public int PoseCount => _given.Count;

    /// <returns>False, and nothing is added, if the id has been added before.</returns>
    public bool TryAddPose(long id, ReadOnlySpan<double> pose)
    {
        if (!_given.TryAdd(id))
            return false;
        _poses.AddRange(pose);
        return true;
    }

    public void AddEdge(EdgeEnds ends, ReadOnlySpan<double> measurement, ReadOnlySpan<double> upperTriangle)
    {
        _edges.Add(ends);
        _measurements.AddRange(measurement);
        int size = PoseStorage.TangentLength(dimension), start = _information.Count;
        CollectionsMarshal.SetCount(_information, start + (size * size));
        Span<double> matrix = CollectionsMarshal.AsSpan(_information)[start..];
        int next = 0;
        for (int i = 0; i < size; i++)
            for (int j = i; j < size; j++)
                matrix[(i * size) + j] = matrix[(j * size) + i] = upperTriangle[next++];
    }

    /// <summary>
    /// Numbers the poses: those with a value; if there is none, those that edges mention, in the order of first
    /// mention.
    /// </summary>
    public void Number() => _numbers = _given.Count > 0 ? _given : Mentioned();

    /// <summary>Where the first pose beyond a number of poses is mentioned; null if there are no more.</summary>
    public IdAt? FirstBeyond(int count)
    {
        if (_numbers.Count <= count)
            return null;
        foreach (EdgeEnds edge in CollectionsMarshal.AsSpan(_edges))
            if (_numbers[edge.From] == count)
                return new(edge.From, edge.Line, edge.FromColumn);
            else if (_numbers[edge.To] == count)
                return new(edge.To, edge.Line, edge.ToColumn);
        return new(_numbers.ToArray()[count]);
    }

    /// <summary>The first end of an edge that is no pose.</summary>
    public IdAt? FirstUnknownEnd()
    {
        foreach (EdgeEnds edge in CollectionsMarshal.AsSpan(_edges))
        {
            if (!_numbers.Contains(edge.From))
                return new(edge.From, edge.Line, edge.FromColumn);
            if (!_numbers.Contains(edge.To))
                return new(edge.To, edge.Line, edge.ToColumn);
        }

        return null;
    }

    /// <summary>The first fixed id that is no pose.</summary>
    public IdAt? FirstUnknownFixed()
    {
        foreach (IdAt mark in Fixed)
            if (!_numbers.Contains(mark.Id))
                return mark;
        return null;
    }

    /// <summary>The graph, once every end and every fixed id is known.</summary>
    public PoseGraph Build(string? source) => new(new PoseGraphArrays(
        source,
        dimension,
        HasPoses: _given.Count == _numbers.Count,
        _numbers.ToArray(),
        [.. _poses],
        [.. _edges.Select(edge => _numbers[edge.From])],
        [.. _edges.Select(edge => _numbers[edge.To])],
        [.. _measurements],
        [.. _information],
        [.. _edges.Select(edge => edge.Line)],
        [.. Fixed.Select(mark => _numbers[mark.Id]).Distinct().Order()]));

    private IdNumbers Mentioned()
    {
        var numbers = new IdNumbers();
        foreach (EdgeEnds edge in CollectionsMarshal.AsSpan(_edges))
        {
            numbers.TryAdd(edge.From);
            numbers.TryAdd(edge.To);
        }

        return numbers;
    }

    /// <summary>Ids, numbered from 0 in the order in which they were added.</summary>
    private sealed class IdNumbers
    {
        private readonly Dictionary<long, int> _numbers = [];
        private readonly List<long> _ids = [];

        public int Count => _ids.Count;

        public int this[long id] => _numbers[id];

        public bool Contains(long id) => _numbers.ContainsKey(id);

        public long[] ToArray() => [.. _ids];

        public bool TryAdd(long id)
        {
            if (!_numbers.TryAdd(id, _ids.Count))
                return false;
            _ids.Add(id);
            return true;
        }
    }
}
