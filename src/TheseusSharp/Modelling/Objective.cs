using System.Runtime.InteropServices;
using System.Text;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>
/// ½ Σ ρ(‖w·r‖²): cost functions over variables. It is structure and holds no values; <see cref="Compile"/> makes an
/// immutable <see cref="Problem"/> of what it holds at that time.
/// </summary>
/// <remarks>
/// <para>
/// A cost function is a lambda over symbolic arguments; it runs once, when it is added. Cost functions that do the same
/// operations make one group and share one kernel, whatever numbers they captured; two that differ in any operation
/// never do.
/// </para>
/// <para>A call that throws changes nothing. Not for use by several threads at once.</para>
/// </remarks>
public sealed partial class Objective
{
    private readonly List<CostFunction> _costs = [];
    private readonly Dictionary<int, List<CostGroup>> _groups = [];
    private readonly List<CostGroup> _groupsInOrder = [];
    private readonly Dictionary<string, CostFunction> _costsByName = [];
    private readonly Dictionary<string, Variable> _variables = [];
    private readonly Dictionary<Variable, VariableUse> _uses = [];
    private Variable[]? _variablesInOrder;
    private int _nextNumber;
    private int _nextVariable;

    /// <summary>What was added, in order.</summary>
    public IReadOnlyList<CostFunction> Costs => _costs;

    /// <summary>How many cost functions there are.</summary>
    public int CostCount => _costs.Sum(cost => cost.Count);

    /// <summary>How many groups there are: as many kernels will be compiled.</summary>
    public int GroupCount => _groupsInOrder.Count(group => group.Count > 0);

    /// <summary>The variables, in the order in which cost functions first named them.</summary>
    public IReadOnlyCollection<Variable> Variables =>
        _variablesInOrder ??= [.. _uses.OrderBy(use => use.Value.Number).Select(use => use.Key)];

    /// <summary>How many entries all residuals have together.</summary>
    public int Dimension => _costs.Sum(cost => cost.Count * cost.Dimension);

    internal IReadOnlyList<CostGroup> Groups => _groupsInOrder;

    /// <summary>The variable of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The variable, or null.</returns>
    public Variable? FindVariable(string name) => _variables.GetValueOrDefault(name);

    /// <summary>What was added under a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The cost function, or null.</returns>
    public CostFunction? FindCost(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _costsByName.GetValueOrDefault(name) ?? Unnamed(name);
    }

    /// <summary>Takes out what one call added; variables that nothing else names go with it.</summary>
    /// <param name="cost">What the call returned.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(CostFunction cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        int place = CostFunction.Find(_costs, cost.Number);
        if (place < 0 || _costs[place] != cost)
            return false;
        _costs.RemoveAt(place);
        _costsByName.Remove(cost.Name);
        cost.Group.Remove(cost);
        foreach (Variable variable in VariablesOf(cost.Arguments, cost.Count))
            Release(variable);
        return true;
    }

    /// <summary>Makes a problem of what is there now.</summary>
    /// <param name="options">What is held constant, how kernels are compiled.</param>
    /// <exception cref="ArgumentException">An option names a variable that is not in the objective.</exception>
    public Problem Compile(ProblemOptions? options = null) => ProblemCompiler.Compile(this, options ?? new());

    /// <summary>The groups with their counts and dimensions, and the variables by kind.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"Objective: {CostCount} cost functions in {GroupCount} groups, {_variables.Count} variables, ")
            .Append($"residual dimension {Dimension}");
        foreach (CostGroup group in _groupsInOrder.Where(group => group.Count > 0))
            text.AppendLine().Append("  ").Append(GroupDescription.Of(group));
        foreach (IGrouping<ValueKind, Variable> kind in _variables.Values.GroupBy(variable => variable.Kind))
            text.AppendLine().Append($"  {kind.Count()} × {kind.Key}: {GroupDescription.Names(kind)}");
        return text.ToString();
    }

    /// <summary>Finishes a trace and adds its cost function: all checks come before the first change.</summary>
    private CostFunction Commit<TResult>(
        CostTracer tracer, TResult residual, CostWeight? weight, RobustLoss? loss, string? name, bool isSingle)
        where TResult : IStorable<TResult, Scalar>
    {
        SkipTakenNumbers();
        string shown = name ?? CostFunction.DefaultName(_nextNumber);
        if (name is not null && FindCost(name) is not null)
            throw new ArgumentException(
                $"A cost function named '{name}' is in the objective already; names are unique.");
        CostTrace trace = tracer.Finish(residual, weight ?? CostWeight.Identity, loss, shown);
        ArgumentColumn[] arguments = [.. tracer.Arguments];
        int count = isSingle ? CountOfOne(arguments, shown) : CountOf(arguments, shown);
        List<Variable> named = VariablesOf(arguments, count);
        CheckNames(named);

        foreach (Variable variable in named)
            Use(variable);
        CostGroup group = GroupOf(trace);
        var cost = new CostFunction(_nextNumber++, name, count, arguments, trace.Literals(), group, loss);
        group.Add(cost);
        _costs.Add(cost);
        if (name is not null)
            _costsByName.Add(name, cost);
        return cost;
    }

    /// <summary>Finds a cost function by a made-up name, without keeping such names.</summary>
    private CostFunction? Unnamed(string name)
    {
        if (CostFunction.NumberOf(name) is not { } number)
            return null;
        int place = CostFunction.Find(_costs, number);
        return place >= 0 && _costs[place].Name == name ? _costs[place] : null;
    }

    /// <summary>Made-up names keep clear of given ones.</summary>
    private void SkipTakenNumbers()
    {
        while (_costsByName.Count > 0 && _costsByName.ContainsKey(CostFunction.DefaultName(_nextNumber)))
            _nextNumber++;
    }

    private static int CountOfOne(ArgumentColumn[] arguments, string name)
    {
        foreach (ArgumentColumn argument in arguments)
            if (argument.Count is not (1 or -1))
                throw new ArgumentException(
                    $"Cost function '{name}' is one, but its weight is a column of {argument.Count}: use AddColumns.");
        return 1;
    }

    private static int CountOf(ArgumentColumn[] arguments, string name)
    {
        int count = -1;
        foreach (ArgumentColumn argument in arguments)
        {
            if (argument.Count < 0)
                continue;
            if (count >= 0 && argument.Count != count)
                throw new ArgumentException(
                    $"The columns of '{name}' have {count} and {argument.Count} elements; expected as many in each.");
            count = argument.Count;
        }

        return count >= 0 ? count : throw new ArgumentException(
            $"All columns of '{name}' are shared, which does not tell how many cost functions to add: use Add.");
    }

    /// <summary>The variables that some cost functions name, each once, in the order in which they do.</summary>
    private static List<Variable> VariablesOf(ArgumentColumn[] arguments, int count)
    {
        var named = new List<Variable>(arguments.Length);
        HashSet<Variable>? seen = count > 1 ? [] : null;
        for (int row = 0; row < count; row++)
            foreach (ArgumentColumn argument in arguments)
            {
                if (argument.IsData || (row > 0 && argument.Count < 0))
                    continue;
                Variable variable = argument.VariableOf(row);
                if (seen?.Add(variable) ?? !named.Contains(variable))
                    named.Add(variable);
            }

        return named;
    }

    private void CheckNames(List<Variable> named)
    {
        HashSet<string>? names = null;
        foreach (Variable variable in named)
            if (!_uses.ContainsKey(variable)
                && (_variables.ContainsKey(variable.Name) || !(names ??= []).Add(variable.Name)))
                throw new ArgumentException(
                    $"Two different variables are named '{variable.Name}'. Names are unique in an objective: rename " +
                    "one, or use the same Variable object in both cost functions.");
    }

    private void Use(Variable variable)
    {
        ref VariableUse use = ref CollectionsMarshal.GetValueRefOrAddDefault(_uses, variable, out bool known);
        use = new(known ? use.Number : _nextVariable++, use.Calls + 1);
        if (known)
            return;
        _variables.Add(variable.Name, variable);
        _variablesInOrder = null;
    }

    private void Release(Variable variable)
    {
        ref VariableUse use = ref CollectionsMarshal.GetValueRefOrNullRef(_uses, variable);
        use = use with { Calls = use.Calls - 1 };
        if (use.Calls > 0)
            return;
        _uses.Remove(variable);
        _variables.Remove(variable.Name);
        _variablesInOrder = null;
    }

    private CostGroup GroupOf(CostTrace trace)
    {
        ref List<CostGroup>? candidates =
            ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, trace.StructuralHash, out _);
        candidates ??= [];
        CostGroup? group = candidates.Find(candidate => candidate.Trace.HasStructureOf(trace));
        if (group is null)
        {
            group = new(trace);
            candidates.Add(group);
            _groupsInOrder.Add(group);
        }

        return group;
    }

    /// <summary>That a variable is named.</summary>
    /// <param name="Number">How many variables were named first before it.</param>
    /// <param name="Calls">How many calls name it.</param>
    private readonly record struct VariableUse(int Number, int Calls);
}
