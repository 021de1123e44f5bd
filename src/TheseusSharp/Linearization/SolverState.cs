using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>
/// The values of all variables of a problem in one element of a batch, or in several side by side: a dense array for
/// each kind, variable after variable, number after number, lane after lane.
/// </summary>
internal sealed class SolverState
{
    private readonly Problem _problem;
    private readonly Pinned<double>[] _tables;

    /// <summary>Zeros.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="lanes">How many elements lie side by side.</param>
    public SolverState(Problem problem, int lanes = 1)
    {
        _problem = problem;
        Lanes = lanes;
        _tables = [.. problem.Tables.Select(
            table => new Pinned<double>(checked(table.Variables.Length * table.Kind.StorageLength * lanes)))];
    }

    /// <summary>How many elements lie side by side.</summary>
    public int Lanes { get; }

    /// <summary>The values of one kind, variable after variable.</summary>
    public Pinned<double> this[int table] => _tables[table];

    /// <summary>The numbers of one variable: those of all lanes.</summary>
    /// <param name="number">Its place in the problem.</param>
    public Span<double> Of(int number)
    {
        VariablePlace place = _problem.Places[number];
        int length = _problem.Tables[place.Table].Kind.StorageLength * Lanes;
        return _tables[place.Table].Span.Slice(place.Row * length, length);
    }

    /// <summary>Takes the values of one element of a batch; for a state of one lane.</summary>
    /// <exception cref="ArgumentException">A variable has no value.</exception>
    public void Load(Values values, int element) => Load(values.Resolve(_problem.Variables), element);

    /// <summary>Takes the values of one element of a batch; for a state of one lane.</summary>
    /// <param name="values">Those of the problem's variables.</param>
    /// <param name="element">The element.</param>
    public void Load(ResolvedValues values, int element)
    {
        for (int number = 0; number < _problem.Variables.Count; number++)
            values.Read(number, element, Of(number));
    }

    /// <summary>Writes the optimised variables into one element of a batch; for a state of one lane.</summary>
    public void Store(Values values, int element)
    {
        for (int number = 0; number < _problem.OptimizedCount; number++)
            values.SetElement(_problem.Variables[number], element, Of(number));
    }

    /// <summary>Writes the optimised variables into one element of a batch; for a state of one lane.</summary>
    /// <param name="values">Those of the problem's variables, the optimised ones with a value for each element.</param>
    /// <param name="element">The element.</param>
    public void Store(ResolvedValues values, int element)
    {
        for (int number = 0; number < _problem.OptimizedCount; number++)
            values.Write(number, element, Of(number));
    }

    /// <summary>A copy of the optimised variables, table after table.</summary>
    public double[] SaveOptimized()
    {
        var saved = new double[_problem.Tables.Sum(table => table.OptimizedCount * table.Kind.StorageLength)];
        SaveOptimized(saved);
        return saved;
    }

    /// <summary>Makes such a copy in memory that is there.</summary>
    public void SaveOptimized(Span<double> saved)
    {
        for (int table = 0; table < _tables.Length; table++)
        {
            Span<double> optimized = OptimizedOf(table);
            optimized.CopyTo(saved);
            saved = saved[optimized.Length..];
        }
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

    /// <summary>Takes one lane of another state into a lane of this one.</summary>
    /// <param name="lane">The lane of this state.</param>
    /// <param name="other">The other state.</param>
    /// <param name="otherLane">Its lane.</param>
    /// <param name="withConstants">Whether the variables that are not optimised are copied, too.</param>
    public void CopyLane(int lane, SolverState other, int otherLane, bool withConstants)
    {
        for (int table = 0; table < _tables.Length; table++)
        {
            ReadOnlySpan<double> from =
                withConstants ? other._tables[table].Span : other.OptimizedOf(table);
            Span<double> to = _tables[table].Span;
            for (int k = otherLane, target = lane; k < from.Length; k += other.Lanes, target += Lanes)
                to[target] = from[k];
        }
    }

    private Span<double> OptimizedOf(int table) => _tables[table].Span[
        ..(_problem.Tables[table].OptimizedCount * _problem.Tables[table].Kind.StorageLength * Lanes)];
}
