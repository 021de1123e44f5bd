using System.Globalization;
using System.Text.RegularExpressions;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;
using S = TheseusSharp.Symbolics.Scalar;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>A nonlinear regression of NIST's reference datasets (StRD): model, data, certified parameters.</summary>
internal sealed partial class NistProblem
{
    private static readonly Dictionary<string, Func<Vector<S>, double[], S>> s_models = new()
    {
        ["BoxBOD"] = static (b, x) => b[0] * (1 - S.Exp(-b[1] * x[0])),
        ["Chwirut2"] = static (b, x) => S.Exp(-b[0] * x[0]) / (b[1] + (b[2] * x[0])),
        ["DanWood"] = static (b, x) => b[0] * S.Pow(x[0], b[1]),
        ["ENSO"] = static (b, x) =>
            b[0] + Wave(b[1], b[2], 12, x) + Wave(b[4], b[5], b[3], x) + Wave(b[7], b[8], b[6], x),
        ["Gauss1"] = static (b, x) =>
            (b[0] * S.Exp(-b[1] * x[0])) + (b[2] * Bell(x[0], b[3], b[4])) + (b[5] * Bell(x[0], b[6], b[7])),
        ["Kirby2"] = static (b, x) =>
            (b[0] + (x[0] * (b[1] + (x[0] * b[2])))) / (1 + (x[0] * (b[3] + (x[0] * b[4])))),
        ["Lanczos3"] = static (b, x) =>
            (b[0] * S.Exp(-b[1] * x[0])) + (b[2] * S.Exp(-b[3] * x[0])) + (b[4] * S.Exp(-b[5] * x[0])),
        ["MGH17"] = static (b, x) => b[0] + (b[1] * S.Exp(-x[0] * b[3])) + (b[2] * S.Exp(-x[0] * b[4])),
        ["Misra1a"] = static (b, x) => b[0] * (1 - S.Exp(-b[1] * x[0])),
        ["Misra1c"] = static (b, x) => b[0] * (1 - (1 / S.Sqrt(1 + (2 * b[1] * x[0])))),
        ["Nelson"] = static (b, x) => b[0] - (b[1] * x[0] * S.Exp(-b[2] * x[1])),
        ["Rat42"] = static (b, x) => b[0] / (1 + S.Exp(b[1] - (b[2] * x[0]))),
        ["Roszman1"] = static (b, x) => b[0] - (b[1] * x[0]) - (S.Atan(b[2] / (x[0] - b[3])) / Math.PI),
    };

    private NistProblem(
        double[][] starts, double[] certified, double certifiedSum, Objective objective, Variable parameters)
    {
        (Starts, Certified, CertifiedSum, Objective) = (starts, certified, certifiedSum, objective);
        Parameters = parameters;
    }

    public static IEnumerable<string> Names => s_models.Keys;

    /// <summary>The two points to start from.</summary>
    public double[][] Starts { get; }

    public double[] Certified { get; }

    /// <summary>The certified sum of squared residuals.</summary>
    public double CertifiedSum { get; }

    /// <summary>One cost function for each observation, its numbers captured by a lambda.</summary>
    public Objective Objective { get; }

    public Variable Parameters { get; }

    /// <summary>Reads a file; skips the test that asks if it is not at hand.</summary>
    public static NistProblem Read(string name)
    {
        string[] lines = File.ReadAllLines(DataFolder.File("nist", name + ".dat"));
        double[][] table = [.. lines.Where(line => ParameterLine().IsMatch(line))
            .Select(line => ParseNumbers(line.Split('=')[1]))];
        string sum = lines.First(line => line.StartsWith("Residual Sum of Squares:", StringComparison.Ordinal));
        double[][] data = [.. lines.SkipWhile(line => !DataHeader().IsMatch(line)).Skip(1)
            .Where(line => line.Trim().Length > 0).Select(ParseNumbers)];

        Variable<Vector<S>> parameters = Variable.Vector("b", table.Length);
        var objective = new Objective();
        foreach (double[] row in data)
        {
            double y = name == "Nelson" ? Math.Log(row[0]) : row[0];
            double[] x = row[1..];
            objective.Add(parameters, b => y - s_models[name](b, x));
        }

        if (name == "Roszman1")
            table[0][2] = 2.0196866396E-01; // As published: some copies of the file have these digits shifted by one.
        return new(
            [[.. table.Select(row => row[0])], [.. table.Select(row => row[1])]], [.. table.Select(row => row[2])],
            ParseNumbers(sum.Split(':')[1])[0], objective, parameters);
    }

    private static S Wave(S cosine, S sine, S period, double[] x)
    {
        S angle = 2 * Math.PI * x[0] / period;
        return (cosine * S.Cos(angle)) + (sine * S.Sin(angle));
    }

    private static S Bell(double x, S centre, S width)
    {
        S distance = (x - centre) / width;
        return S.Exp(-(distance * distance));
    }

    private static double[] ParseNumbers(string text) => [.. text
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(word => double.Parse(word, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"^\s*b\d+\s*=\s*[-\d.]")]
    private static partial Regex ParameterLine();

    [GeneratedRegex(@"^Data:\s+y")]
    private static partial Regex DataHeader();
}
