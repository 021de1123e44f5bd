using System.Globalization;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>Given values that are off their manifold: an error, or replaced by the nearest, as the problem says.</summary>
internal static class ManifoldCheck
{
    /// <summary>Rounding of a value that was on the manifold when it was written with 7 digits.</summary>
    private const double Tolerance = 1e-6;

    /// <summary>Checks or normalises the current values.</summary>
    /// <exception cref="ArgumentException">A value is off its manifold, and the problem takes that as an error.</exception>
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
            if (IsOff(workspace.Current.Of(number), workspace.Trial.Of(number)))
                throw new ArgumentException(
                    $"Variable '{problem.Variables[number].Name}' is no {problem.Variables[number].Kind}: its value " +
                    $"[{string.Join(' ', workspace.Current.Of(number).ToArray().Select(x => x.ToString("G6", CultureInfo.InvariantCulture)))}] in element " +
                    $"{element} is off the manifold. Normalise it, or compile the problem with " +
                    $"{nameof(ProblemOptions)}.{nameof(ProblemOptions.OffManifold)} = {nameof(OffManifold.Normalize)}.");
    }

    /// <summary>A NaN is not off the manifold: it is trouble that the solve reports as a status.</summary>
    private static bool IsOff(ReadOnlySpan<double> value, ReadOnlySpan<double> nearest)
    {
        bool isOff = false;
        for (int k = 0; k < value.Length; k++)
        {
            if (!double.IsFinite(value[k]))
                return false;
            isOff |= !(Math.Abs(value[k] - nearest[k]) <= Tolerance);
        }

        return isOff;
    }
}
