using System.Text.Json.Nodes;

namespace TheseusSharp.Cli.Tests;

/// <summary>A folder for the files of one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("theseus-").FullName;

    /// <summary>The path of a file in it, which need not exist.</summary>
    public string this[string name] => Path.Combine(_path, name);

    /// <summary>The names of everything in it.</summary>
    public IEnumerable<string> Names =>
        Directory.EnumerateFileSystemEntries(_path).Select(path => Path.GetFileName(path)!).Order();

    /// <summary>Writes a file.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Generates a cube.</summary>
    /// <returns>Its path.</returns>
    public string Cube(int poses, double outliers = 0)
    {
        string path = this[$"cube{poses}.g2o"];
        ToolRun run = ToolRun.Of(
            "generate", "cube", "--poses", $"{poses}", "--seed", "7", "--outliers", $"{outliers}", path);
        Assert.True(run.ExitCode == 0, run.Error);
        return path;
    }

    /// <summary>Solves a file quietly, and returns the summary that programs read.</summary>
    public JsonObject Summary(string file, params string[] options)
    {
        ToolRun run = ToolRun.Of(["solve", file, "--quiet", "--json", this["summary.json"], .. options]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(string.Empty, run.Out + run.Error);
        return Json("summary.json");
    }

    /// <summary>Reads a file of JSON.</summary>
    public JsonObject Json(string name) => JsonNode.Parse(File.ReadAllText(this[name]))!.AsObject();

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
