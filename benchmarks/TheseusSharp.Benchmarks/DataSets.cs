namespace TheseusSharp.Benchmarks;

/// <summary>Where published data sets are: in the folder that THESEUS_DATA names, else beside the repository.</summary>
internal static class DataSets
{
    /// <summary>A folder of data sets; need not exist.</summary>
    /// <param name="name">Its name.</param>
    public static string Folder(string name) => Path.Combine(Root(), name);

    private static string Root() => Environment.GetEnvironmentVariable("THESEUS_DATA") is { Length: > 0 } named
        ? named : Path.Combine(Repository.Root, "..", "shared", "data");
}
