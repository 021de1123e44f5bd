using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>
/// Given values off their manifold: an error, or replaced by the nearest, as the problem says. One thread at a time.
/// </summary>
internal sealed class ManifoldCheck(LinearizationPlan plan)
{
    private readonly Normalizer _normalizer = new(plan);
    private readonly SolverState _nearest = new(plan.Problem);

    /// <summary>Checks or normalises values.</summary>
    /// <param name="state">The values, of one lane.</param>
    /// <param name="element">Their element, for messages.</param>
    /// <exception cref="ArgumentException">A value is off its manifold, and the problem wants an error.</exception>
    public void Apply(SolverState state, int element)
    {
        Problem problem = plan.Problem;
        _normalizer.Normalize(state, _nearest);
        if (problem.Options.OffManifold == OffManifold.Normalize)
        {
            state.CopyFrom(_nearest);
            return;
        }

        for (int number = 0; number < problem.Variables.Count; number++)
            if (OnManifold.IsOff(state.Of(number), _nearest.Of(number)))
                throw Error(problem.Variables[number], state.Of(number), element);
    }

    private static ArgumentException Error(Variable variable, ReadOnlySpan<double> value, int element) => new(
        $"Variable '{variable.Name}' is no {variable.Kind}: its value {OnManifold.Text(value)} in element {element} is " +
        $"off the manifold. Normalise it, or compile the problem with {nameof(ProblemOptions)}." +
        $"{nameof(ProblemOptions.OffManifold)} = {nameof(OffManifold.Normalize)}.");
}
