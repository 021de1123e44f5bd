namespace TheseusSharp.Cli.Tests;

/// <summary>Input that cannot be used: one line, exit code 2.</summary>
public sealed class InputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file_is_named()
    {
        string path = _folder["missing.g2o"];

        Assert.Equal($"error: {path}: there is no such file.", ToolRun.Refused("solve", path));
        Assert.Equal(
            $"error: {path}/a.g2o: there is no such file.", ToolRun.Refused("solve", $"{path}/a.g2o"));
    }

    [Fact]
    public void A_folder_is_no_file() =>
        Assert.Equal(
            $"error: {_folder["."]} is a folder; expected a g2o file.", ToolRun.Refused("solve", _folder["."]));

    [Fact]
    public void A_fault_in_the_file_is_told_with_line_and_column()
    {
        string path = _folder.Write("bad.g2o", "VERTEX_SE2 0 0 0 0\nVERTEX_SE2 1 1 x 0\n");

        Assert.StartsWith($"error: {path}(2,16): ", ToolRun.Refused("solve", path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    public void An_empty_file_is_refused(string text) =>
        Assert.Contains(
            "empty.g2o", ToolRun.Refused("solve", _folder.Write("empty.g2o", text)), StringComparison.Ordinal);

    [Fact]
    public void Indefinite_information_names_its_line_and_the_remedies()
    {
        string path = _folder.Write("indefinite.g2o", Graphs.Indefinite);
        string line = ToolRun.Refused("solve", path);

        Assert.StartsWith($"error: {path}(3): ", line, StringComparison.Ordinal);
        Assert.Contains("--information diagonal", line, StringComparison.Ordinal);
        Assert.Contains("--information clamp", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Poses_of_a_file_without_any_are_refused_with_the_remedies()
    {
        string path = _folder.Write("edges.g2o", Graphs.SquareEdges);
        string line = ToolRun.Refused("solve", path, "--init", "file");

        Assert.Contains($"{path} has edges only", line, StringComparison.Ordinal);
        Assert.Contains("--init odometry or --init chordal", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_that_cannot_be_written_is_refused_before_solving()
    {
        string path = _folder.Write("square.g2o", Graphs.Square);
        string absent = _folder["absent/out"];

        Assert.StartsWith(
            $"error: --output {absent} cannot be written: ", ToolRun.Refused("solve", path, "--output", absent),
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"error: --json {absent} cannot be written: ", ToolRun.Refused("solve", path, "--json", absent),
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"error: --output {_folder["."]} cannot be written: ",
            ToolRun.Refused("solve", path, "--output", _folder["."]),
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"error: OUT.g2o {absent} cannot be written: ",
            ToolRun.Refused("generate", "cube", "--poses", "3", "--seed", "1", absent), StringComparison.Ordinal);
        Assert.StartsWith(
            $"error: --output {absent} cannot be written: ", ToolRun.Refused("demo", "--output", absent),
            StringComparison.Ordinal);
        Assert.Equal(["square.g2o"], _folder.Names);
    }

    [Fact]
    public void A_folder_that_refuses_files_is_named()
    {
        if (!OperatingSystem.IsLinux())
            return;
        string line = ToolRun.Refused(
            "solve", _folder.Write("square.g2o", Graphs.Square), "--output", "/proc/theseus.g2o");

        Assert.StartsWith("error: --output /proc/theseus.g2o cannot be written: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_outputs_in_one_file_are_refused()
    {
        string path = _folder.Write("square.g2o", Graphs.Square);
        string line = ToolRun.Refused("solve", path, "--output", _folder["out"], "--json", _folder["./out"]);

        Assert.Contains("--output and --json name the same file", line, StringComparison.Ordinal);
    }
}
