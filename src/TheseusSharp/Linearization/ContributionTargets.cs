using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>Where the gradients by a parameter go.</summary>
internal sealed class GradientTarget
{
    public GradientTarget(Problem problem, BlockStructure structure, GroupParameter parameter)
        : this(
            parameter.Kind.TangentLength,
            Array.ConvertAll(
                parameter.Numbers, number => number < problem.OptimizedCount ? number : GroupPlan.Absent),
            Array.ConvertAll(
                parameter.Numbers,
                number => number < problem.OptimizedCount ? structure.Offsets[number] : GroupPlan.Absent))
    {
    }

    private GradientTarget(int length, int[] columns, int[] offsets)
    {
        Length = length;
        Columns = columns;
        Offsets = offsets;
    }

    public int Length { get; }

    /// <summary>For each cost function, the block column; or <see cref="GroupPlan.Absent"/>.</summary>
    public int[] Columns { get; }

    /// <summary>For each cost function, where in the gradient; or <see cref="GroupPlan.Absent"/>.</summary>
    public int[] Offsets { get; }

    /// <summary>The same for some cost functions, and one part of the gradient only.</summary>
    public GradientTarget Select(int[] costs, int[] partOfColumn, int part)
    {
        return new(Length, Array.ConvertAll(costs, Column), Array.ConvertAll(costs, Offset));

        int Column(int cost) => Columns[cost] is >= 0 and var column && partOfColumn[column] == part
            ? column : GroupPlan.Absent;

        int Offset(int cost) => Column(cost) >= 0 ? Offsets[cost] : GroupPlan.Absent;
    }
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

/// <summary>Where a block goes, and how.</summary>
/// <param name="Column">The block column.</param>
/// <param name="Start">Where it starts in the numbers of H; or <see cref="GroupPlan.Absent"/>.</param>
/// <param name="Placing">How.</param>
internal readonly record struct BlockPlace(int Column, int Start, Placing Placing)
{
    /// <summary>Whether it goes anywhere: not if a variable of the pair is held constant.</summary>
    public bool IsThere => Start >= 0;
}

/// <summary>Where the blocks (q, p) of JᵀJ go.</summary>
internal sealed class BlockTarget
{
    private readonly BlockPlace[] _places;

    public BlockTarget(Problem problem, BlockStructure structure, GroupParameter p, GroupParameter q)
        : this(q.Kind.TangentLength, p.Kind.TangentLength, new BlockPlace[p.Numbers.Length])
    {
        bool isDiagonal = ReferenceEquals(p, q);
        for (int k = 0; k < _places.Length; k++)
            _places[k] = Place(problem, structure, p.Numbers[k], q.Numbers[k], isDiagonal);
    }

    private BlockTarget(int rows, int columns, BlockPlace[] places)
    {
        Rows = rows;
        Columns = columns;
        _places = places;
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>How many numbers a block has.</summary>
    public int Length => Rows * Columns;

    /// <summary>Where a cost function's block goes.</summary>
    public BlockPlace this[int cost] => _places[cost];

    /// <summary>The same for some cost functions, and one part of H only.</summary>
    public BlockTarget Select(int[] costs, int[] partOfColumn, int part) => new(
        Rows, Columns,
        Array.ConvertAll(costs, cost => _places[cost] is { IsThere: true } place && partOfColumn[place.Column] == part
            ? place : _places[cost] with { Start = GroupPlan.Absent }));

    /// <summary>A cost function's block is the first to come to its place.</summary>
    public void MarkFirst(int cost) =>
        _places[cost] = _places[cost] with { Placing = _places[cost].Placing | Placing.First };

    private static BlockPlace Place(Problem problem, BlockStructure structure, int p, int q, bool isDiagonal)
    {
        bool isHeld = p >= problem.OptimizedCount || q >= problem.OptimizedCount;
        return new(
            Math.Min(p, q), isHeld ? GroupPlan.Absent : structure.ValueStarts[structure.Find(p, q)],
            isDiagonal || q > p ? Placing.AsItIs : q < p ? Placing.Transposed : Placing.Both);
    }
}
