namespace TheseusSharp.Symbolics;

/// <summary>
/// The local rewriting rules of an interned graph: folding, identities, canonical order. No rule reassociates sums or
/// products: measured, "hoisting constants" costs instructions by hiding common subexpressions.
/// </summary>
internal static class Simplifier
{
    /// <summary>Finds a simpler equal of a node whose operands are already simple.</summary>
    /// <param name="graph">The graph that the operands are in.</param>
    /// <param name="node">The node; put into canonical form.</param>
    /// <param name="simpler">The equal node, if found.</param>
    public static bool TrySimplify(ExpressionGraph graph, ref Node node, out int simpler)
    {
        if (node.Operation.IsCommutative() && node.A > node.B)
            node = node with { A = node.B, B = node.A };
        int result = Fold(graph, node);
        if (result < 0)
            result = ByOperation(graph, node);
        simpler = result;
        return result >= 0;
    }

    private static int ByOperation(ExpressionGraph graph, Node node) => node.Operation switch
    {
        Operation.Component => Component(graph, node),
        Operation.Add => Sum(graph, node),
        Operation.Subtract => Difference(graph, node),
        Operation.Multiply => Product(graph, node),
        Operation.Divide => Quotient(graph, node),
        Operation.Negate => Negative(graph, node),
        Operation.Abs or Operation.Cos => EvenFunction(graph, node),
        Operation.Sin or Operation.Tan or Operation.Asin or Operation.Atan => OddFunction(graph, node),
        Operation.Pow => Power(graph, node),
        Operation.And or Operation.Or => Conjunction(graph, node),
        Operation.Not => Opposite(graph, node),
        Operation.Where => Choice(graph, node),
        _ => -1,
    };

    private static int Fold(ExpressionGraph graph, Node node)
    {
        int arity = node.Operation.Arity();
        if (arity == 0 || node.Operation is Operation.Component or Operation.RowSum or Operation.Lookup)
            return -1;
        Node a = graph[node.A], b = arity > 1 ? graph[node.B] : a, c = arity > 2 ? graph[node.C] : a;
        bool isLiteral = a.Operation == Operation.Literal && b.Operation == a.Operation && c.Operation == a.Operation;
        return isLiteral ? Literal(graph, node.Operation.Evaluate(a.Value, b.Value, c.Value)) : -1;
    }

    private static int Component(ExpressionGraph graph, Node node)
    {
        GroupCall call = graph.CallOf(node.A);
        return call.Operation is Pack ? call.Operands[node.B] : -1;
    }

    private static int Sum(ExpressionGraph graph, Node node)
    {
        if (IsZero(graph, node.A))
            return node.B;
        if (IsZero(graph, node.B))
            return node.A;
        bool negativeA = IsNegated(graph, node.A, out int a), negativeB = IsNegated(graph, node.B, out int b);
        return (negativeA, negativeB) switch
        {
            (true, true) => Negate(graph, Add(graph, Operation.Add, a, b)),
            (true, false) => Add(graph, Operation.Subtract, node.B, a),
            (false, true) => Add(graph, Operation.Subtract, node.A, b),
            _ => -1,
        };
    }

    private static int Difference(ExpressionGraph graph, Node node)
    {
        if (node.A == node.B)
            return Literal(graph, 0);
        if (IsZero(graph, node.B))
            return node.A;
        if (IsZero(graph, node.A))
            return Negate(graph, node.B);
        bool negativeA = IsNegated(graph, node.A, out int a), negativeB = IsNegated(graph, node.B, out int b);
        return (negativeA, negativeB) switch
        {
            (true, true) => Add(graph, Operation.Subtract, b, a),
            (true, false) => Negate(graph, Add(graph, Operation.Add, a, node.B)),
            (false, true) => Add(graph, Operation.Add, node.A, b),
            _ => -1,
        };
    }

    private static int Product(ExpressionGraph graph, Node node)
    {
        if (IsZero(graph, node.A) || IsZero(graph, node.B))
            return Literal(graph, 0);
        if (graph[node.A].IsLiteral(1))
            return node.B;
        if (graph[node.B].IsLiteral(1))
            return node.A;
        if (graph[node.A].IsLiteral(-1))
            return Negate(graph, node.B);
        if (graph[node.B].IsLiteral(-1))
            return Negate(graph, node.A);
        bool negativeA = IsNegated(graph, node.A, out int a), negativeB = IsNegated(graph, node.B, out int b);
        if (!negativeA && !negativeB)
            return -1;
        int product = Add(graph, Operation.Multiply, a, b);
        return negativeA && negativeB ? product : Negate(graph, product);
    }

    private static int Quotient(ExpressionGraph graph, Node node)
    {
        if (graph[node.B].IsLiteral(1))
            return node.A;
        if (graph[node.B].IsLiteral(-1))
            return Negate(graph, node.A);
        if (IsZero(graph, node.A))
            return Literal(graph, 0);
        if (graph[node.B].Operation == Operation.Literal && double.IsPow2(Math.Abs(graph[node.B].Value))
            && double.IsFinite(1 / graph[node.B].Value))
            return Add(graph, Operation.Multiply, node.A, Literal(graph, 1 / graph[node.B].Value));
        bool negativeA = IsNegated(graph, node.A, out int a), negativeB = IsNegated(graph, node.B, out int b);
        if (!negativeA && !negativeB)
            return -1;
        int quotient = Add(graph, Operation.Divide, a, b);
        return negativeA && negativeB ? quotient : Negate(graph, quotient);
    }

    private static int Negative(ExpressionGraph graph, Node node)
    {
        Node inner = graph[node.A];
        return inner.Operation switch
        {
            Operation.Negate => inner.A,
            Operation.Subtract => Add(graph, Operation.Subtract, inner.B, inner.A),
            _ => -1,
        };
    }

    private static int EvenFunction(ExpressionGraph graph, Node node)
    {
        if (node.Operation == Operation.Abs && graph[node.A].Operation == Operation.Abs)
            return node.A;
        Node inner = graph[node.A];
        return inner.Operation == Operation.Negate ? Add(graph, node.Operation, inner.A) : -1;
    }

    private static int OddFunction(ExpressionGraph graph, Node node)
    {
        Node inner = graph[node.A];
        return inner.Operation == Operation.Negate ? Negate(graph, Add(graph, node.Operation, inner.A)) : -1;
    }

    /// <summary>Small whole powers become products: exact for negative bases, and without a logarithm.</summary>
    private static int Power(ExpressionGraph graph, Node node)
    {
        if (graph[node.B].Operation != Operation.Literal)
            return -1;
        switch (graph[node.B].Value)
        {
            case 0:
                return Literal(graph, 1);
            case 1:
                return node.A;
            case 2:
                return Add(graph, Operation.Multiply, node.A, node.A);
            case 3:
                return Add(graph, Operation.Multiply, Add(graph, Operation.Multiply, node.A, node.A), node.A);
            case -1:
                return Add(graph, Operation.Divide, Literal(graph, 1), node.A);
            default:
                return -1;
        }
    }

    private static int Conjunction(ExpressionGraph graph, Node node)
    {
        bool absorbing = node.Operation == Operation.Or;
        if (node.A == node.B)
            return node.A;
        if (IsOpposite(graph, node.A, node.B))
            return Literal(graph, absorbing ? 1 : 0);
        foreach ((int mask, int other) in (ReadOnlySpan<(int, int)>)[(node.A, node.B), (node.B, node.A)])
            if (graph[mask].Operation == Operation.Literal)
                return graph[mask].Value != 0 == absorbing ? mask : other;
        return -1;
    }

    private static int Opposite(ExpressionGraph graph, Node node) =>
        graph[node.A].Operation == Operation.Not ? graph[node.A].A : -1;

    private static int Choice(ExpressionGraph graph, Node node)
    {
        Node condition = graph[node.A];
        if (condition.Operation == Operation.Literal)
            return condition.Value != 0 ? node.B : node.C;
        if (node.B == node.C)
            return node.B;
        if (condition.Operation == Operation.Not)
            return Choose(graph, condition.A, node.C, node.B);
        if (IsChoiceOf(graph, node.B, node.A))
            return Choose(graph, node.A, graph[node.B].B, node.C);
        if (IsChoiceOf(graph, node.C, node.A))
            return Choose(graph, node.A, node.B, graph[node.C].C);
        return -1;
    }

    private static bool IsChoiceOf(ExpressionGraph graph, int node, int condition) =>
        graph[node].Operation == Operation.Where && graph[node].A == condition;

    private static bool IsOpposite(ExpressionGraph graph, int a, int b) =>
        (graph[a].Operation == Operation.Not && graph[a].A == b)
        || (graph[b].Operation == Operation.Not && graph[b].A == a);

    private static bool IsZero(ExpressionGraph graph, int node) =>
        graph[node].Operation == Operation.Literal && graph[node].Value == 0;

    private static bool IsNegated(ExpressionGraph graph, int node, out int positive)
    {
        bool negated = graph[node].Operation == Operation.Negate;
        positive = negated ? graph[node].A : node;
        return negated;
    }

    private static int Literal(ExpressionGraph graph, double value) => graph.Add(Node.Literal(value));

    private static int Negate(ExpressionGraph graph, int a) => Add(graph, Operation.Negate, a);

    private static int Add(ExpressionGraph graph, Operation operation, int a, int b = 0) =>
        graph.Add(new Node(operation, a, b, 0, 0));

    private static int Choose(ExpressionGraph graph, int condition, int whenTrue, int whenFalse) =>
        graph.Add(new Node(Operation.Where, condition, whenTrue, whenFalse, 0));
}
