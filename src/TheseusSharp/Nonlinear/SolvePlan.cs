using System.Collections.Concurrent;
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
        Problem, ConcurrentDictionary<(LinearSolverKind Solver, OrderingKind Ordering), Lazy<SolvePlan>>> s_plans =
        new();

    private readonly Lazy<SymbolicFactorization> _sparse;
    private readonly Lazy<InterleavedPlan> _interleaved;
    private readonly Lazy<ChosenPrecision> _fasterPrecision;

    private SolvePlan(Problem problem, LinearSolverKind solver, OrderingKind ordering)
    {
        var options = new OrderingOptions { Kind = ordering };
        Solver = solver;
        Linearization = LinearizationPlan.Of(problem);
        Symbolic = solver == LinearSolverKind.Sparse && Linearization.Structure.Count > 0
            ? SymbolicFactorization.Analyze(Linearization.Structure, options) : null;
        Workspaces = new(this);
        _sparse = new(() => Symbolic ?? SymbolicFactorization.Analyze(Linearization.Structure, options));
        _interleaved = new(() => InterleavedPlan.Of(_sparse.Value));
        _fasterPrecision = new(() => ChosenPrecision.ByCost(_sparse.Value));
    }

    /// <summary>What solves the systems of one element; never automatic.</summary>
    public LinearSolverKind Solver { get; }

    public LinearizationPlan Linearization { get; }

    /// <summary>Why this solver.</summary>
    public string Reason
    {
        get
        {
            int dimension = Linearization.Structure.Dimension;
            return Solver == OwnChoice(dimension)
                ? $"{dimension} coordinates, the limit being {DenseDimension}" : "as asked for";
        }
    }

    /// <summary>The analysis of the sparse solver; null for others.</summary>
    public SymbolicFactorization? Symbolic { get; }

    /// <summary>How many operations a factorization takes; 0 without one.</summary>
    public double Flops => Symbolic?.Flops ?? (IsFactored ? Math.Pow(Linearization.Structure.Dimension, 3) / 3 : 0);

    /// <summary>How many numbers a factor has; 0 without one.</summary>
    public long FactorNonZeros => Symbolic?.FactorNonZeros
        ?? (IsFactored ? (long)Linearization.Structure.Dimension * (Linearization.Structure.Dimension + 1) / 2 : 0);

    /// <summary>Workspaces for another use.</summary>
    public WorkspacePool Workspaces { get; }

    private bool IsFactored => Solver != LinearSolverKind.ConjugateGradients;

    /// <summary>The precision in which a sparse system by itself is estimated to be solved sooner.</summary>
    public ChosenPrecision FasterPrecision => _fasterPrecision.Value;

    /// <summary>The plan of systems side by side; made when first asked for.</summary>
    public InterleavedPlan Interleaved => _interleaved.Value;

    /// <summary>The analysis that systems side by side stand on, whatever solves a single one.</summary>
    public SymbolicFactorization InterleavedSymbolic => _sparse.Value;

    /// <summary>The plan of a problem.</summary>
    public static SolvePlan Of(
        Problem problem, LinearSolverKind kind, OrderingKind ordering = OrderingKind.Automatic)
    {
        LinearSolverKind solver = kind == LinearSolverKind.Automatic ? OwnChoice(problem.TangentLength) : kind;
        return s_plans.GetOrCreateValue(problem)
            .GetOrAdd((solver, ordering), key => new(() => new(problem, key.Solver, key.Ordering))).Value;
    }

    /// <summary>How many threads work on one element together, of some that could.</summary>
    public int ThreadsTogether(int threads) =>
        LinearizationTeam.Pays(Linearization, threads) || (Symbolic is not null && ParallelPlan.Pays(Symbolic, threads))
            ? threads : 1;

    /// <summary>A solver with memory of its own.</summary>
    /// <param name="threads">How many threads factor together.</param>
    /// <param name="precision">In what precision; mixed is for sparse systems only.</param>
    public ILinearSolver NewSolver(int threads = 1, LinearPrecision precision = LinearPrecision.Double) => Solver switch
    {
        _ when precision == LinearPrecision.Mixed => new RefinedCholesky(Symbolic!, threads),
        LinearSolverKind.ConjugateGradients => new ConjugateGradientSolver(Linearization.Structure),
        _ when Symbolic is null => new DenseCholesky(Linearization.Structure),
        _ => new MultifrontalCholesky(Symbolic, threads),
    };

    private static LinearSolverKind OwnChoice(int dimension) =>
        dimension <= DenseDimension ? LinearSolverKind.Dense : LinearSolverKind.Sparse;
}
