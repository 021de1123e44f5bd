using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>Vertices by a priority that may change, for taking the one of the highest: a binary heap.</summary>
internal sealed class VertexQueue
{
    private readonly int[] _heap;
    private readonly int[] _keys;

    /// <summary>Of each vertex, its place in the heap; −1 if it is not there.</summary>
    private readonly int[] _places;
    private int _count;

    /// <summary>Makes room for vertices below a number.</summary>
    public VertexQueue(int vertices)
    {
        _heap = new int[vertices];
        _keys = new int[vertices];
        _places = new int[vertices];
        _places.AsSpan().Fill(-1);
    }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>The vertex of the highest priority; there must be one.</summary>
    public int Top => _heap[0];

    /// <summary>Its priority.</summary>
    public int TopKey => _keys[0];

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        for (int k = 0; k < _count; k++)
            _places[_heap[k]] = -1;
        _count = 0;
    }

    /// <summary>Puts a vertex in that is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Insert(int vertex, int key) => Up(_count++, vertex, key);

    /// <summary>Adds to the priority of a vertex, if it is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Change(int vertex, int difference)
    {
        int place = _places[vertex];
        if (place < 0)
            return;
        int key = _keys[place] + difference;
        if (difference > 0)
            Up(place, vertex, key);
        else
            Down(place, vertex, key);
    }

    /// <summary>Takes a vertex out, if it is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Remove(int vertex)
    {
        int place = _places[vertex];
        if (place < 0)
            return;
        _places[vertex] = -1;
        _count--;
        if (place == _count)
            return;
        int moved = _heap[_count], key = _keys[_count];
        if (key > _keys[place])
            Up(place, moved, key);
        else
            Down(place, moved, key);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Up(int place, int vertex, int key)
    {
        int[] heap = _heap, keys = _keys, places = _places;
        while (place > 0)
        {
            int parent = (place - 1) >> 1;
            if (keys[parent] >= key)
                break;
            heap[place] = heap[parent];
            keys[place] = keys[parent];
            places[heap[place]] = place;
            place = parent;
        }

        (heap[place], keys[place], places[vertex]) = (vertex, key, place);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Down(int place, int vertex, int key)
    {
        int[] heap = _heap, keys = _keys, places = _places;
        while (true)
        {
            int child = (2 * place) + 1;
            if (child >= _count)
                break;
            if (child + 1 < _count && keys[child + 1] > keys[child])
                child++;
            if (keys[child] <= key)
                break;
            heap[place] = heap[child];
            keys[place] = keys[child];
            places[heap[place]] = place;
            place = child;
        }

        (heap[place], keys[place], places[vertex]) = (vertex, key, place);
    }
}
