namespace TheseusSharp.Linear;

/// <summary>
/// The graph that minimum degree eliminates from. A node is a variable (not yet eliminated, perhaps standing for
/// several indistinguishable ones) or an element (an eliminated one: the clique of its variables, stored as their
/// list).
/// </summary>
/// <remarks>
/// Each variable owns one stretch of memory: elements from its left, variables to its right. When a variable joins a
/// new element, it leaves an old element or its neighbour, the pivot: so the stretch never overflows.
/// </remarks>
internal sealed class QuotientGraph
{
    private int[] _memory;
    private int _end;

    /// <summary>Starts with variables only.</summary>
    /// <param name="structure">Whose blocks below the diagonal are the edges.</param>
    /// <param name="isLeftOut">Variables that do not take part.</param>
    public QuotientGraph(BlockStructure structure, ReadOnlySpan<bool> isLeftOut)
    {
        int count = structure.Count;
        Start = new int[count];
        Middle = new int[count];
        First = new int[count];
        End = new int[count];
        foreach ((int i, int j) in Edges(structure))
            if (!isLeftOut[i] && !isLeftOut[j])
            {
                End[i]++;
                End[j]++;
            }

        for (int i = 0; i < count; i++)
        {
            Start[i] = Middle[i] = _end;
            _end += End[i];
            First[i] = End[i] = _end;
        }

        _memory = new int[Math.Max(16, 2 * _end)];
        foreach ((int i, int j) in Edges(structure))
            if (!isLeftOut[i] && !isLeftOut[j])
            {
                _memory[--First[i]] = j;
                _memory[--First[j]] = i;
            }
    }

    /// <summary>Where the elements of a variable start, or the variables of an element.</summary>
    public int[] Start { get; }

    /// <summary>Where the elements of a variable end.</summary>
    public int[] Middle { get; }

    /// <summary>Where the variables of a variable start.</summary>
    public int[] First { get; }

    /// <summary>Where the variables of a variable, or of an element, end.</summary>
    public int[] End { get; }

    /// <summary>All lists. Valid until <see cref="BeginElement"/> is called.</summary>
    public int[] Memory => _memory;

    /// <summary>The elements that a variable belongs to.</summary>
    public ReadOnlySpan<int> Elements(int variable) => _memory.AsSpan(Start[variable]..Middle[variable]);

    /// <summary>The variables that a variable is adjacent to by edges.</summary>
    public ReadOnlySpan<int> Neighbours(int variable) => _memory.AsSpan(First[variable]..End[variable]);

    /// <summary>The variables of an element.</summary>
    public Span<int> Members(int element) => _memory.AsSpan(Start[element]..End[element]);

    /// <summary>Makes room for an element's list at the end of memory.</summary>
    /// <param name="capacity">The most variables it can have.</param>
    /// <returns>Where the list starts.</returns>
    public int BeginElement(int capacity)
    {
        if (_end + capacity > _memory.Length)
            Array.Resize(ref _memory, Math.Max(2 * _memory.Length, _end + capacity));
        return _end;
    }

    /// <summary>Turns a variable into an element, whose list was written at the end of memory.</summary>
    public void EndElement(int pivot, int length)
    {
        Start[pivot] = _end;
        _end += length;
        End[pivot] = _end;
    }

    private static IEnumerable<(int I, int J)> Edges(BlockStructure structure)
    {
        for (int j = 0; j < structure.Count; j++)
            for (int k = structure.ColumnStarts[j] + 1; k < structure.ColumnStarts[j + 1]; k++)
                yield return (structure.Rows[k], j);
    }
}
