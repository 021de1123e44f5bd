using System.Text.Json.Nodes;
using TheseusSharp.Data;

namespace TheseusSharp.Cli.Tests;

/// <summary>What <c>theseus solve</c> does, option by option.</summary>
public sealed class SolveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_report_tells_what_was_solved_and_how()
    {
        string path = _folder.Write("square.g2o", Graphs.Square);
        ToolRun run = ToolRun.Of("solve", path);

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        string[] parts =
        [
            "iter          cost", $"{path}: 4 poses of SE2, 4 edges", "x10", "Information     full",
            "Initial values  poses of the file", "Levenberg–Marquardt", "Cost final", "Converged", "In all",
        ];
        Assert.All(parts, part => Assert.Contains(part, run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public void Redirected_output_is_plain_and_fits_a_screen()
    {
        string table = ToolRun.Of("solve", _folder.Cube(50)).Out.Split("\n\n")[0];

        Assert.DoesNotContain('\e', table);
        Assert.DoesNotContain('\r', table);
        Assert.All(table.Split('\n'), line => Assert.Equal(80, line.Length));
    }

    [Fact]
    public void Quiet_prints_nothing()
    {
        ToolRun run = ToolRun.Of("solve", _folder.Write("square.g2o", Graphs.Square), "--quiet");

        Assert.Equal(new ToolRun(0, "", ""), run);
    }

    [Fact]
    public void The_summary_has_the_fields_that_programs_read()
    {
        JsonObject summary = _folder.Summary(_folder.Cube(40));

        Assert.Equal(
            ["initialObjective", "finalObjective", "iterations", "status", "poses", "edges", "timeMs"],
            summary.Select(field => field.Key));
        Assert.Equal(
            ["total", "read", "setup", "kernels", "linearize", "factor", "solve", "retract"],
            summary["timeMs"]!.AsObject().Select(field => field.Key));
        Assert.Equal("ConvergedByCost", (string?)summary["status"]);
        Assert.Equal(40, (int)summary["poses"]!);
        Assert.Equal(G2o.Read(_folder.Cube(40)).EdgeCount, (int)summary["edges"]!);
        Assert.InRange((int)summary["iterations"]!, 1, 100);
        Assert.True((double)summary["finalObjective"]! < (double)summary["initialObjective"]!);
        double[] times = [.. summary["timeMs"]!.AsObject().Select(field => (double)field.Value!)];
        Assert.All(times, time => Assert.True(time >= 0));
        Assert.True(times[1..].Sum() <= times[0], "The parts are part of the whole.");
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_null()
    {
        string path = _folder.Write("overflowing.g2o", Graphs.Overflowing);
        ToolRun run = ToolRun.Of(
            "solve", path, "--quiet", "--json", _folder["s.json"], "--output", _folder["out.g2o"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Contains($"{path} was not solved", ToolRun.OneLine(run.Error), StringComparison.Ordinal);
        JsonObject summary = _folder.Json("s.json");
        Assert.Equal("NotFinite", (string?)summary["status"]);
        Assert.True(summary.ContainsKey("initialObjective"));
        Assert.Null(summary["initialObjective"]);
        Assert.False(File.Exists(_folder["out.g2o"]));
    }

    [Fact]
    public void The_output_is_the_solved_graph()
    {
        string path = _folder.Cube(60, outliers: 0.2), solved = _folder["solved.g2o"];
        double final = (double)_folder.Summary(path, "--output", solved)["finalObjective"]!;
        JsonObject again = _folder.Summary(solved);
        PoseGraph before = G2o.Read(path), after = G2o.Read(solved);

        Assert.Equal(final, (double)again["initialObjective"]!, final * 1e-12);
        Assert.InRange((int)again["iterations"]!, 0, 1);
        Assert.Equal(before.Ids, after.Ids);
        Assert.Equal(before.From, after.From);
        Assert.Equal(before.Measurements, after.Measurements);
        Assert.Equal(before.Information, after.Information);
        Assert.False(before.Poses.SequenceEqual(after.Poses));
        Assert.Equal(before.Pose(0), after.Pose(0));
    }

    [Fact]
    public void The_input_may_be_replaced()
    {
        string path = _folder.Cube(30);
        double final = (double)_folder.Summary(path, "--output", path)["finalObjective"]!;

        Assert.Equal(final, (double)_folder.Summary(path)["initialObjective"]!, final * 1e-12);
        Assert.Equal(["cube30.g2o", "summary.json"], _folder.Names);
    }

    [Fact]
    public void Links_and_modes_of_output_files_stay()
    {
        if (OperatingSystem.IsWindows())
            return;
        string target = _folder.Write("target.g2o", "old"), link = _folder["link.g2o"];
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(link, target);
        _folder.Summary(_folder.Cube(30), "--output", link);

        Assert.Equal(target, new FileInfo(link).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
        Assert.Equal(30, G2o.Read(target).PoseCount);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        string path = _folder.Cube(200);
        _folder.Summary(path, "--threads", "1", "--output", _folder["one.g2o"]);
        _folder.Summary(path, "--threads", "3", "--output", _folder["three.g2o"]);
        _folder.Summary(path, "--output", _folder["all.g2o"]);

        Assert.Equal(File.ReadAllBytes(_folder["one.g2o"]), File.ReadAllBytes(_folder["three.g2o"]));
        Assert.Equal(File.ReadAllBytes(_folder["one.g2o"]), File.ReadAllBytes(_folder["all.g2o"]));
    }

    [Theory]
    [InlineData("double", "double (as asked for)")]
    [InlineData("mixed", "mixed (as asked for)")]
    public void The_precision_is_the_one_asked_for(string option, string words)
    {
        string path = _folder.Cube(60);
        Assert.Contains(words, ToolRun.Of("solve", path, "--precision", option).Out, StringComparison.Ordinal);
        double[] final = [.. new[] { option, "automatic" }.Select(
            precision => (double)_folder.Summary(path, "--precision", precision)["finalObjective"]!)];
        Assert.Equal(final[1], final[0], 1e-9 * final[1]);
    }

    [Theory]
    [InlineData("gn", "Gauss–Newton")]
    [InlineData("lm", "Levenberg–Marquardt")]
    public void The_optimizer_is_the_one_asked_for(string option, string name)
    {
        string path = _folder.Cube(60);
        string report = ToolRun.Of("solve", path, "--optimizer", option).Out;

        Assert.Contains($"Optimiser       {name}\n", report, StringComparison.Ordinal);
        double[] final = [.. new[] { option, "lm" }.Select(
            optimizer => (double)_folder.Summary(path, "--optimizer", optimizer)["finalObjective"]!)];
        Assert.Equal(final[1], final[0], final[1] * 1e-7);
    }

    [Fact]
    public void Initial_poses_are_those_asked_for()
    {
        string path = _folder.Cube(60);
        double[] initial = [.. new[] { "file", "odometry", "chordal" }.Select(
            init => (double)_folder.Summary(path, "--init", init)["initialObjective"]!)];

        Assert.Equal((double)_folder.Summary(path)["initialObjective"]!, initial[0]);
        Assert.True(initial[2] < initial[0] && initial[0] < initial[1], string.Join(' ', initial));
    }

    [Theory]
    [InlineData("odometry", "odometry")]
    [InlineData("chordal", "chordal initialization")]
    [InlineData(null, "odometry")]
    public void A_file_of_edges_starts_where_they_lead(string? option, string description)
    {
        string path = _folder.Write("edges.g2o", Graphs.SquareEdges), solved = _folder["solved.g2o"];
        string[] options = option is null ? [] : ["--init", option];
        ToolRun run = ToolRun.Of(["solve", path, "--output", solved, .. options]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"Initial values  {description}", run.Out, StringComparison.Ordinal);
        Assert.Equal([0, 0, 1, 0], G2o.Read(solved).Pose(0));
        string withPoses = _folder.Write("square.g2o", Graphs.Square);
        Assert.Equal(
            (double)_folder.Summary(withPoses)["finalObjective"]!,
            (double)_folder.Summary(path, options)["finalObjective"]!,
            1e-6);
    }

    [Fact]
    public void Information_is_weighed_as_asked()
    {
        string path = _folder.Write("indefinite.g2o", Graphs.Indefinite);
        double diagonal = (double)_folder.Summary(path, "--information", "diagonal")["initialObjective"]!;
        double clamp = (double)_folder.Summary(path, "--information", "clamp")["initialObjective"]!;

        // Both edges err by 0.1 and 0.3. The first has eigenvalues 3 along (1, 1) and −1, clamped to 0, along (1, −1).
        Assert.Equal((0.1 + 0.1) / 2, diagonal, 1e-12);
        Assert.Equal(((3 * 0.4 * 0.4 / 2) + 0.1) / 2, clamp, 1e-12);
        Assert.Contains(
            "Information     clamp", ToolRun.Of("solve", path, "--information", "clamp").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_free_graph_fails_with_Gauss_Newton_and_the_cause_is_told()
    {
        string path = _folder.Write("square.g2o", Graphs.Square);
        ToolRun run = ToolRun.Of("solve", path, "--gauge", "free", "--optimizer", "gn", "--json", _folder["s.json"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Gauge           free", run.Out, StringComparison.Ordinal);
        string line = ToolRun.OneLine(run.Error);
        Assert.Contains(path, line, StringComparison.Ordinal);
        Assert.Contains("gauge freedom of 3", line, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", run.Out, StringComparison.Ordinal);
        Assert.Equal("Singular", (string?)_folder.Json("s.json")["status"]);
    }

    [Fact]
    public void A_free_graph_is_solved_with_damping()
    {
        string path = _folder.Write("square.g2o", Graphs.Square);
        double free = (double)_folder.Summary(path, "--gauge", "free")["finalObjective"]!;

        Assert.Equal((double)_folder.Summary(path, "--gauge", "first")["finalObjective"]!, free, 1e-7);
    }

    [Fact]
    public void Fixed_poses_of_the_file_are_held()
    {
        string path = _folder.Write("square.g2o", Graphs.Square + "FIX 12\n");
        ToolRun run = ToolRun.Of("solve", path, "--output", _folder["out.g2o"]);

        Assert.Contains("x12", run.Out.Split("Gauge")[1].Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal(G2o.Read(path).Pose(2), G2o.Read(_folder["out.g2o"]).Pose(2));
        Assert.False(G2o.Read(path).Pose(0).SequenceEqual(G2o.Read(_folder["out.g2o"]).Pose(0)));
    }

    [Fact]
    public void Stopped_with_a_lower_cost_is_usable()
    {
        JsonObject summary = _folder.Summary(_folder.Cube(60), "--iterations", "1", "--output", _folder["out.g2o"]);

        Assert.Equal("IterationLimit", (string?)summary["status"]);
        Assert.Equal(1, (int)summary["iterations"]!);
        Assert.True(File.Exists(_folder["out.g2o"]));
    }

    [Fact]
    public void Stopped_without_a_lower_cost_is_a_failure_and_leaves_output_alone()
    {
        string old = _folder.Write("out.g2o", "old");
        ToolRun run = ToolRun.Of("solve", _folder.Cube(60), "--iterations", "0", "--output", old, "--quiet");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no lower", ToolRun.OneLine(run.Error), StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(old));
    }

    [Theory]
    [InlineData("VERTEX_SE2 5 1 2 0.5\n")]
    [InlineData("VERTEX_SE3:QUAT 5 1 2 3 0 0 0 1\n")]
    [InlineData("VERTEX_SE2 5 1 2 0.5\nVERTEX_SE2 6 1 2 0.5\nFIX 5\nFIX 6\nEDGE_SE2 5 6 1 0 0 1 0 0 1 0 1\n")]
    public void With_nothing_to_solve_for_poses_stay(string text)
    {
        string path = _folder.Write("still.g2o", text);
        _folder.Summary(path, "--output", _folder["out.g2o"]);

        Assert.Equal(G2o.Read(path).Poses, G2o.Read(_folder["out.g2o"]).Poses);
    }

    [Fact]
    public void Cancelled_stops_at_the_next_iteration_and_still_reports()
    {
        using var cancellation = new CancellationTokenSource();
        using var output = new CancellingWriter("\n   2 ", cancellation);
        ToolRun run = ToolRun.Of(
            output, cancellation.Token,
            "solve", _folder.Cube(100, outliers: 0.2), "--json", _folder["s.json"], "--output", _folder["out.g2o"]);

        Assert.Equal(130, run.ExitCode);
        Assert.Contains("Iterations      2", run.Out, StringComparison.Ordinal);
        Assert.Contains("Cancelled.", run.Out, StringComparison.Ordinal);
        Assert.Equal("Cancelled", (string?)_folder.Json("s.json")["status"]);
        Assert.True(File.Exists(_folder["out.g2o"]), "Its cost is lower.");
    }

    [Fact]
    public void Cancelled_while_reading_does_not_solve()
    {
        ToolRun run = ToolRun.Of(
            new StringWriter(), new CancellationToken(true), "solve", _folder.Cube(10), "--json", _folder["s.json"]);

        Assert.Equal(130, run.ExitCode);
        Assert.Equal("error: cancelled.", ToolRun.OneLine(run.Error));
        Assert.False(File.Exists(_folder["s.json"]));
    }

    /// <summary>Cancels as soon as a text has been written.</summary>
    private sealed class CancellingWriter(string text, CancellationTokenSource cancellation) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (ToString().Contains(text, StringComparison.Ordinal))
                cancellation.Cancel();
        }
    }
}
