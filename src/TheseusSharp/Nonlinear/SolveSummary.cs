using TheseusSharp.Kernels;
using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>What ran: sizes, ordering and fill, back-end and width, costs, times, termination. Immutable.</summary>
public sealed class SolveSummary
{
    private readonly IReadOnlyList<ElementResult> _elements;

    internal SolveSummary(
        SolvePlan plan, Optimizer optimizer, BatchRun run, IReadOnlyList<ElementResult> elements,
        SolveTimes times)
    {
        _elements = elements;
        Problem = plan.Linearization.Problem;
        Optimizer = optimizer.Name;
        Threads = Math.Max(run.Threads, run.ThreadsTogether);
        Lanes = run.Layout.Lanes;
        LayoutReason = run.Layout.Reason;
        Kernels = [.. plan.Linearization.Groups.Select(group => group.Linearize.Report)];
        Blocks = plan.Linearization.Structure.BlockCount;
        LinearSolver = run.Layout.IsInterleaved ? "interleaved Cholesky"
            : plan.Solver == LinearSolverKind.ConjugateGradients ? "conjugate gradients, block-Jacobi"
            : plan.Symbolic is null ? "dense Cholesky" : "multifrontal Cholesky";
        LinearSolverReason = run.Layout.IsInterleaved ? "elements side by side" : plan.Reason;
        SymbolicFactorization? symbolic = run.Layout.IsInterleaved ? plan.InterleavedSymbolic : plan.Symbolic;
        Ordering = symbolic?.Ordering.ToString() ?? "none";
        FactorNonZeros = symbolic?.FactorNonZeros ?? plan.FactorNonZeros;
        FactorFlops = symbolic?.Flops ?? plan.Flops;
        Fronts = run.Layout.IsInterleaved ? 0 : symbolic?.FrontCount ?? 1;
        Precision = run.Precision.Precision;
        PrecisionReason = run.Precision.Reason;
        SingleFactorizations = run.Clock.SingleFactorizations;
        FallBacks = run.Clock.FallBacks;
        Times = times;
    }

    /// <summary>What was solved.</summary>
    public Problem Problem { get; }

    /// <summary>The optimiser.</summary>
    public string Optimizer { get; }

    /// <summary>
    /// How many threads worked: each on elements of its own, or all on the only element.
    /// </summary>
    public int Threads { get; }

    /// <summary>How many elements of the batch lay side by side; 1 if they were solved separately.</summary>
    public int Lanes { get; }

    /// <summary>Why that.</summary>
    public string LayoutReason { get; }

    /// <summary>The kernel of each group.</summary>
    public IReadOnlyList<KernelReport> Kernels { get; }

    /// <summary>What solved the linear systems.</summary>
    public string LinearSolver { get; }

    /// <summary>Why that.</summary>
    public string LinearSolverReason { get; }

    /// <summary>In what precision they were factored; never automatic.</summary>
    public LinearPrecision Precision { get; }

    /// <summary>Why that.</summary>
    public string PrecisionReason { get; }

    /// <summary>How many factorizations, over all elements, were in single precision.</summary>
    public long SingleFactorizations { get; }

    /// <summary>
    /// How many of these were of no use, the systems being too ill-conditioned: those elements went on in double
    /// precision.
    /// </summary>
    public long FallBacks { get; }

    /// <summary>How they were ordered, what that costs, and what the rejected order would have cost.</summary>
    public string Ordering { get; }

    /// <summary>How many blocks of H are stored, those on and below the diagonal.</summary>
    public int Blocks { get; }

    /// <summary>How many numbers the factor has.</summary>
    public long FactorNonZeros { get; }

    /// <summary>How many multiplications and additions a factorization takes.</summary>
    public double FactorFlops { get; }

    /// <summary>How many fronts the factor has; 0 if it is not made of fronts.</summary>
    public int Fronts { get; }

    /// <summary>Where the time went.</summary>
    public SolveTimes Times { get; }

    /// <summary>What became of each element.</summary>
    internal IReadOnlyList<ElementResult> Elements => _elements;

    /// <summary>One line: iterations, costs, termination.</summary>
    public string BriefReport() => new SummaryText(this).Brief();

    /// <summary>Everything, over several lines.</summary>
    public string FullReport() => new SummaryText(this).Full();

    /// <inheritdoc cref="FullReport"/>
    public override string ToString() => FullReport();
}
