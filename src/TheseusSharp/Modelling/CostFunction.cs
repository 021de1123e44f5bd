using System.Runtime.InteropServices;

namespace TheseusSharp.Modelling;

/// <summary>
/// What one call to an objective added: one cost function, or as many as its columns are long. Immutable.
/// </summary>
public sealed class CostFunction
{
    private const string DefaultPrefix = "cost";

    private readonly string? _name;

    internal CostFunction(
        int number, string? name, int count, ArgumentColumn[] arguments, double[] literals, CostGroup group,
        RobustLoss? loss)
    {
        Number = number;
        _name = name;
        Count = count;
        Arguments = arguments;
        Literals = literals;
        Group = group;
        Loss = loss;
    }

    /// <summary>The name, given or made up.</summary>
    public string Name => _name ?? DefaultName(Number);

    /// <summary>How many cost functions these are.</summary>
    public int Count { get; }

    /// <summary>How many entries each residual has.</summary>
    public int Dimension => Group.Trace.Dimension;

    /// <summary>The loss, if there is one.</summary>
    public RobustLoss? Loss { get; }

    /// <summary>How many calls came before.</summary>
    internal int Number { get; }

    /// <summary>The lambda's arguments, then the weight's and the loss's if they are variables or columns.</summary>
    internal ArgumentColumn[] Arguments { get; }

    /// <summary>The numbers that the lambda, the weight and the loss brought along.</summary>
    internal double[] Literals { get; }

    internal CostGroup Group { get; }

    /// <summary>The variables of one of the cost functions, in the order of the arguments.</summary>
    /// <param name="row">Which one, below <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such cost function.</exception>
    public IReadOnlyList<Variable> VariablesOf(int row = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        return [.. Arguments.Where(argument => !argument.IsData).Select(argument => argument.VariableOf(row))];
    }

    /// <summary>The name and the count.</summary>
    public override string ToString() => Count == 1 ? Name : $"{Name} × {Count}";

    /// <summary>The place of a number among cost functions in that order; negative if none has it.</summary>
    internal static int Find(List<CostFunction> costs, int number) =>
        CollectionsMarshal.AsSpan(costs).BinarySearch(new Numbered(number));

    internal static string DefaultName(int number) => $"{DefaultPrefix}{number}";

    /// <summary>The number in a made-up name; null if it is no such name.</summary>
    internal static int? NumberOf(string name) =>
        name.StartsWith(DefaultPrefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(DefaultPrefix.Length), out int number) ? number : null;

    private readonly struct Numbered(int number) : IComparable<CostFunction>
    {
        public int CompareTo(CostFunction? other) => number.CompareTo(other!.Number);
    }
}

/// <summary>The cost functions of an objective that share a trace, and so will share a kernel.</summary>
internal sealed class CostGroup(CostTrace trace)
{
    /// <summary>The trace of its first member.</summary>
    public CostTrace Trace { get; } = trace;

    public List<CostFunction> Members { get; } = [];

    public int Count { get; private set; }

    public void Add(CostFunction member)
    {
        Members.Add(member);
        Count += member.Count;
    }

    public void Remove(CostFunction member)
    {
        Members.RemoveAt(CostFunction.Find(Members, member.Number));
        Count -= member.Count;
    }
}
