namespace TheseusSharp.Benchmarks;

/// <summary>Where this program's sources are.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution; the current one if there is none above this program.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "TheseusSharp.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? Directory.GetCurrentDirectory();
    }
}
