using System.Runtime.InteropServices;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>A column of numbers that becomes an input of a group's kernel.</summary>
/// <param name="Slot">The input slot.</param>
/// <param name="Values">A number for each cost function, in order of adding.</param>
internal sealed record DataColumn(int Slot, double[] Values);

/// <summary>
/// The numbers of a group's cost functions: what their literals are, and what their data arguments hold.
/// </summary>
internal sealed class DataTable
{
    private readonly CostGroup _group;
    private readonly List<DataColumn> _columns = [];
    private readonly Dictionary<int, int> _slotOfNode = [];
    private readonly Dictionary<int, double> _literals = [];
    private readonly Dictionary<ulong, List<DataColumn>> _byContent = [];
    private int _nextSlot;

    private DataTable(CostGroup group)
    {
        _group = group;
        _nextSlot = group.Trace.InputSlots;
    }

    public static DataTable Of(CostGroup group)
    {
        var table = new DataTable(group);
        table.AddArguments();
        table.AddLiterals();
        return table;
    }

    /// <summary>The columns, equal ones told once.</summary>
    /// <param name="slotOfNode">Which nodes of the trace become inputs, and of which slot.</param>
    /// <param name="literals">Which nodes become, or stay, literals.</param>
    public DataColumn[] Distinct(out Dictionary<int, int> slotOfNode, out Dictionary<int, double> literals)
    {
        (slotOfNode, literals) = (_slotOfNode, _literals);
        return [.. _columns];
    }

    /// <summary>
    /// Numbers of a group element keep their slots, since the trace knows it as a whole; other numbers fold where they
    /// are all equal.
    /// </summary>
    private void AddArguments()
    {
        CostParameter[] parameters = _group.Trace.Parameters;
        var nodeOfSlot = new Dictionary<int, int>();
        ReadOnlySpan<Node> nodes = _group.Trace.Graph.Nodes;
        for (int i = 0; i < nodes.Length; i++)
            if (nodes[i].Operation == Operation.Input)
                nodeOfSlot[nodes[i].A] = i;
        for (int k = 0; k < parameters.Length; k++)
        {
            if (!parameters[k].IsData)
                continue;
            for (int entry = 0; entry < parameters[k].Kind.StorageLength; entry++)
            {
                double[] values = ArgumentValues(k, entry, parameters[k].Kind.StorageLength);
                if (parameters[k].Kind.IsGroup)
                    _columns.Add(new(parameters[k].Slot + entry, values));
                else
                    Place(nodeOfSlot[parameters[k].Slot + entry], values);
            }
        }
    }

    private double[] ArgumentValues(int argument, int entry, int length)
    {
        var values = new double[_group.Count];
        int next = 0;
        foreach (CostFunction member in _group.Members)
        {
            ReadOnlySpan<double> numbers = member.Arguments[argument].Numbers.Span;
            for (int row = 0; row < member.Count; row++)
                values[next++] = numbers[(row * length) + entry];
        }

        return values;
    }

    private void AddLiterals()
    {
        ReadOnlySpan<Node> nodes = _group.Trace.Graph.Nodes;
        int literal = 0;
        for (int i = 0; i < nodes.Length; i++)
            if (nodes[i].Operation == Operation.Literal)
                AddLiteral(i, literal++);
    }

    private void AddLiteral(int node, int literal)
    {
        if (IsShared(literal, out double shared))
        {
            _literals[node] = shared;
            return;
        }

        var values = new double[_group.Count];
        int next = 0;
        foreach (CostFunction member in _group.Members)
        {
            values.AsSpan(next, member.Count).Fill(member.Literals[literal]);
            next += member.Count;
        }

        Place(node, values);
    }

    private bool IsShared(int literal, out double shared)
    {
        shared = _group.Members[0].Literals[literal];
        foreach (CostFunction member in _group.Members)
            if (!SameBits(member.Literals[literal], shared))
                return false;
        return true;
    }

    /// <summary>Gives a node's numbers a literal if all are equal, else a slot: its own or one of equals.</summary>
    private void Place(int node, double[] values)
    {
        if (Array.TrueForAll(values, value => SameBits(value, values[0])))
        {
            _literals[node] = values[0];
            return;
        }

        ref List<DataColumn>? equals =
            ref CollectionsMarshal.GetValueRefOrAddDefault(_byContent, ContentHash(values), out _);
        equals ??= [];
        DataColumn? known = equals.Find(column => Bits(column.Values).SequenceEqual(Bits(values)));
        if (known is null)
        {
            known = new(_nextSlot++, values);
            equals.Add(known);
            _columns.Add(known);
        }

        _slotOfNode[node] = known.Slot;
    }

    private static ReadOnlySpan<long> Bits(double[] values) => MemoryMarshal.Cast<double, long>(values);

    private static ulong ContentHash(double[] values)
    {
        ulong hash = 14695981039346656037;
        foreach (long bits in Bits(values))
            hash = (hash ^ (ulong)bits) * 1099511628211;
        return hash;
    }

    private static bool SameBits(double a, double b) =>
        BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);
}
