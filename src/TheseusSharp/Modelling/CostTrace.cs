using System.Runtime.CompilerServices;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>A parameter of a traced cost function.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Slot">Its first input slot.</param>
/// <param name="IsData">Whether it is numbers, not a variable.</param>
internal readonly record struct CostParameter(ValueKind Kind, int Slot, bool IsData);

/// <summary>
/// What a cost function's lambda, its weight and its loss did, exactly as they did it. Two cost functions belong to one
/// group if their traces are equal but for the values of literals.
/// </summary>
internal sealed class CostTrace
{
    private readonly int _hash;

    /// <summary>Takes a finished trace.</summary>
    /// <param name="graph">The trace.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="outputs">The weighted residual; then, with losses, what each is taken of, then each ρ(x).</param>
    /// <param name="dimension">How many entries the residual has.</param>
    public CostTrace(ExpressionGraph graph, CostParameter[] parameters, Scalar[] outputs, int dimension)
    {
        Graph = graph;
        Parameters = parameters;
        Outputs = Array.ConvertAll(outputs, output => output.IndexIn(graph));
        Dimension = dimension;
        _hash = Hash();
    }

    public ExpressionGraph Graph { get; }

    public CostParameter[] Parameters { get; }

    /// <summary>The nodes of the outputs.</summary>
    public int[] Outputs { get; }

    public int Dimension { get; }

    /// <summary>How many losses there are: none, one for the squared norm, or one for each entry.</summary>
    public int LossCount => (Outputs.Length - Dimension) / 2;

    /// <summary>How many input slots there are.</summary>
    public int InputSlots => Parameters.Length == 0 ? 0 : Parameters[^1].Slot + Parameters[^1].Kind.StorageLength;

    /// <summary>The values of the literals, in the order of their nodes.</summary>
    public double[] Literals()
    {
        int count = 0;
        foreach (ref readonly Node node in Graph.Nodes)
            count += node.Operation == Operation.Literal ? 1 : 0;
        var literals = new double[count];
        int next = 0;
        foreach (ref readonly Node node in Graph.Nodes)
            if (node.Operation == Operation.Literal)
                literals[next++] = node.Value;
        return literals;
    }

    /// <summary>Whether two traces differ in nothing but the values of literals.</summary>
    public bool HasStructureOf(CostTrace other) =>
        _hash == other._hash
        && Dimension == other.Dimension
        && Outputs.AsSpan().SequenceEqual(other.Outputs)
        && Parameters.AsSpan().SequenceEqual(other.Parameters)
        && NodesMatch(other);

    /// <summary>Hashes what <see cref="HasStructureOf"/> compares.</summary>
    public int StructuralHash => _hash;

    private bool NodesMatch(CostTrace other)
    {
        ReadOnlySpan<Node> mine = Graph.Nodes, theirs = other.Graph.Nodes;
        if (mine.Length != theirs.Length)
            return false;
        for (int i = 0; i < mine.Length; i++)
        {
            ref readonly Node a = ref mine[i];
            ref readonly Node b = ref theirs[i];
            if (a.Operation == Operation.Literal ? b.Operation != Operation.Literal : a != b)
                return false;
            if (a.Operation == Operation.Call && !Graph.CallOf(i).Equals(other.Graph.CallOf(i)))
                return false;
        }

        return true;
    }

    private int Hash()
    {
        HashCode hash = default;
        ReadOnlySpan<Node> nodes = Graph.Nodes;
        for (int i = 0; i < nodes.Length; i++)
        {
            ref readonly Node node = ref nodes[i];
            hash.Add(((int)node.Operation << 24) ^ (node.A * 31) ^ (node.B * 1009) ^ node.C);
            if (node.Operation == Operation.Call)
                hash.Add(RuntimeHelpers.GetHashCode(Graph.CallOf(i).Operation));
            else if (node.Operation != Operation.Literal)
                hash.Add(node.Payload);
        }

        return hash.ToHashCode();
    }
}
