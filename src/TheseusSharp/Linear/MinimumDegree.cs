using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>
/// Approximate minimum degree ordering of a block structure: P. Amestoy, T. Davis, I. Duff, "An approximate minimum
/// degree ordering algorithm", SIAM J. Matrix Anal. Appl. 17 (1996), and "Algorithm 837", ACM TOMS 30 (2004). Degrees
/// are counted in scalars, so blocks of different size compare rightly.
/// </summary>
public sealed partial class MinimumDegree
{
    private readonly QuotientGraph _graph;
    private readonly DegreeLists _degrees;

    /// <summary>
    /// How many scalars a variable stands for; 0 once it is eliminated or merged into another. Negative while it is in
    /// the element under construction.
    /// </summary>
    private readonly int[] _weight;

    /// <summary>Of each element, how many scalars its variables have.</summary>
    private readonly int[] _elementWeight;

    private readonly bool[] _isDeadElement;

    /// <summary>
    /// Of each element, <see cref="_stamp"/> + how many of its scalars are outside the element under construction.
    /// </summary>
    private readonly int[] _outside;

    private readonly int _lastStamp;
    private int _stamp = 1;
    private int _largestOutside;
    private int _remaining;

    private MinimumDegree(BlockStructure structure, int[] stages, bool[] isLeftOut)
    {
        int count = structure.Count;
        _stages = stages;
        _graph = new(structure, isLeftOut);
        _degrees = new(count, structure.Dimension);
        _weight = structure.Sizes.ToArray();
        _elementWeight = new int[count];
        _isDeadElement = new bool[count];
        _outside = new int[count];
        _nextMember = new int[count];
        _lastMember = new int[count];
        _bucket = new int[count];
        _nextInBucket = new int[count];
        _hash = new int[count];
        _mark = new int[count];
        _lastStamp = int.MaxValue - (2 * structure.Dimension) - 1;
        _nextMember.AsSpan().Fill(-1);
        _bucket.AsSpan().Fill(-1);
        for (int i = 0; i < count; i++)
            _lastMember[i] = i;
    }

    /// <summary>An order of elimination with little fill.</summary>
    /// <param name="structure">The structure.</param>
    /// <returns>The blocks in the order in which to eliminate them.</returns>
    public static int[] Order(BlockStructure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return Order(structure, new int[structure.Count], FindDense(structure));
    }

    /// <summary>
    /// Blocks adjacent to very many others go last and out of the way: they fill anyhow, and each elimination beside
    /// them would walk their long lists.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool[] FindDense(BlockStructure structure)
    {
        int[] neighbours = new int[structure.Count];
        ReadOnlySpan<int> starts = structure.ColumnStarts, rows = structure.Rows;
        for (int j = 0; j < neighbours.Length; j++)
            for (int k = starts[j] + 1; k < starts[j + 1]; k++)
            {
                neighbours[rows[k]]++;
                neighbours[j]++;
            }

        double limit = Math.Max(16, 10 * Math.Sqrt(neighbours.Length));
        bool[] isDense = new bool[neighbours.Length];
        for (int j = 0; j < isDense.Length; j++)
            isDense[j] = neighbours[j] > limit;
        return isDense;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int InitialDegree(int variable)
    {
        int degree = 0;
        foreach (int neighbour in _graph.Neighbours(variable))
            degree += _weight[neighbour];
        return degree;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Eliminate(int pivot)
    {
        _remaining -= _weight[pivot];
        FormElement(pivot);
        CountOutside(pivot);
        foreach (int variable in _graph.Members(pivot))
            UpdateLists(variable, pivot);
        MergeIndistinguishable(pivot);
        Finish(pivot);
    }

    /// <summary>
    /// The new element: all that the pivot is adjacent to, by edges or through elements, which it absorbs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FormElement(int pivot)
    {
        int capacity = _graph.Neighbours(pivot).Length;
        foreach (int element in _graph.Elements(pivot))
            capacity += _isDeadElement[element] ? 0 : _graph.Members(element).Length;
        int start = _graph.BeginElement(capacity), end = start;
        _weight[pivot] = 0;
        Collect(_graph.Neighbours(pivot), pivot, ref end);
        foreach (int element in _graph.Elements(pivot))
        {
            if (_isDeadElement[element])
                continue;
            Collect(_graph.Members(element), pivot, ref end);
            _isDeadElement[element] = true;
        }

        _graph.EndElement(pivot, end - start);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(ReadOnlySpan<int> variables, int pivot, ref int end)
    {
        foreach (int variable in variables)
        {
            int weight = _weight[variable];
            if (weight <= 0)
                continue;
            _weight[variable] = -weight;
            _elementWeight[pivot] += weight;
            if (IsInStage(variable))
                _degrees.Remove(variable);
            _graph.Memory[end++] = variable;
        }
    }

    /// <summary>
    /// For each element that shares variables with the new one, how much of it is outside: |Lₑ \ Lₚ| in the paper.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountOutside(int pivot)
    {
        if (_stamp > _lastStamp)
        {
            _outside.AsSpan().Clear();
            _stamp = 1;
        }

        int largest = 0;
        foreach (int variable in _graph.Members(pivot))
            foreach (int element in _graph.Elements(variable))
            {
                if (_isDeadElement[element])
                    continue;
                if (_outside[element] < _stamp)
                {
                    _outside[element] = _stamp + _elementWeight[element];
                    largest = Math.Max(largest, _elementWeight[element]);
                }

                _outside[element] += _weight[variable];
            }

        _largestOutside = largest;
    }

    /// <summary>
    /// Drops from a variable's lists what the new element covers, bounds its degree, and files it by a hash of what is
    /// left.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void UpdateLists(int variable, int pivot)
    {
        int[] memory = _graph.Memory;
        int degree = 0;
        uint hash = 0;
        int kept = _graph.End[variable];
        for (int k = kept - 1; k >= _graph.First[variable]; k--)
        {
            int neighbour = memory[k];
            if (_weight[neighbour] <= 0)
                continue;
            degree += _weight[neighbour];
            hash += (uint)neighbour;
            memory[--kept] = neighbour;
        }

        _graph.First[variable] = kept;
        kept = _graph.Start[variable];
        for (int k = kept; k < _graph.Middle[variable]; k++)
        {
            int element = memory[k];
            if (_isDeadElement[element])
                continue;
            int outside = _outside[element] - _stamp;
            if (outside == 0)
            {
                _isDeadElement[element] = true; // aggressive absorption: nothing of it is outside
                continue;
            }

            degree += outside;
            hash += (uint)element;
            memory[kept++] = element;
        }

        memory[kept++] = pivot;
        _graph.Middle[variable] = kept;
        if (degree == 0 && IsInStage(variable))
        {
            Absorb(pivot, variable, -_weight[variable]); // mass elimination: no neighbour is left outside
            return;
        }

        _degrees.Degree[variable] = Math.Min(_degrees.Degree[variable], degree);
        _hash[variable] = (int)(hash % (uint)_bucket.Length);
        _nextInBucket[variable] = _bucket[_hash[variable]];
        _bucket[_hash[variable]] = variable;
    }

    /// <summary>The variable is eliminated together with the pivot.</summary>
    private void Absorb(int pivot, int variable, int weight)
    {
        _remaining -= weight;
        _elementWeight[pivot] -= weight;
        Append(pivot, variable);
    }

    /// <summary>Puts the surviving variables back among those that wait, with their new degrees.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(int pivot)
    {
        _stamp += _largestOutside + 1;
        Span<int> members = _graph.Members(pivot);
        int kept = 0;
        foreach (int variable in members)
        {
            int weight = -_weight[variable];
            if (weight == 0)
                continue;
            _weight[variable] = weight;
            int degree = _degrees.Degree[variable] + _elementWeight[pivot] - weight;
            SetDegree(variable, Math.Min(degree, _remaining - weight));
            members[kept++] = variable;
        }

        _graph.End[pivot] = _graph.Start[pivot] + kept;
        _isDeadElement[pivot] = kept == 0;
    }
}
