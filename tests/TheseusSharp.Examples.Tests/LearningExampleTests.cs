namespace TheseusSharp.Examples.Tests;

/// <summary>
/// The examples that learn end with a check of their own result; it passes, and it fails when the gradient is negated.
/// </summary>
public sealed class LearningExampleTests
{
    public static TheoryData<string, string> Examples => new()
    {
        { "curve_fitting", "" },
        { "backward_modes", "" },
        { "pose_graph_learning", "--poses 64 --batch 8" },
        { "state_estimation", "" },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_check_passes_and_fails_when_the_gradient_is_negated(string name, string options)
    {
        Example example = Example.Build(name);
        string[] words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        ExampleRun run = example.Run(words);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Empty(run.Error);
        Assert.Matches("kernel: .* bits, (compiled|interpreted)", run.Out);

        ExampleRun uphill = example.Run([.. words, "--negate-gradient"]);
        Assert.True(uphill.ExitCode == 1, uphill.ToString());
        Assert.StartsWith($"{name}: ", uphill.Error, StringComparison.Ordinal);
        Assert.Single(uphill.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
