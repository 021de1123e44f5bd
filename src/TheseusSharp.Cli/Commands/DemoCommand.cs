using System.CommandLine;
using System.Globalization;
using TheseusSharp.Cli.Learning;
using TheseusSharp.Cli.Output;
using TheseusSharp.Cli.Solving;
using TheseusSharp.Data;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Cli.Commands;

/// <summary><c>theseus demo</c></summary>
internal static class DemoCommand
{
    /// <summary>So large that outliers count, too: where one begins who does not know how far they are off.</summary>
    private const double FirstLogRadius = 9;

    private const int Epochs = 40;
    private const int TrainingGraphs = 16;

    private static readonly SyntheticCubeOptions s_training =
        new() { Poses = 64, Seed = 1, RotationNoise = 0.02, OutlierRatio = 0.25 };

    private static readonly SyntheticCubeOptions s_unseen = s_training with { Poses = 500, Seed = 1000 };

    /// <summary>The command.</summary>
    /// <param name="terminal">Where output goes.</param>
    /// <param name="cancellation">Stops at the next iteration.</param>
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Option<string> output = Symbols.OutputPath("--output", "Also write the solved graph here.", "OUT.g2o");
        var command = new Command(
            "demo",
            "Solves a pose graph with outliers, learns the radius of the robust loss from other graphs, through the " +
            "solver, and solves again.")
        {
            output,
        };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(output), cancellation));
        return command;
    }

    private static int Run(Terminal terminal, string? output, CancellationToken cancellation)
    {
        OutputFile.RequireWritable("--output", output);
        var unseen = new RobustCubes(s_unseen, count: 1);
        SyntheticPoseGraph graph = unseen.Graphs[0];
        terminal.Out.WriteLine(
            $"A random walk in space: {graph.Graph.PoseCount} poses and {graph.Graph.EdgeCount} measured motions " +
            $"between them, of which {graph.Inliers.Count(false)}\nare gross errors. The solver is not told which: " +
            "a robust loss plays down what is far off.\nHow far that is, its radius says. Solved with a guess:\n");
        SolveResult before = Solve(terminal, unseen, FirstLogRadius, cancellation);

        terminal.Out.WriteLine(
            $"Learning the radius from {TrainingGraphs} other graphs, whose true poses are known. The gradient of " +
            "the error\nof their poses passes through the solver:\n");
        var training = new RobustCubes(s_training, TrainingGraphs);
        double learned = LearningProgress.Show(
            terminal, Epochs, onEpoch => RadiusLearning.Learn(training, FirstLogRadius, Epochs, onEpoch, cancellation));

        terminal.Out.WriteLine("\nThe first graph again, with the radius learned:\n");
        SolveResult after = Solve(terminal, unseen, learned, cancellation);
        terminal.Out.WriteLine(after.Summary.FullReport());
        terminal.Out.WriteLine();
        bool isBetter = Compare(terminal.Out, unseen, before, after, learned);
        if (output is not null && after.First.IsUsable)
            OutputFile.Write(
                output, stream => G2o.Write(graph.Graph.WithPoses(unseen.PosesOf(after.Values, 0)), stream));
        return Conclude(terminal, before, after, isBetter);
    }

    private static SolveResult Solve(
        Terminal terminal, RobustCubes cubes, double logRadius, CancellationToken cancellation)
    {
        cubes.Values.Set(cubes.LogRadius, logRadius);
        SolveResult result = IterationTable.Of(terminal, isQuiet: false)
            .Show(onIteration => cubes.Solve(onIteration, cancellation));
        cancellation.ThrowIfCancellationRequested();
        return result;
    }

    private static bool Compare(
        TextWriter text, RobustCubes unseen, SolveResult before, SolveResult after, double learned)
    {
        PoseErrors guessed = ErrorsOf(unseen, before), better = ErrorsOf(unseen, after);
        Row(text, "against the truth", "before", "after");
        Row(text, "log radius", Number(FirstLogRadius), Number(learned));
        Row(text, "mean position error", Number(guessed.Position), Number(better.Position));
        Row(text, "mean rotation error", Number(guessed.Degrees) + "°", Number(better.Degrees) + "°");
        return better.Position < guessed.Position && better.Degrees < guessed.Degrees;
    }

    private static PoseErrors ErrorsOf(RobustCubes cubes, SolveResult result) =>
        PoseErrors.Between(cubes.Graphs[0].GroundTruth, cubes.PosesOf(result.Values, 0));

    private static int Conclude(Terminal terminal, SolveResult before, SolveResult after, bool isBetter)
    {
        string? failure = !before.First.IsUsable ? before.First.Message
            : !after.First.IsUsable ? after.First.Message
            : !isBetter ? "The radius learned is no better than the guess." : null;
        if (failure is null)
            return ExitCode.Usable;
        terminal.Error.WriteLine($"error: the demo failed. {failure}");
        return ExitCode.Failed;
    }

    private static void Row(TextWriter text, string label, string before, string after) =>
        text.WriteLine($"{label,-24}{before,12}{after,12}");

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
