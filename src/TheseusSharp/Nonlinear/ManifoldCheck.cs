using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>Given values off their manifold: an error, or replaced by the nearest, as the problem says.</summary>
internal static class ManifoldCheck
{
    /// <summary>Checks or normalises the current values.</summary>
    /// <exception cref="ArgumentException">A value is off its manifold, and the problem wants an error.</exception>
    public static void Apply(SolverWorkspace workspace, int element)
    {
        Problem problem = workspace.Plan.Linearization.Problem;
        workspace.Linearizer.Normalize(workspace.Current, workspace.Trial);
        if (problem.Options.OffManifold == OffManifold.Normalize)
        {
            workspace.TakeTrial();
            return;
        }

        for (int number = 0; number < problem.Variables.Count; number++)
            if (OnManifold.IsOff(workspace.Current.Of(number), workspace.Trial.Of(number)))
                throw Error(problem.Variables[number], workspace.Current.Of(number), element);
    }

    private static ArgumentException Error(Variable variable, ReadOnlySpan<double> value, int element) => new(
        $"Variable '{variable.Name}' is no {variable.Kind}: its value {OnManifold.Text(value)} in element {element} is " +
        $"off the manifold. Normalise it, or compile the problem with {nameof(ProblemOptions)}." +
        $"{nameof(ProblemOptions.OffManifold)} = {nameof(OffManifold.Normalize)}.");
}
