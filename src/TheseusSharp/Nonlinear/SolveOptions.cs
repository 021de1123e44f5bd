using TheseusSharp.Linear;

namespace TheseusSharp.Nonlinear;

/// <summary>How a solve runs, whatever the optimiser.</summary>
public sealed record SolveOptions
{
    /// <summary>The defaults.</summary>
    public static SolveOptions Default { get; } = new();

    /// <summary>How many iterations at most; a rejected step counts as one.</summary>
    public int MaxIterations { get; init; } = 100;

    /// <summary>When to stop before that.</summary>
    public StoppingCriteria Stopping { get; init; } = StoppingCriteria.Default;

    /// <summary>What every step is multiplied by, in (0, 1].</summary>
    public double StepSize { get; init; } = 1;

    /// <summary>
    /// How many threads work on a batch, each on elements of its own; 0 for one per core. The results are the same to
    /// the last bit. If there is one element only, they linearize and factor it together where that pays: a problem of
    /// some size, whose elements do not lie interleaved.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>The linear solver.</summary>
    public LinearSolverKind LinearSolver { get; init; }

    /// <summary>
    /// In what order the sparse solver eliminates; <see cref="OrderingKind.Given"/> is for matrices only, not problems.
    /// </summary>
    public OrderingKind Ordering { get; init; }

    /// <summary>
    /// In what precision systems are factored: a choice for sparse systems, and for elements that lie interleaved;
    /// dense ones and conjugate gradients take double precision. The summary tells which, and why.
    /// </summary>
    public LinearPrecision Precision { get; init; }

    /// <summary>
    /// Where the elements of a batch lie. An element gets the same bits at any place of any batch of the same layout;
    /// between layouts results differ by rounding.
    /// </summary>
    public BatchLayout Layout { get; init; }

    /// <summary>
    /// Called after each iteration, and once before the first, by the thread that runs it; by one thread at a time.
    /// </summary>
    public Action<IterationRecord>? OnIteration { get; init; }

    /// <summary>How many threads work on a batch.</summary>
    /// <param name="parts">How many parts it has that cannot be divided.</param>
    internal int ThreadsFor(int parts) => Math.Min(Threads == 0 ? Environment.ProcessorCount : Threads, parts);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxIterations);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentNullException.ThrowIfNull(Stopping);
        Stopping.Check();
        if (!Enum.IsDefined(LinearSolver))
            throw new ArgumentOutOfRangeException(
                nameof(LinearSolver), LinearSolver, "Expected Automatic, Dense, Sparse or ConjugateGradients.");
        if (!Enum.IsDefined(Ordering) || Ordering == OrderingKind.Given)
            throw new ArgumentOutOfRangeException(
                nameof(Ordering), Ordering, "Expected Automatic, MinimumDegree, NestedDissection or Natural.");
        if (!Enum.IsDefined(Layout))
            throw new ArgumentOutOfRangeException(
                nameof(Layout), Layout, "Expected Automatic, Separate or Interleaved.");
        if (!Enum.IsDefined(Precision))
            throw new ArgumentOutOfRangeException(
                nameof(Precision), Precision, "Expected Automatic, Double or Mixed.");
        if (!(StepSize > 0 && StepSize <= 1))
            throw new ArgumentOutOfRangeException(
                nameof(StepSize), StepSize, "The step size is a factor above 0 and at most 1.");
    }
}

/// <summary>What solves the linear systems.</summary>
public enum LinearSolverKind
{
    /// <summary>Dense for small systems, sparse for others: a matter of structure alone.</summary>
    Automatic,

    /// <summary>Dense Cholesky.</summary>
    Dense,

    /// <summary>Sparse Cholesky: multifrontal, or interleaved for batches.</summary>
    Sparse,

    /// <summary>
    /// Conjugate gradients with a block-Jacobi preconditioner, to 1e-8 of the gradient: for systems too large to factor.
    /// Steps are inexact; samples cannot be drawn.
    /// </summary>
    ConjugateGradients,
}
