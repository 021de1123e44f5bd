namespace TheseusSharp.Symbolics;

/// <summary>Two calls, one feeding only the other, and the graph that records their replacement.</summary>
/// <param name="Graph">Where the replacement is recorded.</param>
/// <param name="Outer">The call offered to absorb the other.</param>
/// <param name="Operand">Which operand of <paramref name="Outer"/> is the inner call.</param>
internal readonly record struct Fusion(ExpressionGraph Graph, GroupCall Outer, int Operand)
{
    /// <summary>The call that produces the operand.</summary>
    public GroupCall Inner => Graph.CallOf(Outer.Operands[Operand]);
}
