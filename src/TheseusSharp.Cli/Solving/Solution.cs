using System.Globalization;
using System.Text;
using System.Text.Json;
using TheseusSharp.Cli.Output;
using TheseusSharp.Data;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Cli.Solving;

/// <summary>What solving a pose graph gave.</summary>
/// <param name="Problem">The graph as a problem.</param>
/// <param name="Information">What of the information matrices counted.</param>
/// <param name="Initial">Which initial poses were taken.</param>
/// <param name="InitialPoses">Those poses, stored as those of the graph.</param>
/// <param name="Result">What the solver returned.</param>
/// <param name="Read">How long reading took.</param>
/// <param name="Model">How long making a problem and initial values of the graph took.</param>
/// <param name="Total">All of it, from reading to the result.</param>
internal sealed record Solution(
    PoseGraphProblem Problem, InformationMode Information, InitialPoses Initial, double[] InitialPoses,
    SolveResult Result, TimeSpan Read, TimeSpan Model, TimeSpan Total)
{
    /// <summary>What became of the solve.</summary>
    public ElementResult Element => Result.First;

    private PoseGraph Graph => Problem.Graph;

    private SolveTimes Times => Result.Summary.Times;

    /// <summary>The graph with solved poses.</summary>
    public PoseGraph SolvedGraph() => Problem.GraphWith(Result.Values);

    /// <summary>Writes the solved graph, if the result is usable: no answer is not to replace one.</summary>
    /// <param name="path">The file; null if none is wanted.</param>
    public void WriteGraph(string? path)
    {
        if (path is not null && Element.IsUsable)
            OutputFile.Write(path, stream => G2o.Write(SolvedGraph(), stream));
    }

    /// <summary>Everything, over several lines.</summary>
    public string Report()
    {
        var text = new StringBuilder();
        Line(text, "Graph", $"{Graph.Source ?? "generated"}: {Graph.PoseCount} poses of " +
            $"{Graph.PoseKind}, {Graph.EdgeCount} edges");
        Line(text, "Gauge", Problem.DescribeGauge());
        Line(text, "Information", Information.ToString().ToLowerInvariant());
        Line(text, "Initial values", Initial.Describe());
        text.AppendLine(Result.Summary.FullReport());
        Line(text, "In all", $"{Milliseconds(Total)} ms: {(Graph.Source is null ? "generate" : "read")} " +
            $"{Milliseconds(Read)}, model {Milliseconds(Model)}, solve {Milliseconds(Times.Total)}");
        return text.ToString().TrimEnd();
    }

    /// <summary>Says on the error stream what failed, if anything did.</summary>
    /// <param name="terminal">Where output goes.</param>
    /// <returns>What the process returns.</returns>
    public int Conclude(Terminal terminal)
    {
        if (Element.Status == SolveStatus.Cancelled)
            return ExitCode.Cancelled;
        if (Element.IsUsable)
            return ExitCode.Usable;
        string cause = Element.Status is SolveStatus.IterationLimit or SolveStatus.NoDescent
            ? $"{Element.Message} The cost is no lower than at the start." : Element.Message;
        terminal.Error.WriteLine($"error: {Graph.Source ?? "the graph"} was not solved. {cause}");
        return ExitCode.Failed;
    }

    /// <summary>The summary that programs read. Numbers that are not finite are null.</summary>
    /// <param name="stream">Receives UTF-8.</param>
    public void WriteJson(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new() { Indented = true });
        json.WriteStartObject();
        Number(json, "initialObjective", Element.InitialCost);
        Number(json, "finalObjective", Element.FinalCost);
        json.WriteNumber("iterations", Element.Iterations);
        json.WriteString("status", Element.Status.ToString());
        json.WriteNumber("poses", Graph.PoseCount);
        json.WriteNumber("edges", Graph.EdgeCount);
        json.WriteStartObject("timeMs");
        Time(json, "total", Total);
        Time(json, "read", Read);
        Time(json, "setup", Model + Times.Setup);
        Time(json, "kernels", Times.Kernels);
        Time(json, "linearize", Times.Linearize);
        Time(json, "factor", Times.Factor);
        Time(json, "solve", Times.Solve);
        Time(json, "retract", Times.Retract + Times.Evaluate);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Time(Utf8JsonWriter json, string name, TimeSpan time) =>
        json.WriteNumber(name, Math.Round(time.TotalMilliseconds, 4));

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    private static string Milliseconds(TimeSpan time) =>
        time.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string label, string content) =>
        text.Append(label.PadRight(16)).AppendLine(content);
}
