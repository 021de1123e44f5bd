using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>
/// The rules of an interned graph: which expressions become one node, and that no rule changes a rounding.
/// </summary>
public class SimplifierTests
{
    private delegate Scalar Rule(Scalar x, Scalar y);

    private static readonly Dictionary<string, (Rule Written, Rule Simple)> s_arithmetic = new()
    {
        ["x + 0"] = ((x, _) => x + 0, (x, _) => x),
        ["0 + x"] = ((x, _) => 0 + x, (x, _) => x),
        ["x - 0"] = ((x, _) => x - 0, (x, _) => x),
        ["0 - x"] = ((x, _) => 0 - x, (x, _) => -x),
        ["x - x"] = ((x, _) => x - x, (_, _) => 0),
        ["-(-x)"] = ((x, _) => -(-x), (x, _) => x),
        ["-(x - y)"] = ((x, y) => -(x - y), (x, y) => y - x),
        ["x + -y"] = ((x, y) => x + -y, (x, y) => x - y),
        ["-x + y"] = ((x, y) => -x + y, (x, y) => y - x),
        ["-x + -y"] = ((x, y) => -x + -y, (x, y) => -(x + y)),
        ["x - -y"] = ((x, y) => x - -y, (x, y) => x + y),
        ["-x - y"] = ((x, y) => -x - y, (x, y) => -(x + y)),
        ["-x - -y"] = ((x, y) => -x - -y, (x, y) => y - x),
        ["x * 1"] = ((x, _) => x * 1, (x, _) => x),
        ["1 * x"] = ((x, _) => 1 * x, (x, _) => x),
        ["x * -1"] = ((x, _) => x * -1, (x, _) => -x),
        ["-1 * x"] = ((x, _) => -1 * x, (x, _) => -x),
        ["x * 0"] = ((x, _) => x * 0, (_, _) => 0),
        ["0 * x"] = ((x, _) => 0 * x, (_, _) => 0),
        ["-x * y"] = ((x, y) => -x * y, (x, y) => -(x * y)),
        ["x * -y"] = ((x, y) => x * -y, (x, y) => -(x * y)),
        ["-x * -y"] = ((x, y) => -x * -y, (x, y) => x * y),
        ["x / 1"] = ((x, _) => x / 1, (x, _) => x),
        ["x / -1"] = ((x, _) => x / -1, (x, _) => -x),
        ["0 / x"] = ((x, _) => 0 / x, (_, _) => 0),
        ["x / 8"] = ((x, _) => x / 8, (x, _) => x * 0.125),
        ["x / -0.25"] = ((x, _) => x / -0.25, (x, _) => x * -4),
        ["-x / y"] = ((x, y) => -x / y, (x, y) => -(x / y)),
        ["x / -y"] = ((x, y) => x / -y, (x, y) => -(x / y)),
        ["-x / -y"] = ((x, y) => -x / -y, (x, y) => x / y),
        ["y + x"] = ((x, y) => y + x, (x, y) => x + y),
        ["y * x"] = ((x, y) => y * x, (x, y) => x * y),
        ["| -x |"] = ((x, _) => Scalar.Abs(-x), (x, _) => Scalar.Abs(x)),
        ["|| x ||"] = ((x, _) => Scalar.Abs(Scalar.Abs(x)), (x, _) => Scalar.Abs(x)),
        ["cos(-x)"] = ((x, _) => Scalar.Cos(-x), (x, _) => Scalar.Cos(x)),
        ["sin(-x)"] = ((x, _) => Scalar.Sin(-x), (x, _) => -Scalar.Sin(x)),
        ["tan(-x)"] = ((x, _) => Scalar.Tan(-x), (x, _) => -Scalar.Tan(x)),
        ["asin(-x)"] = ((x, _) => Scalar.Asin(-x), (x, _) => -Scalar.Asin(x)),
        ["atan(-x)"] = ((x, _) => Scalar.Atan(-x), (x, _) => -Scalar.Atan(x)),
        ["x^0"] = ((x, _) => Scalar.Pow(x, 0), (_, _) => 1),
        ["x^1"] = ((x, _) => Scalar.Pow(x, 1), (x, _) => x),
        ["x^2"] = ((x, _) => Scalar.Pow(x, 2), (x, _) => x * x),
        ["x^3"] = ((x, _) => Scalar.Pow(x, 3), (x, _) => x * x * x),
        ["x^-1"] = ((x, _) => Scalar.Pow(x, -1), (x, _) => 1 / x),
    };

    private static readonly Dictionary<string, (Rule Written, Rule Simple)> s_choices = new()
    {
        ["a and a"] = ((x, y) => And(x < y, x < y), (x, y) => (x < y).Truth),
        ["a or a"] = ((x, y) => Or(x < y, x < y), (x, y) => (x < y).Truth),
        ["a and not a"] = ((x, y) => And(x < y, !(x < y)), (_, _) => 0),
        ["not a or a"] = ((x, y) => Or(!(x < y), x < y), (_, _) => 1),
        ["a and true"] = ((x, y) => And(x < y, true), (x, y) => (x < y).Truth),
        ["false and a"] = ((x, y) => And(false, x < y), (_, _) => 0),
        ["a or false"] = ((x, y) => Or(x < y, false), (x, y) => (x < y).Truth),
        ["true or a"] = ((x, y) => Or(true, x < y), (_, _) => 1),
        ["b and a"] = ((x, y) => And(x < 1, y < 1), (x, y) => And(y < 1, x < 1)),
        ["not not a"] = ((x, y) => (!!(x < y)).Truth, (x, y) => (x < y).Truth),
        ["x > y"] = ((x, y) => (x > y).Truth, (x, y) => (y < x).Truth),
        ["where true"] = ((x, y) => Scalar.Where(true, x, y), (x, _) => x),
        ["where false"] = ((x, y) => Scalar.Where(false, x, y), (_, y) => y),
        ["where a: x else x"] = ((x, y) => Scalar.Where(x < y, x, x), (x, _) => x),
        ["where not a"] = ((x, y) => Scalar.Where(!(x < y), x, y), (x, y) => Scalar.Where(x < y, y, x)),
        ["the arm taken, chosen again"] = (
            (x, y) => Scalar.Where(x < y, Scalar.Where(x < y, x, y), 1), (x, y) => Scalar.Where(x < y, x, 1)),
        ["the arm not taken, chosen again"] = (
            (x, y) => Scalar.Where(x < y, 1, Scalar.Where(x < y, x, y)), (x, y) => Scalar.Where(x < y, 1, y)),
    };

    private static readonly Dictionary<string, Rule> s_irreducible = new()
    {
        ["no reassociation of sums"] = (x, _) => 1 + (2 + x),
        ["no reassociation of products"] = (x, _) => 2 * (3 * x),
        ["no distribution"] = (x, y) => (2 * x) + (2 * y),
        ["x / x may be NaN"] = (x, _) => x / x,
        ["a third is not exact"] = (x, _) => x / 3,
        ["acos is not even"] = (x, _) => Scalar.Acos(-x),
        ["exp is not odd"] = (x, _) => Scalar.Exp(-x),
        ["min is not symmetric"] = (x, y) => Scalar.Min(x, y),
        ["atan2 is not symmetric"] = (x, y) => Scalar.Atan2(-x, y),
        ["x^4 stays a power"] = (x, _) => Scalar.Pow(x, 4),
    };

    public static TheoryData<string> Rules() => [.. s_arithmetic.Keys, .. s_choices.Keys];

    /// <summary>A product rounds otherwise than a power, so those rules are apart.</summary>
    public static TheoryData<string> Arithmetic() => [.. s_arithmetic.Keys.Where(rule => !rule.Contains('^'))];

    public static TheoryData<string> Irreducible() => [.. s_irreducible.Keys];

    [Theory, MemberData(nameof(Rules))]
    public void An_expression_becomes_its_simple_form(string rule)
    {
        ExpressionGraph graph = ExpressionGraph.Interned();
        Scalar x = graph.Input(0), y = graph.Input(1);
        (Rule written, Rule simple) = s_arithmetic.TryGetValue(rule, out var found) ? found : s_choices[rule];
        Assert.Equal(simple(x, y).IndexIn(graph), written(x, y).IndexIn(graph));
    }

    /// <summary>The sign of a zero excepted.</summary>
    [Theory, MemberData(nameof(Arithmetic))]
    public void A_rule_changes_no_bit(string rule)
    {
        var random = new Random(7);
        for (int k = 0; k < 200; k++)
        {
            double x = Spread(random), y = Spread(random);
            (Rule written, Rule simple) = s_arithmetic[rule];
            Assert.Equal(Value(written, x, y), Value(simple, x, y));
        }
    }

    [Theory, MemberData(nameof(Irreducible))]
    public void An_expression_without_a_rule_stays(string name)
    {
        ExpressionGraph trace = ExpressionGraph.Trace(), interned = ExpressionGraph.Interned();
        Scalar written = s_irreducible[name](trace.Input(0), trace.Input(1));
        Scalar simple = s_irreducible[name](interned.Input(0), interned.Input(1));
        Assert.Equal(Text(trace, written.Index), Text(interned, simple.Index));
    }

    [Fact]
    public void Literals_fold_as_numbers_do()
    {
        ExpressionGraph graph = ExpressionGraph.Interned();
        Scalar two = graph.At(graph.Add(Node.Literal(2)));
        Assert.True(Scalar.Sin(two).Is(Math.Sin(2)));
        Assert.True((two / 3).Is(2.0 / 3));
        Assert.True(Scalar.Atan2(two, -1).Is(Math.Atan2(2, -1)));
        Assert.True(Scalar.Max(two, 3).Is(3));
        Assert.True(Scalar.Min(two, double.NaN).Is(double.NaN));
        Assert.True((two < 3).Truth.Is(1));
        Assert.True(Scalar.Where(two <= 1, two, 7).Is(7));
    }

    [Theory]
    [InlineData(double.Epsilon, 3 * double.Epsilon)]
    [InlineData(1.1125369292536007e-308, 1e-300)]
    [InlineData(8.98846567431158e307, 1e300)]
    public void Division_by_a_power_of_two_is_exact_at_the_ends_of_the_range(double divisor, double x)
    {
        ExpressionGraph graph = ExpressionGraph.Interned();
        Scalar quotient = graph.Input(0) / divisor;
        Assert.Equal(x / divisor, Value(graph, quotient, x, 0));
    }

    [Fact]
    public void Equal_expressions_are_one_node()
    {
        ExpressionGraph graph = ExpressionGraph.Interned();
        Scalar x = graph.Input(0), y = graph.Input(1);
        Scalar a = Scalar.Sin(x * y) / (1 + x), b = Scalar.Sin(y * x) / (x + 1);
        Assert.Equal(a.Index, b.Index);
        Assert.Equal(4, graph.CountOperations([a, b]));
    }

    [Fact]
    public void A_trace_keeps_what_was_written()
    {
        ExpressionGraph graph = ExpressionGraph.Trace();
        Scalar x = graph.Input(0);
        Scalar written = (x * 0) + (x - x) + Scalar.Where(true, x, x);
        Assert.Equal(5, graph.CountOperations([written]));
    }

    /// <summary>An expression in full; operands that may change places are in one order.</summary>
    private static string Text(ExpressionGraph graph, int index)
    {
        Node node = graph[index];
        if (node.Operation.Arity() == 0)
            return graph.Describe(index);
        int[] indices = graph.OperandsOf(index, new int[3]).ToArray();
        IEnumerable<string> operands = indices.Select(operand => Text(graph, operand));
        operands = node.Operation.IsCommutative() ? operands.Order(StringComparer.Ordinal) : operands;
        return $"{node.Operation}({string.Join(", ", operands)})";
    }

    private static Scalar And(Mask<Scalar> a, Mask<Scalar> b) => (a & b).Truth;

    private static Scalar Or(Mask<Scalar> a, Mask<Scalar> b) => (a | b).Truth;

    /// <summary>Numbers of all sizes and both signs.</summary>
    private static double Spread(Random random) =>
        Math.ScaleB((2 * random.NextDouble()) - 1, random.Next(-200, 200));

    private static double Value(Rule rule, double x, double y)
    {
        ExpressionGraph trace = ExpressionGraph.Trace();
        return Value(trace, rule(trace.Input(0), trace.Input(1)), x, y);
    }

    private static double Value(ExpressionGraph graph, Scalar root, double x, double y)
    {
        var walk = new TreeWalk(graph, root);
        return walk.Evaluate(WalkInputs<Float64>.Of([x, y]))[0][0].Value;
    }
}
