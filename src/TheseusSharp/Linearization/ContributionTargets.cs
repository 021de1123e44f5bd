using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>Where the gradients by a parameter go.</summary>
internal sealed class GradientTarget
{
    public GradientTarget(Problem problem, BlockStructure structure, GroupParameter parameter)
        : this(parameter.Kind.TangentLength, Array.ConvertAll(parameter.Numbers, number =>
            number < problem.OptimizedCount ? structure.Offsets[number] : GroupPlan.Absent))
    {
    }

    private GradientTarget(int length, int[] offsets)
    {
        Length = length;
        Offsets = offsets;
    }

    public int Length { get; }

    /// <summary>For each cost function, where in the gradient; or <see cref="GroupPlan.Absent"/>.</summary>
    public int[] Offsets { get; }

    /// <summary>The same for some cost functions, and one part of the gradient only.</summary>
    public GradientTarget Select(int[] costs, EquationPart part) => new(
        Length,
        Array.ConvertAll(costs, cost => part.HasGradient(Offsets[cost]) ? Offsets[cost] : GroupPlan.Absent));
}

/// <summary>How a block of a cost function goes into its place.</summary>
[Flags]
internal enum Placing
{
    AsItIs = 1,

    Transposed = 2,

    /// <summary>One variable in two places of a cost function: the block and its transpose.</summary>
    Both = AsItIs | Transposed,

    /// <summary>Nothing was there before: the block replaces what a linearization before left.</summary>
    First = 4,
}

/// <summary>Where the blocks (q, p) of JᵀJ go.</summary>
internal sealed class BlockTarget
{
    private readonly int[] _starts;
    private readonly Placing[] _placings;

    public BlockTarget(Problem problem, BlockStructure structure, GroupParameter p, GroupParameter q)
    {
        Rows = q.Kind.TangentLength;
        Columns = p.Kind.TangentLength;
        bool isDiagonal = ReferenceEquals(p, q);
        _starts = new int[p.Numbers.Length];
        _placings = new Placing[p.Numbers.Length];
        for (int k = 0; k < _starts.Length; k++)
            _starts[k] = Place(problem, structure, p.Numbers[k], q.Numbers[k], isDiagonal, out _placings[k]);
    }

    private BlockTarget(int rows, int columns, int[] starts, Placing[] placings)
    {
        Rows = rows;
        Columns = columns;
        _starts = starts;
        _placings = placings;
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The same for some cost functions, and one part of H only.</summary>
    public BlockTarget Select(int[] costs, EquationPart part) => new(
        Rows, Columns,
        Array.ConvertAll(costs, cost => part.HasBlock(_starts[cost]) ? _starts[cost] : GroupPlan.Absent),
        Array.ConvertAll(costs, cost => _placings[cost]));

    /// <summary>Where in the matrix's numbers a cost function's block goes, and how.</summary>
    public bool TryGet(int cost, out int start, out Placing placing)
    {
        (start, placing) = (_starts[cost], _placings[cost]);
        return start >= 0;
    }

    /// <summary>A cost function's block is the first to come to its place.</summary>
    public void MarkFirst(int cost) => _placings[cost] |= Placing.First;

    private static int Place(
        Problem problem, BlockStructure structure, int p, int q, bool isDiagonal, out Placing placing)
    {
        placing = isDiagonal || q > p ? Placing.AsItIs : q < p ? Placing.Transposed : Placing.Both;
        return p >= problem.OptimizedCount || q >= problem.OptimizedCount
            ? GroupPlan.Absent : structure.ValueStarts[structure.Find(p, q)];
    }
}
