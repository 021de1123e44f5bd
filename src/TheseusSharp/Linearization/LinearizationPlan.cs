using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TheseusSharp.Kernels;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Linearization;

/// <summary>
/// What linearizing a problem needs but values: kernels, the structure of H, where everything goes. Made once for a
/// problem, however many solve it.
/// </summary>
internal sealed class LinearizationPlan
{
    private static readonly ConditionalWeakTable<Problem, Lazy<LinearizationPlan>> s_plans = new();

    private readonly ConcurrentDictionary<AdjointKey, Lazy<GroupAdjoint[]>> _adjoints = new();
    private readonly ConcurrentDictionary<int, Lazy<CostShare[][]>> _shares = new();

    private LinearizationPlan(Problem problem)
    {
        long start = Stopwatch.GetTimestamp();
        Problem = problem;
        Structure = StructureOf(problem);
        Groups = new GroupPlan[problem.Groups.Count];
        Kinds = new KindKernels[problem.Tables.Count];
        Concurrently.For(Groups.Length + Kinds.Length, Compile);
        var isTaken = new bool[Structure.ValueCount];
        foreach (GroupPlan group in Groups)
            group.Columns.MarkFirst(isTaken);
        TangentOffsets = [.. Enumerable.Range(0, Kinds.Length).Select(OffsetsOf)];
        Time = Stopwatch.GetElapsedTime(start);
    }

    public Problem Problem { get; }

    /// <summary>The structure of H: a block row for each optimised variable.</summary>
    public BlockStructure Structure { get; }

    public GroupPlan[] Groups { get; }

    /// <summary>For each table of variables, what is done to its values.</summary>
    public KindKernels[] Kinds { get; }

    /// <summary>For each table of variables, where in the tangent of all each optimised one's begins.</summary>
    public Pinned<int>[] TangentOffsets { get; }

    /// <summary>How many lanes the kernels have, all alike.</summary>
    public int Lanes => Kinds.Length == 0 ? 1 : Kinds[0].Lanes;

    /// <summary>How long it took to make, compiling the kernels above all.</summary>
    public TimeSpan Time { get; }

    /// <summary>The plan of a problem.</summary>
    public static LinearizationPlan Of(Problem problem) =>
        s_plans.GetValue(problem, static key => new(() => new(key))).Value;

    /// <summary>For each group, what each of some threads has to do; divided once.</summary>
    /// <param name="threads">How many threads.</param>
    public CostShare[][] SharesOf(int threads) => _shares.GetOrAdd(
        threads, count => new(() =>
        {
            int[] partOfColumn = EquationParts.Divide(this, count);
            return Array.ConvertAll(Groups, group => CostShare.Divide(group, partOfColumn, count));
        })).Value;

    /// <summary>The adjoint kernels of all groups, compiled once for the same wishes.</summary>
    /// <param name="target">What is differentiated.</param>
    /// <param name="offsets">For each variable, where its gradient goes; negative for those that need none.</param>
    public GroupAdjoint[] AdjointsOf(AdjointTarget target, int[] offsets) => _adjoints.GetOrAdd(
        new(target, offsets), key => new(() =>
        {
            var adjoints = new GroupAdjoint[Groups.Length];
            Concurrently.For(adjoints.Length, k => adjoints[k] = new(Problem, Groups[k], key.Target, key.Offsets));
            return adjoints;
        })).Value;

    /// <summary>Compiles the kernels of a group, or of a kind; they do not depend on each other.</summary>
    private void Compile(int part)
    {
        if (part < Groups.Length)
            Groups[part] = new(Problem, Problem.Groups[part], Structure);
        else
            Kinds[part - Groups.Length] =
                KindKernels.Of(Problem.Tables[part - Groups.Length].Kind, Problem.Options.Compiler);
    }

    private Pinned<int> OffsetsOf(int table)
    {
        var offsets = new Pinned<int>(Problem.Tables[table].OptimizedCount);
        for (int number = 0; number < Problem.OptimizedCount; number++)
            if (Problem.Places[number].Table == table)
                offsets.Span[Problem.Places[number].Row] = Structure.Offsets[number];
        return offsets;
    }

    private static BlockStructure StructureOf(Problem problem)
    {
        int[] sizes =
            [.. problem.Variables.Take(problem.OptimizedCount).Select(variable => variable.Kind.TangentLength)];
        var pairs = new List<(int, int)>();
        foreach (ProblemGroup group in problem.Groups)
        {
            GroupParameter[] active = GroupPrograms.Active(group);
            for (int p = 0; p < active.Length; p++)
                for (int q = p + 1; q < active.Length; q++)
                    AddPairs(pairs, active[p].Numbers, active[q].Numbers, problem.OptimizedCount);
        }

        return BlockStructure.Create(sizes, CollectionsMarshal.AsSpan(pairs));
    }

    private static void AddPairs(List<(int, int)> pairs, int[] first, int[] second, int optimizedCount)
    {
        for (int k = 0; k < first.Length; k++)
            if (first[k] < optimizedCount && second[k] < optimizedCount && first[k] != second[k])
                pairs.Add((first[k], second[k]));
    }

    /// <summary>Which adjoint kernels: compared by content.</summary>
    private readonly record struct AdjointKey(AdjointTarget Target, int[] Offsets)
    {
        public bool Equals(AdjointKey other) =>
            Target == other.Target && Offsets.AsSpan().SequenceEqual(other.Offsets);

        public override int GetHashCode()
        {
            HashCode hash = default;
            hash.Add(Target);
            hash.AddBytes(MemoryMarshal.AsBytes(Offsets.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
