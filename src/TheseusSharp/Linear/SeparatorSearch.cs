using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// Finds and improves vertex separators of one graph: vertices without which it falls into two sides. Moving a vertex
/// of the separator to a side pulls its neighbours on the other side into the separator (C. Fiduccia, R. Mattheyses,
/// "A linear-time heuristic for improving network partitions", 1982, on separators as in B. Hendrickson, E. Rothberg,
/// "Improving the run time and quality of nested dissection ordering", SIAM J. Sci. Comput. 20, 1998).
/// </summary>
/// <remarks>
/// A pass moves vertices to one side only, so that the separator slides across the graph: passes to either side in turn
/// see more separators than moves to whichever side is better, which go back and forth.
/// </remarks>
internal sealed class SeparatorSearch
{
    /// <summary>Of a vertex that is on neither side.</summary>
    public const byte Separator = 2;

    /// <summary>A side may weigh this much of the graph.</summary>
    private const double LargestSide = 0.75;

    /// <summary>
    /// So many moves for each vertex of a separator may bring nothing before a pass gives up: to slide from one good
    /// separator of a lattice to the next takes a move of all its vertices, and more.
    /// </summary>
    private const int PatiencePerMember = 10;

    /// <summary>The side, 0 or 1, that vertices are moved to, and the other one.</summary>
    private int _to;
    private int _from;

    /// <summary>The separator's vertices by how much lighter it becomes when they are moved.</summary>
    private readonly VertexQueue _queue;

    /// <summary>What this pass changed: vertices, and where they were.</summary>
    private (int Vertex, byte Side)[] _journal = new (int, byte)[64];
    private int _changes;

    /// <summary>The separator between passes.</summary>
    private readonly int[] _members;
    private int _memberCount;

    /// <summary>The weights of the sides and of the separator.</summary>
    private readonly int[] _weights = new int[3];
    private DissectionGraph _graph;
    private byte[] _side = [];
    private int _largestSide;

    /// <summary>Makes room for graphs up to a size.</summary>
    /// <param name="graph">The largest graph.</param>
    public SeparatorSearch(DissectionGraph graph)
    {
        _graph = graph;
        _queue = new(graph.Count);
        _members = new int[graph.Count];
    }

    /// <summary>
    /// How good the separator is, less being better: its work, about quadratic in its weight within the work of all,
    /// over what it saves, about the product of the sides' weights. Infinite if a side is empty.
    /// </summary>
    public double Cost
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        get
        {
            int excess = Math.Max(0, Math.Max(_weights[0], _weights[1]) - _largestSide);
            double separator = _weights[Separator] + (4.0 * excess) + 0.01; // none at all: the sides still count
            return separator * separator / ((double)_weights[0] * _weights[1]);
        }
    }

    /// <summary>How many scalars the separator has.</summary>
    public int Weight => _weights[Separator];

    /// <summary>Takes up a graph and a separator.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="side">0 or 1 for the side that a vertex is on, or <see cref="Separator"/>; will be changed.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(DissectionGraph graph, byte[] side)
    {
        _graph = graph;
        _side = side;
        _largestSide = (int)(LargestSide * graph.TotalWeight);
        _weights.AsSpan().Clear();
        _memberCount = 0;
        for (int v = 0; v < side.Length; v++)
        {
            _weights[side[v]] += graph.Weights[v];
            if (side[v] == Separator)
                _members[_memberCount++] = v;
        }
    }

    /// <summary>
    /// Grows side 0 from a vertex, always by the vertex that least enlarges the separator, and keeps the best state.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="side">Will be filled in.</param>
    /// <param name="seed">The vertex.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Grow(DissectionGraph graph, byte[] side, int seed)
    {
        side.AsSpan().Fill(1);
        Load(graph, side);
        BeginPass(to: 0);
        Pull(seed);
        double best = double.PositiveInfinity;
        int kept = 0;
        for (int next = 0; _weights[0] <= _largestSide;)
        {
            if (Cost < best)
            {
                best = Cost;
                kept = _changes;
            }

            if (_queue.IsEmpty)
            {
                while (next < _side.Length && _side[next] != 1)
                    next++;
                if (next == _side.Length)
                    break;
                Pull(next); // another component
            }

            Move(_queue.Top);
        }

        EndPass(kept);
    }

    /// <summary>Improves the separator until passes to neither side do.</summary>
    /// <param name="passes">How many passes at most.</param>
    public void Refine(int passes)
    {
        int to = _weights[0] <= _weights[1] ? 1 : 0;
        for (int failed = 0; passes > 0 && failed < 2; passes--, to = 1 - to)
            failed = Pass(to) ? 0 : failed + 1;
    }

    /// <summary>
    /// Moves vertices to one side, the best first, however bad it is, as long as there is room and hope; then goes back
    /// to the best state.
    /// </summary>
    /// <returns>Whether the separator is better than before.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Pass(int to)
    {
        BeginPass(to);
        for (int k = 0; k < _memberCount; k++)
            Enter(_members[k]);
        double first = Cost, best = first;
        int kept = 0, patience = Math.Clamp(PatiencePerMember * _memberCount, 40, 2000);
        for (int tried = 0; tried < patience && !_queue.IsEmpty; tried++)
        {
            int vertex = _queue.Top;
            if (_weights[to] + _graph.Weights[vertex] > _largestSide)
                break;
            Move(vertex);
            if (Cost >= best)
                continue;
            best = Cost;
            kept = _changes;
            tried = 0;
        }

        EndPass(kept);
        return best < first;
    }

    private void BeginPass(int to)
    {
        _to = to;
        _from = 1 - to;
    }

    /// <summary>Moves a vertex of the separator to the side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(int vertex)
    {
        _queue.Remove(vertex);
        Assign(vertex, (byte)_to);
        foreach (int neighbour in _graph.Of(vertex))
            if (_side[neighbour] == _from)
                Pull(neighbour);
    }

    /// <summary>Pulls a vertex from the other side into the separator.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pull(int vertex)
    {
        int weight = _graph.Weights[vertex], pulled = 0;
        Assign(vertex, Separator);
        foreach (int neighbour in _graph.Of(vertex))
        {
            byte side = _side[neighbour];
            if (side == Separator)
                _queue.Change(neighbour, weight);
            else if (side == _from)
                pulled += _graph.Weights[neighbour];
        }

        _queue.Insert(vertex, weight - pulled);
    }

    /// <summary>Puts a vertex of the separator up for moving.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Enter(int vertex)
    {
        int gain = _graph.Weights[vertex];
        foreach (int neighbour in _graph.Of(vertex))
            if (_side[neighbour] == _from)
                gain -= _graph.Weights[neighbour];
        _queue.Insert(vertex, gain);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Assign(int vertex, byte side)
    {
        if (_changes == _journal.Length)
            Array.Resize(ref _journal, 2 * _changes);
        _journal[_changes++] = (vertex, _side[vertex]);
        Put(vertex, side);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(int vertex, byte side)
    {
        int weight = _graph.Weights[vertex];
        _weights[_side[vertex]] -= weight;
        _weights[side] += weight;
        _side[vertex] = side;
    }

    /// <summary>Undoes what was not kept, and finds the separator again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EndPass(int kept)
    {
        _queue.Clear();
        for (int k = _changes - 1; k >= kept; k--)
            Put(_journal[k].Vertex, _journal[k].Side);
        int count = 0;
        for (int k = 0; k < _memberCount; k++)
            if (_side[_members[k]] == Separator)
                _members[count++] = _members[k];
        for (int k = 0; k < kept; k++) // pulled: each at most once, and none was in the separator before
            if (_journal[k].Side != Separator && _side[_journal[k].Vertex] == Separator)
                _members[count++] = _journal[k].Vertex;
        _memberCount = count;
        _changes = 0;
    }
}
