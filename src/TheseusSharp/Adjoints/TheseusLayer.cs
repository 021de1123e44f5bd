using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Adjoints;

/// <summary>
/// A nonlinear least-squares problem as a differentiable function: from values of constant variables (measurements,
/// weights, robust radii, anything learned) and initial values to the solution and its objective.
/// </summary>
/// <remarks>
/// Plain memory in, plain memory out: any framework, or none, can stand outside. Immutable and safe for use by several
/// threads; each forward pass has an object of its own.
/// </remarks>
public sealed class TheseusLayer
{
    /// <summary>A layer.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="optimizer">What solves it.</param>
    /// <param name="backward">How gradients get through; by default implicit.</param>
    /// <param name="options">How solves run.</param>
    /// <exception cref="ArgumentException">The mode cannot differentiate this problem.</exception>
    public TheseusLayer(
        Problem problem, Optimizer optimizer, Backward? backward = null, SolveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(optimizer);
        Problem = problem;
        Optimizer = optimizer;
        Backward = backward ?? Backward.Implicit();
        Options = options ?? SolveOptions.Default;
        Backward.Check(problem);
    }

    /// <summary>The problem.</summary>
    public Problem Problem { get; }

    /// <summary>What solves it.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>How gradients get through.</summary>
    public Backward Backward { get; }

    /// <summary>How solves run.</summary>
    public SolveOptions Options { get; }

    /// <summary>Solves.</summary>
    /// <param name="inputs">A value for every variable; of those optimised, the initial one. Not changed.</param>
    /// <param name="cancellation">Stops at the next iteration.</param>
    /// <returns>The solution, and the way back.</returns>
    /// <exception cref="ArgumentException">A variable has no value, or one off its manifold.</exception>
    public LayerPass Forward(Values inputs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        SolveTape[]? tapes = null;
        if (Backward.RecordedSteps > 0)
            tapes = Backward.NewTapes(inputs.BatchSize);
        SolveResult result = Optimizer.Solve(Problem, inputs, Options, tapes, cancellation);
        return new(this, result, tapes);
    }
}

/// <summary>One forward pass of a layer, and the way back through it. Immutable.</summary>
public sealed class LayerPass
{
    private readonly TheseusLayer _layer;
    private readonly SolveTape[]? _tapes;

    internal LayerPass(TheseusLayer layer, SolveResult result, SolveTape[]? tapes)
    {
        _layer = layer;
        Result = result;
        _tapes = tapes;
    }

    /// <summary>Statuses and costs of all elements, and the report.</summary>
    public SolveResult Result { get; }

    /// <summary>The solution: the optimised variables' values; the others as given.</summary>
    public Values Solution => Result.Values;

    /// <summary>The objective at the solution, for each element.</summary>
    public double[] Objective => [.. Result.Elements.Select(element => element.FinalCost)];

    /// <summary>The gradients of an outer loss by variables.</summary>
    /// <param name="bySolution">
    /// The gradient of the outer loss by the solution's tangents; variables it does not have count as zero. Null for
    /// none. An element where it is not finite has no gradient: <see cref="GradientStatus.NotFinite"/>.
    /// </param>
    /// <param name="byObjective">
    /// The gradient by each element's objective: an outer loss may contain it. Empty for none. Finite, as above.
    /// </param>
    /// <param name="wanted">
    /// The variables whose gradients are wanted; by default, all constant ones. Optimised ones, which means their
    /// initial values, only where the mode reaches them.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Batch sizes differ; a variable is not in the problem; an initial value is wanted of a mode that does not reach
    /// it.
    /// </exception>
    public LayerGradients Backward(
        Gradients? bySolution, ReadOnlyMemory<double> byObjective = default,
        IReadOnlyCollection<Variable>? wanted = null)
    {
        Check(bySolution, byObjective);
        Problem problem = _layer.Problem;
        wanted ??= [.. problem.Variables.Skip(problem.OptimizedCount)];
        var isWanted = new bool[problem.Variables.Count];
        foreach (Variable variable in wanted)
            isWanted[Wanted(variable)] = true;
        if (_layer.Backward.RecordedSteps > 0)
            isWanted.AsSpan(0, problem.OptimizedCount).Fill(true);
        LayerGradients result =
            new BackwardRun(_layer, Result, _tapes, isWanted, wanted, bySolution, byObjective).Run();
        bool byInitial = wanted.Any(problem.IsOptimized);
        result.Gradients.At = byInitial ? new(InitialValues) : new(Solution);
        return result;
    }

    /// <summary>Where the solves began; for modes that reach it.</summary>
    private Values InitialValues()
    {
        Values initial = Solution.Clone();
        var state = new SolverState(_layer.Problem);
        for (int element = 0; element < _tapes!.Length; element++)
        {
            if (_tapes[element].Steps is not [{ Values: { } first }, ..])
                continue; // No step was taken.
            state.Load(initial, element);
            state.RestoreOptimized(first);
            state.Store(initial, element);
        }

        return initial;
    }

    private int Wanted(Variable variable)
    {
        int number = _layer.Problem.NumberOf(variable);
        if (number < _layer.Problem.OptimizedCount && !ReachesInitialValues())
            throw new ArgumentException(
                $"A gradient by '{variable.Name}', which is optimised, is one by its initial value. " +
                $"{_layer.Backward.Name} has none: use Backward.Unroll(), or Backward.Truncated with as many " +
                "iterations as are performed.");
        return number;
    }

    private bool ReachesInitialValues() =>
        _layer.Backward.ReachesInitialValues && Array.TrueForAll(_tapes!, tape => tape.IsComplete);

    private void Check(Gradients? bySolution, ReadOnlyMemory<double> byObjective)
    {
        int batch = Solution.BatchSize;
        if (bySolution is not null && bySolution.BatchSize != batch)
            throw new ArgumentException(
                $"The gradient by the solution is for a batch of {bySolution.BatchSize}; the pass had {batch}.",
                nameof(bySolution));
        if (byObjective.Length != 0 && byObjective.Length != batch)
            throw new ArgumentException(
                $"The gradient by the objective has {byObjective.Length} numbers for a batch of {batch}.",
                nameof(byObjective));
        foreach (Variable variable in bySolution?.Variables ?? [])
            if (!_layer.Problem.IsOptimized(variable))
                throw new ArgumentException(
                    $"Variable '{variable.Name}' is constant: the solver returns it as given, so a gradient by it " +
                    "does not pass through the solver. Add it to the result outside.", nameof(bySolution));
    }
}

/// <summary>What a backward pass returns.</summary>
/// <param name="Gradients">The gradients, for each element of the batch.</param>
/// <param name="Elements">About each element.</param>
public sealed record LayerGradients(Gradients Gradients, IReadOnlyList<ElementGradient> Elements);
