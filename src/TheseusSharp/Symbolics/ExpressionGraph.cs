using System.Globalization;
using System.Runtime.InteropServices;

namespace TheseusSharp.Symbolics;

/// <summary>
/// Expressions as rows of a table, each naming earlier rows as operands. In one of two manners: a <em>trace</em> keeps
/// exactly what the lambda did; an <em>interned</em> graph simplifies and shares equal nodes.
/// </summary>
/// <remarks>
/// Interning folds x·0, 0/x and x−x to 0, so it may drop a NaN that the trace would produce, and it does not keep the
/// sign of a zero. It never reassociates. Not safe for use from several threads while it grows.
/// </remarks>
internal sealed class ExpressionGraph
{
    private readonly List<Node> _nodes = [];
    private readonly List<GroupCall> _calls = [];
    private readonly Dictionary<Node, int>? _interned;
    private readonly Dictionary<GroupCall, int>? _internedCalls;

    private ExpressionGraph(bool interning)
    {
        if (!interning)
            return;
        _interned = [];
        _internedCalls = [];
    }

    /// <summary>Whether equal nodes are shared and simplified.</summary>
    public bool Interning => _interned is not null;

    /// <summary>How many nodes there are.</summary>
    public int Count => _nodes.Count;

    /// <summary>The node at an index.</summary>
    public Node this[int index] => _nodes[index];

    /// <summary>All nodes, valid until the next is added.</summary>
    public ReadOnlySpan<Node> Nodes => CollectionsMarshal.AsSpan(_nodes);

    /// <summary>An empty graph that keeps what is recorded as it is.</summary>
    public static ExpressionGraph Trace() => new(interning: false);

    /// <summary>An empty graph that simplifies and shares.</summary>
    public static ExpressionGraph Interned() => new(interning: true);

    /// <summary>A trace with the same nodes, leaves replaced.</summary>
    /// <param name="leaf">From the index of a literal or an input and its node to what takes its place.</param>
    public ExpressionGraph WithLeaves(Func<int, Node, Node> leaf)
    {
        ExpressionGraph copy = Trace();
        copy._calls.AddRange(_calls);
        for (int i = 0; i < Count; i++)
            copy.Append(_nodes[i].Operation is Operation.Literal or Operation.Input ? leaf(i, _nodes[i]) : _nodes[i]);
        return copy;
    }

    /// <summary>The call that a node of operation <see cref="Operation.Call"/> stands for.</summary>
    public GroupCall CallOf(int node) => _calls[(int)_nodes[node].Payload];

    /// <summary>The scalar at a node.</summary>
    public Scalar At(int node) => new(this, node);

    /// <summary>A scalar argument of the traced lambda.</summary>
    public Scalar Input(int slot) => At(Add(new Node(Operation.Input, slot, 0, 0, 0)));

    /// <summary>A column of a row array, at the current row.</summary>
    public Scalar RowInput(int column, int axis) => At(Add(new Node(Operation.RowInput, column, 0, 0, axis)));

    /// <summary>The sum of an expression over the rows of an axis.</summary>
    public Scalar RowSum(Scalar body, int axis) => At(Add(new Node(Operation.RowSum, body.IndexIn(this), 0, 0, axis)));

    /// <summary>An interpolated read of a table, or a derivative of it.</summary>
    public Scalar Lookup(LookupKey key, ReadOnlySpan<Scalar> coordinates)
    {
        int a = coordinates[0].IndexIn(this);
        int b = coordinates.Length > 1 ? coordinates[1].IndexIn(this) : -1;
        int c = coordinates.Length > 2 ? coordinates[2].IndexIn(this) : -1;
        return At(Add(new Node(Operation.Lookup, a, b, c, key.Pack())));
    }

    /// <summary>A typed argument of the traced lambda, as its stored scalars.</summary>
    public Scalar[] Input(ValueKind kind, int slot)
    {
        if (kind.IsGroup)
            return Components(AddCall(GroupInput.Of(kind, slot), []));
        var storage = new Scalar[kind.StorageLength];
        for (int k = 0; k < storage.Length; k++)
            storage[k] = Input(slot + k);
        return storage;
    }

    /// <summary>Records a typed operation and gives the components of its result.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="arguments">The storages of the arguments, one after another.</param>
    public Scalar[] Call(GroupOperation operation, ReadOnlySpan<Scalar> arguments)
    {
        var operands = new List<int>();
        foreach (ValueKind kind in operation.Parameters)
        {
            ReadOnlySpan<Scalar> storage = arguments[..kind.StorageLength];
            arguments = arguments[kind.StorageLength..];
            if (kind.IsGroup)
                operands.Add(TypedNode(kind, storage));
            else
                foreach (Scalar scalar in storage)
                    operands.Add(scalar.IndexIn(this));
        }

        return Components(AddCall(operation, operands.ToArray()));
    }

    /// <summary>Adds a node, or finds or simplifies it if the graph interns.</summary>
    public int Add(Node node)
    {
        if (_interned is null)
            return Append(node);
        return Simplifier.TrySimplify(this, ref node, out int simpler) ? simpler : Intern(node);
    }

    /// <summary>The components of a call's result.</summary>
    public Scalar[] Components(int call)
    {
        var components = new Scalar[CallOf(call).Operation.Result.StorageLength];
        for (int k = 0; k < components.Length; k++)
            components[k] = At(Add(new Node(Operation.Component, call, k, 0, 0)));
        return components;
    }

    /// <summary>The storages of a call's arguments, one after another.</summary>
    public Scalar[] ArgumentsOf(GroupCall call)
    {
        var storage = new List<Scalar>();
        int operand = 0;
        foreach (ValueKind kind in call.Operation.Parameters)
        {
            if (kind.IsGroup)
                storage.AddRange(Components(call.Operands[operand++]));
            else
                for (int k = 0; k < kind.StorageLength; k++)
                    storage.Add(At(call.Operands[operand++]));
        }

        return storage.ToArray();
    }

    /// <summary>The indices of a node's operands.</summary>
    public ReadOnlySpan<int> OperandsOf(int index, Span<int> buffer)
    {
        Node node = _nodes[index];
        if (node.Operation == Operation.Call)
            return _calls[(int)node.Payload].Operands;
        int arity = node.Operation.Arity();
        buffer[0] = node.A;
        buffer[1] = node.B;
        buffer[2] = node.C;
        while (arity > 0 && buffer[arity - 1] < 0)
            arity--;
        return buffer[..arity];
    }

    /// <summary>Marks what some roots need.</summary>
    public bool[] Live(ReadOnlySpan<Scalar> roots)
    {
        var live = new bool[Count];
        foreach (Scalar root in roots)
            if (root.Graph is not null)
                live[root.Index] = true;
        Span<int> buffer = stackalloc int[3];
        for (int i = Count - 1; i >= 0; i--)
            if (live[i])
                foreach (int operand in OperandsOf(i, buffer))
                    live[operand] = true;
        return live;
    }

    /// <summary>How many arithmetic nodes some roots need.</summary>
    public int CountOperations(ReadOnlySpan<Scalar> roots)
    {
        bool[] live = Live(roots);
        int count = 0;
        for (int i = 0; i < live.Length; i++)
            if (live[i] && _nodes[i].Operation > Operation.Component)
                count++;
        return count;
    }

    /// <summary>A short text for debuggers and messages.</summary>
    public string Describe(int index)
    {
        Node node = _nodes[index];
        return node.Operation switch
        {
            Operation.Literal => node.Value.ToString("R", CultureInfo.InvariantCulture),
            Operation.Input => $"input[{node.A}]",
            Operation.RowInput => $"row[{node.A}]",
            Operation.Call => $"#{index} = {CallOf(index)}",
            _ => $"#{index} = {node.Operation}(#{node.A}, #{node.B}, #{node.C})",
        };
    }

    private int TypedNode(ValueKind kind, ReadOnlySpan<Scalar> storage)
    {
        int call = ProducerOf(storage);
        bool whole = call >= 0 && ReferenceEquals(CallOf(call).Operation.Result, kind);
        return whole ? call : AddCall(Pack.Of(kind), Indices(storage));
    }

    /// <summary>The call whose components, all and in order, these scalars are; else −1.</summary>
    private int ProducerOf(ReadOnlySpan<Scalar> storage)
    {
        int call = -1;
        for (int k = 0; k < storage.Length; k++)
        {
            if (storage[k].Graph is null)
                return -1;
            Node node = _nodes[storage[k].Index];
            if (node.Operation != Operation.Component || node.B != k || (k > 0 && node.A != call))
                return -1;
            call = node.A;
        }

        return CallOf(call).Operation.Result.StorageLength == storage.Length ? call : -1;
    }

    private int[] Indices(ReadOnlySpan<Scalar> scalars)
    {
        var indices = new int[scalars.Length];
        for (int k = 0; k < indices.Length; k++)
            indices[k] = scalars[k].IndexIn(this);
        return indices;
    }

    private int AddCall(GroupOperation operation, int[] operands)
    {
        var call = new GroupCall(operation, operands);
        if (_internedCalls is not null && _internedCalls.TryGetValue(call, out int known))
            return known;
        _calls.Add(call);
        int index = Append(new Node(Operation.Call, 0, 0, 0, _calls.Count - 1));
        _internedCalls?.Add(call, index);
        return index;
    }

    private int Intern(Node node)
    {
        ref int slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_interned!, node, out bool known);
        if (!known)
            slot = Append(node);
        return slot;
    }

    private int Append(Node node)
    {
        _nodes.Add(node);
        return _nodes.Count - 1;
    }
}
