using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>
/// What solving a problem needs but values: kernels, and the analysis of the linear system. Made once for a problem.
/// </summary>
internal sealed class SolvePlan
{
    /// <summary>Below this a dense factorization has nothing to lose: fronts would be as large.</summary>
    private const int DenseDimension = 64;

    private static readonly ConditionalWeakTable<
        Problem, ConcurrentDictionary<(bool IsDense, OrderingKind Ordering), Lazy<SolvePlan>>> s_plans = new();

    private readonly Lazy<InterleavedPlan> _interleaved;

    private SolvePlan(Problem problem, bool isDense, OrderingKind ordering)
    {
        var options = new OrderingOptions { Kind = ordering };
        IsDense = isDense;
        Linearization = LinearizationPlan.Of(problem);
        long start = Stopwatch.GetTimestamp();
        Symbolic = isDense || Linearization.Structure.Count == 0
            ? null : SymbolicFactorization.Analyze(Linearization.Structure, options);
        Workspaces = new(this);
        AnalysisTime = Stopwatch.GetElapsedTime(start);
        _interleaved = new(() => InterleavedPlan.Of(
            Symbolic ?? SymbolicFactorization.Analyze(Linearization.Structure, options)));
    }

    public bool IsDense { get; }

    public LinearizationPlan Linearization { get; }

    /// <summary>Why the solver is dense, or not.</summary>
    public string Reason
    {
        get
        {
            int dimension = Linearization.Structure.Dimension;
            bool isOwnChoice = IsDense == dimension <= DenseDimension;
            return isOwnChoice ? $"{dimension} coordinates, the limit being {DenseDimension}" : "as asked for";
        }
    }

    /// <summary>The analysis; null if the solver is dense.</summary>
    public SymbolicFactorization? Symbolic { get; }

    public TimeSpan AnalysisTime { get; }

    /// <summary>How many operations a factorization takes.</summary>
    public double Flops => Symbolic?.Flops ?? Math.Pow(Linearization.Structure.Dimension, 3) / 3;

    /// <summary>How many numbers a factor has.</summary>
    public long FactorNonZeros => Symbolic?.FactorNonZeros
        ?? (long)Linearization.Structure.Dimension * (Linearization.Structure.Dimension + 1) / 2;

    /// <summary>Workspaces for another use.</summary>
    public WorkspacePool Workspaces { get; }

    /// <summary>The plan of systems side by side; made when first asked for.</summary>
    public InterleavedPlan Interleaved => _interleaved.Value;

    /// <summary>The plan of a problem.</summary>
    public static SolvePlan Of(
        Problem problem, LinearSolverKind kind, OrderingKind ordering = OrderingKind.Automatic)
    {
        bool isDense = kind == LinearSolverKind.Dense
            || (kind == LinearSolverKind.Automatic && problem.TangentLength <= DenseDimension);
        return s_plans.GetOrCreateValue(problem)
            .GetOrAdd((isDense, ordering), key => new(() => new(problem, key.IsDense, key.Ordering))).Value;
    }

    /// <summary>Where the elements of a batch lie.</summary>
    public ChosenLayout LayoutOf(SolveOptions options, int batch) => ChosenLayout.Of(this, options, batch);

    /// <summary>A solver with memory of its own.</summary>
    public ILinearSolver NewSolver() =>
        Symbolic is null ? new DenseCholesky(Linearization.Structure) : new MultifrontalCholesky(Symbolic);
}
