using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TheseusSharp.Cli.Output;
using TheseusSharp.Cli.Solving;
using TheseusSharp.Data;
using TheseusSharp.Modelling;

namespace TheseusSharp.Cli.Commands;

/// <summary><c>theseus demo</c></summary>
internal static class DemoCommand
{
    private static readonly SyntheticCubeOptions s_cube = new() { Poses = 1000, Seed = 1, OutlierRatio = 0.1 };

    /// <summary>Huber's radius is in squared units: inliers are within, outliers far beyond.</summary>
    private static readonly SolveSettings s_settings =
        new() { Initial = InitialPoses.Odometry, Loss = RobustLoss.Huber(10) };

    /// <summary>The command.</summary>
    /// <param name="terminal">Where output goes.</param>
    /// <param name="cancellation">Stops the solve at its next iteration.</param>
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<string> output = Symbols.OutputPath("--output", "Also write the solved graph here.", "OUT.g2o");
        var command = new Command(
            "demo", "Generates a pose graph with outliers, solves it, and shows how close to the truth it gets.")
        {
            output,
        };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(output), cancellation));
        return command;
    }

    private static int Run(Terminal terminal, string? output, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        OutputFile.RequireWritable("--output", output);
        SyntheticPoseGraph cube = SyntheticCube.Generate(s_cube);
        terminal.Out.WriteLine(
            $"A random walk in space: {cube.Graph.PoseCount} poses and {cube.Graph.EdgeCount} measured motions " +
            $"between them,\nof which {cube.Inliers.Count(false)} are gross errors. Starting where odometry alone leads.\n");
        Solution solution = PoseGraphSolver.Solve(
            cube.Graph, s_settings, start, IterationTable.Of(terminal, isQuiet: false), cancellation);
        terminal.Out.WriteLine(solution.Report());
        terminal.Out.WriteLine();
        Compare(terminal.Out, cube, solution);
        solution.WriteGraph(output);
        return solution.Conclude(terminal);
    }

    private static void Compare(TextWriter text, SyntheticPoseGraph cube, Solution solution)
    {
        PoseErrors before = PoseErrors.Between(cube.GroundTruth, solution.InitialPoses);
        PoseErrors after = PoseErrors.Between(cube.GroundTruth, solution.SolvedGraph().Poses);
        Row(text, "against the truth", "before", "after");
        Row(text, "cost", Number(solution.Element.InitialCost), Number(solution.Element.FinalCost));
        Row(text, "mean position error", Number(before.Position), Number(after.Position));
        Row(text, "mean rotation error", Number(before.Degrees) + "°", Number(after.Degrees) + "°");
    }

    private static void Row(TextWriter text, string label, string before, string after) =>
        text.WriteLine($"{label,-24}{before,12}{after,12}");

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
