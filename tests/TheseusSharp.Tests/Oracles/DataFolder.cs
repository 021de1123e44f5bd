namespace TheseusSharp.Tests.Oracles;

/// <summary>
/// Published data sets, if they are at hand: in the folder that THESEUS_DATA names, or else in <c>../shared/data</c>
/// beside the repository. Tests that want one skip where it is not, and say so.
/// </summary>
internal static class DataFolder
{
    private static readonly string? s_root = Find();

    /// <summary>The path of a data file; skips the test that asks if it is not there.</summary>
    /// <param name="parts">The path below the folder.</param>
    public static string File(params string[] parts)
    {
        string? path = s_root is null ? null : Path.Combine([s_root, .. parts]);
        Skip.IfNot(
            System.IO.File.Exists(path),
            $"{Path.Combine(parts)} is not at hand: set THESEUS_DATA to the folder of the data sets.");
        return path!;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("THESEUS_DATA") is { Length: > 0 } named)
            return named;
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "TheseusSharp.slnx")))
            folder = folder.Parent;
        string? beside = folder?.Parent is { } parent ? Path.Combine(parent.FullName, "shared", "data") : null;
        return Directory.Exists(beside) ? beside : null;
    }
}
