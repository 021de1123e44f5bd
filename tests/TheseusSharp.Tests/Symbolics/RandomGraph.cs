using System.Globalization;
using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>One operation of a random expression; operands are places of earlier values, inputs first.</summary>
internal readonly record struct GraphStep(Operation Operation, int A, int B, int C, double Value)
{
    public ReadOnlySpan<int> Operands => new int[] { A, B, C }.AsSpan(0, Operation.Arity());

    /// <summary>Where a value is after another was taken out, and one put in its place.</summary>
    public static int Place(int value, int removed, int replacement) =>
        value == removed ? replacement : value > removed ? value - 1 : value;

    /// <summary>The same step after a value was taken out, and another put in its place.</summary>
    public GraphStep Without(int removed, int replacement) => this with
    {
        A = Place(A, removed, replacement),
        B = Place(B, removed, replacement),
        C = Place(C, removed, replacement),
    };

    public override string ToString() => Operation == Operation.Literal
        ? Value.ToString(CultureInfo.InvariantCulture)
        : $"{Operation}({string.Join(", ", Operands.ToArray().Select(operand => $"#{operand}"))})";
}

/// <summary>A random expression: steps over some inputs, and which values are its results.</summary>
internal sealed record RandomGraph(int Inputs, GraphStep[] Steps, int[] Results)
{
    /// <summary>Records the expression as a lambda would have written it.</summary>
    public Vector<Scalar> Record(Vector<Scalar> inputs)
    {
        List<Scalar> values = [.. inputs.AsSpan()];
        foreach (GraphStep step in Steps)
            values.Add(step.Operation == Operation.Literal ? step.Value
                : Scalar.Record(step.Operation, values[step.A], values[step.B], values[step.C]));
        return new([.. Results.Select(result => values[result])]);
    }

    /// <summary>
    /// Smaller graphs, such that a failure of this one may show in one of them: the most promising first.
    /// </summary>
    public IEnumerable<RandomGraph> Smaller()
    {
        if (Results.Length > 1)
            foreach (int result in Results)
                yield return this with { Results = [result] };
        for (int k = Steps.Length - 1; k >= 0; k--)
            foreach (int operand in Steps[k].Operands.ToArray().Distinct().DefaultIfEmpty(0))
                yield return Without(k, operand);
    }

    public override string ToString()
    {
        string steps = string.Join("; ", Steps.Select((step, k) => $"#{Inputs + k} = {step}"));
        return $"{steps}; results {string.Join(", ", Results)}";
    }

    private RandomGraph Without(int step, int replacement)
    {
        int removed = Inputs + step;
        GraphStep[] steps = [.. Steps[..step], .. Steps[(step + 1)..].Select(s => s.Without(removed, replacement))];
        return new(Inputs, steps, Array.ConvertAll(Results, result => GraphStep.Place(result, removed, replacement)));
    }
}
