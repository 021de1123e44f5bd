using System.Globalization;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Cli.Tests;

/// <summary>Published pose graphs, if they are at hand: objectives as good as the best known.</summary>
public sealed class DataSetTests : IDisposable
{
    private const double Tolerance = 1e-5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("sphere2500", 680.4724)]
    [InlineData("parking-garage", 0.6342)]
    [InlineData("cubicle", 1454.656)]
    [InlineData("smallGrid3D", 517.9253)]
    [InlineData("CSAIL", 86.2130)]
    [InlineData("intel", 23.53871)]
    [InlineData("kitti_00", 48.78785)]
    [InlineData("city10000", 255.9937)]
    [InlineData("manhattan", 2332.84)]
    public void The_objective_falls_to_the_best_known(string name, double best) =>
        Assert.InRange(Final(name), 0, best * (1 + Tolerance));

    /// <summary>Final values of the Theseus paper, table 1.</summary>
    [SkippableTheory]
    [InlineData("sphere2500", 6.805e2)]
    [InlineData("torus3D", 1.212e4)]
    [InlineData("cubicle", 1.455e3)]
    [InlineData("parking-garage", 6.342e-1)]
    public void From_chordal_initialization_too(string name, double best) =>
        Assert.InRange(Final(name, "--init", "chordal"), 0, best * (1 + Tolerance));

    /// <summary>Initial values of the same table.</summary>
    [SkippableTheory]
    [InlineData("sphere2500", 8.437e2)]
    [InlineData("torus3D", 1.234e4)]
    [InlineData("parking-garage", 7.108e-1)]
    public void Chordal_initialization_starts_where_the_paper_says(string name, double expected) =>
        Assert.Equal(
            expected,
            (double)_folder.Summary(
                DataFolder.File("g2o", name + ".g2o"), "--information", "diagonal", "--init", "chordal",
                "--iterations", "1")["initialObjective"]!,
            0.01 * expected);

    [SkippableFact]
    public void Sphere_starts_where_others_say() =>
        Assert.Equal(
            1305659,
            (double)_folder.Summary(
                DataFolder.File("g2o", "sphere2500.g2o"), "--information", "diagonal")["initialObjective"]!,
            1.0);

    [SkippableFact]
    public void Indefinite_information_of_cubicle_is_an_error_with_remedies()
    {
        string path = DataFolder.File("g2o", "cubicle.g2o");
        string line = ToolRun.Refused("solve", path);

        Assert.StartsWith($"error: {path}(5753): ", line, StringComparison.Ordinal);
        string[] parts = [5021.ToString(CultureInfo.InvariantCulture), "--information diagonal", "--information clamp"];
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    private double Final(string name, params string[] options) =>
        (double)_folder.Summary(
            DataFolder.File("g2o", name + ".g2o"), ["--information", "diagonal", .. options])["finalObjective"]!;
}
