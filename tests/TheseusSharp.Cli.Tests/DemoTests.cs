using System.Globalization;
using Spectre.Console;
using Spectre.Console.Testing;
using TheseusSharp.Cli.Learning;
using TheseusSharp.Cli.Output;
using TheseusSharp.Data;

namespace TheseusSharp.Cli.Tests;

/// <summary>What <c>theseus demo</c> does.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Learning_brings_the_poses_nearer_to_the_truth()
    {
        ToolRun run = ToolRun.Of("demo", "--output", _folder["demo.g2o"]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Empty(run.Error);
        Assert.Contains("Welsch loss", run.Out, StringComparison.Ordinal);
        Assert.Contains("compiled", run.Out, StringComparison.Ordinal);
        (double before, double after) = Row(run.Out, "mean position error");
        Assert.True(after < 0.3 * before, $"{before} → {after}");
        (before, after) = Row(run.Out, "mean rotation error");
        Assert.True(after < 0.3 * before, $"{before} → {after}");
        (before, after) = Row(run.Out, "log radius");
        Assert.True(after < before);
        Assert.Equal(["demo.g2o"], _folder.Names);
    }

    [Fact]
    public void The_graph_written_is_the_one_solved()
    {
        ToolRun run = ToolRun.Of("demo", "--output", _folder["demo.g2o"]);
        PoseGraph written = G2o.Read(_folder["demo.g2o"]);
        SyntheticPoseGraph cube = SyntheticCube.Generate(
            new() { Poses = 500, Seed = 1000, StructureSeed = 1000, RotationNoise = 0.02, OutlierRatio = 0.25 });

        Assert.Equal(cube.Graph.Measurements, written.Measurements);
        double error = Enumerable.Range(0, 500).Average(
            pose => Distance(cube.GroundTruth.Slice(7 * pose, 3), written.Pose(pose)));
        Assert.Equal(Row(run.Out, "mean position error").After, error, 1e-4);
    }

    [Fact]
    public void The_radius_learned_has_a_loss_at_its_minimum()
    {
        var cubes = new RobustCubes(new() { Poses = 20, Seed = 5, RotationNoise = 0.02, OutlierRatio = 0.25 }, 8);
        var epochs = new List<Epoch>();

        double learned = RadiusLearning.Learn(cubes, 8, 60, epochs.Add, CancellationToken.None);

        Assert.Equal(Enumerable.Range(1, 60), epochs.Select(epoch => epoch.Number));
        Assert.Equal(learned, epochs[^1].LogRadius);
        Assert.True(epochs[^1].Loss < 0.5 * epochs[0].Loss);
        Assert.True(LossAt(learned) < 1.05 * new[] { -3.0, -1, 1, 3 }.Min(change => LossAt(learned + change)));

        double LossAt(double logRadius)
        {
            cubes.Values.Set(cubes.LogRadius, logRadius);
            return cubes.Loss(cubes.Forward(CancellationToken.None).Solution);
        }
    }

    [Fact]
    public void Cancelled_ends_with_130_and_writes_no_file()
    {
        ToolRun run = ToolRun.Of(
            new StringWriter(), new CancellationToken(true), "demo", "--output", _folder["demo.g2o"]);

        Assert.Equal((130, "error: cancelled.\n"), (run.ExitCode, run.Error));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_terminal_shows_a_bar()
    {
        using var console = new TestConsole().EmitAnsiSequences();
        console.Profile.Width = 100;
        console.Profile.Capabilities.Interactive = true;
        using var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null, new Lazy<IAnsiConsole?>(console));

        Assert.Equal(0, Tool.Run(["demo"], terminal, CancellationToken.None));

        Assert.Contains("100%", console.Output, StringComparison.Ordinal);
        Assert.Contains("epoch  40: loss ", console.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch ", output.ToString(), StringComparison.Ordinal);
    }

    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        Math.Sqrt(Math.Pow(a[0] - b[0], 2) + Math.Pow(a[1] - b[1], 2) + Math.Pow(a[2] - b[2], 2));

    private static (double Before, double After) Row(string text, string label)
    {
        string[] words = text.Split('\n').Single(line => line.StartsWith(label, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (Number(words[^2]), Number(words[^1]));
    }

    private static double Number(string word) => double.Parse(word.TrimEnd('°'), CultureInfo.InvariantCulture);
}
