using System.Diagnostics;
using System.Text.Json.Nodes;

namespace TheseusSharp.Cli.Tests;

/// <summary>The tool as shells see it: exit codes, streams, signals.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_solved_graph_ends_with_0()
    {
        ToolRun run = ToolProcess.Run("solve", _folder.Cube(100));

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Contains("Converged", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Out);
    }

    [Fact]
    public void A_failed_solve_ends_with_1()
    {
        ToolRun run = ToolProcess.Run("solve", _folder.Cube(20), "--gauge", "free", "--optimizer", "gn", "--quiet");

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Contains("gauge freedom of 6", ToolRun.OneLine(run.Error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("solve", "missing.g2o")]
    [InlineData("solve", "missing.g2o", "--iterations", "many")]
    public void Bad_usage_ends_with_2(params string[] arguments)
    {
        ToolRun run = ToolProcess.Run(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Out);
        ToolRun.OneLine(run.Error);
    }

    [Fact]
    public void The_version_is_a_version()
    {
        ToolRun run = ToolProcess.Run("--version");

        Assert.Equal(0, run.ExitCode);
        Assert.True(Version.TryParse(run.Out.TrimEnd(), out _), run.Out);
    }

    [Fact]
    public void Help_calls_the_tool_by_its_name() =>
        Assert.Contains(
            "theseus solve <FILE.g2o> [options]", ToolProcess.Run("solve", "--help").Out, StringComparison.Ordinal);

    [SkippableFact]
    public void A_summary_can_go_to_a_pipe()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "There is no /dev/stdout.");
        ToolRun run = ToolProcess.Run("solve", _folder.Cube(20), "--quiet", "--json", "/dev/stdout");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(20, (int)JsonNode.Parse(run.Out)!["poses"]!);
    }

    [SkippableFact]
    public void Interrupted_ends_with_130_and_still_reports()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGINT to send.");
        bool isSent = false;
        ToolRun run = ToolProcess.Run(
            (process, line) =>
            {
                if (!isSent && line.StartsWith("   1 ", StringComparison.Ordinal))
                    Process.Start("kill", ["-INT", $"{process.Id}"])!.WaitForExit();
                isSent |= line.StartsWith("   1 ", StringComparison.Ordinal);
            },
            "solve", _folder.Cube(3000, outliers: 0.1), "--json", _folder["s.json"]);

        Assert.True(run.ExitCode == 130, $"{run}");
        Assert.Contains("Cancelled.", run.Out, StringComparison.Ordinal);
        Assert.Equal("Cancelled", (string?)_folder.Json("s.json")["status"]);
    }
}
