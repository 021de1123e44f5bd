using System.Globalization;
using System.Text;
using TheseusSharp.Modelling;

namespace TheseusSharp.Adjoints;

/// <summary>What a comparison with differences says.</summary>
public enum GradientVerdict
{
    /// <summary>The error is within the tolerance, and so is what the differences cannot tell.</summary>
    Passed,

    /// <summary>The differences are too noisy to tell, or there are none. Not a pass.</summary>
    Inconclusive,

    /// <summary>The gradient is wrong by more than the tolerance, and by more than the differences' noise.</summary>
    Failed,
}

/// <summary>The worst entry of the gradient by one variable.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Element">The element of the batch.</param>
/// <param name="Coordinate">The tangent coordinate.</param>
/// <param name="Found">The gradient there.</param>
/// <param name="Expected">The difference there.</param>
/// <param name="Error">|found − expected|, relative as <see cref="GradientCheckOptions.Tolerance"/> says.</param>
/// <param name="Noise">The estimate of the difference's own error, on the same scale.</param>
/// <param name="Verdict">What follows for the variable.</param>
public sealed record VariableGradientCheck(
    Variable Variable, int Element, int Coordinate, double Found, double Expected, double Error, double Noise,
    GradientVerdict Verdict);

/// <summary>What a <see cref="GradientCheck"/> found. <see cref="ToString"/> is a table for people.</summary>
/// <param name="Mode">The backward mode.</param>
/// <param name="Variables">One for each variable checked.</param>
/// <param name="Unchecked">
/// The elements with no gradient to compare (their solve failed, or the gradient is undefined), in sentences.
/// </param>
/// <param name="Tolerance">The tolerance.</param>
public sealed record GradientCheckReport(
    string Mode, IReadOnlyList<VariableGradientCheck> Variables, IReadOnlyList<string> Unchecked, double Tolerance)
{
    /// <summary>The worst verdict; inconclusive if there was nothing to compare.</summary>
    public GradientVerdict Verdict =>
        Variables.Select(variable => variable.Verdict).DefaultIfEmpty(GradientVerdict.Inconclusive).Max();

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        CultureInfo culture = CultureInfo.InvariantCulture;
        text.Append(culture, $"Gradient check of {Mode}: {Text(Verdict)} (tolerance {Tolerance:0.0e+0})");
        int width = Variables.Select(check => check.Variable.Name.Length).Append("variable".Length).Max();
        text.AppendLine().Append("  ").Append("variable".PadRight(width))
            .Append("  worst entry       gradient     difference    error    noise  verdict");
        foreach (VariableGradientCheck check in Variables)
        {
            text.AppendLine().Append("  ").Append(check.Variable.Name.PadRight(width))
                .Append(culture, $"  {$"{check.Element}:{check.Coordinate}",11}")
                .Append(culture, $" {check.Found,14:g7} {check.Expected,14:g7}")
                .Append(culture, $" {check.Error,8:0.0e+0} {check.Noise,8:0.0e+0}  {Text(check.Verdict)}");
        }

        foreach (string sentence in Unchecked)
            text.AppendLine().Append("  ").Append(sentence);
        return text.ToString();
    }

    private static string Text(GradientVerdict verdict) => verdict switch
    {
        GradientVerdict.Passed => "passed",
        GradientVerdict.Failed => "FAILED",
        _ => "inconclusive",
    };
}
