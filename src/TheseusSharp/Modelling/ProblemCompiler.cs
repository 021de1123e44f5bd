using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>From an objective to a problem: roles, tables, columns.</summary>
internal static class ProblemCompiler
{
    public static Problem Compile(Objective objective, ProblemOptions options)
    {
        HashSet<Variable> held = Named(objective, options.Held, nameof(options.Held));
        HashSet<Variable> freed = Named(objective, options.Freed, nameof(options.Freed));
        if (held.Overlaps(freed))
            throw new ArgumentException(
                $"Variable '{held.First(freed.Contains).Name}' is both in {nameof(options.Held)} and in " +
                $"{nameof(options.Freed)}.");
        bool IsOptimized(Variable variable) =>
            variable.Role == VariableRole.Optimized ? !held.Contains(variable) : freed.Contains(variable);

        ILookup<bool, Variable> byRole = objective.Variables.ToLookup(IsOptimized);
        Variable[] variables = [.. byRole[true], .. byRole[false]];
        int optimizedCount = byRole[true].Count();
        VariableTable[] tables = Tables(variables, optimizedCount, out VariablePlace[] places);
        var columns = new GroupColumns(variables, places, optimizedCount);
        ProblemGroup[] groups = [.. objective.Groups.Where(group => group.Count > 0).Select(columns.Arrange)];
        return new(variables, tables, places, optimizedCount, groups, options);
    }

    private static HashSet<Variable> Named(Objective objective, IReadOnlyCollection<Variable> variables, string option)
    {
        ArgumentNullException.ThrowIfNull(variables, option);
        if (variables.Contains(null!))
            throw new ArgumentException($"{option} names a variable that is null.");
        foreach (Variable variable in variables)
            if (!ReferenceEquals(objective.FindVariable(variable.Name), variable))
                throw new ArgumentException(
                    $"{option} names the variable '{variable.Name}', which no cost function of the objective names. " +
                    "Expected variables of the objective itself.");
        return [.. variables];
    }

    private static VariableTable[] Tables(Variable[] variables, int optimizedCount, out VariablePlace[] places)
    {
        var rows = new Dictionary<ValueKind, List<int>>();
        for (int k = 0; k < variables.Length; k++)
        {
            if (!rows.TryGetValue(variables[k].Kind, out List<int>? table))
                rows.Add(variables[k].Kind, table = []);
            table.Add(k);
        }

        places = new VariablePlace[variables.Length];
        var tables = new List<VariableTable>();
        foreach ((ValueKind kind, List<int> numbers) in rows)
        {
            for (int row = 0; row < numbers.Count; row++)
                places[numbers[row]] = new(tables.Count, row);
            tables.Add(new(
                kind, [.. numbers.Select(k => variables[k])], numbers.Count(number => number < optimizedCount)));
        }

        return [.. tables];
    }
}
