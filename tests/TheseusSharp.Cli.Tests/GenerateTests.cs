using TheseusSharp.Data;

namespace TheseusSharp.Cli.Tests;

/// <summary>What <c>theseus generate</c> does.</summary>
public sealed class GenerateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_cube_is_the_library_s_cube()
    {
        string path = _folder["cube.g2o"];
        ToolRun run = ToolRun.Of("generate", "cube", "--poses", "200", "--seed", "-5", "--outliers", "0.5", path);
        SyntheticPoseGraph expected = SyntheticCube.Generate(new() { Poses = 200, Seed = -5, OutlierRatio = 0.5 });
        PoseGraph found = G2o.Read(path);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(expected.Graph.Poses, found.Poses);
        Assert.Equal(expected.Graph.Measurements, found.Measurements);
        Assert.Equal(
            $"Wrote {path}: 200 poses, {found.EdgeCount} edges, {expected.Inliers.Count(false)} of them outliers.\n",
            run.Out);
    }

    [Fact]
    public void Cancelled_writes_no_file()
    {
        ToolRun run = ToolRun.Of(
            new StringWriter(), new CancellationToken(true), "generate", "cube", "--poses", "9", "--seed", "1",
            _folder["cube.g2o"]);
        Assert.Equal((130, "error: cancelled.\n"), (run.ExitCode, run.Error));
        Assert.False(File.Exists(_folder["cube.g2o"]));
    }

    [Fact]
    public void Outliers_are_as_in_the_paper_unless_told()
    {
        ToolRun.Of("generate", "cube", "--poses", "200", "--seed", "1", _folder["a.g2o"]);
        ToolRun.Of("generate", "cube", "--poses", "200", "--seed", "1", "--outliers", "0.05", _folder["b.g2o"]);
        ToolRun.Of("generate", "cube", "--poses", "200", "--seed", "2", _folder["c.g2o"]);

        Assert.Equal(File.ReadAllBytes(_folder["a.g2o"]), File.ReadAllBytes(_folder["b.g2o"]));
        Assert.NotEqual(File.ReadAllBytes(_folder["a.g2o"]), File.ReadAllBytes(_folder["c.g2o"]));
    }
}
