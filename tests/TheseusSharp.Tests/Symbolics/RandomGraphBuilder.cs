using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>
/// Builds expressions that are well conditioned and smooth at given points, by trying each step there: so that a
/// difference between two ways of computing one is a fault, and not rounding.
/// </summary>
/// <remarks>
/// Poisoned values (NaN, infinite, at a place without a derivative, or computed from such) are welcome where a
/// <c>Where</c> drops them at every point.
/// </remarks>
internal sealed class RandomGraphBuilder
{
    /// <summary>How far arguments stay from where a function jumps or bends.</summary>
    private const double Margin = 1e-3;

    private const double MaxMagnitude = 1e3;

    /// <summary>How much of the rounding unit errors may grow to.</summary>
    private const double MaxError = 1e4;

    private readonly List<GraphStep> _steps = [];
    private readonly List<Value> _values = [];
    private readonly int _inputs;
    private readonly int _points;

    /// <summary>Begins with inputs.</summary>
    /// <param name="points">The points; each has a number for each input.</param>
    public RandomGraphBuilder(double[][] points)
    {
        _inputs = points[0].Length;
        _points = points.Length;
        for (int k = 0; k < _inputs; k++)
            _values.Add(new([.. points.Select(point => point[k])], [.. points.Select(_ => 1.0)], false, false));
    }

    /// <summary>How many values there are, inputs included.</summary>
    public int Count => _values.Count;

    /// <summary>The numbers that a result may be made of.</summary>
    public IEnumerable<int> Healthy =>
        Enumerable.Range(0, Count).Where(k => !_values[k].IsMask && !_values[k].IsPoisoned);

    /// <summary>The numbers that only the arm not taken of a <c>Where</c> may be.</summary>
    public IEnumerable<int> Poisoned => Enumerable.Range(0, Count).Where(k => _values[k].IsPoisoned);

    /// <summary>The truth values.</summary>
    public IEnumerable<int> Masks => Enumerable.Range(0, Count).Where(k => _values[k].IsMask);

    /// <summary>Whether no step takes a value.</summary>
    public bool IsUnused(int value) => !_steps.Any(step => step.Operands.Contains(value));

    /// <summary>Adds a step if it keeps the expression smooth and well conditioned.</summary>
    /// <param name="step">The step.</param>
    /// <param name="allowPoison">Whether it may instead be a value that nothing healthy may depend on.</param>
    public bool TryAdd(GraphStep step, bool allowPoison = true)
    {
        if (step.Operands.ToArray().Any(operand => operand >= Count))
            return false;
        if (Try(step) is not { } value || (value.IsPoisoned && !allowPoison))
            return false;
        _steps.Add(step);
        _values.Add(value);
        return true;
    }

    /// <summary>The expression with given results.</summary>
    public RandomGraph Finish(int[] results) => new(_inputs, [.. _steps], results);

    /// <summary>Whether an expression could have been built here.</summary>
    public static bool Accepts(RandomGraph graph, double[][] points)
    {
        var builder = new RandomGraphBuilder(points);
        return graph.Steps.All(step => builder.TryAdd(step)) && graph.Results.All(builder.Healthy.Contains);
    }

    private Value? Try(GraphStep step)
    {
        if (step.Operation == Operation.Literal)
            return new([.. _values[0].Numbers.Select(_ => step.Value)], new double[_points], false, false);
        Value[] operands = [.. step.Operands.ToArray().Select(operand => _values[operand])];
        if (!KindsFit(step.Operation, operands))
            return null;
        Value result = Evaluate(step.Operation, operands);
        if (step.Operation == Operation.Where)
            return result with { IsPoisoned = TakesPoison(operands) || !IsModerate(result) };
        bool healthy = !operands.Any(operand => operand.IsPoisoned) && IsSmooth(step, operands) && IsModerate(result);
        bool mayBePoisoned = !step.Operation.IsMask()
            && step.Operation is not (Operation.Min or Operation.Max or Operation.Abs);
        return healthy || mayBePoisoned ? result with { IsPoisoned = !healthy } : null;
    }

    /// <summary>Poison in an arm is fine if no point takes the arm.</summary>
    private static bool TakesPoison(Value[] operands) =>
        (operands[1].IsPoisoned && operands[0].Numbers.Any(x => x != 0))
        || (operands[2].IsPoisoned && operands[0].Numbers.Any(x => x == 0));

    private static bool KindsFit(Operation operation, Value[] operands) => operation switch
    {
        Operation.And or Operation.Or or Operation.Not => operands.All(operand => operand.IsMask),
        Operation.Where => operands[0].IsMask && !operands[1].IsMask && !operands[2].IsMask,
        _ => operands.All(operand => !operand.IsMask),
    };

    private static bool IsModerate(Value value) =>
        value.Numbers.Zip(value.Errors).All(pair => Math.Abs(pair.First) < MaxMagnitude && pair.Second < MaxError);

    /// <summary>Two operands that are one value are no tie: they stay equal however that is computed.</summary>
    private static bool IsSmooth(GraphStep step, Value[] operands)
    {
        double[] a = operands[0].Numbers, b = operands[^1].Numbers;
        bool apart = a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) > Margin);
        return step.Operation switch
        {
            Operation.Min or Operation.Max or Operation.Less or Operation.LessOrEqual or Operation.Equal =>
                step.A == step.B || apart,
            Operation.Abs => a.All(x => Math.Abs(x) > Margin),
            Operation.Atan2 => a.Zip(b).All(pair => pair.Second > Margin || Math.Abs(pair.First) > Margin),
            Operation.Sqrt or Operation.Log => a.All(x => x > Margin),
            Operation.Asin or Operation.Acos => a.All(x => Math.Abs(x) < 1 - Margin),
            Operation.Divide => b.All(x => Math.Abs(x) > Margin),
            Operation.Pow => a.All(x => x > Margin),
            _ => true,
        };
    }

    /// <summary>The values, and how far rounding may have moved them, in units of rounding.</summary>
    private static Value Evaluate(Operation operation, Value[] operands)
    {
        int count = operands[0].Numbers.Length;
        var numbers = new double[count];
        var errors = new double[count];
        for (int point = 0; point < count; point++)
        {
            double[] at = [.. operands.Select(operand => operand.Numbers[point]), 0, 0];
            numbers[point] = operation.Evaluate(at[0], at[1], at[2]);
            errors[point] = Math.Abs(numbers[point]);
            for (int k = 0; k < operands.Length; k++)
                if (operation != Operation.Where || k == (at[0] != 0 ? 1 : 2))
                    errors[point] += Math.Abs(Slope(operation, at, k)) * operands[k].Errors[point];
        }

        return new(numbers, errors, operation.IsMask(), IsPoisoned: false);
    }

    private static double Slope(Operation operation, double[] at, int operand)
    {
        const double step = 1e-6;
        double Shifted(double by)
        {
            double[] moved = [.. at];
            moved[operand] += by;
            return operation.Evaluate(moved[0], moved[1], moved[2]);
        }

        return operation.IsMask() ? 0 : (Shifted(step) - Shifted(-step)) / (2 * step);
    }

    /// <summary>What is known of a value: its number at each point, and a bound on the rounding in it.</summary>
    private sealed record Value(double[] Numbers, double[] Errors, bool IsMask, bool IsPoisoned);
}
