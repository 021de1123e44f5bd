using System.Runtime.CompilerServices;

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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public QuotientGraph(BlockStructure structure, ReadOnlySpan<bool> isLeftOut)
    {
        int count = structure.Count;
        Start = new int[count];
        Middle = new int[count];
        First = new int[count];
        End = new int[count];
        ReadOnlySpan<int> starts = structure.ColumnStarts, rows = structure.Rows;
        for (int j = 0; j < count; j++)
            for (int k = starts[j] + 1; k < starts[j + 1]; k++)
                if (!isLeftOut[rows[k]] && !isLeftOut[j])
                {
                    End[rows[k]]++;
                    End[j]++;
                }

        for (int i = 0; i < count; i++)
        {
            Start[i] = Middle[i] = _end;
            _end += End[i];
            First[i] = End[i] = _end;
        }

        _memory = new int[Math.Max(16, 2 * _end)];
        for (int j = 0; j < count; j++)
            for (int k = starts[j] + 1; k < starts[j + 1]; k++)
                if (!isLeftOut[rows[k]] && !isLeftOut[j])
                {
                    _memory[--First[rows[k]]] = j;
                    _memory[--First[j]] = rows[k];
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> Elements(int variable) => Members(Start[variable], Middle[variable]);

    /// <summary>The variables that a variable is adjacent to by edges.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> Neighbours(int variable) => Members(First[variable], End[variable]);

    /// <summary>The variables of an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<int> Members(int element) => Members(Start[element], End[element]);

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

    /// <summary>A stretch of memory (written so because ranges are not inlined).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<int> Members(int start, int end) => new(_memory, start, end - start);
}
