using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <content>
/// Stages: all variables of one stage are eliminated before any of the next, each stage by minimum degree (as CAMD in
/// SuiteSparse does). Blocks can so be held back, and nested dissection says when its separators come.
/// </content>
public sealed partial class MinimumDegree
{
    /// <summary>Of each variable, in which stage it is eliminated.</summary>
    private readonly int[] _stages;
    private int _stage;

    /// <summary>An order of elimination with little fill, some blocks last.</summary>
    internal static int[] Order(BlockStructure structure, bool[] isLast)
    {
        int[] stages = new int[isLast.Length];
        for (int i = 0; i < stages.Length; i++)
            stages[i] = isLast[i] ? 1 : 0;
        return LastBlocks.MoveToEnd(Order(structure, stages, FindDense(structure)), isLast);
    }

    /// <summary>An order of elimination by stages.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="stages">The stage of each block, from 0.</param>
    /// <param name="isDense">Blocks that come at the end, whatever their stage.</param>
    internal static int[] Order(BlockStructure structure, int[] stages, bool[] isDense) =>
        new MinimumDegree(structure, stages, isDense).Run(isDense);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int[] Run(bool[] isDense)
    {
        for (int i = 0; i < isDense.Length; i++)
            if (!isDense[i])
            {
                _remaining += _weight[i];
                _degrees.Degree[i] = InitialDegree(i);
            }

        int[] order = new int[isDense.Length];
        int done = 0, stageCount = _stages.Length == 0 ? 0 : _stages.Max() + 1;
        (int[] starts, int[] variables) = Buckets.Sort(_stages, stageCount);
        for (_stage = 0; _stage < stageCount; _stage++)
        {
            Enlist(variables.AsSpan(starts[_stage]..starts[_stage + 1]), isDense);
            while (_degrees.TryTakeLeast(out int pivot))
            {
                Eliminate(pivot);
                for (int member = pivot; member >= 0; member = _nextMember[member])
                    order[done++] = member;
            }
        }

        for (int i = 0; i < isDense.Length; i++)
            if (isDense[i])
                order[done++] = i;
        return order;
    }

    /// <summary>Puts the variables of a stage up for elimination, but those merged into others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Enlist(ReadOnlySpan<int> variables, bool[] isDense)
    {
        foreach (int variable in variables)
            if (!isDense[variable] && _weight[variable] > 0)
                _degrees.Insert(variable, _degrees.Degree[variable]);
    }

    /// <summary>Notes the degree of a variable, which waits for its turn if its stage has come.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetDegree(int variable, int degree)
    {
        if (IsInStage(variable))
            _degrees.Insert(variable, degree);
        else
            _degrees.Degree[variable] = degree;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsInStage(int variable) => _stages[variable] == _stage;
}
