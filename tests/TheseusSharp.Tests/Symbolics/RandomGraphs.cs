using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>Random expressions of all scalar operations, with much sharing.</summary>
internal static class RandomGraphs
{
    public const int Inputs = 4;

    // Whole multiples of a small power of two: folding them is exact, so that it does not show in double-double.
    private static readonly double[] s_literals = [0, 1, -1, 2, -2, 0.5, 0.25, 3, 1.5, -0.75, 4];

    private static readonly Operation[] s_operations =
    [
        Operation.Literal,
        Operation.Add, Operation.Add, Operation.Subtract, Operation.Subtract, Operation.Multiply, Operation.Multiply,
        Operation.Multiply, Operation.Divide, Operation.Negate, Operation.Negate, Operation.Abs, Operation.Min,
        Operation.Max, Operation.Sqrt, Operation.Sin, Operation.Cos, Operation.Tan, Operation.Asin, Operation.Acos,
        Operation.Atan, Operation.Atan2, Operation.Exp, Operation.Log, Operation.Pow,
        Operation.Less, Operation.LessOrEqual, Operation.Equal, Operation.And, Operation.Or, Operation.Not,
        Operation.Where, Operation.Where, Operation.Where, Operation.Where, Operation.Where,
    ];

    /// <summary>
    /// Points to try an expression at: numbers of both signs, away from zero; near one another, so that most
    /// comparisons come out alike and there are arms that no point takes.
    /// </summary>
    public static double[][] Points(int seed)
    {
        var random = new Random(seed);
        double Number() => (random.Next(3) == 0 ? -1 : 1) * (0.3 + (1.5 * random.NextDouble()));
        double[] center = [.. Enumerable.Range(0, Inputs).Select(_ => Number())];
        double Shifted(double x, int point) => x + (0.1 * point * (random.NextDouble() - 0.5));
        return [.. Enumerable.Range(0, 3).Select(point => Array.ConvertAll(center, x => Shifted(x, point)))];
    }

    /// <summary>
    /// An expression of at most 60 steps that is smooth and well conditioned at the points of the same seed.
    /// </summary>
    public static RandomGraph Draw(int seed)
    {
        var random = new Random(seed);
        var builder = new RandomGraphBuilder(Points(seed));
        int steps = 5 + random.Next(56);
        for (int attempt = 0; attempt < 20 * steps && builder.Count < Inputs + steps; attempt++)
            builder.TryAdd(Step(random, builder), allowPoison: random.Next(3) == 0);
        return builder.Finish([.. builder.Healthy.Reverse().Where(builder.IsUnused).Take(4)]);
    }

    private static GraphStep Step(Random random, RandomGraphBuilder builder)
    {
        // Rather recent values than old ones, so that expressions grow deep.
        int Operand() =>
            random.Next(3) == 0 ? random.Next(builder.Count) : Math.Max(0, builder.Count - 1 - random.Next(8));
        Operation operation = s_operations[random.Next(s_operations.Length)];
        int a = Operand();
        int b = random.Next(12) == 0 ? a : Operand();
        int c = Operand();
        if (operation == Operation.Where)
            (a, b, c) = Arms(random, builder, b, c);
        return new(operation, a, b, c, s_literals[random.Next(s_literals.Length)]);
    }

    /// <summary>A condition, and in one of the arms a poisoned value, if there are such.</summary>
    private static (int Condition, int WhenTrue, int WhenFalse) Arms(
        Random random, RandomGraphBuilder builder, int b, int c)
    {
        int[] masks = [.. builder.Masks], poisoned = [.. builder.Poisoned];
        int condition = masks.Length > 0 ? masks[random.Next(masks.Length)] : 0;
        if (poisoned.Length == 0)
            return (condition, b, c);
        int poison = poisoned[random.Next(poisoned.Length)];
        return random.Next(2) == 0 ? (condition, poison, c) : (condition, b, poison);
    }
}
