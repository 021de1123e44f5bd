using System.Text;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>
/// An objective at one time, arranged for solving: its groups, its variables in tables by kind, which of them are
/// optimised. Immutable; shared freely between threads and solves. What upper parts derive from it (kernels, orderings)
/// they make once and keep beside it.
/// </summary>
public sealed class Problem
{
    private readonly Dictionary<Variable, int> _numbers;

    internal Problem(
        Variable[] variables, VariableTable[] tables, VariablePlace[] places, int optimizedCount, ProblemGroup[] groups,
        ProblemOptions options)
    {
        Variables = variables;
        Tables = tables;
        Places = places;
        OptimizedCount = optimizedCount;
        Groups = groups;
        Options = options;
        TangentOffsets = new int[variables.Length + 1];
        _numbers = new(variables.Length);
        for (int k = 0; k < variables.Length; k++)
        {
            TangentOffsets[k + 1] = TangentOffsets[k] + variables[k].Kind.TangentLength;
            _numbers.Add(variables[k], k);
        }
    }

    /// <summary>All variables: those optimised first, each set in the order of the objective.</summary>
    public IReadOnlyList<Variable> Variables { get; }

    /// <summary>How many variables are optimised: the first ones of <see cref="Variables"/>.</summary>
    public int OptimizedCount { get; }

    /// <summary>The groups of cost functions.</summary>
    public IReadOnlyList<ProblemGroup> Groups { get; }

    /// <summary>How it was made.</summary>
    public ProblemOptions Options { get; }

    /// <summary>How many tangent coordinates the optimised variables have together.</summary>
    public int TangentLength => TangentOffsets[OptimizedCount];

    /// <summary>How many cost functions there are.</summary>
    public int CostCount => Groups.Sum(group => group.Count);

    /// <summary>How many entries all residuals have together.</summary>
    public int ResidualLength => Groups.Sum(group => group.Count * group.Dimension);

    /// <summary>The variables by kind: how their numbers lie in a solver's memory.</summary>
    internal IReadOnlyList<VariableTable> Tables { get; }

    /// <summary>Where each variable lies, in the order of <see cref="Variables"/>.</summary>
    internal IReadOnlyList<VariablePlace> Places { get; }

    /// <summary>Whether the solver changes a variable.</summary>
    /// <param name="variable">A variable of the problem.</param>
    /// <exception cref="ArgumentException">The problem has no such variable.</exception>
    public bool IsOptimized(Variable variable) => NumberOf(variable) < OptimizedCount;

    /// <summary>Values from named inputs.</summary>
    /// <param name="batchSize">How many elements the batch has, at least 1.</param>
    /// <param name="inputs">
    /// For each name, the numbers of that variable: one storage for the whole batch, or one for each element, one after
    /// another. Copied.
    /// </param>
    /// <exception cref="ArgumentException">A name is unknown, a length does not fit, a variable is missing.</exception>
    public Values CreateValues(int batchSize, IReadOnlyDictionary<string, ReadOnlyMemory<double>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Dictionary<string, Variable> names = Variables.ToDictionary(variable => variable.Name);
        var values = new Values(batchSize);
        foreach ((string name, ReadOnlyMemory<double> numbers) in inputs)
            values.Set(
                names.TryGetValue(name, out Variable? variable) ? variable : throw new ArgumentException(
                    $"The problem has no variable '{name}'. Its variables: {GroupDescription.Names(Variables)}.",
                    nameof(inputs)),
                numbers.Span);
        foreach (Variable variable in Variables)
            if (!values.Contains(variable))
                throw new ArgumentException($"The input '{variable.Name}' ({variable.Kind}) is missing.", nameof(inputs));
        return values;
    }

    /// <summary>Groups, counts and dimensions.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"Problem: {OptimizedCount} variables to optimise ({TangentLength} coordinates), ")
            .Append($"{Variables.Count - OptimizedCount} constant; ")
            .Append($"{CostCount} cost functions ({ResidualLength} residuals)");
        foreach (ProblemGroup group in Groups)
            text.AppendLine().Append("  ").Append(group);
        return text.ToString();
    }

    /// <summary>
    /// Where each variable's tangent begins when those of all variables follow each other, and the end: the optimised
    /// ones come first, so the first offsets are those of the linear system.
    /// </summary>
    internal int[] TangentOffsets { get; }

    /// <summary>A variable's place in <see cref="Variables"/>.</summary>
    internal int NumberOf(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return _numbers.TryGetValue(variable, out int number) ? number : throw new ArgumentException(
            $"The problem has no variable '{variable.Name}': no cost function of its objective names it.");
    }
}

/// <summary>The variables of one kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Variables">The variables; those optimised first.</param>
/// <param name="OptimizedCount">How many of them are optimised.</param>
internal sealed record VariableTable(ValueKind Kind, Variable[] Variables, int OptimizedCount);

/// <summary>Where a variable lies.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Row">Its row there.</param>
internal readonly record struct VariablePlace(int Table, int Row);
