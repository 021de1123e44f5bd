namespace TheseusSharp.Symbolics;

/// <summary>One node of an <see cref="ExpressionGraph"/>; operands are indices of earlier nodes.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="A">First operand; the slot of an input; the column of a row input; the call of a component.</param>
/// <param name="B">Second operand; the number of a component; −1 for an unused coordinate of a lookup.</param>
/// <param name="C">Third operand; −1 for an unused coordinate of a lookup.</param>
/// <param name="Payload">The bits of a literal; the axis of a row input or row sum; the <see cref="LookupKey"/>; the
/// number
/// of a call.</param>
internal readonly record struct Node(Operation Operation, int A, int B, int C, long Payload)
{
    /// <summary>The value of a literal.</summary>
    public double Value => BitConverter.Int64BitsToDouble(Payload);

    /// <summary>Whether this is a literal of exactly this value (−0 is not 0).</summary>
    public bool IsLiteral(double value) =>
        Operation == Operation.Literal && Payload == BitConverter.DoubleToInt64Bits(value);

    /// <summary>A literal.</summary>
    public static Node Literal(double value) => new(Operation.Literal, 0, 0, 0, BitConverter.DoubleToInt64Bits(value));
}

/// <summary>Which table a lookup reads, and which derivative of the interpolant it gives.</summary>
/// <param name="Table">The number of the table among the function's parameters.</param>
/// <param name="Derivative">Bit k: differentiated once along coordinate k.</param>
internal readonly record struct LookupKey(int Table, int Derivative)
{
    /// <summary>As the payload of a node.</summary>
    public long Pack() => ((long)Table << 3) | (long)Derivative;

    /// <summary>From the payload of a node.</summary>
    public static LookupKey Unpack(long payload) => new((int)(payload >> 3), (int)(payload & 7));
}
