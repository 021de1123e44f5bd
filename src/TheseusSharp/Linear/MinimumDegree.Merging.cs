using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <content>Supervariables: variables that stay indistinguishable to the end are eliminated as one.</content>
public sealed partial class MinimumDegree
{
    // Variables that are eliminated together, as chains.
    private readonly int[] _nextMember;
    private readonly int[] _lastMember;

    // Variables of the element under construction, by a hash of their adjacency.
    private readonly int[] _bucket;
    private readonly int[] _nextInBucket;
    private readonly int[] _hash;
    private readonly int[] _mark;
    private int _markStamp;

    private void Append(int variable, int merged)
    {
        _weight[merged] = 0;
        _nextMember[_lastMember[variable]] = merged;
        _lastMember[variable] = _lastMember[merged];
    }

    /// <summary>Variables of the same adjacency stay so to the end: one of them stands for all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MergeIndistinguishable(int pivot)
    {
        foreach (int member in _graph.Members(pivot))
        {
            if (_weight[member] == 0)
                continue;
            int first = _bucket[_hash[member]];
            _bucket[_hash[member]] = -1;
            for (; first >= 0; first = _nextInBucket[first])
                MergeInto(first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MergeInto(int variable)
    {
        if (_nextInBucket[variable] < 0)
            return;
        _markStamp++;
        foreach (int element in _graph.Elements(variable))
            _mark[element] = _markStamp;
        foreach (int neighbour in _graph.Neighbours(variable))
            _mark[neighbour] = _markStamp;
        int previous = variable;
        for (int other = _nextInBucket[variable]; other >= 0; other = _nextInBucket[other])
        {
            if (!IsMarked(other, variable))
            {
                previous = other;
                continue;
            }

            _weight[variable] += _weight[other];
            Append(variable, other);
            _nextInBucket[previous] = _nextInBucket[other];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsMarked(int other, int variable)
    {
        ReadOnlySpan<int> elements = _graph.Elements(other), neighbours = _graph.Neighbours(other);
        if (_stages[other] != _stages[variable] ||
            elements.Length != _graph.Elements(variable).Length ||
            neighbours.Length != _graph.Neighbours(variable).Length)
            return false;
        foreach (int element in elements)
            if (_mark[element] != _markStamp)
                return false;
        foreach (int neighbour in neighbours)
            if (_mark[neighbour] != _markStamp)
                return false;
        return true;
    }
}
