using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>The values of all variables of a problem in one element of a batch: a dense array for each kind.</summary>
internal sealed class SolverState
{
    private readonly Problem _problem;
    private readonly Pinned<double>[] _tables;

    /// <summary>Zeros.</summary>
    public SolverState(Problem problem)
    {
        _problem = problem;
        _tables = [.. problem.Tables.Select(
            table => new Pinned<double>(checked(table.Variables.Length * table.Kind.StorageLength)))];
    }

    /// <summary>The values of one kind, variable after variable.</summary>
    public Pinned<double> this[int table] => _tables[table];

    /// <summary>The numbers of one variable.</summary>
    /// <param name="number">Its place in the problem.</param>
    public Span<double> Of(int number)
    {
        VariablePlace place = _problem.Places[number];
        int length = _problem.Tables[place.Table].Kind.StorageLength;
        return _tables[place.Table].Span.Slice(place.Row * length, length);
    }

    /// <summary>Takes the values of one element of a batch.</summary>
    /// <exception cref="ArgumentException">A variable has no value.</exception>
    public void Load(Values values, int element)
    {
        for (int number = 0; number < _problem.Variables.Count; number++)
        {
            Variable variable = _problem.Variables[number];
            if (!values.Contains(variable))
                throw new ArgumentException(
                    $"Variable '{variable.Name}' ({variable.Kind}) of the problem has no value. " +
                    "Give it one with Values.Set before solving.", nameof(values));
            values.CopyTo(variable, element, Of(number));
        }
    }

    /// <summary>Writes the optimised variables into one element of a batch.</summary>
    public void Store(Values values, int element)
    {
        for (int number = 0; number < _problem.OptimizedCount; number++)
            values.SetElement(_problem.Variables[number], element, Of(number));
    }

    /// <summary>A copy of the optimised variables, table after table.</summary>
    public double[] SaveOptimized()
    {
        var saved = new double[_problem.Tables.Sum(table => table.OptimizedCount * table.Kind.StorageLength)];
        Span<double> rest = saved;
        for (int table = 0; table < _tables.Length; table++)
        {
            Span<double> optimized = OptimizedOf(table);
            optimized.CopyTo(rest);
            rest = rest[optimized.Length..];
        }

        return saved;
    }

    /// <summary>Takes such a copy back.</summary>
    public void RestoreOptimized(ReadOnlySpan<double> saved)
    {
        for (int table = 0; table < _tables.Length; table++)
        {
            Span<double> optimized = OptimizedOf(table);
            saved[..optimized.Length].CopyTo(optimized);
            saved = saved[optimized.Length..];
        }
    }

    /// <summary>Takes all values of another state.</summary>
    public void CopyFrom(SolverState other)
    {
        for (int table = 0; table < _tables.Length; table++)
            other._tables[table].Span.CopyTo(_tables[table].Span);
    }

    private Span<double> OptimizedOf(int table) =>
        _tables[table].Span[..(_problem.Tables[table].OptimizedCount * _problem.Tables[table].Kind.StorageLength)];
}
