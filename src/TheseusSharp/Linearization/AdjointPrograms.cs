using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Linearization;

/// <summary>Which scalar of a cost function an adjoint kernel differentiates, with μ and δ given.</summary>
internal enum AdjointTarget
{
    /// <summary>The cost ½ρ.</summary>
    Cost,

    /// <summary>μᵀg = ρ′·(Jμ)ᵀe: the gradient along μ.</summary>
    Gradient,

    /// <summary>μᵀ(g + Hδ) = ρ′·(Jμ)ᵀ(e + Jδ): what a step solves, along μ.</summary>
    Step,

    /// <summary>The same, and Σₐ wₐ·Hₐₐ: the diagonal, where damping depends on it.</summary>
    DampedStep,
}

/// <summary>Where an adjoint kernel finds its vectors: among its slots, behind those of the cost function.</summary>
/// <param name="First">The first slot.</param>
/// <param name="Length">How many tangent coordinates the active parameters have together.</param>
internal readonly record struct AdjointSlots(int First, int Length)
{
    public int Mu => First;

    public int Delta => First + Length;

    public int Weights => First + (2 * Length);

    /// <summary>One past the last slot that a target uses.</summary>
    public int End(AdjointTarget target) => First + (Length * (int)target);
}

/// <summary>
/// Adjoint kernels from the same trace: the gradient of a scalar of each cost function by its variables, ρ′ not frozen.
/// The scalars are directional (one forward sweep along μ, one along δ), so the second derivatives of the residual cost
/// a small multiple of the residual, and no J̄ is ever formed.
/// </summary>
internal static class AdjointPrograms
{
    /// <summary>The slots of μ, δ and w.</summary>
    public static AdjointSlots Slots(ProblemGroup group)
    {
        int first = 0;
        foreach (GroupParameter parameter in group.Layout.Parameters)
            first = Math.Max(first, parameter.Slot + parameter.Kind.StorageLength);
        foreach (int slot in group.Layout.DataSlots)
            first = Math.Max(first, slot + 1);
        return new(first, GroupPrograms.Active(group).Sum(parameter => parameter.Kind.TangentLength));
    }

    /// <summary>The gradient of a target by some parameters, tangent after tangent.</summary>
    public static GroupProgram Gradient(ProblemGroup group, AdjointTarget target, IEnumerable<GroupParameter> by)
    {
        Scalar[] outputs = GroupPrograms.Fused(group, out ExpressionGraph graph);
        Scalar scalar = target == AdjointTarget.Cost
            ? GroupPrograms.Cost(group, outputs)
            : Directional(group, graph, outputs, target);
        scalar = graph.At(scalar.IndexIn(graph));
        ReverseSweep sweep = ReverseSweep.From(graph, [scalar], [1.0], graph.Live([scalar]), sumsOverRows: false);
        return GroupPrograms.Expanded(
            graph, [.. by.SelectMany(parameter => sweep.GradientBy(new(parameter.Kind, parameter.Slot)))]);
    }

    private static Scalar Directional(
        ProblemGroup group, ExpressionGraph graph, Scalar[] outputs, AdjointTarget target)
    {
        AdjointSlots slots = Slots(group);
        Scalar[] residual = outputs[..group.Dimension];
        Scalar[] alongMu = Along(group, graph, residual, slots.Mu);
        Scalar[] linear = residual;
        if (target != AdjointTarget.Gradient)
            linear = [.. residual.Zip(Along(group, graph, residual, slots.Delta), (e, moved) => e + moved)];
        Scalar[] terms = [.. alongMu.Zip(linear, (moved, e) => moved * e)];
        if (target == AdjointTarget.DampedStep)
            terms = [.. terms.Zip(WeightedDiagonal(group, graph, residual, slots), (term, added) => term + added)];
        return terms.Zip(GroupPrograms.Slopes(group, graph, outputs), (term, slope) => slope * term)
            .Aggregate((sum, term) => sum + term);
    }

    /// <summary>J times a vector of inputs.</summary>
    private static Scalar[] Along(ProblemGroup group, ExpressionGraph graph, Scalar[] residual, int slot)
    {
        var direction = new List<(DifferentiationVariable, Scalar[])>();
        foreach (GroupParameter parameter in GroupPrograms.Active(group))
        {
            var tangent = new Scalar[parameter.Kind.TangentLength];
            for (int k = 0; k < tangent.Length; k++)
                tangent[k] = graph.Input(slot++);
            direction.Add((new(parameter.Kind, parameter.Slot), tangent));
        }

        return ForwardSweep.Along(graph, residual, direction.ToArray(), graph.Live(residual));
    }

    /// <summary>What each row of the residual gives to Σₐ wₐ·(JᵀJ)ₐₐ.</summary>
    private static Scalar[] WeightedDiagonal(
        ProblemGroup group, ExpressionGraph graph, Scalar[] residual, AdjointSlots slots)
    {
        DifferentiationVariable[] variables = [.. GroupPrograms.Active(group).Select(
            parameter => new DifferentiationVariable(parameter.Kind, parameter.Slot))];
        Scalar[] jacobian = Differentiator.Jacobian(graph, residual, variables, DifferentiationMode.Cheapest);
        var rows = new Scalar[residual.Length];
        for (int k = 0; k < jacobian.Length; k++)
            rows[k / slots.Length] += graph.Input(slots.Weights + (k % slots.Length)) * jacobian[k] * jacobian[k];
        return rows;
    }
}
