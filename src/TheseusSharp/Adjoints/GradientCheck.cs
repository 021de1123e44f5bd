using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Adjoints;

/// <summary>
/// Compares the gradients of a layer with differences through whole solves: any problem, any backward mode, any values.
/// </summary>
/// <remarks>
/// <para>
/// What the differences repeat is what the mode differentiates. For implicit modes and direct loss minimisation, every
/// solve runs to convergence with all tolerances tightened; for unrolled ones, exactly the steps taken are repeated, λ
/// and their number held as recorded, from the iterate where a truncated mode starts.
/// </para>
/// <para>
/// So an approximate mode fails by as much as it approximates: the Gauss–Newton Hessian where residuals are left,
/// direct loss minimisation by its bias.
/// </para>
/// <para>
/// Differences are central, at four steps, Richardson-extrapolated twice; what the extrapolations disagree by is the
/// noise. A difference noisier than the tolerance is inconclusive, not passed. Costs eight solves for each tangent
/// coordinate of each variable and element.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// GradientCheckReport report = GradientCheck.Run(layer, values);
/// Console.WriteLine(report);
/// </code>
/// </example>
public static class GradientCheck
{
    /// <summary>Entries below this share of the largest of all variables are not judged by their own size.</summary>
    private const double LeastScale = 1e-3;

    /// <summary>An error so many times the noise is an error, however large the noise.</summary>
    private const double Certain = 100;

    /// <summary>Checks the gradients of a layer.</summary>
    /// <param name="layer">The layer: problem, optimiser, mode.</param>
    /// <param name="inputs">A value for every variable of the problem; not changed.</param>
    /// <param name="options">What to check and how strictly.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="ArgumentException">
    /// A variable has no value or is not in the problem; batch sizes differ; an option is out of range; an initial
    /// value is to be checked and the mode does not reach it.
    /// </exception>
    /// <exception cref="OperationCanceledException">The check was stopped.</exception>
    public static GradientCheckReport Run(
        TheseusLayer layer, Values inputs, GradientCheckOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= GradientCheckOptions.Default;
        options.Check();
        var differences = new SolveDifferences(layer, inputs, options, cancellation);
        LayerGradients gradients = differences.Pass.Backward(
            differences.BySolution, options.ByObjective, differences.Wanted);
        return Compare(differences, gradients, cancellation);
    }

    /// <summary>Compares gradients with differences.</summary>
    internal static GradientCheckReport Compare(
        SolveDifferences differences, LayerGradients gradients, CancellationToken cancellation = default)
    {
        var notes = new List<string>();
        var entries = new List<Entry>();
        for (int element = 0; element < gradients.Elements.Count; element++)
        {
            GradientStatus status = gradients.Elements[element].Status;
            if (status != GradientStatus.Defined)
            {
                string why = Why(status, differences.Pass.Result.Elements[element]);
                notes.Add($"element {element} was not checked: {why}");
                continue;
            }

            foreach (Variable variable in differences.Wanted)
                for (int k = 0; k < variable.Kind.TangentLength; k++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    (double expected, double noise) = differences.By(variable, element, k);
                    double found = gradients.Gradients.Of(variable, element)[k];
                    entries.Add(new(variable, element, k, found, expected, noise));
                }
        }

        double largest = Largest(entries), tolerance = differences.Tolerance;
        return new(
            differences.Layer.Backward.Name,
            [.. entries.GroupBy(entry => entry.Variable).Select(group => Judge([.. group], largest, tolerance))],
            notes, tolerance);
    }

    private static string Why(GradientStatus status, ElementResult element) => status switch
    {
        GradientStatus.Undefined => "its gradient is undefined, the solution is not determined.",
        GradientStatus.NotFinite => "the gradient by its solution or its objective is not finite.",
        _ => $"its solve failed, so its gradient is zero. {element.Message}",
    };

    private static VariableGradientCheck Judge(Entry[] entries, double largest, double tolerance)
    {
        double scale = Math.Max(Largest(entries), LeastScale * largest);
        VariableGradientCheck[] checks = [.. entries.Select(entry => Judge(entry, scale == 0 ? 1 : scale, tolerance))];
        return checks.MaxBy(check => (check.Verdict, double.IsNaN(check.Error) ? double.MaxValue : check.Error))!;
    }

    private static VariableGradientCheck Judge(Entry entry, double scale, double tolerance)
    {
        double error = Math.Abs(entry.Found - entry.Expected) / scale, noise = entry.Noise / scale;
        GradientVerdict verdict = GradientVerdict.Passed;
        if (!double.IsFinite(entry.Found) || error > Math.Max(tolerance, Math.Min(tolerance + noise, Certain * noise)))
            verdict = GradientVerdict.Failed;
        if (double.IsFinite(entry.Found) && !(noise <= tolerance) && !(error > Certain * noise))
            verdict = GradientVerdict.Inconclusive;
        return new(
            entry.Variable, entry.Element, entry.Coordinate, entry.Found, entry.Expected, error, noise, verdict);
    }

    private static double Largest(IEnumerable<Entry> entries) =>
        entries.Select(entry => Math.Abs(entry.Expected)).Where(double.IsFinite).DefaultIfEmpty().Max();

    private sealed record Entry(
        Variable Variable, int Element, int Coordinate, double Found, double Expected, double Noise);
}
