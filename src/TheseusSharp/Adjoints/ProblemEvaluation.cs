using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Adjoints;

/// <summary>A problem's objective at given values, and the way back: no solving.</summary>
public static class ProblemEvaluationExtensions
{
    /// <summary>Evaluates ½ Σ ρ(‖w·r‖²) for each element of a batch.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="values">
    /// A value for every variable; not changed, not copied: do not change them before a backward pass.
    /// </param>
    /// <exception cref="ArgumentException">A variable has no value.</exception>
    public static ProblemEvaluation Evaluate(this Problem problem, Values values)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(values);
        return new(problem, values);
    }
}

/// <summary>An objective evaluated at some values.</summary>
public sealed class ProblemEvaluation
{
    private readonly Problem _problem;
    private readonly Values _values;

    internal ProblemEvaluation(Problem problem, Values values)
    {
        _problem = problem;
        _values = values;
        var linearizer = new Linearizer(LinearizationPlan.Of(problem));
        var state = new SolverState(problem);
        ResolvedValues resolved = values.Resolve(problem.Variables);
        Objective = new double[values.BatchSize];
        for (int element = 0; element < Objective.Length; element++)
        {
            state.Load(resolved, element);
            Objective[element] = linearizer.Objective(state);
        }
    }

    /// <summary>The objective of each element.</summary>
    public double[] Objective { get; }

    /// <summary>The gradients of an outer loss by variables, optimised and constant ones alike.</summary>
    /// <param name="byObjective">The gradient by each element's objective; empty for ones.</param>
    /// <param name="wanted">The variables whose gradients are wanted; by default all.</param>
    /// <exception cref="ArgumentException">The length is not the batch's; a variable is not in the problem.</exception>
    public Gradients Backward(
        ReadOnlySpan<double> byObjective = default, IReadOnlyCollection<Variable>? wanted = null)
    {
        if (byObjective.Length != 0 && byObjective.Length != Objective.Length)
            throw new ArgumentException(
                $"The gradient by the objective has {byObjective.Length} numbers for a batch of {Objective.Length}.",
                nameof(byObjective));
        wanted ??= _problem.Variables;
        var isWanted = new bool[_problem.Variables.Count];
        foreach (Variable variable in wanted)
            isWanted[_problem.NumberOf(variable)] = true;
        var evaluator = new AdjointEvaluator(LinearizationPlan.Of(_problem), isWanted);
        var state = new SolverState(_problem);
        ResolvedValues resolved = _values.Resolve(_problem.Variables);
        var gradients = new Gradients(Objective.Length) { At = new(_values) };
        for (int element = 0; element < Objective.Length; element++)
        {
            state.Load(resolved, element);
            evaluator.Gradient.Span.Clear();
            evaluator.Add(AdjointTarget.Cost, state, byObjective.IsEmpty ? 1 : byObjective[element]);
            gradients.Store(_problem, wanted, evaluator.Gradient.Span, element);
        }

        return gradients;
    }
}
