using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Linearization;

/// <summary>The outputs of a group's kernel, as nodes of a graph without calls.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Outputs">The nodes.</param>
internal sealed record GroupProgram(ExpressionGraph Graph, Scalar[] Outputs);

/// <summary>
/// From a group's trace to what its kernels compute: the cost ½ρ(‖e‖²); and, for linearization, the gradient ρ′·Jᵀe and
/// the blocks of ρ′·JᵀJ (B. Triggs et al., "Bundle adjustment: a modern synthesis", 2000, with α = 0). The products are
/// formed in the kernel, so J is never written to memory and its zeros cost nothing; but where there would be very many
/// of them, the kernel gives ρ′ and J instead.
/// </summary>
internal static class GroupPrograms
{
    /// <summary>Beyond so many products a kernel would take longer to compile than it saves.</summary>
    private const int MostProducts = 8192;

    /// <summary>One output: the cost.</summary>
    public static GroupProgram Objective(ProblemGroup group)
    {
        Scalar[] outputs = Fused(group, out ExpressionGraph graph);
        return Expanded(graph, [Cost(group, outputs)]);
    }

    /// <summary>Whether the kernel gives J, not the blocks of JᵀJ.</summary>
    public static bool GivesJacobian(ProblemGroup group)
    {
        long columns = Active(group).Sum(parameter => parameter.Kind.TangentLength);
        return group.Dimension * columns * (columns + 1) / 2 > MostProducts;
    }

    /// <summary>
    /// The cost; the gradient by each active parameter; then for each pair p ≤ q of them the block (q, p),
    /// column-major, or, if <see cref="GivesJacobian"/>, ρ′ of each row and J, row-major.
    /// </summary>
    public static GroupProgram Linearize(ProblemGroup group)
    {
        Scalar[] outputs = Fused(group, out ExpressionGraph graph);
        GroupParameter[] active = Active(group);
        DifferentiationVariable[] variables =
            [.. active.Select(parameter => new DifferentiationVariable(parameter.Kind, parameter.Slot))];
        Scalar[] residual = outputs[..group.Dimension];
        Scalar[] jacobian = Differentiator.Jacobian(graph, residual, variables, DifferentiationMode.Cheapest);
        Scalar[] slopes = Slopes(group, graph, outputs);
        int columns = variables.Sum(variable => variable.Kind.TangentLength);
        Scalar[] scaled = [.. jacobian.Select((entry, k) => slopes[k / columns] * entry)];

        var all = new List<Scalar> { Cost(group, outputs) };
        for (int column = 0; column < columns; column++)
            all.Add(Product(scaled, column, columns, residual, 0, 1));
        if (GivesJacobian(group))
            all.AddRange([.. slopes, .. jacobian]);
        else
            AddBlocks(all, active, scaled, jacobian, columns);
        return Expanded(graph, [.. all]);
    }

    private static void AddBlocks(
        List<Scalar> all, GroupParameter[] active, Scalar[] scaled, Scalar[] jacobian, int columns)
    {
        int start = 0;
        for (int p = 0; p < active.Length; start += active[p++].Kind.TangentLength)
            for (int q = p, other = start; q < active.Length; other += active[q++].Kind.TangentLength)
                for (int column = start; column < start + active[p].Kind.TangentLength; column++)
                    for (int row = other; row < other + active[q].Kind.TangentLength; row++)
                        all.Add(Product(
                            scaled, Math.Min(row, column), columns, jacobian, Math.Max(row, column), columns));
    }

    /// <summary>The parameters that some cost function optimises.</summary>
    public static GroupParameter[] Active(ProblemGroup group) =>
        Array.FindAll(group.Layout.Parameters, parameter => parameter.IsActive);

    /// <summary>The outputs of a group in a simplified graph, with calls.</summary>
    public static Scalar[] Fused(ProblemGroup group, out ExpressionGraph graph)
    {
        Scalar[] outputs = Array.ConvertAll(group.Layout.Outputs, group.Layout.Graph.At);
        graph = GraphRewriter.Intern(group.Layout.Graph, outputs);
        graph = GraphRewriter.Fuse(graph, outputs);
        return outputs;
    }

    /// <summary>½ρ(‖e‖²), or ½Σρ(eₖ²).</summary>
    public static Scalar Cost(ProblemGroup group, Scalar[] outputs)
    {
        IEnumerable<Scalar> terms = group.LossCount == 0
            ? outputs.Select(entry => entry * entry)
            : outputs.Skip(group.Dimension + group.LossCount);
        return 0.5 * terms.Aggregate((sum, term) => sum + term);
    }

    /// <summary>ρ′ for each row of the residual, derived from ρ.</summary>
    public static Scalar[] Slopes(ProblemGroup group, ExpressionGraph graph, Scalar[] outputs)
    {
        var slopes = new Scalar[group.Dimension];
        Array.Fill(slopes, 1);
        for (int loss = 0; loss < group.LossCount; loss++)
        {
            Scalar square = outputs[group.Dimension + loss], rho = outputs[group.Dimension + group.LossCount + loss];
            Scalar slope = ReverseSweep.From(graph, [rho], [1.0], graph.Live([rho]), sumsOverRows: false)
                .GradientByNode(square);
            if (group.LossCount == 1)
                Array.Fill(slopes, slope);
            else
                slopes[loss] = slope;
        }

        return slopes;
    }

    /// <summary>Σₖ a[k, i]·b[k, j] of two row-major arrays.</summary>
    public static Scalar Product(Scalar[] a, int i, int aColumns, Scalar[] b, int j, int bColumns)
    {
        Scalar sum = a[i] * b[j];
        for (int k = 1; k * aColumns < a.Length; k++)
            sum += a[(k * aColumns) + i] * b[(k * bColumns) + j];
        return sum;
    }

    /// <summary>The outputs in a graph without calls.</summary>
    public static GroupProgram Expanded(ExpressionGraph graph, Scalar[] outputs)
    {
        graph = GraphRewriter.Expand(graph, outputs);
        for (int k = 0; k < outputs.Length; k++)
            outputs[k] = graph.At(outputs[k].IndexIn(graph));
        return new(graph, outputs);
    }
}
