using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>Variables by degree, for finding one of least degree.</summary>
internal sealed class DegreeLists
{
    private readonly int[] _heads;
    private readonly int[] _next;
    private readonly int[] _previous;
    private int _least;

    public DegreeLists(int count, int largestDegree)
    {
        _heads = new int[largestDegree + 1];
        _next = new int[count];
        _previous = new int[count];
        Degree = new int[count];
        _heads.AsSpan().Fill(-1);
        _least = largestDegree;
    }

    /// <summary>The degree of each variable.</summary>
    public int[] Degree { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Insert(int variable, int degree)
    {
        Degree[variable] = degree;
        int head = _heads[degree];
        _next[variable] = head;
        _previous[variable] = -1;
        if (head >= 0)
            _previous[head] = variable;
        _heads[degree] = variable;
        _least = Math.Min(_least, degree);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Remove(int variable)
    {
        int next = _next[variable], previous = _previous[variable];
        if (next >= 0)
            _previous[next] = previous;
        if (previous >= 0)
            _next[previous] = next;
        else
            _heads[Degree[variable]] = next;
    }

    /// <summary>Takes a variable of least degree, the one inserted last, if there is any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryTakeLeast(out int variable)
    {
        while (_least < _heads.Length && _heads[_least] < 0)
            _least++;
        variable = _least < _heads.Length ? _heads[_least] : -1;
        if (variable >= 0)
            Remove(variable);
        return variable >= 0;
    }
}
