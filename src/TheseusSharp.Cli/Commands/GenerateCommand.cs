using System.CommandLine;
using TheseusSharp.Cli.Output;
using TheseusSharp.Data;

namespace TheseusSharp.Cli.Commands;

/// <summary><c>theseus generate cube OUT.g2o</c></summary>
internal static class GenerateCommand
{
    private static readonly SyntheticCubeOptions s_defaults = new() { Poses = 1 };

    /// <summary>The command.</summary>
    /// <param name="terminal">Where output goes.</param>
    /// <param name="cancellation">Keeps the file from being written.</param>
    public static Command Create(Terminal terminal, CancellationToken cancellation) =>
        new("generate", "Generates pose graphs.") { CreateCube(terminal, cancellation) };

    private static Command CreateCube(Terminal terminal, CancellationToken cancellation)
    {
        Option<int> poses = Symbols.WholeNumber(
            "--poses", "How many poses.", 1, G2oLimits.Default.MaxPoses);
        Option<int> seed = Symbols.WholeNumber(
            "--seed", "Equal seeds give equal files, on every machine.", int.MinValue, int.MaxValue);
        Option<double> outliers = Symbols.Share(
            "--outliers",
            FormattableString.Invariant(
                $"How probable it is for a loop closure to be an outlier. [default: {s_defaults.OutlierRatio}]"));
        poses.Required = seed.Required = true;
        seed.HelpName = "S";
        Argument<string> file = Symbols.Path("OUT.g2o", "The file to write.");
        var command = new Command(
            "cube", "Generates the synthetic cube of the Theseus paper: a random walk in space with loop closures.")
        {
            poses, seed, outliers, file,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            OutputFile.RequireWritable("OUT.g2o", path);
            SyntheticPoseGraph cube = SyntheticCube.Generate(s_defaults with
            {
                Poses = parsed.GetRequiredValue(poses),
                Seed = parsed.GetRequiredValue(seed),
                OutlierRatio = parsed.GetResult(outliers) is null
                    ? s_defaults.OutlierRatio : parsed.GetValue(outliers),
            });
            cancellation.ThrowIfCancellationRequested();
            OutputFile.Write(path, stream => G2o.Write(cube.Graph, stream));
            terminal.Out.WriteLine(
                $"Wrote {path}: {cube.Graph.PoseCount} poses, {cube.Graph.EdgeCount} edges, " +
                $"{cube.Inliers.Count(false)} of them outliers.");
            return ExitCode.Usable;
        });
        return command;
    }
}
