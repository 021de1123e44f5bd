namespace TheseusSharp.Symbolics;

/// <summary>The derivative of each smooth scalar operation by each of its operands.</summary>
internal static class Partials
{
    /// <summary>∂(node)/∂(operand), as an expression in the same graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="index">The node.</param>
    /// <param name="operand">0 for A, 1 for B, 2 for C.</param>
    public static Scalar Of(ExpressionGraph graph, int index, int operand)
    {
        Node node = graph[index];
        Scalar y = graph.At(index);
        Scalar a = graph.At(node.A);
        return node.Operation switch
        {
            Operation.Add => 1,
            Operation.Subtract => operand == 0 ? 1 : -1,
            Operation.Multiply => operand == 0 ? graph.At(node.B) : a,
            Operation.Divide => OfQuotient(y, graph.At(node.B), operand),
            Operation.Negate => -1,
            Operation.Abs => Scalar.Where(a < 0, -1, Scalar.Where(a > 0, 1, 0)),
            Operation.Sqrt => 0.5 / y,
            Operation.Sin => Scalar.Cos(a),
            Operation.Cos => -Scalar.Sin(a),
            Operation.Tan => 1 + (y * y),
            Operation.Asin => 1 / Scalar.Sqrt((1 - a) * (1 + a)),
            Operation.Acos => -(1 / Scalar.Sqrt((1 - a) * (1 + a))),
            Operation.Atan => 1 / (1 + (a * a)),
            Operation.Atan2 => OfAngle(a, graph.At(node.B), operand),
            Operation.Exp => y,
            Operation.Log => 1 / a,
            Operation.Pow => OfPower(y, a, graph.At(node.B), operand),
            Operation.Lookup => OfLookup(graph, node, operand),
            _ => throw new InvalidOperationException($"{node.Operation} has no partial derivatives."),
        };
    }

    private static Scalar OfQuotient(Scalar quotient, Scalar divisor, int operand)
    {
        Scalar inverse = 1 / divisor;
        return operand == 0 ? inverse : -(quotient * inverse);
    }

    private static Scalar OfAngle(Scalar y, Scalar x, int operand)
    {
        Scalar inverse = 1 / ((x * x) + (y * y));
        return operand == 0 ? x * inverse : -(y * inverse);
    }

    /// <summary>By the exponent, 0ᵇ has derivative 0 and not 0·log 0.</summary>
    private static Scalar OfPower(Scalar power, Scalar x, Scalar exponent, int operand) =>
        operand == 0
            ? exponent * Scalar.Pow(x, exponent - 1)
            : Scalar.Where(Scalar.EqualTo(x, 0), 0, power * Scalar.Log(x));

    /// <summary>
    /// Multilinear interpolation is linear in each coordinate: its second derivative along one is zero.
    /// </summary>
    private static Scalar OfLookup(ExpressionGraph graph, Node node, int operand)
    {
        LookupKey key = LookupKey.Unpack(node.Payload);
        int bit = 1 << operand;
        if ((key.Derivative & bit) != 0)
            return 0;
        return graph.At(graph.Add(node with { Payload = (key with { Derivative = key.Derivative | bit }).Pack() }));
    }
}
